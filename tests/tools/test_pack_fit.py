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
import packing

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS / "boardlib"))
import devtree  # noqa: E402

MONITOR = packing.monitor(0x40000000)
OPENSBI = b"\x13" * 5000
UBOOT = bytes(range(256)) * 30


def node(name, *children, **props):
    made = devtree.Node(name)
    for key, value in props.items():
        made.props[key.replace("_", "-")] = value
    made.children = list(children)
    return made


def fit(external=False, load=0x40000000, entry=None, uboot_at=0x40200000, hashed=False,
        signed=False, compression=b"none\0", firmware=OPENSBI, uboot=UBOOT, trees=(b"tree",),
        configs=None):
    """A FIT like u-boot-starfive's."""
    parts = [("uboot", uboot, uboot_at, b"u-boot\0"), ("opensbi", firmware, load, b"opensbi\0")]
    parts += [(f"fdt-{n + 1}", tree, None, None) for n, tree in enumerate(trees)]
    images, tail = node("images"), b""
    for name, data, where, system in parts:
        image = node(name, description=b"part\0", type=b"firmware\0", arch=b"riscv\0",
                     compression=compression, **({"os": system} if system else {}))
        if where:
            image.set_number("load", where, 2)
        if entry is not None and name == "opensbi":
            image.set_number("entry", entry, 2)
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
    configs = configs or [node("conf-1", firmware=b"opensbi\0", loadables=b"uboot\0",
                               fdt=b"fdt-1\0")]
    if signed:
        configs[0].children.append(node("signature-1"))
    root = node("", images, node("configurations", *configs, default=b"conf-1\0"),
                description=b"test\0", timestamp=b"\x6a\0\0\0")
    blob = devtree.flatten(root)
    return blob + b"\0" * (-len(blob) % 4) + tail


@pytest.fixture(name="pack")
def pack_fixture(tmp_path, monkeypatch):
    """pack(fit, *arguments): exit status, message, path of the result."""
    tool = fuzzing.load("pack-fit")

    def pack(data, *args, monitor=MONITOR):
        (tmp_path / "cordon.bin").write_bytes(monitor)
        (tmp_path / "in.itb").write_bytes(data)
        out = tmp_path / "out.itb"
        said = fuzzing.verdict(tool, ["--monitor", tmp_path / "cordon.bin", tmp_path / "in.itb",
                                      "-o", out, *args], monkeypatch)
        return int(said is not None), said, out
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


def test_entry_where_it_is_loaded(pack):
    status, message, out = pack(fit(entry=0x40000000))
    assert status == 0 and out.exists(), message


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


def with_image(**props):
    """A FIT whose OpenSBI has these properties, and subnodes with the names in child."""
    root, reserved = devtree.parse(fit())
    image = root.find("/images").child("opensbi")
    image.children += [node(name) for name in props.pop("child", ())]
    image.props.update(props)
    return devtree.flatten(root, reserved)


def no_fit():
    return devtree.flatten(node("", node("cpus")))


REFUSED = {
    "not a FIT": (b"\x7fELF" + b"\0" * 100, "bad magic"),
    "a device tree": (no_fit(), "not a FIT image"),
    "truncated": (fit()[:3000], "truncated"),
    "truncated after the tree": (fit(external=True)[:-2000], "truncated"),
    "empty": (b"", "bad magic"),
    "signed": (fit(signed=True), "signed"),
    "compressed": (fit(compression=b"gzip\0"), "compressed"),
    "encrypted": (with_image(child=["cipher"]), "'opensbi' is encrypted"),
    "encrypted, by another name": (with_image(child=["cipher-1"]), "'opensbi' is encrypted"),
    "another architecture": (with_image(arch=b"arm64\0"), "'opensbi' is for arm64"),
    "wrong hash": (damaged_hash(), "damaged"),
    "no room": (fit(uboot_at=0x40001000), "no room"),
    "packed already": (fit(firmware=MONITOR), "already"),
    "another address": (fit(load=0x80000000), "is loaded at 0x80000000, but Acme Rocket"),
    "another entry": (fit(entry=0x40000400), "entered at 0x40000400 and loaded at 0x40000000"),
    "another board": (fit(trees=(packing.tree("acme,boat", memory=()),)),
                      "device trees for acme,boat, and none for Acme Rocket (acme,rocket)"),
    "other boards": (fit(trees=(packing.tree("acme,boat"), packing.tree("acme,plane"))),
                     "for acme,boat, acme,plane"),
    "text": (fit(firmware=b"# README\n" * 20), "image 'opensbi' is text"),
    "configurations": (fit(configs=[node("conf-1", firmware=b"opensbi\0"),
                                    node("conf-2", firmware=b"uboot\0")]),
                       "conf-1 starts 'opensbi', conf-2 starts 'uboot'"),
    "no firmware": (fit(configs=[node("conf-1", fdt=b"fdt-1\0")]), "no firmware image"),
    "not there": (fit(configs=[node("conf-1", firmware=b"opensbi\0", loadables=b"x\0")]),
                  "has no image 'x'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(pack, name):
    data, word = REFUSED[name]
    status, message, out = pack(data)
    assert status == 1 and not out.exists()
    assert message.startswith("pack-fit: ") and word in message
    assert "Traceback" not in message


@pytest.mark.parametrize("configs", (
    [node("conf-1", firmware=b"uboot\0", loadables=b"opensbi\0")],
    [node("conf-1", firmware=b"uboot\0", loadables=b"fdt-1\0opensbi\0")],
    [node("conf-1", loadables=b"uboot\0opensbi\0")],
    [node("conf-1", firmware=b"uboot\0", loadables=b"opensbi\0"),
     node("conf-2", firmware=b"opensbi\0", loadables=b"uboot\0")],
))
def test_finds_opensbi_by_its_os(pack, configs):
    """U-Boot is unchanged, whatever the configuration calls it."""
    status, message, out = pack(fit(configs=configs))
    assert status == 0, message
    found = images(out)[1]
    assert found["uboot"] == UBOOT and found["opensbi"][:16] == MONITOR[:16]


def test_uboot_alone_is_the_firmware(pack):
    """Without OpenSBI SPL enters U-Boot in M-mode."""
    data = fit(configs=[node("conf-1", firmware=b"uboot\0", fdt=b"fdt-1\0")], load=None,
               uboot_at=0x40000000, uboot=OPENSBI)
    status, message, out = pack(data)
    assert status == 0, message
    assert images(out)[1]["uboot"][:16] == MONITOR[:16]


def test_one_tree_of_the_board_is_enough(pack):
    trees = packing.tree("acme,boat"), packing.tree("acme,rocket-v2", "acme,rocket")
    assert pack(fit(trees=trees))[0] == 0
    assert pack(fit(trees=trees), monitor=packing.monitor(0x40000000, compatible=b""))[0] == 0


def test_another_board_by_force(pack):
    data = fit(load=0x80000000, trees=(packing.tree("acme,boat"),), uboot_at=0x80200000)
    assert pack(data)[0] == 1
    assert pack(data, "--force")[0] == 0


@pytest.mark.parametrize("option, says", [
    ("-o", "pack-fit: cannot write {}: No such file or directory"),
    ("--firmware", "pack-fit: cannot read {}: No such file or directory"),
    ("--monitor", "pack-fit: cannot read the monitor {}: No such file or directory")])
def test_messages_name_what_was_asked_for(pack, tmp_path, option, says):
    path = tmp_path / "nowhere" / "x"
    assert pack(fit(), option, path)[:2] == (1, says.format(path))


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
def test_damaged_chains_are_refused_or_packed_correctly(external, tmp_path, monkeypatch):
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


@pytest.mark.parametrize("name", ("../evil", "/tmp/evil", ".", "..", "a/b", "", "a\nb", ".hidden"))
def test_extract_stays_in_its_folder(name, tmp_path, monkeypatch):
    """Names of images become names of files, so those of other folders are refused."""
    root, _ = devtree.parse(fit())
    root.find("/images").children[0].name = name
    (tmp_path / "in.itb").write_bytes(devtree.flatten(root))
    said = fuzzing.verdict(fuzzing.load("pack-fit"),
                           ["--extract", tmp_path / "out", tmp_path / "in.itb"], monkeypatch)
    unnamed = not name or "/" in name
    assert ("a node has the name" if unnamed else "no name of a device tree") in said
    assert [path.name for path in tmp_path.iterdir() if path.name != "out"] == ["in.itb"]


def test_extract_follows_no_link(tmp_path, monkeypatch):
    (tmp_path / "in.itb").write_bytes(fit())
    (tmp_path / "other").write_bytes(b"precious")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/uboot.bin").symlink_to(tmp_path / "other")
    assert fuzzing.verdict(fuzzing.load("pack-fit"), ["--extract", tmp_path / "out",
                                                      tmp_path / "in.itb"], monkeypatch) is None
    assert (tmp_path / "other").read_bytes() == b"precious"
    assert (tmp_path / "out/uboot.bin").read_bytes() == UBOOT
