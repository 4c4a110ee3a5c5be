# SPDX-License-Identifier: BSD-2-Clause
"""VisionFive 2 from its boot ROM: SPL, FIT and kernel come from an SD card."""

import re
import shutil

import disk
import pytest
from test_boards import fit, guest, machine, model, monitor  # noqa: F401

TIMEOUT = 300
# A minute each: the bare machine and a monitor without policies are for check-long.
WORLDS = ("offload", *(pytest.param(world, marks=pytest.mark.long)
                       for world in ("bare", "monitor")))
DTB = "jh7110-starfive-visionfive-2-v1.3b.dtb"
DRIVERS = ("crc16", "crc32c_generic", "mbcache", "jbd2", "ext4", "mmc_core", "mmc_block",
           "dw_mmc", "dw_mmc-pltfm", "dw_mmc-starfive")
SYSTEM = 8      # MiB where the filesystem starts
MIB = 1 << 20

EXTLINUX = """\
default linux
label linux
    kernel /Image
    initrd /initrd
    fdtdir /dtbs
    append console=ttyS0 panic=-1 rdinit=/disk cordon.smoke cordon.harts=4
"""


@pytest.fixture(scope="session")
def system(tmp_path_factory):
    """Make a filesystem that U-Boot boots from, and the folder with its files."""
    out = tmp_path_factory.mktemp("card")
    tree = out / "tree"
    (tree / "extlinux").mkdir(parents=True)
    (tree / "extlinux/extlinux.conf").write_text(EXTLINUX)
    (tree / "dtbs/starfive").mkdir(parents=True)
    shutil.copy(guest(f"dtb-sid/{DTB}"), tree / "dtbs/starfive")
    shutil.copy(guest("linux-trixie/Image"), tree)
    disk.initramfs(tree / "initrd", "/dev/mmcblk1p3", DRIVERS)
    return disk.make_ext4(out / "system.img", 112 * MIB, tree), tree


def card(path, itb, system_img):
    """Layout from U-Boot's doc/board/starfive: SPL loads the FIT from partition 2."""
    return disk.write_gpt(path, 128 * MIB, (
        (disk.SPL, "spl", 2, 2, guest("u-boot-starfive/u-boot-spl.bin.normal.out")),
        (disk.UBOOT, "uboot", 4, 4, itb),
        (disk.DATA, "system", SYSTEM, 112, system_img)))


def command(*more):
    return [model(), "-M", "visionfive2", "-display", "none", "-monitor", "none",
            "-serial", "stdio", "-no-reboot", *more]


@pytest.mark.parametrize("world", WORLDS)
def test_from_spl(world, monitor, system, tmp_path):  # noqa: F811
    """Boot ROM, SPL, FIT, U-Boot, extlinux, Linux and power-off, without keyboard input."""
    itb = guest("u-boot-starfive/u-boot.itb")
    if world != "bare":
        itb = fit(monitor("visionfive2", world == "offload"), itb, tmp_path / "u-boot.itb")
    sd = card(tmp_path / "sd.img", itb, system[0])
    with machine.Console(command("-drive", f"file={sd},if=sd,format=raw"), TIMEOUT,
                         echo=False) as console:
        assert console.expect(r"SMOKE (PASS|FAIL)|Kernel panic|StarFive #"), console.text
        text, status = console.text, console.wait()
    order = [r"U-Boot SPL ", "DDR version", "Trying to boot from MMC2", r"\nU-Boot 20",
             "VF7110B1-.*-D004E000", r"Retrieving file: .*DTB".replace("DTB", DTB),
             "Linux version", "DISK PASS", "SMOKE PASS"]
    if world != "bare":
        order.insert(3, r"\[cordon")
        assert not re.search(r"cordon \d+\] (error|warning)", text), text
        assert re.search(r"reserved mem: .*cordon@", text)
    assert re.search(r"[\s\S]*".join(order), text), text
    assert status == 0
    assert disk.check_written(sd, SYSTEM, system[1])
