# SPDX-License-Identifier: BSD-2-Clause
"""Every firmware in tests/guest, on bare QEMU and under the monitor."""

import re

import pytest

import allowed
import guests

CASES = guests.all_cases()


@pytest.fixture(scope="session")
def runner(request, build):
    run = guests.Runner(build)
    for item in request.session.items:
        # Other modules run these cases under other monitors.
        name = getattr(getattr(item, "module", None), "__name__", None)
        if name == __name__ and not item.get_closest_marker("skip"):
            run.submit(item.callspec.params["case"])
    yield run
    run.close()


def params():
    for case in CASES:
        marks = [pytest.mark.long] if case.long else []
        yield pytest.param(case, id=case.id(), marks=marks)


@pytest.mark.parametrize("case", params())
def test_guest(case, runner):
    try:
        check_run(case, runner)
    except guests.Missing as missing:
        pytest.skip(str(missing))


def check_run(case, runner):
    """The guest succeeds, and prints the same as on the bare machine if it says so."""
    result = runner.result(case)
    check(case, result)
    if case.compare and case.world != "native":
        native = runner.result(case.as_native())
        compare(case, native.lines("= "), result.lines("= "))


def check(case, result):
    """The guest reports success, and nothing else failed."""
    said = result.lines("RESULT ")
    problems = []
    if result.timeout:
        problems.append("timeout")
    if result.status:
        problems.append(f"QEMU exit status {result.status}")
    if not said:
        problems.append("the guest did not finish")
    elif said[0].startswith("FAIL"):
        problems.append(said[0])
    if re.search(r"\bpanic\b", result.console, re.I):
        problems.append("the monitor panicked")
    where = result.lines("# monitor ")
    if said and bool(where and where[0] != "none") != (case.world != "native"):
        problems.append("ran in the wrong world: monitor " + str(where))
    if problems:
        pytest.fail(f"{', '.join(problems)}\n{result.tail()}", pytrace=False)
    if said[0].startswith("SKIP"):
        pytest.skip(said[0])


def compare(case, native, monitor):
    """Both worlds print the same, except for allowed differences."""
    name = f"{case.guest}-{case.cpu}"
    native = allowed.normalise(name, native)
    monitor = allowed.normalise(name, monitor)
    wrong = [f"native  {a}\nmonitor {b}"
             for a, b in zip(native, monitor) if a != b]
    if len(native) != len(monitor):
        wrong.append(f"{len(native)} lines native, {len(monitor)} monitor")
    if wrong:
        pytest.fail("\n".join(wrong[:40]) + "\nA permitted difference has a row in allowed.py and "
                    "in Documentation/equivalence.md.", pytrace=False)
