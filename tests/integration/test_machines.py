# SPDX-License-Identifier: BSD-2-Clause
"""Machines of other shapes: interrupt controllers, sockets, many harts, monitors in monitors."""

import pathlib
import re
import subprocess
import sys

import pytest

import test_boards

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402

machine = test_boards.machine
SOCKETS = ["-smp", "4", "-m", "256M", "-object", "memory-backend-ram,id=a,size=128M", "-object",
           "memory-backend-ram,id=b,size=128M", "-numa", "node,memdev=a,cpus=0-1", "-numa",
           "node,memdev=b,cpus=2-3"]
REFUSED = {
    "imsic": (["-M", "virt,aia=aplic-imsic"], "IMSICs and no PLIC"),
    "imsic of several harts": (["-M", "virt,aia=aplic-imsic,aia-guests=1", "-smp", "4"],
                               "IMSICs and no PLIC"),
    "sockets": (["-M", "virt", *SOCKETS], "has 2 CLINTs, one a socket"),
    "sockets with ACLINT": (["-M", "virt,aclint=on", *SOCKETS], "has 2 CLINTs, one a socket"),
    "sockets with IMSIC": (["-M", "virt,aia=aplic-imsic", *SOCKETS], "IMSICs and no PLIC"),
}
BANNER = r"Boot HART MEDELEG"


def console_of(arguments, bios, until, seconds=60):
    command = [machine.QEMU, *arguments, "-display", "none", "-monitor", "none", "-serial",
               "stdio", "-bios", str(bios)]
    with machine.Console(command, seconds, echo=False) as console:
        assert console.expect(until), console.text
        return console.text.replace("\r", "")


def image_of(build, firmware="opensbi-1.6"):
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    return machine.bundle(build, test_boards.guest(f"{firmware}/fw_dynamic.bin"), firmware)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, build):
    arguments, sentence = REFUSED[name]
    text = console_of(arguments, image_of(build), f"{sentence}.*\n|OpenSBI v")
    assert re.search(rf"error: .*{sentence}", text) and "OpenSBI" not in text


@pytest.mark.parametrize("level", [0, 1, 2])
def test_imsic_by_level(level, build, tmp_path):
    """M-mode's node disabled, S-mode's, or both: with none in use there is nothing to refuse."""
    plain = tmp_path / "virt.dtb"
    subprocess.run([machine.QEMU, "-M", f"virt,aia=aplic-imsic,dumpdtb={plain}", "-display",
                    "none"], check=True, capture_output=True)
    root, reserved = devtree.parse(plain.read_bytes())
    nodes = [node for _, node in root.walk() if "riscv,imsics" in node.strings("compatible")]
    assert len(nodes) == 2
    for i, node in enumerate(nodes):
        if level in (i, 2):
            node.props["status"] = b"disabled\0"
    dtb = tmp_path / "changed.dtb"
    dtb.write_bytes(devtree.flatten(root, reserved))
    text = console_of(["-M", "virt,aia=aplic-imsic", "-dtb", str(dtb)], image_of(build),
                      "IMSICs and no PLIC|firmware sees")
    assert ("firmware sees" in text) == (level == 2)


@pytest.mark.parametrize("harts", [33, pytest.param(64, marks=pytest.mark.long),
                                   pytest.param(128, marks=pytest.mark.long)])
def test_many_harts(harts, build):
    """Beside the bare machine, which takes its time, too."""
    arguments = ["-M", "virt", "-smp", str(harts), "-m", "1G"]
    firmware = "opensbi-1.6"
    if harts > 64:
        control = test_boards.guest(f"{firmware}/fw_dynamic.bin")
        console_of(arguments, control, BANNER, 240)
    text = console_of(arguments, image_of(build, firmware), BANNER, 480)
    assert f" {harts} harts, " in text
    assert re.search(rf"Platform HART Count +: {harts}\n", text), text


def test_two_deep(build, tmp_path):
    """The monitor as its own firmware, with OpenSBI as the firmware of that."""
    inner, image = image_of(build), tmp_path / "two.bin"
    subprocess.run([ROOT / "tools/pack-image", "--monitor", build / "cordon.bin", "--firmware",
                    inner, "-o", image], check=True)
    text = console_of(["-M", "virt", "-smp", "2", "-m", "256M"], image, BANNER)
    homes = [int(home, 16) for home in re.findall(r"monitor at ([0-9a-f]+)-", text)]
    assert len(homes) == 2 and homes[1] < homes[0]
    assert len(re.findall(r"\] Cordon \S+ on QEMU virt", text)) == 2
    assert not re.search(r"\[cordon \d+\] (error|warn)", text), text
