# SPDX-License-Identifier: BSD-2-Clause
"""Random configurations of the default board build, and boot OpenSBI."""

import os
import pathlib
import re
import subprocess

import pytest

import test_boards
import test_machines

ROOT = pathlib.Path(__file__).resolve().parents[2]
machine = test_boards.machine
# The machine has one bank of memory, and a console, on which all levels up to this one are.
FIXED = """CONFIG_BOARD_QEMU_VIRT=y
CONFIG_HOME_TOP=y
CONFIG_UART_NS16550=y
CONFIG_LOG_LEVEL=3
"""
SHORT = 1
SEEDS = 50


def make(out, *goals, **environment):
    names = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM", "CROSS_COMPILE", "EXTERNAL")
    clean = {k: v for k, v in os.environ.items() if k not in names}
    done = subprocess.run(["make", "-s", "-j2", f"O={out}", *goals], cwd=ROOT, text=True,
                          env={**clean, **environment}, capture_output=True, timeout=600,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("seed", [
    pytest.param(seed, marks=[pytest.mark.long] if seed > SHORT else [])
    for seed in range(1, SEEDS + 1)])
def test_boots(seed, tmp_path):
    fixed = tmp_path / "fixed.config"
    fixed.write_text(FIXED)
    out = tmp_path / "build"
    make(out, "randconfig", KCONFIG_SEED=str(seed), KCONFIG_ALLCONFIG=str(fixed))
    make(out, "all")
    most = re.search(r"CONFIG_NR_HARTS_MAX=(\d+)", (out / ".config").read_text())[1]
    text = test_machines.console_of(["-M", "virt", "-smp", str(min(2, int(most))), "-m", "1G"],
                                    test_machines.image_of(out),
                                    f"{test_machines.BANNER}|all harts are stopped")
    # QEMU's tree has no secret of a boot chain, which a random keystone policy may ask for.
    if "error: keystone: no reserved memory with a CDI" in text:
        assert "OpenSBI v" not in text
    else:
        assert not re.search(r"\[cordon \d+\] error|panic|stopped", text), text


@pytest.mark.parametrize("lines, sentence", [
    ("CONFIG_NR_HARTS_MAX=437\nCONFIG_STACK_SIZE=65536\n",
     "16 MiB that the monitor has for all harts"),
    ("CONFIG_NR_HARTS_MAX=60\nCONFIG_POLICY_KEYSTONE=y\nCONFIG_MAX_VLEN=65536\n"
     "CONFIG_ENCLAVES_MAX=1\n", "16 MiB that the monitor has for all harts"),
    ("CONFIG_NR_HARTS_MAX=512\nCONFIG_POLICY_KEYSTONE=y\nCONFIG_KEYSTONE_MAKERS=y\n",
     "16 MiB that the monitor has for all harts"),
    ("CONFIG_NR_HARTS_MAX=2\nCONFIG_POLICY_KEYSTONE=y\nCONFIG_MAX_VLEN=65536\n",
     "16 MiB that the monitor has for its image"),
    ("CONFIG_HOME_FIXED=y\n", "CONFIG_HOME_FIXED=y needs a CONFIG_HOME_ADDRESS")])
def test_configurations_that_cannot_start_are_refused(lines, sentence, tmp_path):
    fragment = tmp_path / "some.config"
    fragment.write_text(lines)
    done = subprocess.run(["make", "-s", f"O={tmp_path / 'build'}", "qemu_virt_defconfig",
                           str(fragment)], cwd=ROOT, text=True, capture_output=True, timeout=60,
                          check=False)
    assert done.returncode and sentence in done.stderr
