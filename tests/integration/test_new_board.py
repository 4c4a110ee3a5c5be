# SPDX-License-Identifier: BSD-2-Clause
"""Boards made by tools/new-board without manual changes, and the generic one."""

import pathlib
import re
import subprocess
import sys

import pytest

import building

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402
import machine  # noqa: E402
import store  # noqa: E402

# QEMU's machine, its other arguments, and its name in the tree.
MACHINES = {
    "virt": ("virt", ["-smp", "4"], "riscv-virtio,qemu"),
    "aclint": ("virt,aclint=on", ["-smp", "2"], "riscv-virtio,qemu"),
    "sifive_u": ("sifive_u", ["-smp", "5", "-m", "2G"], "SiFive HiFive Unleashed A00"),
    "spike": ("spike", ["-smp", "2"], "ucbbar,spike-bare,qemu"),
}
BANNER = r"Boot HART MEDELEG"


def run(*command, timeout=300):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=timeout, check=False)


def dump(name, folder):
    """Return the device tree of a QEMU machine."""
    kind, arguments, _ = MACHINES[name]
    path = folder / "machine.dtb"
    done = run(machine.QEMU, "-M", f"{kind},dumpdtb={path}", *arguments, "-display", "none",
               "-bios", "none")
    assert path.exists(), done.stderr
    return path


def image(out):
    try:
        firmware = store.path_of("opensbi-1.6/fw_dynamic.bin")
    except store.GuestError as err:
        pytest.skip(str(err))
    return machine.bundle(out, firmware, "opensbi-1.6")


def console_of(name, bios, until, *more):
    """Return the output of a machine until a pattern appears, within a minute."""
    kind, arguments, _ = MACHINES[name]
    command = [machine.QEMU, "-M", kind, *arguments, "-display", "none", "-monitor", "none",
               "-serial", "stdio", "-bios", str(bios), *more]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect(until), console.text
        return console.text


def check_boot(name, bios):
    text = console_of(name, bios, BANNER)
    assert re.search(rf"\[cordon \d\] Cordon \S+ on {re.escape(MACHINES[name][2])}, "
                     r"configuration ", text)
    assert not re.search(r"\[cordon \d\] (error|warn)", text), text


@pytest.mark.parametrize("name", MACHINES)
def test_new_board_outside_the_tree_boots(name, tmp_path):
    """Tree, skeleton, EXTERNAL= build, OpenSBI's banner, without manual changes."""
    ours, out = tmp_path / "ours", tmp_path / "build"
    done = run(ROOT / "tools/new-board", dump(name, tmp_path), "--vendor", "acme", "--board",
               "rocket", "--dir", ours)
    assert done.returncode == 0, done.stderr
    # Follows the generated README.
    assert f"make EXTERNAL={ours} " in (ours / "boards/acme/rocket/README.md").read_text()
    building.make(out, f"EXTERNAL={ours}", "rocket_defconfig", "all")
    building.make(out, f"EXTERNAL={ours}", "savedefconfig")
    assert (out / "defconfig").read_text() == (ours / "configs/rocket_defconfig").read_text()
    check_boot(name, image(out))


@pytest.fixture(name="generic", scope="module")
def generic_fixture(build):
    out = build / "boards" / "generic"
    building.make(out, "generic_defconfig", "all")
    return out


@pytest.mark.parametrize("name", MACHINES)
def test_generic_board_boots(name, generic):
    check_boot(name, image(generic))


@pytest.fixture(name="generic_offload", scope="module")
def generic_offload_fixture(build):
    out = build / "boards" / "generic-offload"
    building.make(out, "generic_defconfig", "offload.config", "all")
    return out


def test_generic_board_boots_linux(generic):
    try:
        store.path_of("linux-trixie/Image")
    except store.GuestError as err:
        pytest.skip(str(err))
    done = run(ROOT / "tools/run", "--build", generic, "--smoke", "--quiet", "--harts", 4,
               "--timeout", 240)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def without_clint(root):
    soc = root.find("/soc")
    soc.children = [child for child in soc.children if "clint" not in child.name]


def with_known_alias(root):
    root.props["compatible"] = b"microchip,mpfs\0"


def set_props(path, **props):
    """Set properties: bytes, or numbers of one cell. In names "__" means a comma, "_" a dash."""
    def change(root):
        for name, value in props.items():
            name = name.replace("__", ",").replace("_", "-")
            root.find(path).props[name] = (value.to_bytes(4, "big") if isinstance(value, int)
                                           else value)
    return change


def other_harts(root):
    for cpu in root.find("/cpus").children:
        if cpu.name.startswith("cpu@"):
            cpu.set_number("reg", 3 - cpu.number("reg"))


@pytest.mark.parametrize("change", [
    # The same registers in another encoding.
    set_props("/soc/serial", reg=(0xffffff0).to_bytes(8, "big") + (0x110).to_bytes(8, "big"),
              reg_offset=0x10),
    set_props("/soc/clint", clint__has_no_64bit_mmio=b""),
    set_props("/soc/clint", compatible=b"thead,c900-clint\0"),
], ids=["reg-offset", "narrow", "thead"])
@pytest.mark.parametrize("policy", ["generic", "generic_offload"])
def test_generic_board_reads_what_devices_are_like(change, policy, request, tmp_path):
    """OpenSBI gets the same tree: with T-Head's CLINT it has no mtime either."""
    root, reserved = devtree.parse(dump("virt", tmp_path).read_bytes())
    change(root)
    path = tmp_path / "changed.dtb"
    path.write_bytes(devtree.flatten(root, reserved))
    text = console_of("virt", image(request.getfixturevalue(policy)), BANNER, "-dtb", str(path))
    assert re.search(r"\[cordon \d\] Cordon \S+ on riscv-virtio,qemu", text)
    assert not re.search(r"\[cordon \d\] (error|warn)", text), text


def memory_elsewhere(root):
    root.find("/memory").props["reg"] = (1 << 32).to_bytes(8, "big") + (1 << 27).to_bytes(8, "big")


def clint_at(address):
    return set_props("/soc/clint", reg=address.to_bytes(8, "big") + (0x10000).to_bytes(8, "big"))


def without_clint_and_console(root):
    without_clint(root)
    root.find("/chosen").props.pop("stdout-path")


@pytest.mark.parametrize("change, sentence", [
    (clint_at(0x2000004), "several CLINTs or a malformed one"),
    (clint_at(0x18000000), "the CLINT does not answer at 18000000"),
    (clint_at(0x84000000), "the CLINT's mtime at 8400bff8 stands still"),
    (without_clint_and_console, "device tree has no CLINT or ACLINT"),
    (without_clint, "device tree has no CLINT or ACLINT"),
    (with_known_alias, "memory has an alias"),
    (memory_elsewhere, "no memory at the firmware address"),
    (set_props("/soc/clint", status=b"disabled\0"), "device tree has no CLINT or ACLINT"),
    (other_harts, "not in hart ID order"),
])
def test_generic_board_refuses_with_a_sentence(change, sentence, generic, tmp_path):
    root, reserved = devtree.parse(dump("virt", tmp_path).read_bytes())
    change(root)
    path = tmp_path / "changed.dtb"
    path.write_bytes(devtree.flatten(root, reserved))
    text = console_of("virt", image(generic), rf"\[cordon \d\] error: .*{sentence}",
                      "-dtb", str(path))
    assert "OpenSBI" not in text
