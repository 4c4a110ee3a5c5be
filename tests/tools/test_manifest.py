# SPDX-License-Identifier: BSD-2-Clause
"""tools/manifest: what it makes has a good signature and the hashes of the files."""

import hashlib
import pathlib
import shutil
import struct
import subprocess
import sys

import pytest

import packing
from test_pack_image import GOOD

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
from reportlib import manifest  # noqa: E402

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")


def run(*arguments):
    return subprocess.run([str(TOOLS / "manifest"), *map(str, arguments)], capture_output=True,
                          text=True, check=False)


@pytest.fixture
def made(tmp_path):
    """Return the folder of key, files and manifest, and the public key."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key"],
                   check=True, capture_output=True)
    (tmp_path / "firmware").write_bytes(b"firmware")
    image = bytearray(100)
    struct.pack_into("<Q", image, 16, 4001)
    image[56:60] = b"RSC\x05"
    (tmp_path / "image").write_bytes(image)
    done = run("make", "--key", tmp_path / "key", "--version", 7, "--firmware",
               tmp_path / "firmware", "--payload", tmp_path / "image", "--hash",
               f"payload-tree={'ab' * 64}", "-o", tmp_path / "manifest")
    assert not done.returncode, done.stderr
    return tmp_path, run("key", tmp_path / "key").stdout.strip()


def test_make(made):
    folder, public = made
    version, hashes = manifest.decode((folder / "manifest").read_bytes())
    assert version == 7
    # the header's size, in whole words
    memory = (folder / "image").read_bytes().ljust(4008, b"\0")
    assert hashes == {"firmware": hashlib.sha3_512(b"firmware").digest(),
                      "payload": hashlib.sha3_512(memory).digest(),
                      "payload-tree": bytes([0xab]) * 64}
    done = run("show", folder / "manifest", "--public", public)
    assert not done.returncode and "signature good" in done.stdout and "version 7" in done.stdout


def test_tampered(made):
    folder, public = made
    data = bytearray((folder / "manifest").read_bytes())
    for at in (8, 16, 24 + 64, len(data) - 1):
        bad = data[:]
        bad[at] ^= 8
        (folder / "bad").write_bytes(bad)
        done = run("show", folder / "bad", "--public", public)
        assert done.returncode == 1 and "signature BAD" in done.stdout


@pytest.mark.parametrize("arguments,said", [
    (["--hash", "payload=12"], "128 digits"),
    (["--hash", f"nothing={'0' * 128}"], "128 digits"),
    ([], "without a hash"),
    (["--firmware", "/nothing"], "cannot read"),
])
def test_refused(arguments, said, made):
    done = run("make", "--key", made[0] / "key", "--version", 1, *arguments, "-o",
               made[0] / "none")
    assert done.returncode == 2 and said in done.stderr
    assert not (made[0] / "none").exists()


def test_packed(made):
    """A packed manifest is in the image where the header says; other files are refused."""
    folder, _ = made
    (folder / "monitor").write_bytes(packing.monitor())
    (folder / "good").write_bytes(GOOD)
    command = [str(TOOLS / "pack-image"), "--monitor", str(folder / "monitor"), "--firmware",
               str(folder / "good"), "-o", str(folder / "packed"), "--manifest"]
    subprocess.run([*command, str(folder / "manifest")], check=True)
    image, data = (folder / "packed").read_bytes(), (folder / "manifest").read_bytes()
    at, = struct.unpack_from("<Q", image, 0x48)
    assert image[at:at + len(data)] == data
    firmware, size = struct.unpack_from("<QQ", image, 0x20)
    assert firmware > at and image[firmware:firmware + size] == GOOD
    done = subprocess.run([*command, str(folder / "firmware")], capture_output=True, text=True,
                          check=False)
    assert done.returncode and "is no manifest" in done.stderr
