# SPDX-License-Identifier: BSD-2-Clause
"""tools/stats and what it reads (tools/guests.d/phases.py): parsing, and sentences for mistakes."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "stats"
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import machine  # noqa: E402
import phases  # noqa: E402


def rows(hart, change=None):
    """Output of counters.c for one hart: counter = 100 * hart + 10 * event + way."""
    values = {(event, way): 100 * hart + 10 * event + way
              for event in range(len(phases.EVENTS)) for way in range(3)}
    values.update(change or {})
    return "".join(f"STAT {hart} {event} {values[event, 0]} {values[event, 1]} "
                   f"{values[event, 2]}\r\n" for event in range(len(phases.EVENTS)))


def console(second=None, end="LINUX DONE\r\n"):
    return ("OpenSBI v1.6\r\n"
            f"UPTIME boot 5.00\r\n{rows(0)}{rows(3)}END boot\r\n"
            "PHASE idle 5.10 15.30\r\n"
            f"UPTIME idle 15.00\r\n{second or rows(0) + rows(3)}END idle\r\n" + end)


def test_events_are_those_of_the_monitor():
    """One name for each enum service_event, in its order."""
    header = (ROOT / "core/include/cordon/service_hart.h").read_text()
    enum = re.search(r"enum service_event \{(.*?)NR_EVENTS", header, re.DOTALL)[1]
    ways = re.search(r"enum service_way \{(.*?)NR_WAYS", header, re.DOTALL)[1]
    assert len(re.findall(r"EVENT_\w+,", enum)) == len(phases.EVENTS)
    assert re.findall(r"EVENT_\w+", enum)[phases.WORLD] == "EVENT_WORLD"
    assert re.findall(r"WAY_\w+", ways)[phases.FORWARDED] == "WAY_FORWARD"


def test_phases_are_those_of_init():
    init = (ROOT / "tests/linux/init").read_text()
    functions = set(re.findall(r"^(\w+)\(\)$", init, re.MULTILINE))
    assert set(phases.PHASES) - functions == {"idle", "reboot"}


def test_parse():
    result = phases.parse(console(rows(0, {(phases.WORLD, 2): 155}) + rows(3)), 4.5)
    assert not result.failures and result.seconds == 4.5
    assert result.phases == {"idle": pytest.approx(10.2)}
    boot, idle = result.snapshots
    assert (boot.name, boot.uptime, sorted(boot.counts)) == ("boot", 5.0, [0, 3])
    assert boot.counts[3][2] == [320, 321, 322]
    assert boot.total(2, 1) == 21 + 321
    # 155 instead of 152, in ten seconds
    assert phases.switches_per_second(boot, idle) == pytest.approx(0.3)
    assert phases.switches_per_second(boot, boot) == 0
    first, second = phases.differences(result.snapshots)
    assert first[:2] == ("boot", 5.0) and first[2][2] == [340, 342, 344]
    assert second[:2] == ("idle", 10.0) and second[2][phases.WORLD] == [0, 0, 3]
    assert not any(any(ways) for ways in second[2][:phases.WORLD])


@pytest.mark.parametrize("second, end, says", [
    (rows(0)[:-4], "LINUX DONE\r\n", "counters that do not end"),
    (rows(0).rsplit("STAT", 1)[0], "LINUX DONE\r\n", "counters are missing"),
    (rows(0).replace("STAT 0 4", "STAT 0 5", 1), "LINUX DONE\r\n", "garbled counters of hart 0"),
    (rows(0).replace(" 42\r\n", "\r\n"), "LINUX DONE\r\n", "garbled counters of hart 0"),
    (None, "", "did not come to its end"),
    (None, "FAILED pipes\r\nLINUX DONE\r\n", "FAILED pipes"),
], ids=range(6))
def test_parse_finds_what_is_wrong(second, end, says):
    result = phases.parse(console(second, end))
    assert any(says in failure for failure in result.failures), result.failures


def test_parse_without_counters():
    result = phases.parse("UPTIME boot 5.00\nSTAT none\nEND boot\nLINUX DONE\n")
    assert not result.failures and not result.snapshots[0].counts


def fails(*args, **env):
    done = subprocess.run([TOOL, *map(str, args)], capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, **env})
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


@pytest.fixture(name="offering")
def offering_fixture(tmp_path, build):
    """A fake build with stats.config."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    out = tmp_path / "offering"
    out.mkdir()
    shutil.copy(build / "cordon.bin", out)
    (out / ".config").write_text("CONFIG_OFFLOAD_USER_STATS=y\n")
    return out


def test_mistakes_have_a_sentence(build, offering):
    assert "holds no cordon.bin" in fails("--build", "absent")
    assert "built without CONFIG_OFFLOAD_USER_STATS" in fails("--build", build)
    assert "no phase 'sleep'; there are: idle," in fails("--build", offering,
                                                         "--phases", "idle,sleep")
    assert "phase reboot is for the tests" in fails("--build", offering, "--phases", "reboot")
    assert "--harts is a number" in fails("--build", offering, "--harts", "0")
    assert "no guest 'opensbi-0.1'" in fails("--build", offering, "--firmware", "opensbi-0.1")


def test_matplotlib_is_missing(offering, tmp_path):
    """Said before the machine starts, and how to get it."""
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')\n")
    said = fails("--build", offering, "--png", tmp_path / "x.png", PYTHONPATH=str(tmp_path))
    assert "needs matplotlib" in said and "tools/setup --for stats" in said
    setup = subprocess.run([ROOT / "tools/setup", "--dry-run", "--for", "stats"], check=False,
                           capture_output=True, text=True)
    assert setup.returncode == 0 or "python3-matplotlib" in setup.stdout


def test_monitor_without_the_option(offering):
    """The guest's program meets an illegal instruction: said, and no crash of the guest."""
    said = fails("--build", offering, "--phases", "idle", "--harts", 2)
    assert "the guest sees no counters" in said


def test_counters_on_the_bare_machine(tmp_path):
    """counters.c copes, and the kernel has nothing to complain about."""
    cmd = phases.command(None, phases.initrd(tmp_path), ["timers"], harts=1, cpu="rv64",
                         firmware=machine.DEFAULT_FIRMWARE, counters=True)
    result = phases.run(cmd, 240)
    assert not result.failures and "timers" in result.phases
    assert "STAT none" in result.text and not result.snapshots[-1].counts
