# SPDX-License-Identifier: BSD-2-Clause
"""Real guests: firmware and operating systems, as they come from Debian.

What is tested always covers every pair of two choices, see test_cover; the
rest is long.
"""

import itertools
import pathlib
import subprocess

import pytest

import building

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
RUN = REPO / "tools" / "run"

FIRMWARE = [f"opensbi-{version}:{kind}"
            for version in ("1.1", "1.5.1", "1.6", "1.9")
            for kind in ("dynamic", "jump")]
PAYLOADS = ["linux", "u-boot-s"]
HARTS = [1, 2, 4, 8]
CPUS = ["rv64", "sifive-u54"]
BUILDS = ["default", "pmp8"]

# Boot each firmware twice, the second time with everything else different.
COVER = {
    ("opensbi-1.1:dynamic", "linux", 4, "rv64", "default"),
    ("opensbi-1.1:dynamic", "u-boot-s", 2, "sifive-u54", "pmp8"),
    ("opensbi-1.1:jump", "linux", 8, "sifive-u54", "default"),
    ("opensbi-1.1:jump", "u-boot-s", 1, "rv64", "pmp8"),
    ("opensbi-1.5.1:dynamic", "linux", 8, "rv64", "pmp8"),
    ("opensbi-1.5.1:dynamic", "u-boot-s", 4, "sifive-u54", "default"),
    ("opensbi-1.5.1:jump", "linux", 1, "rv64", "pmp8"),
    ("opensbi-1.5.1:jump", "u-boot-s", 1, "sifive-u54", "default"),
    ("opensbi-1.6:dynamic", "linux", 1, "sifive-u54", "pmp8"),
    ("opensbi-1.6:dynamic", "u-boot-s", 8, "rv64", "default"),
    ("opensbi-1.6:jump", "linux", 2, "sifive-u54", "default"),
    ("opensbi-1.6:jump", "u-boot-s", 8, "rv64", "pmp8"),
    ("opensbi-1.9:dynamic", "linux", 2, "rv64", "pmp8"),
    ("opensbi-1.9:dynamic", "u-boot-s", 4, "sifive-u54", "default"),
    ("opensbi-1.9:jump", "linux", 4, "sifive-u54", "pmp8"),
    ("opensbi-1.9:jump", "u-boot-s", 2, "rv64", "default"),
}

U_BOOT_M = [
    ("u-boot-m", "none", 1, "rv64", "default"),
    ("u-boot-m", "none", 4, "sifive-u54", "pmp8"),
    ("u-boot-m-2023.01", "none", 2, "rv64", "pmp8"),
]


def broken_natively(firmware, harts):
    """fw_jump of 1.5.1 loses harts on the bare machine, too."""
    return firmware == "opensbi-1.5.1:jump" and harts > 1


def cases():
    every = itertools.product(FIRMWARE, PAYLOADS, HARTS, CPUS, BUILDS)
    for case in list(every) + U_BOOT_M:
        if broken_natively(case[0], case[2]):
            continue
        always = case in COVER or case in U_BOOT_M
        yield pytest.param(*case, id="-".join(map(str, case)),
                           marks=[] if always else [pytest.mark.long])


@pytest.fixture(scope="session")
def builds(build):
    """Directory of each kind of build; pmp8 is made here."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    return {"default": build, "pmp8": make(build, "pmp8")}


def make(build, fragment):
    """The monitor with this fragment."""
    return building.monitor(build / "tests" / f"boot-{fragment}", "qemu_virt_defconfig",
                            f"{fragment}.config")


def smoke(*args, timeout=240):
    """Run tools/run --smoke; on failure show its last lines."""
    if not (REPO / "third_party" / "guests").exists():
        pytest.skip("no guests: tools/guests fetches them")
    done = subprocess.run([RUN, "--smoke", "--quiet", "--timeout",
                           str(timeout), *args], capture_output=True,
                          text=True, errors="replace", timeout=timeout + 60,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        words = (done.stdout + done.stderr).splitlines()[-50:]
        pytest.fail("\n".join(words), pytrace=False)


@pytest.mark.parametrize("firmware, payload, harts, cpu, kind", cases())
def test_boot(builds, firmware, payload, harts, cpu, kind):
    smoke("--build", builds[kind], "--firmware", firmware, "--payload",
          payload, "--harts", str(harts), "--cpu", cpu)


def test_four_entries(builds):
    """Two ranges fill the entries, while the firmware uses eight."""
    smoke("--build", make(builds["default"], "pmp4"), "--harts", "2")


def test_cover():
    """COVER has every pair of two choices, except firmware and harts."""
    axes = [FIRMWARE, PAYLOADS, HARTS, CPUS, BUILDS]
    pairs = [(0, 1), (0, 3), (0, 4), *itertools.combinations(range(1, 5), 2)]
    for i, j in pairs:
        seen = {(case[i], case[j]) for case in COVER}
        assert seen == set(itertools.product(axes[i], axes[j]))
    assert {case[2] for case in COVER} == set(HARTS)
