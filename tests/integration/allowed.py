# SPDX-License-Identifier: BSD-2-Clause
"""Differences between bare hardware and the monitor that are documented.

Each row: the guest (a pattern), a pattern of a "= " line, what the line
becomes before both worlds are compared (None: it is left out), and why.
"""

import re

RULES = [
]


def normalise(guest, lines):
    """The lines with everything removed that may differ."""
    out = []
    for line in lines:
        for which, pattern, to, _why in RULES:
            if not re.fullmatch(which, guest) or not re.search(pattern, line):
                continue
            line = None if to is None else re.sub(pattern, to, line)
            if line is None:
                break
        if line is not None:
            out.append(line)
    return out
