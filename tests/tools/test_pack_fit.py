# SPDX-License-Identifier: BSD-2-Clause
"""tools/pack-fit: the FIT that it writes, and every input that it must refuse."""

import hashlib
import pathlib
import shutil
import struct
import subprocess
import sys

import pytest

import fuzzing

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS / "boardlib"))
import devtree  # noqa: E402

JUMP = b"\x6f\x00\x80\x10\x13\x00\x00\x00"
HEADER = JUMP + b"CORDON\x00\x01" + struct.pack("<6Q", 8192, 12288, 0, 0, 0, 0)
MONITOR = HEADER.ljust(8192, b"\xa5")
OPENSBI = b"\x13" * 5000
UBOOT = bytes(range(256)) * 30


def node(name, *children, **props):
    made = devtree.Node(name)
    for key, value in props.items():
        made.props[key.replace("_", "-")] = value
    made.children = list(children)
    return made


def fit(external=False, load=0x40000000, uboot_at=0x40200000, hashed=False, signed=False,
        compression=b"none\0", firmware=OPENSBI):
    """A FIT like u-boot-starfive's."""
    parts = [("uboot", UBOOT, uboot_at), ("opensbi", firmware, load), ("fdt-1", b"tree", None)]
    images, tail = node("images"), b""
    for name, data, where in parts:
        image = node(name, description=b"part\0", type=b"firmware\0", arch=b"riscv\0",
                     os=b"opensbi\0", compression=compression)
        if where:
            image.set_number("load", where, 2)
        if external:
            image.set_number("data-offset", len(tail))
            image.set_number("data-size", len(data))
            tail += data + b"\0" * (-len(data) % 4)
        else:
            image.props["data"] = data
        if hashed:
            image.children.append(node("hash-1", algo=b"sha256\0",
                                       value=hashlib.sha256(data).digest()))
        images.children.append(image)
    config = node("conf-1", firmware=b"opensbi\0", loadables=b"uboot\0", fdt=b"fdt-1\0")
    if signed:
        config.children.append(node("signature-1"))
    root = node("", images, node("configurations", config, default=b"conf-1\0"),
                description=b"test\0", timestamp=b"\x6a\0\0\0")
    blob = devtree.flatten(root)
    return blob + b"\0" * (-len(blob) % 4) + tail


@pytest.fixture(name="pack")
def pack_fixture(tmp_path):
    """pack(fit, *arguments): exit status, message, path of the result."""
    def pack(data, *args, monitor=MONITOR):
        (tmp_path / "cordon.bin").write_bytes(monitor)
        (tmp_path / "in.itb").write_bytes(data)
        out = tmp_path / "out.itb"
        run = subprocess.run([TOOLS / "pack-fit", "--monitor", tmp_path / "cordon.bin",
                              tmp_path / "in.itb", "-o", out, *args],
                             capture_output=True, text=True, check=False)
        return run.returncode, run.stderr.strip(), out
    return pack


def images(path):
    data = path.read_bytes()
    root, _ = devtree.parse(data)
    tail = data[(struct.unpack_from(">I", data, 4)[0] + 3) & ~3:]
    found = {}
    for image in root.find("/images").children:
        if "data" in image.props:
            found[image.name] = image.props["data"]
        else:
            start = image.number("data-offset")
            found[image.name] = tail[start:start + image.number("data-size")]
    return root, found


@pytest.mark.parametrize("external", (False, True))
@pytest.mark.parametrize("hashed", (False, True))
def test_replaces_the_firmware_alone(pack, external, hashed):
    status, message, out = pack(fit(external=external, hashed=hashed))
    assert status == 0, message
    root, found = images(out)
    assert found["uboot"] == UBOOT and found["fdt-1"] == b"tree"
    image = found["opensbi"]
    assert image[:16] == MONITOR[:16]
    offset, size = struct.unpack_from("<QQ", image, 0x20)
    assert image[offset:offset + size] == OPENSBI
    assert root.find("/configurations/conf-1").text("firmware") == "opensbi"
    assert root.find("/images/opensbi").number("load") == 0x40000000
    if hashed:
        for name, data in found.items():
            value = root.find(f"/images/{name}/hash-1").props["value"]
            assert value == hashlib.sha256(data).digest(), name


def test_dumpimage_understands_it(pack, tmp_path):
    if not shutil.which("dumpimage"):
        pytest.skip("dumpimage (u-boot-tools) is not installed")
    status, message, out = pack(fit())
    assert status == 0, message
    subprocess.run(["dumpimage", "-T", "flat_dt", "-p", "0", "-o", tmp_path / "u", out],
                   check=True, capture_output=True)
    assert (tmp_path / "u").read_bytes() == UBOOT


def test_same_input_same_bytes(pack):
    first = pack(fit())[2].read_bytes()
    assert pack(fit())[2].read_bytes() == first


def test_another_firmware(pack, tmp_path):
    (tmp_path / "fw.bin").write_bytes(b"\x93" * 100)
    status, message, out = pack(fit(), "--firmware", tmp_path / "fw.bin")
    assert status == 0, message
    image = images(out)[1]["opensbi"]
    offset, size = struct.unpack_from("<QQ", image, 0x20)
    assert image[offset:offset + size] == b"\x93" * 100


def damaged_hash():
    data = bytearray(fit(hashed=True))
    data[data.index(UBOOT) + 5] ^= 1
    return bytes(data)


def no_fit():
    return devtree.flatten(node("", node("cpus")))


REFUSED = {
    "not a FIT": (b"\x7fELF" + b"\0" * 100, "bad magic"),
    "a device tree": (no_fit(), "no FIT image"),
    "truncated": (fit()[:3000], "truncated"),
    "truncated behind the tree": (fit(external=True)[:-2000], "truncated"),
    "empty": (b"", "bad magic"),
    "signed": (fit(signed=True), "signed"),
    "compressed": (fit(compression=b"gzip\0"), "compressed"),
    "wrong hash": (damaged_hash(), "damaged"),
    "no room": (fit(uboot_at=0x40001000), "no room"),
    "packed already": (fit(firmware=MONITOR), "already"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(pack, name):
    data, word = REFUSED[name]
    status, message, out = pack(data)
    assert status == 1 and not out.exists()
    assert message.startswith("pack-fit: ") and word in message
    assert "Traceback" not in message


def test_refuses_a_bad_monitor(pack):
    status, message, _ = pack(fit(), monitor=b"\0" * 8192)
    assert status == 1 and "no Cordon header" in message


def test_any_cut_is_refused(pack):
    """Every truncated vendor file ends in a sentence."""
    data = fit(hashed=True)
    for size in range(0, len(data), 997):
        status, message, _ = pack(data[:size])
        assert status == 1 and "Traceback" not in message, (size, message)


def nested(depth):
    """A FIT whose images lie deeper than any parser should follow."""
    inner = node("x")
    for _ in range(depth):
        inner = node("x", inner)
    root, _ = devtree.parse(fit())
    root.children.append(inner)
    return root


def test_deep_trees_are_refused(pack):
    status, message, _ = pack(devtree.flatten(nested(300)))
    assert status == 1 and "damaged" in message and "Traceback" not in message


@pytest.mark.parametrize("external", (False, True))
def test_any_damage_ends_in_a_sentence(external, tmp_path, monkeypatch):
    """Refused with a sentence, or a FIT with the hashes that its images have."""
    tool, out = fuzzing.load("pack-fit"), tmp_path / "out.itb"
    (tmp_path / "cordon.bin").write_bytes(MONITOR)
    whole = fit(external=external, hashed=True)
    refused = 0
    for data in fuzzing.damaged(whole, 500, head=None if external else 400):
        out.unlink(missing_ok=True)
        (tmp_path / "in.itb").write_bytes(data)
        said = fuzzing.verdict(tool, ["--monitor", tmp_path / "cordon.bin", tmp_path / "in.itb",
                                      "-o", out], monkeypatch)
        assert (said is None) == out.exists()
        if said is None:
            assert images(out)[1]["opensbi"][:16] == MONITOR[:16]
        else:
            assert said.startswith("pack-fit: ") and "\n" not in said
            refused += 1
    assert refused > 150
