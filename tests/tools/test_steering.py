# SPDX-License-Identifier: BSD-2-Clause
"""Words in comments and files that steer tests: one that nobody knows is an error."""

import pathlib
import re
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "integration"))
import allowed  # noqa: E402
import guests  # noqa: E402


def cases(tmp_path, comment):
    path = tmp_path / "x.c"
    path.write_text(f"/* A guest. */\n{comment}\n")
    return list(guests.cases_of(path))


@pytest.mark.parametrize("comment", [
    "world=monitr", "world=", "world=native,", "world=native,monitor,offlaod", "smp=two", "smp=0",
    "smp=", "smp=1,,2", "cpus=rv64", "cpu=", "cpu=rv64;", "timeout=soon", "timeout=-1", "compar",
    "compare=yes", "long long", "world=native world=monitor", "mem=128", "mem", "icounts", "=",
    "native", "Compare", "world=native,native", "smp=2,1,2", "cpu=rv64;rv64"])
def test_unknown_words_are_errors(tmp_path, comment):
    with pytest.raises(guests.WrongComment):
        cases(tmp_path, f"/* GUEST: {comment} */")


@pytest.mark.parametrize("comment", [
    "/* GUESTS: smp=2 */", "/* Guest: smp=2 */", "/* GUEST : smp=2 */", "// GUEST: smp=2",
    "/* GUEST: smp=2 */ /* GUEST: smp=4 */", "/* GUEST smp=2 */", "/* GUEST= smp=2 */",
    "/* GUSET: compare */", "/* GEUST: long */", "/* GUST: icount */", "/* smp=2 */",
    "/*\n * Two harts.\n * world=monitor\n */"])
def test_odd_comments_are_errors(tmp_path, comment):
    with pytest.raises(guests.WrongComment):
        cases(tmp_path, comment)


def test_good_comments(tmp_path):
    made = cases(tmp_path, "/*\n * GUEST: smp=1,2 cpu=rv64;rv64,h=off world=native,pmp8\n"
                           " * timeout=9 compare\n */")
    assert len(made) == 5 and made[0].compare and made[0].timeout == 9
    assert [case.world for case in cases(tmp_path, "")] == ["native", "monitor"]


def test_every_guest_has_a_test():
    for path in guests.SOURCES.glob("*.c"):
        assert list(guests.cases_of(path)), path


def test_every_allowed_difference_can_occur():
    """A row for a guest that is gone, or that is not compared, hides a mistake."""
    names = {f"{case.guest}-{case.cpu}" for case in guests.all_cases() if case.compare}
    for which, *_ in allowed.RULES:
        assert any(re.fullmatch(which, name) for name in names), which


@pytest.mark.parametrize("line", ["insn-tset-src := x.c", "insn-test-srcs := x.c",
                                  "nobody-test-cflags := -DX", "insn-test-dep := x"])
def test_unit_tests_have_their_lines(tmp_path, line):
    """Lines of the Makefile for no test, or of an unknown kind."""
    text = (TESTS / "unit/Makefile").read_text().replace(
        "unit := ", f"unit := {TESTS}/unit\nunused := ", 1)
    for extra, status in (("", 0), (line + "\n", 2)):
        (tmp_path / "Makefile").write_text(extra + text)
        run = subprocess.run(["make", "-C", tmp_path, "list", f"O={tmp_path}"], text=True,
                             capture_output=True, check=False)
        assert run.returncode == status, run.stderr
        assert not extra or line.split()[0] in run.stderr
