# SPDX-License-Identifier: BSD-2-Clause
"""The board models: cores that are what they say, and storage."""

import re
import subprocess
import sys

import pytest
from test_boards import ROOT, guest, machine, model, monitor  # noqa: F401

TREES = {"visionfive2": "jh7110-starfive-visionfive-2-v1.3b.dtb",
         "premier-p550": "eic7700-hifive-premier-p550.dtb"}

# Misaligned accesses trap, in each mode: load 4, store 6; CSRs that are not there: 2.
# Hardware sets neither A nor D: 13, 15.
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

# Machine, hart that looks, hart that is stopped, base, UART, register of stopped harts, facts.
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
    """What a bare firmware finds out about the core."""
    text = facts(build_firmware(tmp_path, core), CORES[core][0])
    assert pairs(text) == pairs(CORES[core][-1])


# What differs under the monitor. NA4 cannot be chosen: cores make NAPOT of it, the monitor OFF.
# The JH7110's board description lets firmware read 0x7c1 only, and does not know CEASE.
DIFFERENT = {
    "s7": {"pmp-na4": "0", "7c1-clear": "1", "after": "63"},
    "u74": {"pmp-na4": "0", "7c1-clear": "1", "after": "63"},
    "p550": {"pmp-na4": "0"},
}


@pytest.mark.parametrize("core", CORES)
def test_core_under_monitor(core, monitor, tmp_path):  # noqa: F811
    """The same firmware finds the same core, but for what is known."""
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
