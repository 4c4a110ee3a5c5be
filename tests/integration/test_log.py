# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a debug monitor, which the default one does not print."""

import os
import pathlib
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
# OpenSBI tries registers that the hart does not have.
REFUSED = r"\] refused the firmware: csrr[sw] [a-z0-9]+ at 8[0-9a-f]+, tval [0-9a-f]+"
TRAP = r"\] trap 2 at 8[0-9a-f]+, world \d"
# The fast path serves most registers of OpenSBI. This instruction is csrw mtvec, a1.
CSR = r"\] csrrw mtvec \(30559073\) at 8[0-9a-f]+"
BANNER = "Boot HART PMP Count"


def console(build, config, expect, tmp_path):
    """Boot OpenSBI on a monitor with this fragment until the console shows a pattern."""
    env = {k: v for k, v in os.environ.items() if k not in (
        "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM", "CROSS_COMPILE", "EXTERNAL")}
    fragment = tmp_path / "log.config"
    fragment.write_text(config)
    for goals in (["qemu_virt_defconfig", str(fragment)], ["all"]):
        subprocess.run(["make", "-s", "-j2", f"O={build}", *goals], cwd=REPO, env=env,
                       check=True, timeout=600)
    log = tmp_path / "console"
    done = subprocess.run(
        [REPO / "tools/run", "--build", build, "--payload", "none", "--harts", "1", "--log", log,
         "--timeout", "60", "--expect", expect],
        env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return log.read_text(errors="replace")


@pytest.mark.parametrize("level, shown, absent", [
    (3, BANNER, ["refused", "] trap"]), (4, REFUSED, ["] trap"]), (5, TRAP, []),
    (5, CSR, []),
])
def test_levels(level, shown, absent, build, tmp_path):
    text = console(build / "log", f"CONFIG_LOG_LEVEL={level}\n", shown, tmp_path)
    assert not [word for word in absent if word in text]
