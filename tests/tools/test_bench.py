# SPDX-License-Identifier: BSD-2-Clause
"""tools/bench: the method is right when it counts the bare machine exactly."""

import csv
import pathlib
import subprocess

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "bench"

# Instructions on the bare machine, with OpenSBI 1.1 of Debian 12.
BARE = {
    "mscratch-read": 1, "pmpaddr0-write": 1, "mtime-load": 1, "s-ecall": 5,
    "spec-version": 245, "ipi-self": 801, "time-read": 335, "timer-off": 318,
    "timer-now": 503, "fence-i-self": 609, "sfence-vma-self": 622,
    "misaligned-load": 1,
}


def test_bare_machine_is_counted_exactly(tmp_path):
    out = tmp_path / "bench.csv"
    subprocess.run([TOOL, "--native-only", "--no-boot", "--csv", out],
                   check=True, timeout=120, stdout=subprocess.DEVNULL)
    with open(out, newline="", encoding="ascii") as stream:
        rows = {row["operation"]: float(row["native"]) for row in csv.DictReader(stream)}
    assert rows == BARE
