# SPDX-License-Identifier: BSD-2-Clause
"""tools/pack-image: the header it writes, and every input it must refuse."""

import os
import struct
import subprocess

import pytest

import fuzzing
import packing
from packing import monitor

GOOD = b"\x13\0\0\0" * 8
SMALL = GOOD[:16]
TREE = packing.tree("acme,rocket-v2", "acme,rocket")


def header(at, value):
    """The tree with a word of its header changed."""
    return TREE[:at] + struct.pack(">I", value) + TREE[at + 4:]


@pytest.fixture(name="pack")
def pack_fixture(tmp_path, monkeypatch):
    """pack(monitor, firmware, fdt): exit status, message, image or None."""
    tool = fuzzing.load("pack-image")

    def pack(mon, firmware, fdt=None, *more):
        files = {"cordon.bin": mon, "fw.bin": firmware, "board.dtb": fdt}
        for name, data in files.items():
            if data is not None:
                (tmp_path / name).write_bytes(data)
        out = tmp_path / "image.bin"
        cmd = ["--monitor", tmp_path / "cordon.bin", "--firmware", tmp_path / "fw.bin", "-o", out,
               *more]
        if fdt is not None:
            cmd += ["--fdt", tmp_path / "board.dtb"]
        said = fuzzing.verdict(tool, cmd, monkeypatch)
        image = out.read_bytes() if out.exists() else None
        return int(said is not None), said, image
    return pack


def test_parts_are_where_the_header_says(pack):
    firmware, tree = b"\x13" * 5000, TREE
    status, _, image = pack(monitor(), firmware, tree)
    assert status == 0
    fw_at, fw_size, fdt_at, fdt_size = struct.unpack_from("<4Q", image, 0x20)
    assert fw_at % 4096 == 0 and fdt_at % 4096 == 0
    assert fw_at == 8192 and image[fw_at:fw_at + fw_size] == firmware
    assert fdt_at == 8192 + 8192 and image[fdt_at:fdt_at + fdt_size] == tree
    assert image[:0x20] == monitor()[:0x20]
    assert image[0x40:8192] == monitor()[0x40:]


def test_tree_of_version_16(pack):
    """The monitor brings it up to date when it boots."""
    tree = header(20, 16)[:36] + bytes(4) + TREE[40:]
    status, message, image = pack(monitor(), GOOD, tree)
    assert status == 0, message
    _, _, at, size = struct.unpack_from("<4Q", image, 0x20)
    assert image[at:at + size] == tree


def test_without_device_tree(pack):
    status, _, image = pack(monitor(), SMALL)
    assert status == 0
    assert struct.unpack_from("<4Q", image, 0x20) == (8192, len(SMALL), 0, 0)


@pytest.mark.parametrize("mon, firmware, fdt, says", [
    (b"", GOOD, None, "is empty"),
    (monitor()[:32], GOOD, None, "truncated"),
    (monitor()[:0x44], GOOD, None, "truncated"),
    (monitor(board=0), GOOD, None, "its board is at 0x0"),
    (monitor(board=8192), GOOD, None, "its board is at 0x2000"),
    (monitor(board=1 << 63), GOOD, None, "damaged header"),
    (monitor(name=b"\xff"), GOOD, None, "its board has no name"),
    (monitor(magic=b"CORDOM\0\1"), GOOD, None, "bad magic"),
    (monitor(said=4097), GOOD, None, "damaged header"),
    (monitor(said=0), GOOD, None, "damaged header"),
    (monitor(said=12288), GOOD, None, "truncated"),
    (monitor(said=4096), GOOD, None, "after its end"),
    (monitor(parts=(8192, 1, 0, 0)), GOOD, None, "packed image already"),
    (b"\x7fELF" + bytes(100), GOOD, None, "is an ELF file"),
    (monitor(), b"", None, "is empty"),
    (monitor(), monitor(), None, "monitor without a firmware"),
    (monitor(), monitor(parts=(8192, 1, 0, 0)), None, "truncated"),
    (monitor(), monitor()[:0x42], None, "damaged Cordon image"),
    (monitor(), monitor(parts=(0, 1, 0, 0), board=1 << 63), None, "damaged Cordon image"),
    (monitor(), TREE, None, "FIT image"),
    (monitor(), GOOD.ljust((64 << 20) + 1, b"\0"), None, "the limit is"),
    (monitor(), GOOD, b"\x13" * 64, "not a flattened one"),
    (monitor(), GOOD, TREE[:-1], "truncated"),
    (monitor(), GOOD, header(8, 0x3a), "misaligned blocks"),
    (monitor(), GOOD, header(16, 44), "misaligned blocks"),
    (monitor(), GOOD, header(20, 15), "has version 15"),
    (monitor(), GOOD, header(24, 18), "has version"),
    (monitor(), GOOD, header(12, 0x7fffffff), "is damaged"),
    (monitor(), GOOD, TREE.ljust((2 << 20) + 1, b"\0"), "larger than 2 MiB"),
    (monitor(), GOOD, packing.tree("acme,boat", "acme,soc"),
     "is for acme,boat, acme,soc; this monitor is for Acme Rocket"),
    (monitor(), GOOD, packing.tree(), "is for no board"),
    (monitor(), GOOD, packing.tree("acme,rocket", memory=((0x40000000, 1 << 30),)),
     "no memory at 0x80000000"),
    (monitor(compatible=b""), GOOD, packing.tree("acme,boat", memory=()), "no memory at"),
    (monitor(), None, None, "cannot read the firmware"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_refuses(pack, mon, firmware, fdt, says):
    status, message, image = pack(mon, firmware, fdt)
    assert status != 0 and image is None
    assert says in message
    assert message.startswith("pack-image: ") and "\n" not in message


def test_monitor_below_the_monitor(pack):
    _, _, inner = pack(monitor(), GOOD)
    status, _, image = pack(monitor(), inner)
    assert status == 0
    at, size, _, _ = struct.unpack_from("<4Q", image, 0x20)
    assert image[at:at + size] == inner


def test_reads_a_pipe_and_does_not_wait_for_ever(pack, tmp_path, monkeypatch):
    """A pipe is a file like others if somebody writes into it."""
    packed = fuzzing.load("pack-image").packer
    monkeypatch.setattr(packed, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")
    status, message, _ = pack(monitor(), GOOD, None, "--firmware", tmp_path / "pipe")
    assert status and "is a pipe into which nobody writes" in message
    with subprocess.Popen(["cp", tmp_path / "fw.bin", tmp_path / "pipe"]) as writer:
        status, message, image = pack(monitor(), GOOD, None, "--firmware", tmp_path / "pipe")
        assert status == 0 and GOOD in image, message
        assert writer.wait(10) == 0


def test_as_people_run_it(tmp_path):
    run = subprocess.run([packing.TOOLS / "pack-image", "--monitor", tmp_path, "--firmware", "x",
                          "-o", "x"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == \
        (1, f"pack-image: cannot read the monitor {tmp_path}: Is a directory\n")


def elf(kind, entry, machine=243):
    return b"\x7fELF\2\1\1".ljust(16, b"\0") + struct.pack("<HHIQ", kind, machine, 1,
                                                           entry).ljust(48, b"\0")


def moving(base, count=20):
    """Relative relocations, as in the .rela.dyn of a firmware linked at base."""
    return b"".join(struct.pack("<QQQ", base + 0x1000 + 8 * n, 3, base + 64 * n)
                    for n in range(count))


def pointing(base, count=20):
    return struct.pack(f"<{count}Q", *(base + 64 * n for n in range(count)))


CODE = b"\x13\0\0\0" * 200
NO_FIRMWARE = {
    "3 bytes": (b"\x13\0\0", "is too short (3 of"),
    "a byte": (b"\x13", "is too short (1 of"),
    "a loop": (b"\x6f\0\0\0", "is too short (4 of"),
    "a word": (b"hi\n", "is text"),
    "ELF": (elf(2, 0x80000000), "objcopy -O binary"),
    "ELF for x86": (elf(2, 0x80000000, machine=62), "not for RISC-V (e_machine 62)"),
    "ELF of 32 bits": (b"\x7fELF\1" + elf(2, 0x80000000)[5:], "is a 32-bit ELF file"),
    "half an ELF": (b"\x7fELF", "is an ELF file"),
    "README.md": ((packing.TOOLS.parent / "README.md").read_bytes(), "is text"),
    "C": (b"int main(void)\n{\n}\n", "is text"),
    "Intel hex": (b":10010000214601360121470136007EFE09D2190140\r\n", "is text"),
    "Image": (CODE[:0x30] + b"RISCV\0\0\0RSC\x05" + CODE, "a Linux kernel"),
    "Image with EFI": (b"MZ" + CODE[2:0x38] + b"RSC\x05" + CODE, "a Linux kernel"),
    "Arm": (CODE[:0x38] + b"ARM\x64" + CODE, "for Arm"),
    "zeros": (bytes(4096), "does not begin with an instruction"),
    "erased flash": (b"\xff" * 4096, "does not begin with an instruction"),
    "gzip": (b"\x1f\x8b\x08" + CODE, "gzip"),
    "xz": (b"\xfd7zXZ\0" + CODE, "xz"),
    "zstd": (b"\x28\xb5\x2f\xfd" + CODE, "zstd"),
    "lz4": (b"\x04\x22\x4d\x18" + CODE, "lz4"),
    "zip": (b"PK\x03\x04" + CODE, "ZIP"),
    "deb": (b"!<arch>\ndebian-binary" + CODE, "archive"),
    "uImage": (b"\x27\x05\x19\x56" + CODE, "uImage"),
    "boot chain": (b"ESWB" + CODE, "pack-bootchain"),
    "disk": (CODE[:510] + b"\x55\xaa" + CODE, "disk"),
    "OpenSBI elsewhere": (CODE + b"OpenSBI v1.4\0".ljust(16, b"\0") + pointing(0x40000000),
                          "linked near 0x40000000"),
    "U-Boot elsewhere": (CODE + b"U-Boot 2025.01\0".ljust(16, b"\0") + moving(0x80a00000),
                         "linked near 0x80a00000"),
    "U-Boot of another board": (CODE + b"U-Boot 2025.01\0".ljust(16, b"\0") +
                                pointing(0x40200000), "linked near 0x40200000"),
}


@pytest.mark.parametrize("name", NO_FIRMWARE)
def test_looks_at_the_firmware(pack, name):
    data, says = NO_FIRMWARE[name]
    status, message, image = pack(monitor(), data)
    assert status != 0 and image is None
    assert says in message and "--force" in message and "\n" not in message
    status, message, image = pack(monitor(), data, None, "--force")
    assert status == 0 and image, message


@pytest.mark.parametrize("data", [
    CODE + b"OpenSBI v1.4\0".ljust(16, b"\0") + pointing(0x80000000),
    CODE + b"OpenSBI v1.6\0".ljust(16, b"\0") + moving(0) + pointing(0x40000000),
    CODE + b"U-Boot 2025.01\0".ljust(16, b"\0") + moving(0x80000000),
    CODE + pointing(0x40000000), b"\x01\0".ljust(16, b"\0"), SMALL,
    b"\x97\0\0\0".ljust(16, b"\0"),
], ids=("here", "anywhere", "U-Boot", "nobody knows", "nop", "short", "auipc"))
def test_lets_firmware_pass(pack, data):
    status, message, _ = pack(monitor(), data)
    assert status == 0, message


@pytest.mark.parametrize("head, refused", [
    (elf(2, 0x40000000), True), (elf(2, 0x80000000), False), (elf(3, 0), False),
    (elf(2, 0x40000000, machine=62), False), (b"\x7fELF", False)])
def test_link_address_comes_from_the_elf_file(pack, tmp_path, head, refused):
    (tmp_path / "fw.elf").write_bytes(head)
    status, message, _ = pack(monitor(), GOOD)
    assert (status != 0) == refused, message
    assert not refused or "linked at 0x40000000, as fw.elf beside it says" in message


def test_real_firmware_passes_and_other_files_do_not(pack):
    """Files fetched already: each OpenSBI, and the kernel, which is no firmware."""
    known = packing.TOOLS.parent / "third_party/guests"
    found = [*known.glob("opensbi-*/fw_*.bin"), *known.glob("*/Image")]
    if not found:
        pytest.skip("no guests are fetched yet")
    for path in found:
        for address in (0x80000000, 0x40000000):
            status, message, _ = pack(monitor(address), path.read_bytes())
            assert (status == 0) == (path.name != "Image"), message


def test_another_board_by_force(pack):
    status, message, image = pack(monitor(), GOOD, packing.tree("acme,boat"), "--force")
    assert status == 0 and image, message


def test_messages_name_what_was_asked_for(pack, tmp_path):
    """No file in between, and nothing twice."""
    for option, word in (("-o", "cannot write"), ("--monitor", "cannot read the monitor"),
                         ("--fdt", "cannot read the device tree")):
        path = tmp_path / "nowhere" / "x"
        status, message, _ = pack(monitor(), GOOD, None, option, path)
        assert status != 0 and message == \
            f"pack-image: {word} {path}: No such file or directory"


def test_the_monitor_says_its_board(build):
    """struct board of a real build is where the header says."""
    path = build / "cordon.bin"
    if not path.exists():
        pytest.skip("no monitor is built")
    said = fuzzing.load("pack-image").packer.Monitor(path)
    assert said.address % 4096 == 0 and said.address and said.board


def test_damaged_chains_are_refused_or_packed_correctly(tmp_path, monkeypatch):
    """Monitor, firmware and tree, each damaged in turn."""
    tool, out = fuzzing.load("pack-image"), tmp_path / "image.bin"
    whole = {"--monitor": monitor(), "--firmware": GOOD, "--fdt": TREE}
    refused = 0
    for which, good in whole.items():
        for data in fuzzing.damaged(good, 150, head=72):
            arguments = ["-o", out]
            for option, content in whole.items():
                path = tmp_path / option.strip("-")
                path.write_bytes(data if option == which else content)
                arguments += [option, path]
            out.unlink(missing_ok=True)
            said = fuzzing.verdict(tool, arguments, monkeypatch)
            assert (said is None) == out.exists()
            if said is not None:
                assert said.startswith("pack-image: ") and "\n" not in said
                refused += 1
    assert refused > 150
