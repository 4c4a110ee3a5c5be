# SPDX-License-Identifier: BSD-2-Clause
"""Linux started by UEFI: EDK2 in flash, as Debian ships it, on our QEMU."""

import os
import subprocess

import pytest

import building
import test_boards
import test_boot

# Fragments of the build, CPU, machine, firmware (fw_dynamic, because fw_jump does not know
# of the flash). With keystone the enclaves' pool cuts memory in two.
CASES = {
    "keystone": (["keystone.config"], "rv64", "virt", "opensbi-1.6"),
    "no policies": ([], "rv64", "virt", "opensbi-1.9"),
    "all policies": (["offload.config", "keystone.config", "protect.config"], "rv64", "virt",
                     "opensbi-1.5.1"),
    "device tree": (["offload.config"], "max", "virt,acpi=off", "opensbi-1.9"),
}


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[] if name == "keystone" else [pytest.mark.long]) for name in CASES])
def test_boots_linux(name, tmp_path, monkeypatch):
    fragments, cpu, machine, firmware = CASES[name]
    monkeypatch.setenv("QEMU", test_boards.model())
    test_boards.guest("edk2/code.fd")
    build = building.monitor(tmp_path / "build", "qemu_virt_defconfig", *fragments)
    test_boot.smoke("--build", build, "--payload", "edk2", "--harts", "2", "--cpu", cpu,
                    "--machine", machine, "--firmware", firmware)


def test_old_qemu(tmp_path):
    """QEMU 7.2 would enter EDK2 in M-mode, past the firmware."""
    done = subprocess.run([test_boot.RUN, "--native", "--payload", "edk2", "--print"],
                          env={**os.environ, "QEMU": "qemu-system-riscv64"}, cwd=tmp_path,
                          capture_output=True, text=True, timeout=60, check=False)
    version = subprocess.run(["qemu-system-riscv64", "--version"], capture_output=True,
                             text=True, timeout=60, check=True).stdout
    old = " 7." in version or " 8.0" in version
    assert (done.returncode != 0) == old, done.stderr
    assert ("edk2 needs QEMU 8.1" in done.stderr) == old
