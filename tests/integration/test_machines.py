# SPDX-License-Identifier: BSD-2-Clause
"""Other machines: interrupt controllers, sockets, many harts, nested monitors."""

import pathlib
import re
import subprocess
import sys

import pytest

import building
import test_boards

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402

machine = test_boards.machine
SOCKETS = ["-smp", "4", "-m", "256M", "-object", "memory-backend-ram,id=a,size=128M", "-object",
           "memory-backend-ram,id=b,size=128M", "-numa", "node,memdev=a,cpus=0-1", "-numa",
           "node,memdev=b,cpus=2-3"]
REFUSED = {
    "imsic": (["-M", "virt,aia=aplic-imsic"], "IMSICs but no PLIC"),
    "imsic of several harts": (["-M", "virt,aia=aplic-imsic,aia-guests=1", "-smp", "4"],
                               "IMSICs but no PLIC"),
    "sockets": (["-M", "virt", *SOCKETS], "has 2 CLINTs, one per socket"),
    "sockets with ACLINT": (["-M", "virt,aclint=on", *SOCKETS], "has 2 CLINTs, one per socket"),
    "sockets with IMSIC": (["-M", "virt,aia=aplic-imsic", *SOCKETS], "IMSICs but no PLIC"),
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
    """Disable the IMSIC node of M-mode, S-mode, or both: with none in use nothing is refused."""
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
                      "IMSICs but no PLIC|firmware sees")
    assert ("firmware sees" in text) == (level == 2)


@pytest.mark.parametrize("harts", [33, pytest.param(64, marks=pytest.mark.long),
                                   pytest.param(128, marks=pytest.mark.long)])
def test_many_harts(harts, build):
    """Compare with the bare machine, which is slow too."""
    arguments = ["-M", "virt", "-smp", str(harts), "-m", "1G"]
    firmware = "opensbi-1.6"
    if harts > 64:
        control = test_boards.guest(f"{firmware}/fw_dynamic.bin")
        console_of(arguments, control, BANNER, 240)
    text = console_of(arguments, image_of(build, firmware), BANNER, 480)
    assert f" {harts} harts, " in text
    assert re.search(rf"Platform HART Count +: {harts}\n", text), text


def test_two_deep(build, tmp_path):
    """Run the monitor as its own firmware, with OpenSBI as the firmware of the inner one."""
    inner, image = image_of(build), tmp_path / "two.bin"
    subprocess.run([ROOT / "tools/pack-image", "--monitor", build / "cordon.bin", "--firmware",
                    inner, "-o", image], check=True)
    text = console_of(["-M", "virt", "-smp", "2", "-m", "256M"], image, BANNER)
    homes = [int(home, 16) for home in re.findall(r"monitor at ([0-9a-f]+)-", text)]
    assert len(homes) == 2 and homes[1] < homes[0]
    assert len(re.findall(r"\] Cordon \S+ on QEMU virt", text)) == 2
    assert not re.search(r"\[cordon \d+\] (error|warn)", text), text


def built(out, *lines, board="qemu_virt"):
    """Build a monitor of another configuration."""
    return building.monitor(out, f"{board}_defconfig", text="".join(f"{line}\n" for line in lines))


def home_in(text):
    return int(re.search(r"monitor at ([0-9a-f]+)-", text)[1], 16)


# Requested address, and the error if it is impossible. VIRT's memory starts at 2 GiB,
# which holds the loaded image and the firmware's first 2 MiB.
@pytest.mark.parametrize("address, sentence", [
    (0x84000000, None), (0x801ff000, "at its fixed address"), *(
        pytest.param(*values, marks=pytest.mark.long) for values in (
            (0x80200000, None), (0x80000000, "at its fixed address"),
            (0x90000000, "at its fixed address"), (0x10000000, "at its fixed address")))])
def test_fixed_home(address, sentence, tmp_path):
    out = built(tmp_path / "fixed", "CONFIG_HOME_FIXED=y", f"CONFIG_HOME_ADDRESS={address:#x}")
    text = console_of(["-M", "virt", "-smp", "2", "-m", "256M"], image_of(out),
                      f"{BANNER}|memory free for the monitor.*\n")
    if sentence:
        assert re.search(rf"error: no \d+ KiB of memory free for the monitor {sentence}", text)
    else:
        assert home_in(text) == address and re.search(BANNER, text)


def test_home_in_another_bank(tmp_path):
    """With two banks the other one is used; with one the monitor prints an error."""
    out = built(tmp_path / "other", "CONFIG_HOME_OTHER_BANK=y")
    plain, dtb = tmp_path / "virt.dtb", tmp_path / "banks.dtb"
    subprocess.run([machine.QEMU, "-M", f"virt,dumpdtb={plain}", "-m", "256M", "-display",
                    "none"], check=True, capture_output=True)
    virt = ["-M", "virt", "-m", "256M"]
    text = console_of(virt, image_of(out), f"{BANNER}|memory free for the monitor.*\n")
    assert re.search(r"error: no \d+ KiB .* in another bank", text)
    root, reserved = devtree.parse(plain.read_bytes())
    root.find("/memory").props["reg"] = b"".join(n.to_bytes(8, "big") for n in (
        0x80000000, 0x4000000, 0x84000000, 0x4000000, 0x88000000, 0x8000000))
    dtb.write_bytes(devtree.flatten(root, reserved))
    text = console_of([*virt, "-dtb", str(dtb)], image_of(out), BANNER)
    assert 0x88000000 <= home_in(text) < 0x90000000


def test_home_below_the_firmware(build, tmp_path):
    """OpenSBI is position-independent, so the monitor can use the start of memory."""
    assert build
    out = built(tmp_path / "below", "CONFIG_GENERIC_FIRMWARE=0x80400000", "CONFIG_HOME_FIXED=y",
                "CONFIG_HOME_ADDRESS=0x80200000", board="generic")
    text = console_of(["-M", "virt", "-smp", "2", "-m", "256M"], image_of(out), BANNER)
    assert home_in(text) == 0x80200000
