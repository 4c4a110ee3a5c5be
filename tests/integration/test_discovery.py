# SPDX-License-Identifier: BSD-2-Clause
"""Device trees that contradict the board: reported in one line, refused if it matters."""

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
    """Add harts that the machine does not have."""
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
    """Replace the tree's harts by others than the machine's."""
    for cpu in root.find("/cpus").children:
        if cpu.name.startswith("cpu@"):
            cpu.set_number("reg", cpu.number("reg") + 5)


def no_memory(root):
    root.children.remove(root.find("/memory"))


def cells(*numbers):
    return b"".join(number.to_bytes(8, "big") for number in numbers)


def add(path, name, *reg, **props):
    """Add a node below path; text and one-cell numbers are its properties."""
    def change(root):
        node = devtree.Node(name)
        node.props["reg"] = cells(*reg)
        for key, value in props.items():
            if key != "device_type":
                key = key.replace("_", "-")
            if isinstance(value, int):
                node.set_number(key, value)
            else:
                node.props[key] = value.encode() + b"\0"
        root.find(path).children.insert(0, node)
    return change


def all_of(*changes):
    def change(root):
        for each in changes:
            each(root)
    return change


def on_a_bus(path, bus, distance):
    """Move the device to a bus that translates its addresses."""
    def change(root):
        node, soc = root.find(path), root.find("/soc")
        soc.children.remove(node)
        start, size = (int.from_bytes(node.props["reg"][i:i + 8], "big") for i in (0, 8))
        node.props["reg"] = cells(start - distance, size)
        below = devtree.Node(bus)
        below.set_number("#address-cells", 2)
        below.set_number("#size-cells", 2)
        below.props["ranges"] = cells(start - distance, start, size)
        below.children.append(node)
        soc.children.append(below)
    return change


# The end of VIRT's memory.
TOP = 0x80000000 + (512 << 20)
MODULE = {"compatible": "multiboot,module"}

# Change to the tree, expected message, and whether the boot continues.
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
    "no memory": (no_memory, "error: no usable device tree at .*: it lists no memory", False),
    "memory": (set_reg("/memory", 0x84000000, 0x1c000000),
               r"error: no \d+ KiB of memory free for the monitor", False),
    "hart that does not come": (more_harts(3), "2 of 3 harts arrived", False),
    "hart that failed": (all_of(more_harts(4), set_text("/cpus/cpu@2", "status", "fail"),
                                set_text("/cpus/cpu@3", "status", "fail-42")), None, True),
    "disabled hart that does not come": (
        all_of(more_harts(3), set_text("/cpus/cpu@2", "status", "disabled")),
        "2 of 3 harts arrived", False),
    "hart with a large number": (
        all_of(more_harts(3), set_numbers("/cpus/cpu@2", reg=0x80000000)),
        "error: hart 2147483648 has no registers in the CLINT", False),
    "hart behind the CLINT": (all_of(more_harts(3), set_numbers("/cpus/cpu@2", reg=4095)),
                              "error: hart 4095 has no registers in the CLINT", False),
    "hart twice": (all_of(more_harts(3), set_numbers("/cpus/cpu@2", reg=1)),
                   "error: device tree has hart 1 twice", False),
    "memory that failed": (add("", "memory@80000001", 0x80000000, 1 << 40, device_type="memory",
                               status="fail"), None, True),
    "memory that is not there": (
        set_reg("/memory", 0x80000000, 4 << 30),
        r"warn: device tree lists memory at 17\w+, but nothing answers", True),
    "second CLINT that is disabled": (
        add("/soc", "clint@2400000", 0x2400000, 0x10000, compatible="sifive,clint0",
            status="disabled"), None, True),
    "second CLINT": (add("/soc", "clint@2400000", 0x2400000, 0x10000,
                         compatible="sifive,clint0"),
                     "error: device tree has its CLINT at 2400000", False),
    "CLINT on a bus": (on_a_bus("/soc/clint", "bus@2000000", 0x2000000), None, True),
    "CLINT on a bus elsewhere": (
        all_of(set_reg("/soc/clint", 0x2100000, 0x10000),
               on_a_bus("/soc/clint", "bus@2000000", 0x100000)),
        "error: device tree has its CLINT at 2100000", False),
    "console on a bus": (all_of(on_a_bus("/soc/serial", "bus@0", 0x1000000),
                                set_text("/chosen", "stdout-path", "/soc/bus@0/serial@10000000")),
                         None, True),
    "too many harts": (more_harts(129), "error: no usable device tree at .*: too many harts",
                       False),
}


@pytest.fixture(name="said", scope="module")
def said_fixture(build, tmp_path_factory):
    """Return a function: the console of virt with a changed tree."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    folder = tmp_path_factory.mktemp("trees")
    plain = folder / "virt.dtb"
    subprocess.run([machine.QEMU, "-M", f"virt,dumpdtb={plain}", *VIRT[2:], "-display", "none"],
                   check=True, capture_output=True)
    firmware = test_boards.guest("opensbi-1.6/fw_dynamic.bin")
    default = build

    def said(change, until, build=default, more=()):
        image = machine.bundle(build, firmware, "discovery")
        root, reserved = devtree.parse(plain.read_bytes())
        change(root)
        dtb = folder / "changed.dtb"
        dtb.write_bytes(devtree.flatten(root, reserved))
        command = [machine.QEMU, *VIRT, "-display", "none", "-monitor", "none", "-serial",
                   "stdio", "-bios", str(image), "-dtb", str(dtb), *more]
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


# Ranges that the tree names at the top of memory: the monitor moves below them.
NAMED = {
    "nothing": lambda root: None,
    "module": add("/chosen", "module@0", TOP - (1 << 20), 1 << 20, **MODULE),
    "framebuffer": add("", "framebuffer@0", TOP - (1 << 20), 1 << 20,
                       compatible="simple-framebuffer"),
}


@pytest.mark.parametrize("name", NAMED)
def test_home_is_clear_of_what_the_tree_names(name, said):
    text = said(NAMED[name], BANNER)
    start, end = (int(word, 16) for word in re.search(r"monitor at (\w+)-(\w+)", text).groups())
    assert start < end == TOP - ((1 << 20) if name != "nothing" else 0)


def test_uboot_survives_a_reservation_at_the_top(said, tmp_path):
    """U-Boot uses the end of the bank even if it is reserved: the bank is split."""
    reserved = devtree.Node("reserved-memory")
    reserved.set_number("#address-cells", 2)
    reserved.set_number("#size-cells", 2)
    reserved.props["ranges"] = b""

    def change(root):
        root.children.append(reserved)
        add("/reserved-memory", "framebuffer@0", TOP - (8 << 20), 8 << 20)(root)

    text = said(change, r"\n=> ", more=["-kernel", str(test_boards.guest(
        "u-boot-2025.01/u-boot-s.bin"))])
    assert re.search(r"DRAM: +503.9 MiB", text), text


@pytest.mark.parametrize("policy", [None, "offload", "keystone"])
def test_boot_hart_that_is_not_in_the_tree(policy, said, monitor):  # noqa: F811
    """The harts that the tree lists do not come."""
    done = monitor("qemu_virt", bool(policy), policy).parent
    text = said(other_numbers, "all harts are stopped", done)
    assert re.search(r"error: refused to start: only [12] of [34] harts arrived", text)


def absent(number):
    """Let the tree not list a hart that the machine has."""
    def change(root):
        root.find("/cpus").children.remove(root.find(f"/cpus/cpu@{number}"))
        root.find("/cpus").children.remove(root.find("/cpus/cpu-map"))
    return change


# OpenSBI waits for hart 0, which QEMU tells it to prefer. The monitor does not wait for
# a hart that the tree does not list, and on a busy host it can come late.
@pytest.mark.parametrize("how, hart", [
    ("fail", 0), ("fail", 1), ("fail-42", 0), ("fail-42", 1), ("not listed", 1),
    pytest.param("not listed", 0, marks=pytest.mark.long)])
def test_hart_that_is_here_and_not_usable(how, hart, said):
    """OpenSBI finds the hart, as on the bare machine, also if it is the first to arrive."""
    change = absent(hart) if how == "not listed" else \
        set_text(f"/cpus/cpu@{hart}", "status", how)
    text = said(change, "Boot HART MEDELEG|stopped")
    assert "error" not in text
    assert re.search(rf"Boot HART ID +: {1 - hart}\n", text), text


@pytest.mark.parametrize("board, other", [
    ("visionfive2", "virt"), ("premier_p550", "virt"), ("visionfive2", "sifive_u"),
    ("qemu_virt", "sifive_u"), ("qemu_virt", "spike")])
def test_image_on_another_machine(board, other, monitor, tmp_path):  # noqa: F811
    """It says why it stops on the console that the machine's tree names."""
    image, firmware = tmp_path / "image.bin", tmp_path / "firmware.bin"
    firmware.write_bytes(b"\x13\0\0\0" * 8)
    subprocess.run([ROOT / "tools/pack-image", "--monitor", monitor(board), "--firmware",
                    firmware, "-o", image], check=True)
    command = [machine.QEMU, "-M", other, "-smp", "2", "-m", "512M", "-display", "none",
               "-monitor", "none", "-serial", "stdio", "-bios", str(image)]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect("all harts are stopped"), console.text
        assert "warn: device tree is not for" in console.text
        assert "error: refused to start: the image was built for another board" in console.text


def test_second_view_as_memory(monitor, tmp_path):  # noqa: F811
    """A tree that lists the P550's uncached alias as memory would expose the monitor there."""
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
    # Packed, because the model changes the memory node of a tree passed to it.
    subprocess.run([ROOT / "tools/pack-image", "--monitor", monitor("premier_p550"), "--firmware",
                    test_boards.guest("opensbi-1.9/fw_dynamic.bin"), "--fdt", dtb, "-o", image],
                   check=True)
    command = test_boards.bare_command(test_boards.P550, image)
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect("the image was built for another board"), console.text
        assert "error: device tree has its memory at c000000000" in console.text
        assert "OpenSBI" not in console.text
