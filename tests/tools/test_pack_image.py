# SPDX-License-Identifier: BSD-2-Clause
"""tools/pack-image: the header it writes, and every input it must refuse."""

import pathlib
import struct
import subprocess

import pytest

import fuzzing

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "pack-image"
JUMP = b"\x6f\x00\x80\x10\x13\x00\x00\x00"
MAGIC = b"CORDON\x00\x01"


def monitor(size=8192, parts=(0, 0, 0, 0), magic=MAGIC, said=None):
    head = JUMP + magic + struct.pack("<QQ", size if said is None else said, size + 4096)
    head += struct.pack("<4Q", *parts)
    return head + bytes(range(256)) * 32 if size == 0 else head.ljust(size, b"\xa5")


def dtb(size=72):
    return struct.pack(">II", 0xd00dfeed, size).ljust(72, b"\0")


@pytest.fixture(name="pack")
def pack_fixture(tmp_path):
    """pack(monitor, firmware, fdt): exit status, message, image or None."""
    def pack(mon, firmware, fdt=None):
        files = {"cordon.bin": mon, "fw.bin": firmware, "board.dtb": fdt}
        for name, data in files.items():
            if data is not None:
                (tmp_path / name).write_bytes(data)
        out = tmp_path / "image.bin"
        cmd = [TOOL, "--monitor", tmp_path / "cordon.bin", "--firmware", tmp_path / "fw.bin",
               "-o", out]
        if fdt is not None:
            cmd += ["--fdt", tmp_path / "board.dtb"]
        run = subprocess.run(cmd, capture_output=True, text=True, check=False)
        return run.returncode, run.stderr, out.read_bytes() if out.exists() else None
    return pack


def test_parts_are_where_the_header_says(pack):
    firmware, tree = b"\x13" * 5000, dtb()
    status, _, image = pack(monitor(), firmware, tree)
    assert status == 0
    fw_at, fw_size, fdt_at, fdt_size = struct.unpack_from("<4Q", image, 0x20)
    assert fw_at % 4096 == 0 and fdt_at % 4096 == 0
    assert fw_at == 8192 and image[fw_at:fw_at + fw_size] == firmware
    assert fdt_at == 8192 + 8192 and image[fdt_at:fdt_at + fdt_size] == tree
    assert image[:0x20] == monitor()[:0x20]
    assert image[0x40:8192] == monitor()[0x40:]


def test_without_device_tree(pack):
    status, _, image = pack(monitor(), b"\x13")
    assert status == 0
    assert struct.unpack_from("<4Q", image, 0x20) == (8192, 1, 0, 0)


GOOD = b"\x13\0\0\0" * 8


@pytest.mark.parametrize("mon, firmware, fdt, says", [
    (b"", GOOD, None, "is empty"),
    (monitor()[:32], GOOD, None, "truncated"),
    (monitor(magic=b"CORDOM\0\1"), GOOD, None, "bad magic"),
    (monitor(said=4097), GOOD, None, "damaged header"),
    (monitor(said=0), GOOD, None, "damaged header"),
    (monitor(said=12288), GOOD, None, "truncated"),
    (monitor(said=4096), GOOD, None, "after its end"),
    (monitor(parts=(8192, 1, 0, 0)), GOOD, None, "packed image already"),
    (b"\x7fELF" + bytes(100), GOOD, None, "is an ELF file"),
    (monitor(), b"", None, "is empty"),
    (monitor(), b"\x7fELF" + bytes(100), None, "is an ELF file"),
    (monitor(), monitor(), None, "Cordon image itself"),
    (monitor(), dtb(), None, "FIT image"),
    (monitor(), b"\x1f\x8b" + bytes(100), None, "compressed"),
    (monitor(), bytes((64 << 20) + 1), None, "the limit is"),
    (monitor(), GOOD, b"\x13" * 64, "not a flattened one"),
    (monitor(), GOOD, dtb(size=4096), "truncated"),
    (monitor(), None, None, "cannot read the firmware"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_refuses(pack, mon, firmware, fdt, says):
    status, message, image = pack(mon, firmware, fdt)
    assert status != 0 and image is None
    assert says in message
    assert message.startswith("pack-image: ") and message.count("\n") == 1


def test_any_damage_ends_in_a_sentence(tmp_path, monkeypatch):
    """Monitor, firmware and tree, each damaged in turn."""
    tool, out = fuzzing.load("pack-image"), tmp_path / "image.bin"
    whole = {"--monitor": monitor(), "--firmware": GOOD, "--fdt": dtb()}
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
