# SPDX-License-Identifier: BSD-2-Clause
"""tools/certify: what it makes is what policies/keystone/maker.h describes, and is signed."""

import pathlib
import subprocess
import sys

import pytest

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
from reportlib import certificate, measure, openssl  # noqa: E402


def run(*arguments):
    return subprocess.run([str(TOOLS / "certify"), *map(str, arguments)], capture_output=True,
                          text=True, check=False)


@pytest.fixture
def made(tmp_path):
    """The folder of a key, the parts of an enclave and its certificate."""
    openssl.make_key(tmp_path / "key")
    for name in ("loader", "runtime", "app"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    done = run("make", "--key", tmp_path / "key", "--version", 7, "--enclave",
               *(tmp_path / name for name in ("loader", "runtime", "app")), "-o",
               tmp_path / "certificate")
    assert not done.returncode, done.stderr
    return tmp_path


def test_make(made):
    data = (made / "certificate").read_bytes()
    digest = measure.enclave_hash(*((made / name).read_bytes()
                                    for name in ("loader", "runtime", "app")))
    public = openssl.public_of(made / "key")
    assert len(data) == 176
    assert data[:112] == (b"CORDONMC" + (1).to_bytes(4, "little") + (7).to_bytes(4, "little")
                          + digest + public)
    done = run("show", made / "certificate")
    assert not done.returncode and "signature good" in done.stdout
    assert "version 7\n" in done.stdout and public.hex() in done.stdout
    assert run("make", "--key", made / "key", "--version", 7, "--enclave-hash", digest.hex(), "-o",
               made / "again").returncode == 0
    # Ed25519 signs without randomness.
    assert (made / "again").read_bytes() == data


@pytest.mark.parametrize("at", [12, 16, 79, 80, 111, 112, 175])
def test_tampered(made, at):
    data = bytearray((made / "certificate").read_bytes())
    data[at] ^= 8
    (made / "bad").write_bytes(data)
    done = run("show", made / "bad")
    assert done.returncode == 1 and "signature BAD" in done.stdout


@pytest.mark.parametrize("size", [0, 8, 175, 177])
def test_no_certificate(made, size):
    (made / "bad").write_bytes((made / "certificate").read_bytes().ljust(size, b"\0")[:size])
    done = run("show", made / "bad")
    assert done.returncode == 2 and "is no certificate" in done.stderr


def test_unknown_format(made):
    data = bytearray((made / "certificate").read_bytes())
    data[8] = 2
    (made / "bad").write_bytes(data)
    done = run("show", made / "bad")
    assert done.returncode == 2 and "format 2" in done.stderr
    with pytest.raises(certificate.Malformed):
        certificate.is_signed(bytes(data))


@pytest.mark.parametrize("arguments,said", [
    (["--version", "0", "--enclave-hash", "00" * 64], "--version"),
    (["--version", str(1 << 32), "--enclave-hash", "00" * 64], "--version"),
    (["--version", "1", "--enclave-hash", "00" * 63], "128 hexadecimal digits"),
    (["--version", "1", "--enclave-hash", "zz"], "128 hexadecimal digits"),
    (["--version", "1", "--enclave", "/none", "/none", "/none"], "cannot read /none"),
    (["--version", "1"], "--enclave-hash"),
])
def test_refused(arguments, said, made):
    done = run("make", "--key", made / "key", *arguments, "-o", made / "none")
    assert done.returncode == 2 and said in done.stderr
    assert not (made / "none").exists()


def test_wrong_key(made):
    for key in ("app", "nothing"):
        done = run("make", "--key", made / key, "--version", 1, "--enclave-hash", "00" * 64, "-o",
                   made / "none")
        assert done.returncode == 2 and "openssl" in done.stderr
        assert "Traceback" not in done.stderr


def test_header(made):
    """C gets the same public key as the certificate."""
    assert run("header", "--key", made / "key", "-o", made / "maker.h").returncode == 0
    text = (made / "maker.h").read_text()
    assert text.startswith("#define MAKER_KEY { ") and text.count("\n") == 1
    found = bytes(int(word, 16) for word in text[text.index("{") + 1:text.index("}")].split(","))
    assert found == openssl.public_of(made / "key")
    done = run("header", "--key", made / "nothing", "-o", made / "maker.h")
    assert done.returncode == 2 and "openssl" in done.stderr
