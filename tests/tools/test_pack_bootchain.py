# SPDX-License-Identifier: BSD-2-Clause
"""tools/pack-bootchain: the image that it writes, and every input that it must refuse."""

import hashlib
import pathlib
import struct
import subprocess
import sys

import pytest

import fuzzing
import packing

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS / "boardlib"))
import devtree  # noqa: E402

MONITOR = packing.monitor()
SECOND, DDR, OPENSBI = b"\x01" * 1356, bytes(range(256)) * 30, b"\x13" * 5001
TREE = packing.tree("acme,rocket")


def block(kind, offset, size, load, cpu, **more):
    """The 256 bytes in front of a payload."""
    made = bytearray(256)
    struct.pack_into("<IIQQQQQBB", made, 0, more.get("magic", 0xbb455357), 0, 0, offset,
                     more.get("said", size), load, more.get("entry", load),
                     more.get("encrypted", 0), more.get("digest_kind", 0))
    made[53:56] = b"neg"
    made[64:66] = bytes((kind, cpu))
    made[144:176] = more.get("digest", b"").ljust(32, b"\0")
    return bytes(made)


def chain(order=("firmware", "ddr", "bootloader"), cpu=1, payload=OPENSBI, sign=0, count=None,
          load=0x80000000, **more):
    """An image as the vendor's nsign lays it out."""
    parts = {"firmware": (0x70, SECOND, 0x59000000, 0), "ddr": (0x10, DDR, 0x59000000, 0),
             "bootloader": (0x30, payload, load, cpu)}
    head = struct.pack("<4sI", b"ESWB", len(order) if count is None else count)
    at, body = 0x200, b""
    for name in order:
        kind, data, there, runs_on = parts[name]
        head += struct.pack("<IQQ4B4xII", 1, at, len(data),
                            sign if name == "bootloader" else 0, 0, kind,
                            int(name == order[-1]), 0, 0)
        body = body.ljust(at - 0x200, b"\0") + block(
            kind, at, len(data), there, runs_on, **(more if kind == 0x30 else {})) + data
        at = ((at + 256 + len(data) + 0x200) // 32 + 1) * 32
    return head.ljust(0x200, b"\0") + body


def parts_of(data):
    """type: (offset, block, payload), in the order of the header."""
    magic, count = struct.unpack_from("<4sI", data)
    assert magic == b"ESWB"
    found = {}
    for i in range(count):
        _, at, size, _, _, kind, _, _, _ = struct.unpack_from("<IQQ4B4xII", data, 8 + 36 * i)
        assert at + 256 + size <= len(data)
        found[kind] = at, data[at:at + 256], data[at + 256:at + 256 + size]
    return found


@pytest.fixture(name="files")
def files_fixture(tmp_path):
    (tmp_path / "cordon.bin").write_bytes(MONITOR)
    (tmp_path / "board.dtb").write_bytes(TREE)
    return tmp_path


@pytest.fixture(name="pack")
def pack_fixture(files):
    """pack(chain, *arguments): exit status, message, path of the result."""
    def pack(data, *args, fdt=True):
        (files / "in.bin").write_bytes(data)
        tree = ["--fdt", files / "board.dtb"] if fdt else []
        out = files / "out.bin"
        run = subprocess.run([TOOLS / "pack-bootchain", "--monitor", files / "cordon.bin", *tree,
                              files / "in.bin", "-o", out, *args],
                             capture_output=True, text=True, check=False)
        return run.returncode, run.stderr.strip(), out
    return pack


def check_image(image, firmware):
    assert image[:16] == MONITOR[:16]
    offset, size, fdt_at, fdt_size = struct.unpack_from("<4Q", image, 0x20)
    assert image[offset:offset + size] == firmware
    assert image[fdt_at:fdt_at + fdt_size] == TREE


@pytest.mark.parametrize("order", (("firmware", "ddr", "bootloader"),
                                   ("bootloader", "firmware", "ddr"),
                                   ("ddr", "bootloader", "firmware")))
def test_replaces_the_bootloader_alone(pack, order):
    before = chain(order)
    status, message, out = pack(before)
    assert status == 0 and not message, message
    old, new = parts_of(before), parts_of(out.read_bytes())
    assert list(old) == list(new)
    assert new[0x70][2] == SECOND and new[0x10][2] == DDR
    at, about, image = new[0x30]
    check_image(image, OPENSBI)
    assert struct.unpack_from("<Q", about, 24)[0] == len(image)
    assert about[:24] == old[0x30][1][:24] and about[32:] == old[0x30][1][32:]
    # The layout is the vendor tool's, to the last byte.
    assert out.read_bytes() == chain(order, payload=image)
    assert at % 32 == 0


def test_digest_is_made_anew(pack):
    status, message, out = pack(chain(digest=hashlib.sha256(OPENSBI).digest()))
    assert status == 0, message
    _, about, image = parts_of(out.read_bytes())[0x30]
    assert about[144:176] == hashlib.sha256(image).digest()


def test_another_firmware(pack, files):
    (files / "fw.bin").write_bytes(b"\x93" * 100)
    status, message, out = pack(chain(), "--firmware", files / "fw.bin")
    assert status == 0, message
    check_image(parts_of(out.read_bytes())[0x30][2], b"\x93" * 100)


def test_warns_about_a_built_in_tree(pack):
    """OpenSBI built with FW_FDT_PATH takes no notice of a1."""
    root = devtree.Node("")
    root.children.append(devtree.Node("cpus"))
    status, message, _ = pack(chain(payload=b"\x13" * 64 + devtree.flatten(root)))
    assert status == 0
    assert "note" in message and "0x40" in message and message.count("\n") == 0


def test_list(files):
    (files / "in.bin").write_bytes(chain())
    run = subprocess.run([TOOLS / "pack-bootchain", "--list", files / "in.bin"],
                         capture_output=True, text=True, check=True)
    assert [line.split("\t")[0] for line in run.stdout.splitlines()] == [
        "firmware", "DDR", "bootloader"]


REFUSED = {
    "not a chain": (b"\x7fELF" + b"\0" * 100, "not a boot chain image"),
    "empty": (b"", "not a boot chain image"),
    "only the magic": (b"ESWB", "truncated"),
    "header cut": (chain()[:50], "truncated"),
    "payload cut": (chain()[:-1], "truncated"),
    "no parts": (chain(count=0), "0 parts"),
    "too many parts": (chain(count=400), "400 parts"),
    "no bootloader": (chain(("firmware", "ddr")), "0 bootloaders"),
    "two bootloaders": (chain(("bootloader", "ddr", "bootloader")), "2 bootloaders"),
    "signed": (chain(sign=1), "signed (RSA)"),
    "encrypted": (chain(encrypted=1), "encrypted"),
    "another size": (chain(said=3), "does not describe"),
    "no description": (chain(magic=0), "does not describe"),
    "for the other core": (chain(cpu=0), "P550 cores"),
    "entered elsewhere": (chain(entry=0x80000100), "P550 cores"),
    "wrong digest": (chain(digest=b"\1" * 32), "digest"),
    "unknown digest": (chain(digest=hashlib.sha256(OPENSBI).digest(), digest_kind=1), "digest"),
    "packed already": (chain(payload=MONITOR), "already"),
    "another address": (chain(load=0x40000000), "is loaded at 0x40000000, but Acme Rocket"),
    "text": (chain(payload=b"# README\n" * 100), "is text"),
    "too large": (chain(payload=b"\x13" * (9 << 20)), "no room"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(pack, name):
    data, word = REFUSED[name]
    status, message, out = pack(data)
    assert status == 1 and not out.exists()
    assert message.startswith("pack-bootchain: ") and word in message
    assert message.count("\n") == 0


def test_refuses_the_tree_of_another_board(pack, files):
    (files / "board.dtb").write_bytes(packing.tree("milkv,mars", "starfive,jh7110"))
    status, message, out = pack(chain())
    assert status == 1 and not out.exists() and message.count("\n") == 0
    assert "is for milkv,mars, starfive,jh7110; this monitor is for Acme Rocket" in message
    assert pack(chain(), "--force")[0] == 0


def test_needs_a_tree(pack):
    status, message, out = pack(chain(), fdt=False)
    assert status == 1 and not out.exists() and "FDT=" in message


def test_damaged_chains_are_refused_or_packed_correctly(files, monkeypatch):
    """Refused with a sentence, or an image in which all is where it is said."""
    tool, out = fuzzing.load("pack-bootchain"), files / "out.bin"
    whole = chain(digest=hashlib.sha256(OPENSBI).digest())
    refused = 0
    for data in fuzzing.damaged(whole, 500, head=0x300):
        out.unlink(missing_ok=True)
        (files / "in.bin").write_bytes(data)
        said = fuzzing.verdict(tool, ["--monitor", files / "cordon.bin", "--fdt",
                                      files / "board.dtb", files / "in.bin", "-o", out],
                               monkeypatch)
        assert (said is None) == out.exists()
        if said is None:
            _, about, image = parts_of(out.read_bytes())[0x30]
            if any(about[144:176]):
                check_image(image, OPENSBI)
            # Without a digest nobody can know.
            assert image[:16] == MONITOR[:16]
        else:
            assert said.startswith("pack-bootchain: ") and "\n" not in said
            refused += 1
    assert refused > 150
