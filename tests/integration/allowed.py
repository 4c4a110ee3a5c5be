# SPDX-License-Identifier: BSD-2-Clause
"""Differences between bare hardware and the monitor that are documented.

Each row: the guest and CPU (a pattern), a pattern of a "= " line, the bits of
the number at its end that are not compared (None: the line is not), and why.
Documentation/equivalence.md lists them.
"""

import re

READ = r".* read \w+$"
UXL = 3 << 32
MPP = 3 << 11
GVA_MPV = 3 << 38

RULES = [
    (r"csr-.*", r"^(0x300 mstatus|0x100 sstatus|0x200 vsstatus)" + READ,
     UXL, "QEMU lets UXL be 1 or 3; the monitor has 64 bits only"),
    (r"csr-.*", r"^(0x300 mstatus write (?:5|fedc))" + READ, MPP,
     "QEMU keeps MPP = 2, which is reserved"),
    (r"csr-.*(h=off|u54).*", r"^(0x300 mstatus)" + READ, GVA_MPV,
     "QEMU has MPV and GVA without the hypervisor extension"),
    (r"csr-.*", r"^(0x341 mepc)" + READ, 1,
     "QEMU keeps bit 0 of mepc, which is always 0"),
    (r"csr-.*", r"^(0x204 vsie)" + READ, None,
     "QEMU writes other bits of vsie than those of the value"),
    (r"csr-.*", r"^0x7[ab]\w ", None, "debug triggers are hidden"),
    (r"csr-unknown.*", r"^mode 3 CSRs 0x780-", None,
     "debug triggers are hidden"),
    (r"csr-.*", r"^(0x3a\w pmpcfg)", None,
     "QEMU keeps reserved bits and W without R: see pmp-warl"),
    (r"csr-.*", r"^(0x3[b-e]\w pmpaddr)" + READ, 0x3ff << 54,
     "QEMU has 64 bits of pmpaddr, the specification 54"),
    (r"trap-illegal.*", r"^mode 0 (hlv|hsv).w illegal", None,
     "QEMU leaves a stale word in mtval"),
    (r"pmp-warl.*", r"^pmpaddr bit (5[4-9]|6)", None,
     "QEMU has 64 bits of pmpaddr, the specification 54"),
    (r"pmp-warl.*", r"^pmpcfg byte (2|4|6|3[0-9a-f]|5|7|.[26ae])", None,
     "QEMU keeps reserved bits 5 and 6, and W without R"),
]


def normalise(guest, lines):
    """Return the lines without the parts that may differ."""
    out = []
    for line in lines:
        for which, pattern, to, _why in RULES:
            if not re.fullmatch(which, guest) or not re.search(pattern, line):
                continue
            if to is None:
                line = None
                break
            head, number = line.rsplit(" ", 1)
            line = f"{head} {int(number, 16) & ~to:x}"
        if line is not None:
            out.append(line)
    return out
