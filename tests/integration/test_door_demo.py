# SPDX-License-Identifier: BSD-2-Clause
"""Demonstrate a back door in Linux' firmware: `make run-protect`, one machine per test."""

import pathlib
import platform
import re
import subprocess
import sys

import pytest

import building
import guests

sys.path.insert(0, str(guests.REPO / "tools"))
from reportlib import measure  # noqa: E402

REPO = guests.REPO
FRAGMENT = REPO / "configs/fragments/protect.config"
ATTEMPTS = 8                        # of the host program, without the deadly ones
DEATHS = 5


@pytest.fixture(scope="module")
def demonstrate(build):
    """Run under the monitor of a build folder, or bare; return the console's text."""
    if platform.machine() != "x86_64":
        pytest.skip("Linux' build programs for the driver are those for amd64")
    if not (REPO / "third_party" / "guests").exists():
        pytest.skip("no guests: tools/guests fetches them")
    if not pathlib.Path("/usr/riscv64-linux-gnu/include/stdio.h").exists():
        pytest.skip("no C library for the host program: tools/setup --for enclave")
    got = subprocess.run([REPO / "tools/guests", "get", "linux-headers", "linux-headers-common",
                          "linux-kbuild", "libc-amd64", "linux-trixie", "opensbi-1.6",
                          "initramfs"], capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"guests or headers are missing: {got.stderr.strip().splitlines()[-1]}")

    def demonstration(*where, harts=4, timeout=180):
        done = subprocess.run([REPO / "tools/run", "--door", build / "tests" / "door", *where,
                               "--harts", str(harts), "--timeout", str(timeout)],
                              capture_output=True, text=True, errors="replace",
                              timeout=timeout + 120, stdin=subprocess.DEVNULL, check=False)
        text = (done.stdout + done.stderr).replace("\r", "")
        if done.returncode:
            pytest.fail("\n".join(text.splitlines()[-60:]), pytrace=False)
        return text
    return demonstration


@pytest.mark.long
def test_bare(demonstrate):
    text = demonstrate("--native", harts=1)
    assert f"DOOR OPEN: {ATTEMPTS} of {ATTEMPTS}" in text


def test_passthrough(demonstrate, build):
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    text = demonstrate("--build", build)
    assert f"DOOR OPEN: {ATTEMPTS} of {ATTEMPTS}" in text


def test_protect(demonstrate, build):
    """The policy denies all of it; five times the firmware dies and is started again."""
    out = build / "tests" / "door-demo"
    building.monitor(out, text=FRAGMENT.read_text() + "CONFIG_PROTECT_MEASURE=y\n"
                     "CONFIG_OFFLOAD_USER_STATS=y\n")
    text = demonstrate("--build", out)
    assert f"DOOR SHUT: 0 of {ATTEMPTS + DEATHS}" in text
    assert text.count("the firmware is dead: ") == DEATHS == text.count("the firmware runs again")
    check_measured(text, out, build / "tests" / "door")


def check_measured(text, out, door):
    """Measurements that a program reads under Linux match the files."""
    got = {name: (int(size), digest) for name, size, digest in
           re.findall(r"^measured (\S+) \w+ (\d+) ([0-9a-f]{128})$", text, re.M)}
    image = (REPO / "third_party/guests/linux-trixie/Image").read_bytes()
    size = int.from_bytes(image[16:24], "little")
    assert got["payload"] == (size, measure.payload_hash(image, size).hex())
    firmware = next(door.glob("open-opensbi-1.6-*")).read_bytes()
    assert got["firmware"] == (len(firmware), measure.firmware_hash(firmware).hex())
    assert got["monitor"][1] == measure.monitor_hash((out / "cordon.bin").read_bytes()).hex()
    assert got["handed-tree"][0] > 1000
    assert got["initrd"][0] > 1000


@pytest.mark.long
def test_firmware_is_killed_a_hundred_times(demonstrate, build):
    """A hundred times the firmware dies under load on four harts, and comes back."""
    out = build / "tests" / "door-kills"
    building.monitor(out, text=FRAGMENT.read_text() + "CONFIG_PROTECT_PAUSE_MS=100\n"
                     # A busy host does not run all harts in every 200 ms.
                     "CONFIG_PROTECT_BUDGET_MS=1000\n")
    text = demonstrate("--build", out, "--append", "door.kills=100", timeout=1800)
    assert "the firmware came back 100 times of 100" in text
    assert text.count("the firmware is dead: ") == 100
