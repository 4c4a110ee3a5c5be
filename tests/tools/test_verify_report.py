# SPDX-License-Identifier: BSD-2-Clause
"""tools/verify-report: good reports, and every way in which one can be bad."""

import hashlib
import pathlib
import random
import struct
import subprocess
import types

import pytest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "verify-report"


def load():
    module = types.ModuleType("verify_report")
    exec(compile(TOOL.read_text(), str(TOOL), "exec"), module.__dict__)
    return module


tool = load()

# Vectors made with Keystone's own functions.
PUBLIC = bytes.fromhex("13c6c45b3c3043fc0dd58c02955dd3bfbbe05b43feda45b5799a0b4582f70315")
EMPTY_SIGNATURE = bytes.fromhex(
    "7bf325a854e00fb3a94234b0bd1d648e8b8440eb5b90f3aa9f9e776995f36b60"
    "1a989b5fb63ce0d0d234379d0ce2200f36f6c27b3b5489536bacbd6031ac010e")
NONCE_SIGNATURE = bytes.fromhex(
    "67a1108f80091a906645402ad4c168d1a2fc52525b674d95306ad24720417791"
    "56bf508adf99de2019ed79bdac495f5348614e74d6e1afe0ad5de64e9934f800")
ENCLAVE = (bytes([0x11]) * 4096, bytes([0x22]) * 8192, bytes([0x33]) * 4096)
ENCLAVE_HASH = bytes.fromhex(
    "fec74cdc43d74ab3b37b3ddb4b5e4f15a732bf052c9fd7796487b8d4482c28ff"
    "64ea48826780b6d6c64d154b494bdedd03713ace96edd1f42b0872dad6943c29")
NONCE = b"a nonce of 16 b."
MONITOR_HASH = hashlib.sha3_512(b"monitor").digest()


class Key:
    """A key pair that signs; the tool has no need to."""

    def __init__(self, seed):
        digest = hashlib.sha3_512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
        self.prefix = digest[32:]
        self.public = tool.encode_point(tool.multiply(self.scalar, tool.BASE))

    def sign(self, message):
        r = self.number(self.prefix + message)
        point = tool.encode_point(tool.multiply(r, tool.BASE))
        s = (r + self.number(point + self.public + message) * self.scalar) % tool.ORDER
        return point + s.to_bytes(32, "little")

    @staticmethod
    def number(data):
        return int.from_bytes(hashlib.sha3_512(data).digest(), "little") % tool.ORDER


DEVICE, MONITOR = Key(bytes(range(32))), Key(b"monitor")


def make(data=NONCE, device=DEVICE, device_public=None, slack=b"", length=None):
    public = device.public if device_public is None else device_public
    head = ENCLAVE_HASH + struct.pack("<Q", len(data) if length is None else length) + data
    vouched = MONITOR_HASH + MONITOR.public
    raw = (head + slack).ljust(1096, b"\0") + MONITOR.sign(head) + vouched
    return raw + device.sign(vouched) + public


REPORT = make()


@pytest.fixture(name="run")
def run_fixture(tmp_path):
    """run(report, options...): exit status, standard output, standard error."""
    def run(raw, *options, key=DEVICE.public):
        (tmp_path / "report").write_bytes(raw)
        done = subprocess.run([TOOL, tmp_path / "report", "--device-key", key.hex(), *options],
                              capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr
    return run


def refused(result, why):
    status, out, err = result
    assert status == 1
    assert out == ""
    assert err.startswith("verify-report: NOT VERIFIED: ")
    assert why in err


def test_keystones_vectors():
    assert DEVICE.public == PUBLIC
    assert DEVICE.sign(b"") == EMPTY_SIGNATURE
    assert DEVICE.sign(b"nonce") == NONCE_SIGNATURE
    assert tool.signature_ok(PUBLIC, b"", EMPTY_SIGNATURE)
    assert tool.signature_ok(PUBLIC, b"nonce", NONCE_SIGNATURE)
    assert not tool.signature_ok(PUBLIC, b"nonc", NONCE_SIGNATURE)
    assert tool.enclave_hash(*ENCLAVE) == ENCLAVE_HASH


def test_files_are_padded_to_pages():
    loader, runtime, app = ENCLAVE
    assert tool.enclave_hash(loader[:4000], runtime, app) != ENCLAVE_HASH
    padded = loader[:4000].ljust(4096, b"\0")
    assert tool.enclave_hash(loader[:4000], runtime, app) == tool.enclave_hash(
        padded, runtime, app)


def test_not_the_standard_scheme():
    """A signature with SHA-512 (RFC 8032, 7.1, test 1) is none of ours."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    assert tool.decode_point(public) is not None
    assert not tool.signature_ok(public, b"", signature)


def test_other_forms_of_a_signature():
    """S + L, points off the curve and not canonical, keys of small order."""
    s = int.from_bytes(NONCE_SIGNATURE[32:], "little") + tool.ORDER
    assert not tool.signature_ok(PUBLIC, b"nonce",
                                 NONCE_SIGNATURE[:32] + s.to_bytes(32, "little"))
    assert tool.decode_point((tool.P + 1).to_bytes(32, "little")) is None
    assert tool.decode_point((2).to_bytes(32, "little")) is None
    assert tool.decode_point((1 | 1 << 255).to_bytes(32, "little")) is None
    one = (1).to_bytes(32, "little")
    assert not tool.signature_ok(one, b"anything", one + bytes(32))


def test_good_report(run):
    status, out, err = run(REPORT, "--nonce", NONCE.hex(), "--monitor-hash",
                           MONITOR_HASH.hex(), "--enclave-hash", ENCLAVE_HASH.hex())
    assert (status, err) == (0, "")
    assert out.startswith("VERIFIED\n")
    assert ENCLAVE_HASH.hex() in out and MONITOR_HASH.hex() in out and NONCE.hex() in out
    assert "does not prove" not in out


def test_what_was_not_asked_is_not_proved(run):
    status, out, _ = run(REPORT)
    assert status == 0
    unproved = out.split("does not prove", maxsplit=1)[1]
    for option in ("--nonce", "--monitor-hash", "--enclave"):
        assert option in unproved


def test_enclave_by_its_files(run, tmp_path):
    names = []
    for i, part in enumerate(ENCLAVE):
        (tmp_path / str(i)).write_bytes(part)
        names.append(str(tmp_path / str(i)))
    assert run(REPORT, "--enclave", *names)[0] == 0
    refused(run(REPORT, "--enclave", *reversed(names)), "another enclave")


def test_nothing_less_than_all_is_accepted(run):
    for size in (0, 1, 72, 1096, 1351):
        refused(run(REPORT[:size]), "truncated")
    refused(run(REPORT + b"\0"), "too long")


def test_no_bit_can_flip():
    """Every byte, in one of its bits; all bits of all lengths would take minutes."""
    args = tool.parse(["-", "--device-key", PUBLIC.hex()])
    bits = random.Random(7)
    for at in range(0, tool.SIZE, 3):
        bad = bytearray(REPORT)
        bad[at] ^= 1 << bits.randrange(8)
        with pytest.raises(tool.NotVerified):
            tool.verify(bytes(bad), args)


def test_a_flipped_bit_on_the_command_line(run):
    for at, why in ((0, "of the enclave"), (80, "of the enclave"), (1100, "of the enclave"),
                    (1170, "of the monitor"), (1230, "of the monitor"), (1300, "of the monitor"),
                    (1330, "another device"), (500, "nobody signed"), (66, "room for")):
        bad = bytearray(REPORT)
        bad[at] ^= 4
        refused(run(bytes(bad)), why)


def test_wrong_nonce(run):
    refused(run(REPORT, "--nonce", (NONCE + b"x").hex()), "not the nonce")
    refused(run(REPORT, "--nonce", NONCE[:-1].hex()), "not the nonce")
    refused(run(make(b""), "--nonce", NONCE.hex()), "not the nonce")


def test_wrong_monitor_or_enclave(run):
    other = hashlib.sha3_512(b"other").hexdigest()
    refused(run(REPORT, "--monitor-hash", other), "another monitor")
    refused(run(REPORT, "--enclave-hash", other), "another enclave")
    assert run(REPORT, "--monitor-hash", other, "--monitor-hash", MONITOR_HASH.hex())[0] == 0


def test_another_device(run):
    refused(run(make(device=Key(b"other"))), "another device")


def test_test_key(run, monkeypatch):
    """The published key does not count even where it is called trusted."""
    raw = make(device_public=tool.TEST_KEY)
    refused(run(raw, key=tool.TEST_KEY), "public test key")
    # No secret half here: let another key be the one that everybody has.
    monkeypatch.setattr(tool, "TEST_KEY", DEVICE.public)
    args = tool.parse(["-", "--device-key", PUBLIC.hex()])
    with pytest.raises(tool.NotVerified, match="public test key"):
        tool.verify(REPORT, args)
    args = tool.parse(["-", "--device-key", PUBLIC.hex(), "--allow-test-key"])
    tool.verify(REPORT, args)


def test_test_key_proves_nothing(capsys, monkeypatch):
    monkeypatch.setattr(tool, "TEST_KEY", DEVICE.public)
    args = tool.parse(["-", "--device-key", PUBLIC.hex(), "--allow-test-key"])
    tool.tell(tool.verify(REPORT, args), args)
    out = capsys.readouterr().out
    assert "proves nothing" in out.splitlines()[0]
    assert "It proves" not in out


def test_data_up_to_its_limit(run):
    full = bytes(range(256)) * 4
    assert run(make(full), "--nonce", full.hex())[0] == 0
    refused(run(make(full, length=1025)), "room for")
    refused(run(make(full, length=2**64 - 1)), "room for")


def test_slack(run):
    raw = make(slack=b"secret")
    refused(run(raw), "nobody signed")
    assert run(raw, "--allow-slack")[0] == 0


@pytest.mark.parametrize("options", [
    [], ["--device-key", "00"], ["--device-key", "/nonexistent"],
    ["--device-key", "00" * 32, "--nonce", "xy"], ["--device-key", "00" * 32, "--nonce", ""],
    ["--device-key", "00" * 32, "--monitor-hash", "00" * 32],
])
def test_wrong_usage(options, tmp_path):
    (tmp_path / "report").write_bytes(REPORT)
    done = subprocess.run([TOOL, tmp_path / "report", *options], capture_output=True,
                          check=False, timeout=60)
    assert done.returncode == 2


def test_key_in_a_file(tmp_path):
    (tmp_path / "report").write_bytes(REPORT)
    for content in (PUBLIC, PUBLIC.hex().encode() + b"\n"):
        (tmp_path / "key").write_bytes(content)
        with open(tmp_path / "report", "rb") as stdin:
            done = subprocess.run([TOOL, "-", "--device-key", tmp_path / "key"], stdin=stdin,
                                  capture_output=True, check=False, timeout=60)
        assert done.returncode == 0
