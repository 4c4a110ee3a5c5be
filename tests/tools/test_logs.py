# SPDX-License-Identifier: BSD-2-Clause
"""The comparison of logs: what it must see, and that what it lets pass is documented."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "integration"))
import logs  # noqa: E402

CONSOLE = """\

U-Boot SPL 2025.01
{cordon}
OpenSBI v1.6
Firmware Heap Size          : 49 KB (total), {used} KB (used)
Standard SBI Extensions     : time,rfnc{dbtr}
Boot HART ISA Extensions    : {isa}
Boot HART PMP Count         : {pmp}
[    0.000000] Linux version 6.12
[    0.000000] NUMA: Faking a node at [mem 0x0000000080000000-0x00000000{end}]
{reserved}
[    {stamp}] Console: colour dummy device 80x25
[    0.9{stamp2}0] Run /init as init process
noise [    1.000000] usb: {end}
"""
BARE = CONSOLE.format(cordon="", used=13, dbtr=",dbtr", isa="zihpm,sdtrig", pmp=16,
                      end="bfffffff", reserved="", stamp="0.100000", stamp2="0000")
UNDER = CONSOLE.format(cordon="[cordon 0] Cordon 0.1.0 on QEMU virt", used=11, dbtr="",
                       isa="zihpm", pmp=16, end="bffe0fff", stamp="0.300000", stamp2="1234",
                       reserved="[    0.000000] OF: reserved mem: 0xbffe1000..0xbfffffff "
                                "(124 KiB) nomap non-reusable cordon@bffe1000")


def compared(bare, under):
    return (logs.differences("firmware", logs.firmware(bare), logs.firmware(under)) +
            logs.differences("kernel", logs.kernel(bare), logs.kernel(under)))


def test_documented_differences_pass():
    assert not compared(BARE, UNDER)
    assert not compared(UNDER, BARE)


def test_undocumented_differences_fail():
    for old, new in (("PMP Count         : 16", "PMP Count         : 8"),
                     ("time,rfnc", "time"),
                     ("colour dummy", "color dummy"),
                     ("Console: colour", "Console:  colour"),
                     ("U-Boot SPL 2025.01\n", ""),
                     ("Faking a node", "Faking two nodes"),
                     ("[    0.000000] Linux version 6.12\n",
                      "[    0.000000] Linux version 6.12\n[    0.0] x\n[    0.000000] new\n")):
        changed = UNDER.replace(old, new)
        assert changed != UNDER
        assert compared(BARE, changed), old


def test_number_of_equal_lines_matters():
    """A line that comes twice is not one that comes once."""
    line = "[    0.500000] Console: colour dummy device 80x25\n"
    assert compared(BARE, UNDER.replace("[    0.9", line + "[    0.9"))


def test_every_row_is_documented():
    text = (ROOT / "Documentation/equivalence.md").read_text()
    text = text[text.index("## What a boot log shows"):].split("\n## ")[0]
    table = {}
    for line in re.findall(r"^\| (.*) \|$", text, re.M)[2:]:
        reason, log, names = line.split(" | ")
        for name in re.findall(r"`([^`]+)`", names):
            table[log, name] = reason
    assert table == {(row.log, row.name): row.reason for row in logs.ROWS}
