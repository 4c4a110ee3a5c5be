# SPDX-License-Identifier: BSD-2-Clause
"""The demonstration of a back door in Linux' firmware: `make run-protect`, one machine a test."""

import pathlib
import platform
import subprocess

import pytest

import guests

REPO = guests.REPO
FRAGMENT = REPO / "configs/fragments/protect.config"
ATTEMPTS = 8                        # of the host program, without the deadly ones
DEATHS = 4


@pytest.fixture(scope="module")
def demonstrate(build):
    """Runs it under the monitor of a build folder, or bare; the console's text."""
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
    """The policy denies all of it; four times the firmware dies and is started again."""
    out = build / "tests" / "door-demo"
    guests.Runner.make_monitor(out, FRAGMENT.read_text())
    text = demonstrate("--build", out)
    assert f"DOOR SHUT: 0 of {ATTEMPTS + DEATHS}" in text
    assert text.count("the firmware is dead: ") == DEATHS == text.count("firmware is up again")
