# SPDX-License-Identifier: BSD-2-Clause
"""The handover from the previous stage: a1, a2, and the state of the hart."""

import pathlib
import re
import struct
import subprocess
import sys

import pytest

import test_boards

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402

machine = test_boards.machine
BANNER = r"Boot HART MEDELEG"
RAM, IMAGE, TREE, FLASH = 0x80000000, 0x80400000, 0x82000000, 0x22000000
MEMORY = 128 << 20
GAP, GAP_SIZE = 0x18000000, 0x1000000     # nothing answers there
A0, A1, A2, BASE, TEMP = 10, 11, 12, 31, 30


def load(reg, offset):
    return offset << 20 | BASE << 15 | 3 << 12 | reg << 7 | 0x03


def stage(registers, csrs=()):
    """Code for RAM, run by all harts: values for registers and CSRs, then the image."""
    steps = [(TEMP, value, number << 20 | TEMP << 15 | 1 << 12 | 0x73) for number, value in csrs]
    steps += [(reg, value, None) for reg, value in registers.items()]
    steps.append((TEMP, IMAGE, TEMP << 15 | 0x67))          # jr
    words, values = [0x17 | BASE << 7], []                  # auipc
    pool = 8 * ((1 + sum(2 if step[2] else 1 for step in steps)) // 2 + 1)
    for reg, value, then in steps:
        words.append(load(reg, pool + 8 * len(values)))
        words += [then] if then else []
        values.append(value)
    code = struct.pack(f"<{len(words)}I", *words)
    return code.ljust(pool, b"\0") + struct.pack(f"<{len(values)}Q", *values)


@pytest.fixture(name="tree", scope="module")
def tree_fixture(tmp_path_factory):
    path = tmp_path_factory.mktemp("handover") / "virt.dtb"
    subprocess.run([machine.QEMU, "-M", f"virt,dumpdtb={path}", "-smp", "2", "-m", "128M",
                    "-display", "none"], check=True, capture_output=True)
    return devtree.flatten(*devtree.parse(path.read_bytes()))


@pytest.fixture(name="run")
def run_fixture(build, tmp_path):
    """Function: the console after a stage, with blobs (address: bytes) in memory."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")

    def run(code, blobs, until, firmware=None, rom=b"", raw=False):
        image = tmp_path / "image.bin"
        if firmware is None:
            firmware = test_boards.guest("opensbi-1.6/fw_dynamic.bin")
        subprocess.run([ROOT / "tools/pack-image", "--monitor", build / "cordon.bin", "--firmware",
                        firmware, "-o", image], check=True)
        command = [machine.QEMU, "-M", "virt", "-smp", "2", "-m", "128M", "-display", "none",
                   "-monitor", "none", "-serial", "stdio", "-no-reboot"]
        for at, data in [(RAM, code), (IMAGE, image.read_bytes()), *blobs.items()]:
            path = tmp_path / f"{at:x}.bin"
            path.write_bytes(data)
            command += (["-bios", str(path)] if at == RAM else
                        ["-device", f"loader,file={path},addr={at:#x},force-raw=on"])
        if rom:
            path = tmp_path / "rom.bin"
            path.write_bytes(rom.ljust(32 << 20, b"\xff"))
            command += ["-drive", f"if=pflash,unit=1,format=raw,file={path},readonly=on"]
        if raw:
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=60, check=False).stdout
        with machine.Console(command, 60, echo=False) as console:
            assert console.expect(until), console.text
            return console.text.replace("\r", "")

    return run


def header(tree, **fields):
    """Return the tree with other values in its header."""
    names = ("magic", "totalsize", "off_dt_struct", "off_dt_strings", "off_mem_rsvmap", "version",
             "last_comp_version", "boot_cpuid_phys", "size_dt_strings", "size_dt_struct")
    words = dict(zip(names, devtree.HEADER.unpack_from(tree)))
    words.update(fields)
    return devtree.HEADER.pack(*words.values()) + tree[devtree.HEADER.size:]


def reordered(tree, version=17):
    """Strings, reservations, structure: an unusual but valid order."""
    _, _, tree_at, strings_at, rsv_at, *_, strings, block = devtree.HEADER.unpack_from(tree)
    parts, at = [], devtree.HEADER.size
    offsets = {}
    for name, start, size in (("off_dt_strings", strings_at, strings),
                              ("off_mem_rsvmap", rsv_at, 16), ("off_dt_struct", tree_at, block)):
        at = (at + 7) & ~7
        offsets[name] = at
        parts.append((at, tree[start:start + size]))
        at += size
    out = bytearray(at)
    for start, data in parts:
        out[start:start + len(data)] = data
    out[:devtree.HEADER.size] = tree[:devtree.HEADER.size]
    return header(bytes(out), totalsize=at, version=version, **offsets)


TREES = {
    "as it is": lambda tree: tree,
    "version 16": lambda tree: header(tree, version=16, size_dt_struct=0),
    "other order": reordered,
    "other order, version 16": lambda tree: reordered(tree, 16),
}


@pytest.mark.parametrize("where", ["RAM", "ROM"])
@pytest.mark.parametrize("kind", TREES)
def test_unusable_tree_is_copied(kind, where, tree, run):
    """OpenSBI also writes to its tree, so it must lie in memory, after everything else."""
    blob = TREES[kind](tree)
    in_place = kind == "as it is" and where == "RAM"
    text = run(stage({A1: TREE if where == "RAM" else FLASH}),
               {TREE: blob} if where == "RAM" else {}, BANNER, rom=blob if where == "ROM" else b"")
    home = int(re.search(r"monitor at (\w+)-", text)[1], 16)
    at = int(re.search(r"Domain0 Next Arg1 +: (\w+)", text)[1], 16)
    assert at == TREE if in_place else home - 0x10000 < at < home
    assert not re.search(r"\] (error|warn)", text), text


@pytest.mark.parametrize("name, change, sentence", [
    ("misaligned", lambda tree: b"\0" * 4 + tree, None),
    ("damaged", lambda tree: header(tree, off_dt_strings=0x7fffffff), "its header is damaged"),
    ("misaligned structure", lambda tree: header(tree, off_dt_struct=0x3a),
     "its blocks are misaligned"),
    ("old", lambda tree: header(tree, version=3, last_comp_version=2),
     "its version is neither 16 nor 17"),
    ("none", lambda tree: b"\xff" * 64, "no device tree magic"),
    ("cut off", lambda tree: header(tree, size_dt_struct=0x100), "it is damaged"),
])
def test_tree_is_refused(name, change, sentence, tree, run):
    at = TREE + 4 if name == "misaligned" else TREE
    sentence = sentence or "its address is not 8-byte aligned"
    text = run(stage({A1: at}), {TREE: change(tree)},
               rf"error: no usable device tree at 0x{at:x}: {sentence}")
    assert "OpenSBI" not in text


@pytest.mark.parametrize("a1, line", [
    (0, "error: no usable device tree at .*: a1 is 0"),
    (0x1000000000, r"error: trap 5 at \w+ \(\+\w+\), tval 1000000000, before the monitor"),
])
def test_a1_leads_nowhere(a1, line, run):
    assert "OpenSBI" not in run(stage({A1: a1}), {}, line)


def test_initrd_behind_the_tree_is_whole(tree, run):
    """The tree does not grow into ranges that it names."""
    root, reserved = devtree.parse(tree)
    chosen = root.find("/chosen")
    for name in ("linux,initrd-start", "linux,initrd-end"):
        chosen.set_number(name, 0, 2)
    end = TREE + len(devtree.flatten(root, reserved))
    chosen.set_number("linux,initrd-start", end, 2)
    chosen.set_number("linux,initrd-end", end + 4096, 2)
    text = run(stage({A1: TREE}), {TREE: devtree.flatten(root, reserved)}, BANNER)
    assert int(re.search(r"Domain0 Next Arg1 +: (\w+)", text)[1], 16) != TREE


@pytest.mark.parametrize("below", [0x1000, 0x8000, 0x20000])
def test_memory_that_a2_names_is_left_alone(below, tree, run):
    """fw_dynamic's info near the top of memory, and the next stage that it names."""
    end = RAM + MEMORY
    info = struct.pack("<6Q", 0x4942534f, 2, end - 0x400000, 1, 0, 0)
    text = run(stage({A1: TREE, A2: end - below}), {TREE: tree, end - below: info}, BANNER)
    assert int(re.search(r"Domain0 Next Address +: (\w+)", text)[1], 16) == end - 0x400000
    start, stop = (int(word, 16) for word in re.search(r"monitor at (\w+)-(\w+)", text).groups())
    assert stop <= end - below or start >= end - below + 48
    assert stop <= end - 0x400000 or start >= end - 0x400000 + (2 << 20)


@pytest.mark.parametrize("a2, following", [
    (GAP + 0x1000, None), (RAM + MEMORY - 8, None), (RAM + MEMORY - 16, None),
    (RAM + MEMORY - 0x8000, GAP), (RAM + MEMORY - 0x8000, RAM + MEMORY - 8)])
def test_a2_leads_nowhere(a2, following, tree, run):
    """The tree lists memory that is not there: at a2, after it, or at the info's next stage."""
    root, reserved = devtree.parse(tree)
    root.find("/memory").props["reg"] = struct.pack(">4Q", GAP, GAP_SIZE, RAM, 2 * MEMORY)
    info = struct.pack("<3Q", 0x4942534f, 2, following or RAM + MEMORY - 0x400000)
    blobs = {TREE: devtree.flatten(root, reserved)}
    if a2 >= RAM:
        blobs[a2] = info[:RAM + MEMORY - a2]
    text = run(stage({A1: TREE, A2: a2}), blobs, "monitor at .*|error: .*")
    assert "monitor at" in text, text


# M-mode registers, and values that an earlier stage may have left.
LEFT = [
    (0x302, 0xb109), (0x303, 0x222), (0x304, 0xaaa), (0x306, 7), (0x320, 4), (0x340, 0x1234),
    (0x341, 0x2000), (0x342, 5), (0x343, 9), (0x3b1, 0xffffffff), (0x3a0, 0x1f00),
    (0x300, 0x2a6000),          # MPRV, with MPP = U; TVM, TSR and FS
]


def reader(numbers):
    """A firmware whose hart 0 sends registers, 8 bytes each, and turns the machine off."""
    words = [0xf1402373, 0x00030463, 0x0000006f]            # csrr t1, mhartid; beqz; j .
    words += [0x100002b7]                                   # lui t0, 0x10000: the UART
    for number in numbers:
        words.append(number << 20 | 2 << 12 | 6 << 7 | 0x73)
        words += [0x00628023, 0x00835313] * 8               # sb t1, (t0); srli t1, t1, 8
    words += [0x001002b7, 0x00005337, 0x55530313, 0x0062a023, 0x0000006f]
    return struct.pack(f"<{len(words)}I", *words)


def test_firmware_starts_as_after_reset(tree, run, tmp_path):
    """The firmware always sees the same initial state, whatever an earlier stage left."""
    firmware = tmp_path / "reader.bin"
    # mstatus contains FS, which nothing resets: not compared.
    numbers = [0x305, *(number for number, _ in LEFT[:-1])]
    firmware.write_bytes(reader(numbers))
    size = 8 * len(numbers)
    clean = run(stage({A1: TREE}), {TREE: tree}, None, firmware, raw=True)
    left = run(stage({A1: TREE}, LEFT), {TREE: tree}, None, firmware, raw=True)
    assert len(clean) > size and len(left) > size
    found = {n: struct.unpack_from("<Q", clean, len(clean) - size + 8 * i)[0]
             for i, n in enumerate(numbers)}
    # With the hypervisor extension some bits of mideleg are always 1 (Priv. 15.4.2).
    assert not any(value for number, value in found.items() if number != 0x303), found
    assert clean[-size:] == left[-size:]
