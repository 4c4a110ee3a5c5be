# SPDX-License-Identifier: BSD-2-Clause
"""Verify with tools/verify-report the reports that a monitor made on QEMU."""

import hashlib
import hmac
import re
import struct
import subprocess
import sys
import types

import pytest

import building
import guests
import test_guest
import test_keystone
import test_offload

sys.path.insert(0, str(guests.REPO / "tools"))
from reportlib import ed25519, report  # noqa: E402

TOOL = guests.REPO / "tools" / "verify-report"
NONCE = bytes(range(1, 65)).hex()


def cases_of(guest):
    return [test_offload.as_monitor(case)
            for case in guests.cases_of(guests.SOURCES / f"{guest}.c")]


def params(cases):
    return [pytest.param(case, id=case.id()) for case in cases]


CASES = cases_of("attest-platform")
ENCLAVES = cases_of("attest-enclave")
MAKER = cases_of("attest-maker")
SMP = cases_of("attest-smp")
HUGE = cases_of("attest-huge")


@pytest.fixture(scope="module", name="runner")
def runner_fixture(build, tmp_path_factory):
    building.make(build, source=guests.SOURCES)
    runner = test_keystone.Runner(build, tmp_path_factory.mktemp("attest"), "alone")
    for case in CASES + ENCLAVES + MAKER + SMP + HUGE:
        runner.submit(case)
    yield runner
    runner.close()


@pytest.fixture(name="payload")
def payload_fixture(tmp_path):
    """Size of the enclave that tests/guest/attest-platform.c makes."""
    size = 0x3008
    image = bytearray((i * 7 + (i >> 8)) & 0xff for i in range(size))
    image[0:4] = (0x8067).to_bytes(4, "little")
    image[16:24] = size.to_bytes(8, "little")
    image[56:60] = b"RSC\5"
    (tmp_path / "payload").write_bytes(image)
    return tmp_path / "payload"


def tree_of(case, out):
    """Return the device tree that this machine passes to its firmware."""
    subprocess.run(["qemu-system-riscv64", "-M", f"virt,dumpdtb={out}", "-cpu", case.cpu, "-smp",
                    str(case.smp), "-m", case.mem, "-display", "none"], check=True, timeout=60,
                   capture_output=True)
    return out


def verify(command, path, *options):
    done = subprocess.run([TOOL, command, path, *options], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", params(CASES))
def test_platform(case, runner, payload, tmp_path):
    result = runner.result(case)
    test_guest.check(case, result)
    raw = bytes.fromhex(result.lines("REPORT ")[0])
    (tmp_path / "report").write_bytes(raw)
    firmware = runner.firmware(case.guest)
    good = ["--device-key", report.PLATFORM_TEST_KEY.hex(), "--allow-test-key", "--nonce", NONCE,
            "--monitor", runner.build / "cordon.bin", "--firmware", firmware,
            "--payload", payload, "--policies", "keystone", "--min-version", "1",
            "--tree", tree_of(case, tmp_path / "tree")]
    status, text = verify("platform", tmp_path / "report", *good)
    assert status == 0, text
    assert "(12296 bytes from 0x80200000, a0 0x1234, a1 0x5678)" in text
    # The image that was actually started verifies as well.
    image = runner.image(case.guest, case.world)
    assert verify("platform", tmp_path / "report", *good, "--monitor", image)[0] == 0
    for option, value in (("--nonce", "00" + NONCE[2:]), ("--firmware", payload),
                          ("--payload", firmware), ("--min-version", "2")):
        status, text = verify("platform", tmp_path / "report", *good, option, value)
        assert (status, "NOT VERIFIED" in text) == (1, True), (option, text)
    status, text = verify("platform", tmp_path / "report", *(w for w in good
                                                             if w != "--allow-test-key"))
    assert status == 1 and "public test key" in text


def test_another_monitor_is_refused(runner, build, tmp_path):
    raw = bytes.fromhex(runner.result(CASES[0]).lines("REPORT ")[0])
    (tmp_path / "report").write_bytes(raw)
    status, text = verify("platform", tmp_path / "report", "--device-key",
                          report.PLATFORM_TEST_KEY.hex(), "--allow-test-key", "--monitor",
                          build / "cordon.bin")
    assert status == 1 and "another monitor" in text


def test_the_log_says_whose_key_it_is(runner):
    console = runner.result(CASES[0]).console
    assert "THE PUBLIC TEST KEY SIGNS: REPORTS PROVE NOTHING" in console
    monitor = hashlib.sha3_512((runner.build / "cordon.bin").read_bytes()).hexdigest()
    assert f"monitor {monitor[:8]}..., device key 0faad4ff" in console


def test_key():
    """Return Keystone's test key, from its only place in the sources."""
    source = (guests.REPO / "policies/keystone/secret.c").read_text()
    found = re.findall(r"0x([0-9a-f]{2})\b", source.split("test_key = {")[1].split("};")[0])
    return bytes.fromhex("".join(found))


test_key.__test__ = False


def test_the_test_key_in_the_sources_is_keystones():
    """The test key's public half, scalar and prefix match."""
    key = test_key()
    assert len(key) == 96 and key[:32] == report.TEST_KEY
    scalar = int.from_bytes(key[32:64], "little")
    assert ed25519.encode_point(ed25519.multiply(scalar, ed25519.BASE)) == report.TEST_KEY


# Enclaves.

def symbols(elf):
    out = subprocess.run(["riscv64-linux-gnu-nm", elf], check=True, capture_output=True,
                         text=True, timeout=60).stdout
    return {words[2]: int(words[0], 16) for words in map(str.split, out.splitlines())
            if len(words) == 3}


@pytest.fixture(name="loader")
def loader_fixture(runner, tmp_path):
    """Return the enclave's only part, as tests/guest/enclave.h copies it."""
    firmware = runner.firmware("attest-enclave")
    at = symbols(firmware.with_suffix(".elf"))
    code = firmware.read_bytes()[at["agent_start"] - 0x80000000:at["agent_end"] - 0x80000000]
    (tmp_path / "loader").write_bytes(code)
    (tmp_path / "none").write_bytes(b"")
    return tmp_path / "loader", tmp_path / "none"


def expand(secret, info):
    """128 bytes of HKDF with SHA3-512 and no salt."""
    key = hmac.new(bytes(64), secret, hashlib.sha3_512).digest()
    first = hmac.new(key, info + b"\1", hashlib.sha3_512).digest()
    return first + hmac.new(key, first + info + b"\2", hashlib.sha3_512).digest()


def monitor_key(runner):
    """The private key that a monitor of this hash derives from the test key."""
    monitor = hashlib.sha3_512((runner.build / "cordon.bin").read_bytes()).digest()
    seed = hashlib.sha3_512(test_key()[32:] + monitor).digest()[:32]
    key = bytearray(hashlib.sha3_512(seed).digest())
    key[0] &= 0xf8
    key[31] = key[31] & 0x7f | 0x40
    return bytes(key)


@pytest.mark.parametrize("case", params(ENCLAVES))
def test_enclave_reports(case, runner, loader, tmp_path):
    result = runner.result(case)
    test_guest.check(case, result)
    loader, none = loader
    good = ["--device-key", report.TEST_KEY.hex(), "--allow-test-key", "--monitor",
            runner.build / "cordon.bin", "--enclave", loader, none, none]
    path = tmp_path / "report"
    path.write_bytes(bytes.fromhex(result.lines("EMPTY ")[0]))
    status, text = verify("enclave", path, *good)
    assert status == 0 and "(none)" in text, text
    raw = bytes.fromhex(result.lines("REPORT ")[0])
    path.write_bytes(raw)
    good += ["--nonce", b"a nonce of 16 b.".hex()]
    status, text = verify("enclave", path, *good)
    assert status == 0, text
    for words in (["--enclave", none, loader, none], ["--nonce", "00"]):
        status, text = verify("enclave", path, *good[:5], *words)
        assert status == 1 and "NOT VERIFIED" in text, (words, text)
    for at in (3, 66, 80, 1100, 1170, 1230, 1300, 1330):
        bad = bytearray(raw)
        bad[at] ^= 0x10
        path.write_bytes(bad)
        assert verify("enclave", path, *good)[0] == 1, at


@pytest.mark.parametrize("case", params(ENCLAVES))
def test_joined_reports(case, runner, loader, tmp_path):
    """An enclave and its machine in one report, none of which can be changed."""
    result = runner.result(case)
    loader, none = loader
    raw = bytes.fromhex(result.lines("JOINED ")[0])
    path = tmp_path / "report"
    path.write_bytes(raw)
    good = ["--device-key", report.PLATFORM_TEST_KEY.hex(), "--allow-test-key", "--nonce", NONCE,
            "--monitor", runner.build / "cordon.bin", "--enclave", loader, none, none,
            "--firmware", runner.firmware(case.guest), "--boot-id", raw[80:112].hex()]
    status, text = verify("joined", path, *good)
    assert status == 0, text
    assert "private memory 0x82000000, 0x40000 bytes" in text
    assert "shared memory 0x86000000, 0x2000 bytes" in text
    assert ("no other boot" in text) == ("zkr=on" not in case.cpu)
    for option, value, why in (("--nonce", "00", "nonce"), ("--boot-id", "00" * 32, "boot"),
                               ("--enclave-hash", "00" * 64, "another enclave"),
                               ("--firmware", none, "firmware")):
        words = [word for word in good if word not in ("--enclave", loader, none)]
        status, text = verify("joined", path, *words, option, value)
        assert status == 1 and why in text, (option, text)
    for at in range(4, len(raw), 75):
        bad = bytearray(raw)
        bad[at] ^= 0x10
        path.write_bytes(bad)
        assert verify("joined", path, *good)[0] == 1, at
    assert verify("platform", path, *good[:7])[0] == 1


@pytest.mark.parametrize("case", params(ENCLAVES))
def test_sealing_keys(case, runner, loader):
    """The enclave's results equal those of Keystone's functions with the same keys."""
    result = runner.result(case)
    code = loader[0].read_bytes()
    pages = code.ljust((len(code) + 4095) // 4096 * 4096, b"\0")
    measured = hashlib.sha3_512(struct.pack("<3Q", len(pages), 0, 0) + pages).digest()
    public = bytes.fromhex(result.lines("REPORT ")[0])[1224:1256]
    for name, identifier in (("SEAL", b""), ("NAMED", pages[:200])):
        raw = bytes.fromhex(result.lines(name + " ")[0])
        assert raw[:128] == expand(monitor_key(runner), measured + identifier)
        assert ed25519.signature_ok(public, raw[:128], raw[128:])


@pytest.mark.parametrize("case", params(MAKER))
def test_maker_keys(case, runner):
    """The keys are those that the document derives from the device's secret."""
    result = runner.result(case)
    test_guest.check(case, result)
    source = (guests.REPO / "policies/keystone/secret.c").read_text()
    secret = hkdf(re.search(r'test_secret.* = "(.*)"', source)[1].encode(),
                  b"Cordon sealing for makers", 64)
    maker = ed25519.encode_point(ed25519.BASE)
    for name, lowest, identifier in (("OLD", 3, 4), ("NAMELESS", 3, 0), ("LONGEST", 3, 256),
                                     ("NEW", 3, 4), ("ONLY", 4, 4)):
        info = maker + lowest.to_bytes(8, "little") + bytes(range(identifier))
        assert result.lines(name + " ") == [expand(secret, info).hex()], name


@pytest.mark.parametrize("case", params(ENCLAVES))
def test_random_numbers_or_an_error(case, runner):
    wanted = "0" if "zkr=on" in case.cpu else "100013"
    assert runner.result(case).lines("RANDOM ") == [wanted]


@pytest.mark.parametrize("case", params(SMP + HUGE))
def test_guest_says_so(case, runner):
    """Run on all harts at once, with a payload that claims to be huge."""
    test_guest.check(case, runner.result(case))


def test_the_stack_is_large_enough(runner):
    """Verifying a certificate and signing use the most stack: a quarter must remain."""
    used = [re.search(r"stack used (\d+) of (\d+)", runner.result(case).console)
            for case in ENCLAVES + MAKER]
    for found in used:
        assert int(found[1]) <= int(found[2]) * 3 / 4


# With a secret from the previous stage.

CDI = 0x87f00000
SECRET = bytes(range(0x30, 0x50))
HANDOVER = b"\xa2\1\x58\x20" + SECRET + b"\2\x58\x20" + bytes(range(32))


@pytest.fixture(scope="module", name="dice")
def dice_fixture(runner, tmp_path_factory):
    """Build a monitor that requires a DICE handover, and a tree that locates it."""
    folder = tmp_path_factory.mktemp("dice")
    building.monitor(folder / "out",
                     text="CONFIG_POLICY_KEYSTONE=y\nCONFIG_KEYSTONE_SECRET_DICE=y\n")
    tree = tree_of(CASES[0], folder / "tree")
    node = f"/reserved-memory/dice@{CDI:x}"
    for words in (["-c", tree, "/reserved-memory"], ["-c", tree, node],
                  [tree, "/reserved-memory", "#address-cells", "2"],
                  [tree, "/reserved-memory", "#size-cells", "2"],
                  ["-t", "x", tree, node, "reg", "0", f"{CDI:x}", "0", "1000"],
                  ["-t", "s", tree, node, "compatible", "google,open-dice"]):
        subprocess.run(["fdtput", *words], check=True, timeout=60)
    return types.SimpleNamespace(out=folder / "out", tree=tree, folder=folder,
                                 guest=runner.firmware(CASES[0].guest))


def run_dice(dice, handover, tree=True):
    """Return the console of a machine that starts with this in memory at CDI."""
    image, data = dice.folder / "image", dice.folder / "handover"
    data.write_bytes(handover)
    words = ["--fdt", dice.tree] if tree else []
    subprocess.run([guests.REPO / "tools/pack-image", "--monitor", dice.out / "cordon.bin",
                    "--firmware", dice.guest, *words, "-o", image], check=True, timeout=60)
    command = ["timeout", "120", "qemu-system-riscv64", "-M", "virt", "-m", "128M", "-display",
               "none", "-serial", "stdio", "-monitor", "none", "-no-reboot", "-bios", image,
               "-device", f"loader,file={data},addr={CDI:#x},force-raw=on"]
    lines = []
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True) as qemu:
        for line in qemu.stdout:
            lines.append(line)
            # After the refusal the monitor prints nothing more, but QEMU keeps running.
            if "RESULT" in line or "cannot guarantee" in line:
                qemu.terminate()
    return "".join(lines)


def hkdf(secret, info, size):
    """RFC 5869 with SHA3-512 and no salt, for at most one block."""
    key = hmac.new(bytes(64), secret, hashlib.sha3_512).digest()
    return hmac.new(key, info + b"\1", hashlib.sha3_512).digest()[:size]


def test_secret_of_the_stage_before(dice):
    """The key is the device's, so its reports verify."""
    console = run_dice(dice, HANDOVER)
    assert "RESULT PASS" in console and "TEST KEY" not in console
    raw = dice.folder / "report"
    raw.write_bytes(bytes.fromhex(re.search(r"REPORT (\w+)", console)[1]))
    digest = hashlib.sha512(hkdf(SECRET, b"Cordon platform device key", 32)).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    key = ed25519.encode_point(ed25519.multiply(scalar, ed25519.BASE)).hex()
    status, text = verify("platform", raw, "--device-key", key, "--nonce", NONCE, "--tree",
                          dice.tree, "--monitor", dice.out / "cordon.bin")
    assert status == 0, text
    assert text.startswith("VERIFIED\n")
    assert "It proves that" in text


@pytest.mark.parametrize("handover,tree,why", [
    (HANDOVER, False, "no reserved memory with a CDI (google,open-dice)"),
    (b"\0" + HANDOVER[1:], True, "no valid DICE handover at"),
    (HANDOVER[:4] + bytes(32) + HANDOVER[36:], True, "the device secret is blank"),
], ids=["no-node", "no-handover", "blank"])
def test_no_secret_no_boot(handover, tree, why, dice):
    console = run_dice(dice, handover, tree)
    assert why in console
    assert "refused to start: cannot guarantee isolation" in console
    assert "panic" not in console and "mstatus" not in console
    assert "GUEST" not in console


# The cost of hashing and who pays it.

def test_cost_of_hashing(runner):
    """Count the instructions of a permutation; a byte of SHA3-512 takes a 72nd of it, plus 1.1."""
    bios = runner.firmware("crypto-keccak")
    found = {}
    for cpu in ("rv64", "rv64,zbb=off"):
        out = subprocess.run(["qemu-system-riscv64", "-M", "virt", "-cpu", cpu, "-icount",
                              "shift=0", "-display", "none", "-serial", "stdio", "-monitor",
                              "none", "-bios", bios], stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, check=True, timeout=60).stdout
        found[cpu] = {name: int(n) for name, n in re.findall(r"# (base|zbb): (\d+)", out)}
    assert found["rv64"]["zbb"] <= 3450
    assert found["rv64"]["base"] == found["rv64,zbb=off"]["base"] <= 5050
    assert "zbb" not in found["rv64,zbb=off"]


def test_a_monitor_without_the_policy_has_none_of_it(build):
    config = (build / ".config").read_text()
    if "CONFIG_POLICY_KEYSTONE=y" in config:
        pytest.skip("the build has the policy")
    ours = re.compile(r"keccak|Hacl|sha3|sha512|hmac|ed25519|attest|measure|drbg|arch_wipe")
    assert [name for name in symbols(build / "cordon.elf") if ours.search(name)] == []
