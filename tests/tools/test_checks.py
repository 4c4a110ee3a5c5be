# SPDX-License-Identifier: BSD-2-Clause
"""The checks of make lint see what they look for: each is red on an injected case."""

import pathlib
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]


def check(tmp_path, name, files):
    """The output of a check on a tree of these files, "" where it is green."""
    shutil.copytree(TOP / "tools" / "checks", tmp_path / "tools" / "checks")
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    run = subprocess.run([tmp_path / "tools" / "checks" / name], text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert (run.returncode != 0) == bool(run.stdout), run.stdout
    return run.stdout


POLICIES = {
    "policies/quick/policy.def": "POLICY(50, CONFIG_POLICY_QUICK, quick)\n",
    "policies/quick/Kconfig": "config POLICY_QUICK\n\tbool\n\nconfig QUICK_TIME\n\tbool\n",
    "policies/counter/policy.def": "POLICY(10, CONFIG_POLICY_COUNTER, counter)\n",
    "policies/counter/Kconfig": "config POLICY_COUNTER\n\tbool\n",
}


@pytest.mark.parametrize("line, red", [
    ("#ifdef CONFIG_QUICK_TIME", True), ("if (IS_ENABLED(CONFIG_POLICY_COUNTER))", True),
    ("/* as quick.c does */", True), ("quick_init();", True), ("&policy_counter", True),
    ('#include "policies/counter/counter.h"', True), ("/* the counter policy */", True),
    ("/* a counter, quickly */", True), ("/* a counter */", False), ("CONFIG_SERVICE", False)])
@pytest.mark.parametrize("path", ["core/hart/ipi.c", "arch/riscv/vector.S"])
def test_policy_names(tmp_path, path, line, red):
    found = check(tmp_path, "48-policy-names.sh", POLICIES | {path: f"// x\n{line}\n"})
    assert found.startswith(f"{path}:2:") if red else not found


@pytest.mark.parametrize("line, red", [
    ("#define CAUSE_ECALL_S\t9", True), ("#define MIP_M\t\t0x888", True),
    ("#define MSTATUS_MPV_BIT 39", True), ("\tcsrr\tt0, 0x342", True),
    ("1:\tcsrrw\ttp, 0x340, tp", True), ("\tcsrr\tt0, mcause", False),
    ("\tli\tt0, CAUSE_ECALL_S", False), ("#define OPCODE_LOAD\t0x03", True),
    ("\t.word\t0x18000073", True), ("1:\t.insn\ti 0x13, 5, a0, a0, 0x601", True),
    ("\t.word\tINSN_mret", False), ("\t.word\tOPCODE_OP | FIELD_FUNCT7(0x20)", False),
    ("#define ROWS\t0x50", False)])
@pytest.mark.parametrize("path", ["arch/riscv/switch.S", "policies/quick/fast.S"])
def test_constants_in_assembly(tmp_path, path, line, red):
    found = check(tmp_path, "44-one-csr-list.sh", {path: f"/* x */\n{line}\n"})
    assert found.startswith(f"{path}:2:") if red else not found


CALLER = {
    "core/hart/a.c": "void a(void)\n{\n\tb();\n}\n",
    "core/include/cordon/b.h": "extern int total;\nstatic inline void b(void)\n{\n\tc();\n}\n",
    "core/hart/c.c": "int total;\n\nvoid c(void)\n{\n\td();\n}\n",
}


@pytest.mark.parametrize("body, red", [
    ("a();", True), ("total++;", False), ("h->a(h);", False), ("/* not a(); */", False)])
def test_circles(tmp_path, body, red):
    """Through an inline function; a circle of two (c and d) is no finding."""
    found = check(tmp_path, "49-circles.sh", CALLER | {
        "core/hart/d.c": f"void d(void)\n{{\n\t{body}\n}}\n"})
    assert found.startswith("core/hart/a.c:1: in a circle of 3 files") if red else not found


FUNCTION = "int quick_go(int n)\n{\n\treturn n;\n}\n"


OWN_HEADERS = {
    "core/hart/a.c": "core/include/cordon/a.h",
    "core/crypto/b.c": "core/include/cordon/crypto.h",
    "arch/riscv/a.c": "arch/riscv/include/arch/a.h",
    "policies/quick/a.c": "policies/quick/a.h",
    "drivers/reset/a.c": "drivers/include/drivers/reset.h",
}


@pytest.mark.parametrize("source, declared, red", [
    (FUNCTION, "int quick_go(int n);", False), (FUNCTION, "int quick_start(int n);", True),
    ("static " + FUNCTION, "", False)])
def test_own_header(tmp_path, source, declared, red):
    found = check(tmp_path, "47-own-header.sh", POLICIES | dict.fromkeys(
        OWN_HEADERS.values(), f"/* x */\n{declared}\n") | dict.fromkeys(
        OWN_HEADERS, "// x\n" + source))
    assert sorted(found.splitlines()) == sorted(
        f"{path}:2: quick_go() is not in {header}"
        for path, header in OWN_HEADERS.items() if red)


@pytest.mark.parametrize("row, red", [
    ("CALL(CONFIG_QUICK_TIME, 9, 0, 0, 0, quick_go)\n", False), ("", True)])
def test_a_row_of_policy_def_declares_its_function(tmp_path, row, red):
    policy = "policies/quick/policy.def"
    found = check(tmp_path, "47-own-header.sh", POLICIES | {
        policy: POLICIES[policy] + row, "policies/quick/quick.c": FUNCTION})
    assert bool(found) == red, found
