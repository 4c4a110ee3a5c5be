# SPDX-License-Identifier: BSD-2-Clause
"""Reports that a monitor on QEMU made, verified by tools/verify-report."""

import hashlib
import re
import subprocess
import sys

import pytest

import guests
import test_guest
import test_keystone
import test_offload

sys.path.insert(0, str(guests.REPO / "tools"))
from reportlib import ed25519, report  # noqa: E402

TOOL = guests.REPO / "tools" / "verify-report"
NONCE = bytes(range(1, 65)).hex()
CASES = [test_offload.as_monitor(case)
         for case in guests.cases_of(guests.SOURCES / "attest-platform.c")]


@pytest.fixture(scope="module", name="runner")
def runner_fixture(build, tmp_path_factory):
    test_offload.make("-C", guests.SOURCES, f"O={build}")
    runner = test_keystone.Runner(build, tmp_path_factory.mktemp("attest"), "alone")
    for case in CASES:
        runner.submit(case)
    yield runner
    runner.close()


@pytest.fixture(name="payload")
def payload_fixture(tmp_path):
    """What tests/guest/attest-platform.c makes."""
    size = 0x3008
    image = bytearray((i * 7 + (i >> 8)) & 0xff for i in range(size))
    image[0:4] = (0x8067).to_bytes(4, "little")
    image[16:24] = size.to_bytes(8, "little")
    image[56:60] = b"RSC\5"
    (tmp_path / "payload").write_bytes(image)
    return tmp_path / "payload"


def tree_of(case, out):
    """The device tree that this machine hands to what it starts."""
    subprocess.run(["qemu-system-riscv64", "-M", f"virt,dumpdtb={out}", "-cpu", case.cpu, "-smp",
                    str(case.smp), "-m", case.mem, "-display", "none"], check=True, timeout=60,
                   capture_output=True)
    return out


def verify(command, path, *options):
    done = subprocess.run([TOOL, command, path, *options], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id()) for case in CASES])
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
    # The image that was really started does as well.
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


def test_the_test_key_in_the_sources_is_keystones():
    """Its public half, its scalar and its prefix belong together."""
    source = (guests.REPO / "policies/keystone/secret.c").read_text()
    found = re.findall(r"0x([0-9a-f]{2})\b", source.split("test_key = {")[1].split("};")[0])
    key = bytes.fromhex("".join(found))
    assert len(key) == 96 and key[:32] == report.TEST_KEY
    scalar = int.from_bytes(key[32:64], "little")
    assert ed25519.encode_point(ed25519.multiply(scalar, ed25519.BASE)) == report.TEST_KEY
