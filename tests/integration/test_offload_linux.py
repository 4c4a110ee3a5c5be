# SPDX-License-Identifier: BSD-2-Clause
"""Linux under load with the offload policy: world switches, CPU hotplug, reboot."""

import importlib.util
import json
import pathlib
import subprocess
import sys

import pytest

import building

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import phases  # noqa: E402
import store  # noqa: E402

HARTS = 4
OLD = "rv64,sstc=off,h=off"         # the timer traps, as on current boards
NEW = "rv64"                        # stimecmp, hypervisor extension
TIMEOUT = 420
MACHINES = [("opensbi-1.6", OLD),
            *(pytest.param(*machine, marks=pytest.mark.long) for machine in (
                ("opensbi-1.1", NEW), ("opensbi-1.5.1", OLD), ("opensbi-1.6", NEW),
                ("opensbi-1.6", "sifive-u54"), ("opensbi-1.9", NEW), ("opensbi-1.9", OLD)))]


@pytest.fixture(scope="module", name="monitor")
def monitor_fixture(build):
    """Build a monitor with the policy and statistics that the guest can read."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    return building.monitor(build / "tests" / "offload-stats", "qemu_virt_defconfig",
                            "stats.config")


def command(monitor, folder, names, firmware, cpu):
    try:
        return phases.command(monitor, phases.initrd(folder), names, firmware=firmware,
                              harts=HARTS, cpu=cpu, counters=True, name="test-" + "-".join(names))
    except store.GuestError as err:
        pytest.skip(str(err))


def total(counts, event, *ways):
    """Sum over all harts: counts is {hart: [event][way]}."""
    return sum(rows[phases.EVENTS.index(event)][phases.WAYS.index(way)]
               for rows in counts.values() for way in ways)


@pytest.mark.parametrize("firmware, cpu", MACHINES)
def test_world_switches(monitor, tmp_path, firmware, cpu):
    """After boot fewer than one world switch per second, idle and at work, as tools/stats
    reports."""
    names = ["idle", "timers", "pipes", "forks", "groups", "threads"]
    plot = ["--png", tmp_path / "plot.png"] if importlib.util.find_spec("matplotlib") else []
    done = subprocess.run(
        [ROOT / "tools/stats", "--build", monitor, "--harts", str(HARTS), "--firmware", firmware,
         "--cpu", cpu, "--phases", ",".join(names), "--json", tmp_path / "counts", "--per-hart",
         "--timeout", str(TIMEOUT), *plot],
        capture_output=True, text=True, timeout=TIMEOUT + 60, check=False)
    assert done.returncode == 0, done.stderr
    shots = json.loads((tmp_path / "counts").read_text())["snapshots"]
    assert [shot["name"] for shot in shots] == ["boot", *names]
    for before, after in zip(shots, shots[1:]):
        old, new = before["harts"], after["harts"]
        assert len(new) == HARTS
        switches = total(new, "world switch", "forwarded") - total(old, "world switch",
                                                                   "forwarded")
        assert switches < after["uptime"] - before["uptime"], after["name"]
    first, last = shots[0]["harts"], shots[-1]["harts"]
    # The policy did the work, and the boot needed the firmware.
    assert total(first, "world switch", "forwarded") > 50
    assert total(last, "IPI", "C") - total(first, "IPI", "C") > 100
    assert total(last, "sfence", "C") - total(first, "sfence", "C") > 10
    if cpu == OLD:
        assert total(last, "set_timer", "assembly") - total(first, "set_timer",
                                                            "assembly") > 1000
    assert f"hart {HARTS - 1}, groups" in done.stdout
    assert "world switches a second after boot: 0." in done.stdout
    if plot:
        assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("firmware, cpu", MACHINES)
def test_hotplug_and_reboot(monitor, tmp_path, firmware, cpu):
    """Take all harts but one offline and online again, twice, under load; then reboot."""
    names = ["hotplug", "reboot"]
    result = phases.run(command(monitor, tmp_path, names, firmware, cpu), TIMEOUT)
    assert not result.failures, result.text[-2000:]
    boot, hotplug, again = result.snapshots
    assert (boot.name, hotplug.name, again.name) == ("boot", "hotplug", "boot")
    assert result.text.count("Cordon 0.") == 2
    # hart_stop of three harts, twice; hart_start by the first one.
    call = phases.EVENTS.index("other call")
    for hart in range(1, HARTS):
        change = hotplug.counts[hart][call][2] - boot.counts[hart][call][2]
        assert change >= 2 or hart_of_cpu0(result.text) == hart
    # The second boot starts counting at zero, and is served like the first.
    assert 0 < total(again.counts, "IPI", "C") < total(hotplug.counts, "IPI", "C")
    assert again.counts.keys() == boot.counts.keys() and len(again.counts) == HARTS


def hart_of_cpu0(text):
    """Return the hart that Linux started on; it cannot go offline."""
    return int(text.split("Boot HART ID")[1].split(":")[1].split()[0])


@pytest.mark.parametrize("firmware, cpu", MACHINES)
def test_suspend(monitor, tmp_path, firmware, cpu):
    """Idle by HSM suspend only, retentive and not; timers, IPIs and fences wake the hart."""
    plain = command(monitor, tmp_path, ["suspend"], firmware, cpu)
    result = phases.run(phases.with_idle_states(plain, tmp_path), TIMEOUT)
    assert not result.failures, result.text[-2000:]
    boot, suspend = result.snapshots
    calls = total(suspend.counts, "other call", "forwarded") - total(boot.counts, "other call",
                                                                     "forwarded")
    assert calls > 2 * 50 * HARTS
    assert total(suspend.counts, "IPI", "C") > total(boot.counts, "IPI", "C")
