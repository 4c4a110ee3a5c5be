# SPDX-License-Identifier: BSD-2-Clause
"""Names of records, registers, instructions and calls, read from the sources' own tables."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class TableError(Exception):
    """A table in the sources has an unexpected format."""


def rows(path, macro):
    """Return the arguments of each line MACRO(...) of a .def file, as lists of words."""
    text = COMMENT.sub("", (ROOT / path).read_text(encoding="utf-8"))
    found = [[word.strip() for word in match[1].split(",")]
             for match in re.finditer(rf"^{macro}\((.*)\)\s*$", text, re.MULTILINE)]
    if not found:
        raise TableError(f"{path} has no line {macro}(...)")
    return found


def number(text):
    return int(text.rstrip("ulUL"), 0)


def kinds():
    """Return record kind number -> name, names of three words, of code and aux."""
    return {number(row[0]): (row[1], row[2:5], row[5], row[6])
            for row in rows("policies/trace/kind.def", "TRACE_KIND")}


def csr_names():
    """Return register number -> name."""
    names = {}
    for macro in ("CSR_VIRT", "CSR_FUNC", "CSR_RMW", "CSR_READONLY", "CSR_PART"):
        names.update((number(row[1]), row[0]) for row in rows(
            "arch/riscv/include/arch/csr.def", macro))
    for macro in ("CSR_ALIAS", "CSR_HW"):
        for name, first, count, *_ in rows("arch/riscv/include/arch/csr.def", macro):
            several = number(count) > 1
            # hpm rows start at counter 3; other ranges start at 0.
            start = number(first) & 31 if "hpm" in name else 0
            for index in range(number(count)):
                names[number(first) + index] = name + (str(start + index) if several else "")
    return names


def instructions():
    """Return (mask, match, name) of each row, in matching order."""
    return [(number(row[1]), number(row[2]), row[0].replace("_", "."))
            for row in rows("arch/riscv/include/arch/insn.def", "INSN")]


def sbi_calls():
    """Return extension number -> (name, {function: (name, arguments)}, legacy)."""
    path = "core/include/cordon/sbi.def"
    found = {row[0]: (number(row[1]), {}) for row in rows(path, "SBI_EXT")}
    for ext, fid, name, nargs, *_ in rows(path, "SBI_CALL"):
        found[ext][1][number(fid)] = (name, number(nargs))
    return {eid: (name, calls, name.startswith("LEGACY_"))
            for name, (eid, calls) in found.items()}


def constants(path, pattern):
    """Return name -> value of lines "#define <name> <number>" whose name matches."""
    text = COMMENT.sub("", (ROOT / path).read_text(encoding="utf-8"))
    return {match[1]: number(match[2]) for match in re.finditer(
        rf"^#define[ \t]+({pattern})[ \t]+\(?(-?\w+)\)?[ \t]*$", text, re.MULTILINE)}


def causes():
    """Return (is interrupt, number) -> name."""
    path = "arch/riscv/include/arch/csr_bits.h"
    names = {(False, value): name[6:].lower().replace("_", " ")
             for name, value in constants(path, r"CAUSE_\w+").items() if value < 64}
    names.update(((True, value), name[4:])
                 for name, value in constants(path, r"IRQ_\w+").items())
    return names


def requests():
    """Return number of a request between harts -> name."""
    return {value: name[7:] for name, value in constants(
        "core/include/cordon/ipi.h", r"IPI_NR_\w+").items()}


def sbi_errors():
    """Return value of a0 -> name."""
    return {value: name[4:] for name, value in constants(
        "core/include/cordon/sbi.h", r"SBI_(?:SUCCESS|ERR_\w+)").items()}
