# SPDX-License-Identifier: BSD-2-Clause
"""The board models: each core matches its facts, and storage works."""

import re
import subprocess
import sys

import disk
import pytest
from test_boards import ROOT, fit, guest, machine, model, monitor, pack  # noqa: F401

TREES = {"visionfive2": "jh7110-starfive-visionfive-2-v1.3b.dtb",
         "premier-p550": "eic7700-hifive-premier-p550.dtb"}

# Misaligned accesses trap in each mode: load 4, store 6; missing CSRs: 2. Hardware sets
# neither A nor D: 13, 15.
ALL = """
    vendor 489
    pmp-entries 8
    pmp-cfg0 0
    pmp-cfg2 0
    pmp-na4 18
    pmp-off 5400
    pmp-napot 55ff
    lh 4
    lw 4
    ld 4
    sh 6
    sd 6
    amo 6
    aligned none
    menvcfg 2
    mconfigptr 2
    time 2
    cycle none
    hpm3 0
    7c0 none
    7c1 none
    7c5 2
    7c1-first 1
    7c1-clear 0
    lower-lw 4
    lower-sd 6
    lower-time 2
    other 1
    ceased 0
    after 2
"""
JH7110 = ALL + """
    arch 8000000000000007
    imp 4210427
    pmp-address 3fffffc00
    7c2 2
    7c3 2
    7c4 2
    ceased 0
"""
SUPERVISOR = """
    flw 4
    fld 4
    fsd 6
    asid 0
    sv39 8
    sv57 0
    a-clear d
    a-set none
    d-clear f
    d-set none
"""
S7 = JH7110 + """
    misa 8000000000901107
    satp 2
"""
U74 = JH7110 + SUPERVISOR + """
    misa 800000000094112f
    medeleg b15d
    sv48 0
"""
P550 = ALL + SUPERVISOR + """
    arch 8000000000000008
    imp 6220425
    misa 80000000009411ad
    medeleg f0b55d
    pmp-address 7ffffffc00
    7c2 none
    7c3 none
    7c4 none
    sv48 9
    ceased 1
"""

# Machine, observing hart, stopped hart, base, UART, register of stopped harts, facts.
CORES = {
    "s7": ("visionfive2", 0, 2, 0x40000000, 0x10000000, 0, S7),
    "u74": ("visionfive2", 1, 2, 0x40000000, 0x10000000, 0, U74),
    "p550": ("premier-p550", 0, 1, 0x80000000, 0x50900000, 0x51810608, P550),
}


def build_firmware(out, core):
    _, hart, other, base, uart, status, _ = CORES[core]
    subprocess.run(
        ["riscv64-linux-gnu-gcc", "-O1", "-ffreestanding", "-nostdlib", "-static", "-fno-pic",
         "-no-pie", "-march=rv64ima_zicsr_zifencei", "-mabi=lp64", "-mcmodel=medany", "-Wall",
         "-Wextra", "-Werror", f"-Wl,--no-relax,--build-id=none,-Ttext={base:#x}",
         "-Wl,--no-warn-rwx-segments", f"-DHART={hart}", f"-DOTHER={other}",
         f"-DUART={uart:#x}UL", "-DCLINT=0x2000000UL", f"-DSTATUS={status:#x}UL",
         ROOT / "tests/boards/start.S", ROOT / "tests/boards/cores.c", "-o", out / "cores"],
        check=True)
    subprocess.run(["riscv64-linux-gnu-objcopy", "-O", "binary", out / "cores",
                    out / "cores.bin"], check=True)
    return out / "cores.bin"


def facts(bios, name):
    command = [model(), "-M", name, "-display", "none", "-monitor", "none", "-serial", "stdio",
               "-no-reboot", "-bios", str(bios), "-dtb", str(guest(f"dtb-sid/{TREES[name]}"))]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect(r"\nend\b"), console.text
        return console.text.replace("\r", "")


def pairs(text):
    return sorted(re.findall(r"^ *([\w-]+ \w+)$", text, re.M))


@pytest.mark.parametrize("core", CORES)
def test_core(core, tmp_path):
    """A bare firmware finds these facts of the core."""
    text = facts(build_firmware(tmp_path, core), CORES[core][0])
    assert pairs(text) == pairs(CORES[core][-1])


# Differences under the monitor. NA4 cannot be selected: cores turn it into NAPOT, the
# monitor into OFF. The JH7110's board description lets firmware only read 0x7c1, and
# lacks CEASE.
DIFFERENT = {
    "s7": {"pmp-na4": "0", "7c1-clear": "1", "after": "63"},
    "u74": {"pmp-na4": "0", "7c1-clear": "1", "after": "63"},
    "p550": {"pmp-na4": "0"},
}


@pytest.mark.parametrize("core", CORES)
def test_core_under_monitor(core, monitor, tmp_path):  # noqa: F811
    """The same firmware finds the same core under the monitor, except for known differences."""
    name = CORES[core][0]
    image = tmp_path / "image.bin"
    subprocess.run([sys.executable, ROOT / "tools/pack-image", "--monitor",
                    monitor(name.replace("-", "_")), "--firmware",
                    build_firmware(tmp_path, core), "-o", image], check=True)
    text = facts(image, name)
    assert "[cordon" in text
    want = [f"{fact} {DIFFERENT[core].get(fact, value)}"
            for fact, value in (pair.split() for pair in pairs(CORES[core][-1]))]
    assert pairs(text) == sorted(want)


MIB = 1 << 20
VIRTIO = ("crc16", "crc32c_generic", "mbcache", "jbd2", "ext4", "virtio_mmio", "virtio_blk")


@pytest.mark.parametrize("world", ("bare", "monitor"))
def test_p550_virtio(world, monitor, tmp_path):  # noqa: F811
    """The P550's tree has no storage: Linux mounts a filesystem from virtio instead."""
    tree = tmp_path / "tree"
    tree.mkdir()
    image = disk.make_ext4(tmp_path / "data.img", 32 * MIB, tree)
    card = disk.write_gpt(tmp_path / "disk.img", 64 * MIB, ((disk.DATA, "data", 1, 32, image),))
    initrd = disk.initramfs(tmp_path / "initrd", "/dev/vda1", VIRTIO)
    bios = guest("opensbi-1.9/fw_dynamic.bin")
    if world == "monitor":
        bios = pack(monitor("premier_p550"), bios)
    command = [model(), "-M", "premier-p550,virtio=on", "-display", "none", "-monitor", "none",
               "-serial", "stdio", "-no-reboot", "-bios", str(bios),
               "-kernel", str(guest("linux-trixie/Image")), "-initrd", str(initrd),
               "-dtb", str(guest(f"dtb-sid/{TREES['premier-p550']}")),
               "-drive", f"file={card},if=none,format=raw,id=disk",
               "-device", "virtio-blk-device,drive=disk",
               "-append", "console=ttyS0 panic=-1 rdinit=/disk cordon.poweroff"]
    with machine.Console(command, 240, echo=False) as console:
        assert console.expect(r"DISK PASS"), console.text
        assert console.wait() == 0
        assert ("[cordon" in console.text) == (world == "monitor")
    assert disk.check_written(card, 1, tree)


def spl_on_emmc(path, itb):
    """SPL after the partition table, whose first sector points to it (as the boot ROM
    requires)."""
    disk.write_gpt(path, 64 * MIB, (
        (disk.SPL, "spl", 2, 2, guest("u-boot-starfive/u-boot-spl.bin.normal.out")),
        (disk.UBOOT, "uboot", 4, 4, itb)))
    with open(path, "r+b") as card:
        card.seek(4)
        card.write((2 * MIB).to_bytes(4, "little"))
    return path


def jh7110(*more, board="visionfive2"):
    return [model(), "-M", board, "-display", "none", "-monitor", "none", "-serial", "stdio",
            "-no-reboot", *more]


def test_emmc(tmp_path):
    """Use the other storage host, with 8 bits and an eMMC: SPL, FIT, and one sector back
    and forth."""
    card = spl_on_emmc(tmp_path / "emmc.img", guest("u-boot-starfive/u-boot.itb"))
    command = jh7110("-drive", f"file={card},if=sd,index=1,format=raw",
                     board="star64,boot-mode=emmc")
    with machine.Console(command, 120, echo=False) as console:
        assert console.expect(r"Hit any key"), console.text
        text = console.text
        console.send("")
        for line, answer in (
                ("mmc dev 0", r"switch to partitions #0, OK"),
                ("mw.l 60000000 c0ffee11 80 && mmc write 60000000 1f000 1", r"written: OK"),
                ("mmc read 61000000 1f000 1 && cmp.b 60000000 61000000 200",
                 r"Total of 512 byte\(s\) were the same")):
            assert console.expect(r"StarFive # "), console.text
            console.send(line)
            assert console.expect(answer), console.text
    for want in ("Trying to boot from MMC1", "Model: Pine64 Star64",
                 "STAR64V1-2310-D004E016", "OpenSBI|U-Boot 20"):
        assert re.search(want, text), text
    assert card.read_bytes()[0x1f000 * 512:][:512] == bytes.fromhex("11eeffc0") * 128


@pytest.mark.parametrize("damage,reason", (
    (None, "no SPL that the boot ROM takes"),
    (0x400, "no SPL that the boot ROM takes"),
    (0x28a, "no SPL that the boot ROM takes")))
def test_bad_spl(damage, reason, tmp_path):
    """An empty card and a damaged SPL are refused with an error."""
    spl = bytearray(guest("u-boot-starfive/u-boot-spl.bin.normal.out").read_bytes())
    if damage is None:
        card = disk.write_gpt(tmp_path / "sd.img", 16 * MIB, ())
        where = ["-drive", f"file={card},if=sd,format=raw"]
    else:
        spl[damage] ^= 1
        (tmp_path / "spl").write_bytes(spl)
        where = ["-bios", str(tmp_path / "spl")]
    run = subprocess.run(jh7110(*where), capture_output=True, text=True, timeout=60,
                         stdin=subprocess.DEVNULL, check=False)
    assert run.returncode == 1
    assert reason in run.stderr


def test_no_card(tmp_path):
    """Without a card the slot reports that, and a command times out."""
    command = jh7110("-bios", str(guest("u-boot-starfive/u-boot.itb")))
    with machine.Console(command, 120, echo=False) as console:
        assert console.expect(r"Hit any key"), console.text
        console.send("")
        assert console.expect(r"StarFive # "), console.text
        console.send("mmc dev 1")
        assert console.expect(r"StarFive # "), console.text
        assert re.search(r"no card present|did not respond", console.text), console.text
