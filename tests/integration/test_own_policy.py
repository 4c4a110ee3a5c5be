# SPDX-License-Identifier: BSD-2-Clause
"""The policy outside of the tree that Documentation/writing-a-policy.md shows."""

import os
import re
import subprocess

import pytest

import guests

REPO = guests.REPO
CALLS = 10                  # that count.S makes


def run(*command, env):
    done = subprocess.run([str(word) for word in command], cwd=REPO, env=env, timeout=400,
                          capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_policy_of_the_page(tmp_path):
    """Its files as the page has them log each call and deny the reset."""
    text = (REPO / "Documentation/writing-a-policy.md").read_text()
    files = re.findall(r"^`\.\./ours/(\S+)`\n\n```\n(.*?)^```$", text, re.M | re.S)
    assert len(files) == 5
    for name, content in files:
        path = tmp_path / "ours" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    env = {key: value for key, value in os.environ.items() if key not in (
        "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM", "EXTERNAL")}
    run("make", "-s", "-j2", f"O={tmp_path}/build", f"EXTERNAL={tmp_path}/ours",
        "qemu_virt_defconfig", "calls.config", "all", env=env)
    firmware = guests.link_firmware(REPO / "tests/trace/count.S", tmp_path, "-DRESET")
    said = run(REPO / "tools/run", "--build", tmp_path / "build", "--firmware", firmware,
               "--payload", "none", "--harts", "1", "--timeout", "60", "--expect", "DENIED",
               env=env)
    assert len(re.findall(r"\[cordon 0\] call 10\.3 took \d+ ticks", said)) == CALLS
    assert said.count("[cordon 0] reset denied") == 1
