# SPDX-License-Identifier: BSD-2-Clause
"""Device trees that contradict the board: said in one line, refused where it matters."""

import pathlib
import re
import subprocess
import sys

import pytest

import test_boards
from test_boards import monitor  # noqa: F401, pylint: disable=unused-import

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402

machine = test_boards.machine
BANNER = r"OpenSBI v"
VIRT = ["-M", "virt", "-smp", "2", "-m", "512M"]


def set_reg(path, *cells):
    def change(root):
        root.find(path).props["reg"] = b"".join(cell.to_bytes(8, "big") for cell in cells)
    return change


def set_numbers(path, **numbers):
    def change(root):
        for name, value in numbers.items():
            root.find(path).set_number(name.replace("_", "-"), value)
    return change


def set_text(path, name, text):
    def change(root):
        root.find(path).props[name] = text.encode() + b"\0"
    return change


def more_harts(count):
    """Harts that the machine does not have."""
    def change(root):
        cpus = root.find("/cpus")
        for i in range(2, count):
            cpu = devtree.Node(f"cpu@{i:x}")
            cpu.props.update(cpus.child("cpu").props)
            cpu.set_number("reg", i)
            cpu.props.pop("phandle", None)
            cpus.children.append(cpu)
    return change


def other_numbers(root):
    """The harts of the machine are none of the tree's."""
    for cpu in root.find("/cpus").children:
        if cpu.name.startswith("cpu@"):
            cpu.set_number("reg", cpu.number("reg") + 5)


def no_memory(root):
    root.children.remove(root.find("/memory"))


# What is changed, what the monitor says, and whether it goes on.
TREES = {
    "as it is": (lambda root: None, None, True),
    "console": (set_text("/chosen", "stdout-path", "/soc/rtc@101000"),
                "warn: device tree has its console at 101000", True),
    "PLIC": (set_reg("/soc/plic", 0xd000000, 0x600000),
             "warn: device tree has its PLIC at d000000", True),
    "timebase": (set_numbers("/cpus", timebase_frequency=1000000),
                 "warn: device tree has a timebase of 1000000 Hz", True),
    "other machine": (set_text("", "compatible", "acme,rocket"),
                      "warn: device tree is not for QEMU virt", True),
    "CLINT": (set_reg("/soc/clint", 0x2100000, 0x10000),
              "error: device tree has its CLINT at 2100000", False),
    "no memory": (no_memory, "error: no usable device tree at .*: no memory", False),
    "memory": (set_reg("/memory", 0x84000000, 0x1c000000),
               r"error: no \d+ KiB of memory free for the monitor", False),
    "hart that does not come": (more_harts(3), "2 of 3 harts came", False),
    "too many harts": (more_harts(65), "error: no usable device tree at .*: too many harts",
                       False),
}


@pytest.fixture(name="said", scope="module")
def said_fixture(build, tmp_path_factory):
    """Function: the console of virt with a changed tree."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    folder = tmp_path_factory.mktemp("trees")
    plain = folder / "virt.dtb"
    subprocess.run([machine.QEMU, "-M", f"virt,dumpdtb={plain}", *VIRT[2:], "-display", "none"],
                   check=True, capture_output=True)
    firmware = test_boards.guest("opensbi-1.6/fw_dynamic.bin")
    default = build

    def said(change, until, build=default):
        image = machine.bundle(build, firmware, "discovery")
        root, reserved = devtree.parse(plain.read_bytes())
        change(root)
        dtb = folder / "changed.dtb"
        dtb.write_bytes(devtree.flatten(root, reserved))
        command = [machine.QEMU, *VIRT, "-display", "none", "-monitor", "none", "-serial",
                   "stdio", "-bios", str(image), "-dtb", str(dtb)]
        with machine.Console(command, 60, echo=False) as console:
            assert console.expect(until), console.text
            return console.text.replace("\r", "")

    return said


@pytest.mark.parametrize("name", TREES)
def test_contradiction(name, said):
    change, line, goes_on = TREES[name]
    text = said(change, BANNER if goes_on else line)
    found = re.findall(r"^\[cordon \d\] (?:warn|error): .*", text, re.M)
    if line is None:
        assert not found
    elif goes_on:
        assert len(found) == 1 and re.search(line, found[0]), found
    else:
        assert "OpenSBI" not in text


@pytest.mark.parametrize("policy", [None, "offload", "keystone"])
def test_boot_hart_that_is_not_in_the_tree(policy, said, monitor):  # noqa: F811
    """The monitor stops before it has a hart to speak of, whatever policy has something to dump."""
    done = monitor("qemu_virt", bool(policy), policy).parent
    text = said(other_numbers, "all harts are stopped", done)
    assert re.search(r"error: panic: boot hart [01] is not in the device tree", text)


def test_second_view_as_memory(monitor, tmp_path):
    """A tree that calls the P550's uncached view memory would show the monitor there."""
    base, size = 0x80000000, 4 << 30
    root, reserved = devtree.parse(
        test_boards.guest(f"dtb-sid/{test_boards.P550.dtb}").read_bytes())
    memory = devtree.Node("memory@c000000000")
    memory.props.update({"device_type": b"memory\0"})
    memory.props["reg"] = b"".join(cell.to_bytes(8, "big") for cell in
                                   (base, size, 0xc000000000, size))
    root.children.append(memory)
    dtb, image = tmp_path / "twice.dtb", tmp_path / "image.bin"
    dtb.write_bytes(devtree.flatten(root, reserved))
    # Packed, since the model sets the memory of a tree that it is given.
    subprocess.run([ROOT / "tools/pack-image", "--monitor", monitor("premier_p550"), "--firmware",
                    test_boards.guest("opensbi-1.9/fw_dynamic.bin"), "--fdt", dtb, "-o", image],
                   check=True)
    command = test_boards.bare_command(test_boards.P550, image)
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect("this is not the board that the image was built for"), console.text
        assert "error: device tree has its memory at c000000000" in console.text
        assert "OpenSBI" not in console.text
