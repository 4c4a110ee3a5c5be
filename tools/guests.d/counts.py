# SPDX-License-Identifier: BSD-2-Clause
"""Count CSR writes, fences, loads, stores and lines of the benchmark's operations.

tests/bench/count.c counts them, a plugin for QEMU 7.2 to 8.2."""

import os
import re
import subprocess
import sys

import store

sys.path.insert(0, str(store.ROOT / "tools"))
from tracelib import tables  # noqa: E402

SOURCE = store.ROOT / "tests" / "bench" / "count.c"
# Kinds of CSR writes, and names of csr.def; all other registers are "other".
KINDS = (("pmpcfg", r"pmpcfg\d+"), ("pmpaddr", r"pmpaddr\d+"), ("satp", "satp"),
         ("mstatus", "mstatus"), ("delegation", "m[ei]deleg"), ("mie", "mie"))
COLUMNS = ("csr-writes", *(kind for kind, _pattern in KINDS), "other", "fences", "loads",
           "stores", "code-lines", "data-lines")


class CountError(Exception):
    """QEMU or the plugin cannot count."""


def is_supported(version):
    """Say whether this QEMU takes the plugin, by the line that --version prints."""
    match = re.search(r"version (\d+)\.", version)
    return bool(match) and 7 <= int(match[1]) <= 8


def build(out):
    """Build the plugin into a folder."""
    plugin = out / "count.so"
    try:
        subprocess.run([os.environ.get("HOSTCC") or "gcc", "-O2", "-Wall", "-Wextra", "-Werror",
                        "-shared", "-fPIC", "-o", plugin, SOURCE], check=True)
    except (OSError, subprocess.CalledProcessError) as err:
        raise CountError(f"cannot build {SOURCE.relative_to(store.ROOT)}: {err}") from err
    return plugin


def kind_of(csr, names):
    name = names.get(csr, "")
    return next((kind for kind, pattern in KINDS if re.fullmatch(pattern, name)), "other")


def read_loop(line, names):
    """Return the counts of one loop, by column, from a line of the plugin."""
    words = line.split()
    raw = dict(zip(words[::2], map(int, words[1::2])))
    counts = dict.fromkeys(COLUMNS, 0)
    for word, count in raw.items():
        if word.startswith("csr-"):
            counts["csr-writes"] += count
            counts[kind_of(int(word[4:]), names)] += count
        elif word in counts:
            counts[word] = count
    return counts


def difference(loop, empty, times):
    """Return what one operation does. Lines are those that the loop touches beyond the empty
    one, however often."""
    return {column: loop[column] - empty[column] if column.endswith("lines")
            else (loop[column] - empty[column]) / times for column in COLUMNS}


def of_operations(text, benches):
    """Return operation -> counts.

    @text: what the plugin wrote: for each operation the rounds before, the loop, the empty loop.
    @benches: (operation, instructions of the loop, of the empty loop, times) in that order.
    """
    lines, names = text.splitlines(), tables.csr_names()
    looped = [bench for bench in benches if bench[2]]
    if len(lines) != 3 * len(looped):
        raise CountError(f"{len(lines)} loops were counted for {len(looped)} operations")
    loops = [read_loop(line, names) for line in lines]
    return {key: difference(loops[3 * n + 1], loops[3 * n + 2], times)
            for n, (key, _loop, _empty, times) in enumerate(looped)}
