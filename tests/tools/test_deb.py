# SPDX-License-Identifier: BSD-2-Clause
"""make deb: the package installs, and what it installs boots."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))


def run(*args, **kwargs):
    done = subprocess.run([*map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=600, check=False, **kwargs)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module", name="deb")
def deb_fixture(tmp_path_factory):
    out = tmp_path_factory.mktemp("deb")
    run("make", "-s", "-C", ROOT, f"O={out}", "deb")
    found = list(out.glob("cordon-qemu_*_all.deb"))
    assert len(found) == 1
    return found[0]


def test_installed_image_boots(deb, tmp_path):
    import machine          # pylint: disable=import-outside-toplevel
    run("dpkg-deb", "-x", deb, tmp_path)
    image = tmp_path / "image.bin"
    run(tmp_path / "usr/bin/cordon-pack-image",
        "--monitor", tmp_path / "usr/lib/cordon/qemu_virt-protect/cordon.bin",
        "--firmware", machine.firmware_path(machine.DEFAULT_FIRMWARE), "-o", image)
    said = run(ROOT / "tools/run", "--native", "--firmware", image, "--smoke", "--harts", 2)
    assert "SMOKE PASS" in said
    assert "[cordon 0] Cordon" in said and "protect" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="dpkg installs as root only")
def test_dpkg_installs_and_removes(deb, tmp_path):
    for name in ("updates", "info"):
        (tmp_path / "var/lib/dpkg" / name).mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").touch()
    # This root has no python3.
    dpkg = ["dpkg", "--force-depends", f"--root={tmp_path}", "--log=/dev/null"]
    run(*dpkg, "--install", deb)
    assert "qemu_virt/cordon.bin" in run(*dpkg, "--listfiles", "cordon-qemu")
    assert (tmp_path / "usr/lib/cordon/spike/cordon.bin").exists()
    run(*dpkg, "--purge", "cordon-qemu")
    assert not (tmp_path / "usr/lib/cordon").exists()
