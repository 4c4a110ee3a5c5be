# SPDX-License-Identifier: BSD-2-Clause
"""Console logs of firmware and kernel, compared line by line, and what may differ in them.

Each line has to be there as often in one log as in the other; their order is left out,
since harts report in any. Documentation/equivalence.md has a row for each of ROWS, which a
test checks.
"""

import collections
import dataclasses
import re

NUMBER = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,16}\b|\d+(\.\d+)?")
STAMP = re.compile(r"\[ *\d+\.\d{6}\] ?(.*)")


@dataclasses.dataclass
class Row:
    """Lines of one log that may differ."""
    log: str        # firmware or kernel
    name: str       # name in the documentation
    pattern: str    # pattern of such a line
    reason: str
    # Treatment of a line: None drops it, NUMBER removes its numbers, other expressions
    # are cut out.
    change: object = None


MEMORY = "the monitor's memory"
TRIGGERS = "debug triggers are hidden"
CHANCE = "varies on the bare machine too"
MEASURED = "measured times"

ROWS = (
    Row("firmware", "SBI Extensions", r"^\w+ SBI Extensions ", TRIGGERS,
        re.compile(r",?\bdbtr\b")),
    Row("firmware", "Boot HART ISA Extensions", r"^Boot HART ISA Extensions ", TRIGGERS,
        re.compile(r",?\bsdtrig\b|\bnone$")),
    Row("firmware", "Boot HART Debug Triggers", r"^Boot HART Debug Triggers ", TRIGGERS, NUMBER),
    Row("firmware", "Firmware Heap Size", r"^Firmware Heap Size ", TRIGGERS, NUMBER),
    Row("firmware", "Firmware Scratch Size", r"^Firmware Scratch Size ", TRIGGERS, NUMBER),
    Row("firmware", "Domain0 Boot HART", r"^Domain0 Boot HART ", CHANCE, NUMBER),
    Row("firmware", "Boot HART ID", r"^Boot HART ID ", CHANCE, NUMBER),
    Row("kernel", "OF: reserved mem: cordon", r"^OF: reserved mem: .* cordon@", MEMORY),
    Row("kernel", "pages in unavailable ranges", r"pages in unavailable ranges$", MEMORY),
    Row("kernel", "Faking a node", r"^NUMA: Faking a node at ", MEMORY, NUMBER),
    Row("kernel", "NODE_DATA", r"^NODE_DATA", MEMORY, NUMBER),
    Row("kernel", "[mem", r"^ +(DMA32|Normal|node +\d+:) +\[mem ", MEMORY, NUMBER),
    Row("kernel", "Initmem setup node", r"^Initmem setup node ", MEMORY, NUMBER),
    Row("kernel", "Total pages", r"Total pages: \d+$", MEMORY, NUMBER),
    Row("kernel", "Memory:", r"^Memory: \d", MEMORY, NUMBER),
    Row("kernel", "cma: Reserved", r"^cma: Reserved ", MEMORY, NUMBER),
    Row("kernel", "software IO TLB: mapped", r"^software IO TLB: mapped ", MEMORY, NUMBER),
    Row("kernel", "Booting Linux on hartid", r"^Booting Linux on hartid ", CHANCE, NUMBER),
    Row("kernel", "registers of a warning", r"^ ?(epc|ra|gp|[ast]\d+ ?|status) ?: [0-9a-f]{16}",
        CHANCE, re.compile(r"\b[0-9a-f]{16}\b")),
    Row("kernel", "CPU of a warning", r"^(WARNING: .* CPU#\d+: |CPU: \d+ UID: )", CHANCE,
        re.compile(r"CPU(#|: )\d+")),
    Row("kernel", "random: crng", r"^random: crng init done", CHANCE),
    Row("kernel", "hogged CPU", r"^workqueue: .* hogged CPU", MEASURED),
    Row("kernel", "deferred pages initialised", r"deferred pages initialised in ", MEASURED,
        NUMBER),
    Row("kernel", "audit:", r"^audit: type=2000 ", MEASURED, NUMBER),
    Row("kernel", "hrtimer: interrupt took", r"^hrtimer: interrupt took ", MEASURED),
    Row("kernel", "unaligned access", r"^cpu\d+: .*(unaligned access|byte access)", MEASURED),
    Row("kernel", "setting system clock", r"setting system clock to ", MEASURED, NUMBER),
    Row("kernel", "sched_clock: Marking", r"^sched_clock: Marking stable ", MEASURED, NUMBER),
    Row("kernel", "raid6", r"^raid6: ", MEASURED),
)


def clean(text):
    return text.replace("\r", "").splitlines()


def firmware(text):
    """Return a console's lines before the kernel (loader and firmware), without the monitor's."""
    found = []
    for line in clean(text):
        if STAMP.match(line) or line.startswith("Hit any key"):
            break
        if line and not re.match(r"\[cordon \d+\] ", line):
            found.append(line)
    return found


def kernel(text):
    """Return the kernel's lines of a console or of dmesg, up to user space."""
    found = []
    for line in clean(text):
        match = STAMP.search(line)
        if match:
            found.append(match[1])
            if match[1].startswith("Run /init as init process"):
                break
    return found


def normalised(log, lines):
    """Count each line, without the parts that may differ."""
    kept = collections.Counter()
    for line in lines:
        line = line.rstrip()
        row = next((r for r in ROWS if r.log == log and re.search(r.pattern, line)), None)
        if row and not row.change:
            continue
        if row:
            line = row.change.sub("", line).rstrip()
        kept[line] += 1
    return kept


def differences(log, bare, under):
    """Return the lines that only one of the logs has, as text; empty if they match."""
    bare, under = normalised(log, bare), normalised(log, under)
    return ([f"{log}, bare:    {line}" for line in (bare - under).elements()] +
            [f"{log}, monitor: {line}" for line in (under - bare).elements()])
