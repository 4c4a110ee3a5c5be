# SPDX-License-Identifier: BSD-2-Clause
"""tools/verify-report: good reports, and every way in which one can be bad."""

import hashlib
import hmac
import pathlib
import random
import struct
import subprocess
import sys
import types

import pytest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
TOOL = TOOLS / "verify-report"
sys.path.insert(0, str(TOOLS))
from reportlib import ed25519, enclave, measure, platform, report  # noqa: E402


def load():
    module = types.ModuleType("verify_report")
    module.__file__ = str(TOOL)
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

    def __init__(self, seed, digest=hashlib.sha3_512, expanded=None):
        self.digest = digest
        raw = expanded or digest(seed).digest()
        self.scalar = int.from_bytes(raw[:32], "little") & (2**254 - 8) | 2**254
        self.prefix = raw[32:]
        self.public = ed25519.encode_point(ed25519.multiply(self.scalar, ed25519.BASE))

    def sign(self, message):
        r = self.number(self.prefix + message)
        point = ed25519.encode_point(ed25519.multiply(r, ed25519.BASE))
        s = (r + self.number(point + self.public + message) * self.scalar) % ed25519.ORDER
        return point + s.to_bytes(32, "little")

    def number(self, data):
        return int.from_bytes(self.digest(data).digest(), "little") % ed25519.ORDER


DEVICE, MONITOR = Key(bytes(range(32))), Key(b"monitor")


def make(data=NONCE, device=DEVICE, device_public=None, slack=b"", length=None):
    public = device.public if device_public is None else device_public
    head = ENCLAVE_HASH + struct.pack("<Q", len(data) if length is None else length) + data
    vouched = MONITOR_HASH + MONITOR.public
    raw = (head + slack).ljust(1096, b"\0") + MONITOR.sign(head) + vouched
    return raw + device.sign(vouched) + public


REPORT = make()


def let_be_public(monkeypatch, key):
    """No secret half of a test key here: let another key be the one that everybody has."""
    monkeypatch.setattr(report, "TEST_KEYS", (key,))


@pytest.fixture(name="run")
def run_fixture(tmp_path):
    """run(report, options...): exit status, standard output, standard error."""
    def run(raw, *options, key=DEVICE.public, command=("enclave",)):
        (tmp_path / "report").write_bytes(raw)
        done = subprocess.run([TOOL, *command, tmp_path / "report", "--device-key", key.hex(),
                               *options], capture_output=True, text=True, check=False, timeout=60)
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
    assert ed25519.signature_ok(PUBLIC, b"", EMPTY_SIGNATURE)
    assert ed25519.signature_ok(PUBLIC, b"nonce", NONCE_SIGNATURE)
    assert not ed25519.signature_ok(PUBLIC, b"nonc", NONCE_SIGNATURE)
    assert measure.enclave_hash(*ENCLAVE) == ENCLAVE_HASH


def test_files_are_padded_to_pages():
    loader, runtime, app = ENCLAVE
    assert measure.enclave_hash(loader[:4000], runtime, app) != ENCLAVE_HASH
    padded = loader[:4000].ljust(4096, b"\0")
    assert measure.enclave_hash(loader[:4000], runtime, app) == measure.enclave_hash(
        padded, runtime, app)


def test_standard_signatures_are_refused():
    """A signature with SHA-512 (RFC 8032, 7.1, test 1) is not accepted."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    assert ed25519.decode_point(public) is not None
    assert not ed25519.signature_ok(public, b"", signature)


def test_other_forms_of_a_signature():
    """S + L, points off the curve and not canonical, keys of small order."""
    s = int.from_bytes(NONCE_SIGNATURE[32:], "little") + ed25519.ORDER
    assert not ed25519.signature_ok(PUBLIC, b"nonce",
                                    NONCE_SIGNATURE[:32] + s.to_bytes(32, "little"))
    assert ed25519.decode_point((ed25519.P + 1).to_bytes(32, "little")) is None
    assert ed25519.decode_point((2).to_bytes(32, "little")) is None
    assert ed25519.decode_point((1 | 1 << 255).to_bytes(32, "little")) is None
    one = (1).to_bytes(32, "little")
    assert not ed25519.signature_ok(one, b"anything", one + bytes(32))


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


@pytest.mark.parametrize("expected", ((), ("--nonce", NONCE.hex())))
def test_the_test_key_verifies_nothing(run, monkeypatch, capsys, expected):
    """It does not even say so in words; and the list of unproved properties is longer."""
    let_be_public(monkeypatch, PUBLIC)
    args = tool.parse(["-", "--device-key", PUBLIC.hex(), "--allow-test-key", *expected])
    enclave.tell(enclave.verify(REPORT, args), args)
    out = capsys.readouterr().out
    assert out.startswith("TEST KEY: ") and "VERIFIED" not in out and "It proves" not in out
    unproved = out.split("does not prove", maxsplit=1)[1]
    assert "who made it" in unproved
    assert ("--nonce" in unproved) == (not expected)
    for option in ("--monitor-hash", "--enclave"):
        assert option in unproved


def test_enclave_by_its_files(run, tmp_path):
    names = []
    for i, part in enumerate(ENCLAVE):
        (tmp_path / str(i)).write_bytes(part)
        names.append(str(tmp_path / str(i)))
    assert run(REPORT, "--enclave", *names)[0] == 0
    refused(run(REPORT, "--enclave", *reversed(names)), "another enclave")


def test_truncated_reports_are_refused(run):
    for size in (0, 1, 72, 1096, 1351):
        refused(run(REPORT[:size]), "truncated")
    refused(run(REPORT + b"\0"), "too long")


def test_report_without_end():
    done = subprocess.run([TOOL, "enclave", "/dev/zero", "--device-key", DEVICE.public.hex()],
                          capture_output=True, text=True, check=False, timeout=60)
    refused((done.returncode, done.stdout, done.stderr), "too long")


def test_no_bit_can_flip():
    """Every byte, in one of its bits; all bits of all lengths would take minutes."""
    args = tool.parse(["-", "--device-key", PUBLIC.hex()])
    bits = random.Random(7)
    for at in range(0, enclave.SIZE, 3):
        bad = bytearray(REPORT)
        bad[at] ^= 1 << bits.randrange(8)
        with pytest.raises(report.NotVerified):
            enclave.verify(bytes(bad), args)


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
    raw = make(device_public=report.TEST_KEY)
    refused(run(raw, key=report.TEST_KEY), "public test key")
    let_be_public(monkeypatch, DEVICE.public)
    args = tool.parse(["-", "--device-key", PUBLIC.hex()])
    with pytest.raises(report.NotVerified, match="public test key"):
        enclave.verify(REPORT, args)
    args = tool.parse(["-", "--device-key", PUBLIC.hex(), "--allow-test-key"])
    enclave.verify(REPORT, args)


def test_test_key_proves_nothing(capsys, monkeypatch):
    let_be_public(monkeypatch, DEVICE.public)
    args = tool.parse(["-", "--device-key", PUBLIC.hex(), "--allow-test-key"])
    enclave.tell(enclave.verify(REPORT, args), args)
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


def test_enclave_is_the_default_command(run):
    assert run(REPORT, command=())[0] == 0


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


# Cordon's own report.

PLATFORM_DEVICE = Key(b"device of a platform", hashlib.sha512)
PLATFORM = Key(b"platform", hashlib.sha512)
FIRMWARE = b"firmware" * 100
PAYLOAD = b"payload" * 1000


def make_tree(seed=b"\1" * 8, args=b"quiet\0"):
    """A small flattened tree: /chosen with a seed and bootargs."""
    names = b"rng-seed\0bootargs\0"

    def prop(name, value):
        return struct.pack(">3I", 3, len(value), names.index(name)) + \
            value + bytes(-len(value) % 4)

    body = struct.pack(">I", 1) + bytes(4) + struct.pack(">I", 4) + \
        struct.pack(">I", 1) + b"chosen\0\0" + prop(b"rng-seed", seed) + \
        prop(b"bootargs", args) + struct.pack(">3I", 2, 2, 9)
    start = 40 + 16
    return struct.pack(">10I", 0xd00dfeed, start + len(body) + len(names), start,
                       start + len(body), 40, 17, 16, 0, len(names), len(body)) + \
        bytes(16) + body + names


def make_platform(nonce=NONCE, device=PLATFORM_DEVICE, key=PLATFORM, **change):
    fields = {
        "magic": b"CORDONPR", "version": 1, "size": platform.SIZE,
        "nonce": nonce.ljust(64, b"\0"), "flags": 0, "security_version": 3,
        "monitor_version": b"0.1.0", "policies": b"keystone offload ",
        "monitor_hash": MONITOR_HASH,
        "firmware_hash": measure.firmware_hash(FIRMWARE), "firmware_size": len(FIRMWARE),
        "tree_hash": measure.tree_hash(make_tree()), "tree_size": len(make_tree()),
        "payload_hash": measure.payload_hash(PAYLOAD, 8192), "payload_size": 8192,
        "payload_entry": 0x80200000, "payload_a0": 0, "payload_a1": 0x87e00000,
        "platform_key": key.public, "device_key": device.public,
        "device_signature": device.sign(b"CORDONPK" + MONITOR_HASH + key.public),
        "signature": bytes(64), **change,
    }
    raw = platform.FORMAT.pack(*(fields[name] for name in platform.NAMES))
    return raw[:-64] + (key.sign(raw[:-64]) if "signature" not in change
                        else change["signature"])


@pytest.fixture(name="run_platform")
def run_platform_fixture(run):
    def run_platform(raw, *options, key=PLATFORM_DEVICE.public):
        return run(raw, *options, key=key, command=("platform",))
    return run_platform


@pytest.fixture(name="files")
def files_fixture(tmp_path):
    for name, data in (("firmware", FIRMWARE), ("tree", make_tree(seed=b"\2" * 8)),
                       ("payload", PAYLOAD)):
        (tmp_path / name).write_bytes(data)
    return [word for name in ("firmware", "tree", "payload")
            for word in (f"--{name}", str(tmp_path / name))]


def test_good_platform(run_platform, files):
    status, out, err = run_platform(
        make_platform(), "--nonce", NONCE.hex(), "--monitor-hash", MONITOR_HASH.hex(),
        "--policies", "keystone offload", "--min-version", "3", *files)
    assert (status, err) == (0, "")
    assert out.startswith("VERIFIED\n")
    assert out.count("- ") == 3


def test_platform_says_what_it_does_not_prove(run_platform):
    status, out, _ = run_platform(make_platform(firmware_size=0))
    assert status == 0
    assert "firmware (not measured)" in out
    unproved = out.split("does not prove", maxsplit=1)[1]
    for option in ("--nonce", "--monitor", "--firmware", "--tree", "--payload"):
        assert option in unproved


def test_platform_of_another_size(run_platform):
    refused(run_platform(make_platform()[:-1]), "truncated")
    refused(run_platform(make_platform() + b"\0"), "too long")
    refused(run_platform(make_platform(magic=b"CORDONPX")), "no report")
    refused(run_platform(make_platform(version=2)), "version 2")
    refused(run_platform(make_platform(size=687)), "does not know")


def test_no_bit_of_a_platform_can_flip():
    args = tool.parse(["platform", "-", "--device-key", PLATFORM_DEVICE.public.hex()])
    raw = make_platform()
    platform.verify(raw, args)
    bits = random.Random(8)
    for at in range(platform.SIZE):
        bad = bytearray(raw)
        bad[at] ^= 1 << bits.randrange(8)
        with pytest.raises(report.NotVerified):
            platform.verify(bytes(bad), args)


def test_platform_that_is_not_as_expected(run_platform, files, tmp_path):
    raw = make_platform()
    refused(run_platform(raw, "--nonce", (NONCE + b"x").hex()), "another nonce")
    refused(run_platform(raw, "--monitor-hash", bytes(64).hex()), "another monitor")
    refused(run_platform(raw, "--policies", "keystone"), "other policies")
    refused(run_platform(raw, "--policies", "offload keystone"), "other policies")
    refused(run_platform(raw, "--min-version", "4"), "too old")
    for name in ("firmware", "tree", "payload"):
        path = tmp_path / name
        good = path.read_bytes()
        path.write_bytes(make_tree(args=b"debug\0") if name == "tree" else good + b"x")
        refused(run_platform(raw, *files), "started there")
        path.write_bytes(good)
        refused(run_platform(make_platform(**{f"{name}_size": 0}), *files), "not measured")
    assert run_platform(raw, *files)[0] == 0


def test_payload_longer_than_its_window(run_platform, files):
    size = 4096
    raw = make_platform(payload_hash=measure.payload_hash(PAYLOAD, size), payload_size=size)
    refused(run_platform(raw, *files), "only the first 4096 bytes")
    assert run_platform(raw, *files, "--partial")[0] == 0


def test_payload_larger_than_any(run_platform, files):
    for size in (2**28 + 1, 2**62, 2**64 - 1):
        raw = make_platform(payload_size=size)
        refused(run_platform(raw, *files), "no monitor measures a payload of that size")


@pytest.mark.parametrize("size", [0, 2**28 + 1, 2**62, 2**64 - 1])
def test_payload_file_with_an_unlikely_header(size):
    """The monitor ignores a size of 0, or of more than 256 MiB."""
    data = bytearray(PAYLOAD.ljust(64, b"\0"))
    data[16:24], data[56:60] = struct.pack("<Q", size), measure.IMAGE_MAGIC2
    assert measure.payload_file_hash(data, 4096) == measure.payload_hash(data, 4096)


@pytest.mark.parametrize("string", [b"keystone\nIt proves that", b"a\0b", b"\x1b[2J", b"\xff"])
def test_platform_strings_are_text(run_platform, string):
    """The monitor's strings are printed safely: no extra lines, no cursor movement."""
    for name, size in (("policies", 64), ("monitor_version", 32)):
        raw = make_platform(**{name: string.ljust(size, b"\0")})
        refused(run_platform(raw), "string of the report")


def test_platform_signed_by_others(run_platform):
    refused(run_platform(make_platform(device=Key(b"x", hashlib.sha512))), "another device")
    refused(run_platform(make_platform(signature=bytes(64))), "signature of the report")
    stolen = make_platform(device_key=PLATFORM_DEVICE.public, key=Key(b"x", hashlib.sha512),
                           device_signature=PLATFORM_DEVICE.sign(
                               b"CORDONPK" + MONITOR_HASH + PLATFORM.public))
    refused(run_platform(stolen), "signature of the monitor")
    # With SHA3-512 it would be a report of another kind.
    refused(run_platform(make_platform(key=Key(b"platform"))), "signature of the report")


def test_platform_test_key(run_platform, monkeypatch, capsys):
    refused(run_platform(make_platform(flags=1)), "not honest")
    raw = make_platform(flags=1, device_key=report.PLATFORM_TEST_KEY)
    refused(run_platform(raw, key=report.PLATFORM_TEST_KEY), "public test key")
    let_be_public(monkeypatch, PLATFORM_DEVICE.public)
    arguments = ["platform", "-", "--device-key", PLATFORM_DEVICE.public.hex()]
    with pytest.raises(report.NotVerified, match="public test key"):
        platform.verify(make_platform(flags=1), tool.parse(arguments))
    with pytest.raises(report.NotVerified, match="not honest"):
        platform.verify(make_platform(), tool.parse([*arguments, "--allow-test-key"]))
    args = tool.parse([*arguments, "--allow-test-key"])
    platform.tell(platform.verify(make_platform(flags=1), args), args)
    out = capsys.readouterr().out
    assert out.startswith("TEST KEY: ") and "VERIFIED" not in out and "It proves" not in out
    for option in ("who made it", "--nonce", "--monitor", "--firmware", "--tree", "--payload"):
        assert option in out.split("does not prove", maxsplit=1)[1]


def hkdf(secret, info, size, salt=bytes(64)):
    """RFC 5869 with SHA3-512, for not more than one block."""
    key = hmac.new(salt, secret, hashlib.sha3_512).digest()
    return hmac.new(key, info + b"\1", hashlib.sha3_512).digest()[:size]


def test_the_platforms_test_key_is_what_cordon_derives():
    seed = hkdf(b"Cordon's test secret: not secret", b"Cordon platform device key", 32)
    assert Key(seed, hashlib.sha512).public == report.PLATFORM_TEST_KEY


def test_rfc8032_signatures_hold():
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    assert ed25519.signature_ok(public, b"\x72", signature, hashlib.sha512)
    assert not ed25519.signature_ok(public, b"\x73", signature, hashlib.sha512)
    assert not ed25519.signature_ok(public, b"\x72", signature)


# Measuring files.

def make_monitor(parts=bytes(32), body=b"code", tail=b""):
    size = 4096
    head = bytes(8) + b"CORDON\0\1" + struct.pack("<QQ", size, size) + parts
    return (head + body).ljust(size, b"\0") + tail


def test_monitor_hash_is_that_of_the_file(tmp_path):
    plain = make_monitor()
    (tmp_path / "cordon.bin").write_bytes(plain)
    done = subprocess.run([TOOL, "monitor", tmp_path / "cordon.bin"], capture_output=True,
                          text=True, check=True, timeout=60)
    assert done.stdout == hashlib.sha3_512(plain).hexdigest() + "\n"
    bundled = make_monitor(parts=bytes(range(32)), tail=b"firmware")
    assert measure.monitor_hash(bundled) == measure.monitor_hash(plain)
    assert measure.monitor_hash(make_monitor(body=b"cod\0")) != measure.monitor_hash(plain)


@pytest.mark.parametrize("data", [b"", b"\x7fELF" + bytes(60), make_monitor()[:4000]])
def test_no_monitor(data, tmp_path):
    (tmp_path / "bad").write_bytes(data)
    done = subprocess.run([TOOL, "monitor", tmp_path / "bad"], capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode == 2
    assert "cannot be measured" in done.stderr


def test_tree_hash_ignores_only_seeds():
    one = measure.tree_hash(make_tree())
    assert one == measure.tree_hash(make_tree(seed=b"\7" * 8) + b"behind it")
    assert one == hashlib.sha3_512(make_tree(seed=bytes(8))).digest()
    assert one != measure.tree_hash(make_tree(seed=b"\1" * 12))
    assert one != measure.tree_hash(make_tree(args=b"debug\0"))


def test_damaged_trees():
    tree = make_tree()
    for bad in (b"", tree[:39], tree[:-1], bytes(4) + tree[4:],
                tree[:8] + b"\xff" * 4 + tree[12:], tree[:56] + b"\0\0\0\7" + tree[60:]):
        with pytest.raises(measure.NotMeasurable):
            measure.tree_hash(bad)
