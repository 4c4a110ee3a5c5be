# SPDX-License-Identifier: BSD-2-Clause
"""Our S-mode programs (tests/payload) on unmodified OpenSBI, with the offload policy."""

import os
import pathlib
import re
import subprocess

import pytest

import building
import test_boot

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = REPO / "tests" / "payload"
FRAGMENT = (REPO / "configs/fragments/protect.config").read_text()
# The calls that offload serves in assembly, and those that it then serves in C.
PROTECTED = {"protect": FRAGMENT,
             "protect-without-fast": FRAGMENT + "# CONFIG_OFFLOAD_FAST is not set\n"}


def environment():
    return {k: v for k, v in os.environ.items() if k not in (
        "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM", "CROSS_COMPILE", "EXTERNAL")}


@pytest.fixture(scope="module")
def monitor(tmp_path_factory):
    """Build a monitor with the policy."""
    out = tmp_path_factory.mktemp("payload") / "offload"
    subprocess.run(["make", "-s", "-j2", f"O={out}", "qemu_virt_defconfig", "offload.config",
                    "all"], cwd=REPO, env=environment(), check=True, timeout=600)
    return out


def make(folder, name, *flags):
    """Build the raw binary of a program."""
    subprocess.run(["make", "-C", SOURCES, f"PROGRAM={SOURCES}/{name}.c", f"OUT={folder}",
                    f"CPPFLAGS={' '.join(flags)}"], env=environment(), check=True, timeout=60)
    return folder / f"{name}.bin"


def run(binary, firmware, *where, harts=4):
    """Return the console, from the program's first relevant line."""
    done = subprocess.run(
        [REPO / "tools/run", *where, "--firmware", f"{firmware}:jump", "--payload", binary,
         "--harts", str(harts), "--mem", "256M", "--cpu", "rv64,sstc=off", "--timeout", "120",
         "--expect", r"RESULT (PASS|FAIL)"],
        env=environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "RESULT PASS" in done.stdout and "panic" not in done.stdout, done.stdout
    return done.stdout


def test_program_of_ones_own(build, monitor, tmp_path):
    """The smallest program, as make run-payload runs it."""
    said = run(make(tmp_path, "hello"), "opensbi-1.6", *place("default", build, monitor), harts=1)
    assert re.search(r"hart 0, device tree at [1-9a-f]", said)


def test_harts_that_come_after_the_lock_have_entropy(build, monitor):
    """OpenSBI opens `seed` for S-mode on each hart, on the others after the lock."""
    test_boot.smoke(*place("protect", build, monitor), "--harts", "4", "--cpu",
                    "rv64,zkr=on,x-epmp=on")


# OpenSBI 1.9 itself refuses IPIs to a hart whose status it calls STARTED, and 1.1
# lets a hart go before its address is written.
@pytest.mark.parametrize("world", ["native", "offload", "protect", pytest.param(
    "protect-without-fast", marks=pytest.mark.long)])
def test_harts_start_and_stop(world, build, monitor, tmp_path):
    where = place(world, build, monitor)
    # OpenSBI waits for ever for a hart that stops with a pending fence.
    flags = [] if world == "native" else ["-DFENCES=1"]
    run(make(tmp_path, "hsm", *flags), "opensbi-1.6", *where)


@pytest.mark.parametrize("harts", [8, pytest.param(64, marks=pytest.mark.long)])
def test_all_harts(harts, build, monitor, tmp_path):
    """Each hart of the machine can be started, interrupted and stopped."""
    program = make(tmp_path, "many", f"-DMAX_HARTS={harts}")
    run(program, "opensbi-1.6", *place("offload", build, monitor), harts=harts)


def place(world, build, monitor):
    """Path at which tools/run looks for the monitor."""
    if world in PROTECTED:
        return ["--build", building.monitor(build / "tests" / f"payload-{world}",
                                            text=PROTECTED[world])]
    if world == "default" and not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    return {"native": ["--native"], "default": ["--build", build],
            "offload": ["--build", monitor]}[world]


@pytest.mark.parametrize("world", ["native", "default", "offload"])
def test_masks_that_the_bus_refuses(world, build, monitor, tmp_path):
    """No S-mode program hangs a hart by them, nor runs in M-mode."""
    said = run(make(tmp_path, "stale"), "opensbi-1.6", *place(world, build, monitor),
               "--qemu-arg", "-device bochs-display,romfile= -device pcie-root-port,chassis=1",
               harts=2)
    home, page = re.search(r"monitor at (\w+), executable page: (\w)", said).groups()
    assert page == "1"
    if world == "native":
        assert home == "0"
    else:
        assert re.search(rf"\[cordon \d\] monitor at 0*{home}-", said), said


# Offload serves what these count: misaligned accesses, illegal instructions (time),
# set_timer, IPIs and fences. Accesses that fault are still the firmware's.
OFFLOADED = 0x3ffff3


@pytest.mark.parametrize("world", ["default", "offload"])
@pytest.mark.parametrize("firmware", ["opensbi-1.6", *(
    pytest.param(name, marks=pytest.mark.long)
    for name in ("opensbi-1.1", "opensbi-1.5.1", "opensbi-1.9"))])
def test_firmware_events(firmware, world, build, monitor, tmp_path):
    """Each answer is the bare machine's, but for the events that the policy hides."""
    def answers_in(where, refused):
        program = make(tmp_path, "pmu", f"-DREFUSED={refused:#x}ul")
        return answers(run(program, firmware, *place(where, build, monitor), harts=1))

    refused = OFFLOADED if world == "offload" else 0
    got, bare = answers_in(world, refused), answers_in("native", 0)
    hidden = [line for line in bare if (event := re.match(r"event 1?f00(..) ", line))
              and int(event[1], 16) < 64 and refused >> int(event[1], 16) & 1]
    assert got == [line for line in bare if line not in hidden]
    assert len(hidden) == (160 if refused else 0)


def test_firmware_events_of_a_confined_firmware(build, monitor, tmp_path):
    """A confined firmware is not asked for counters."""
    text = run(make(tmp_path, "pmu"), "opensbi-1.6", *place("protect", build, monitor), harts=1)
    lines = [line for line in answers(text) if line.startswith("event ")]
    assert len(lines) > 200 and all(line.endswith("error fffffffffffffffe") for line in lines)


# Calls whose answers differ under offload: see its page, "What is served".
ABSENT = re.compile(r"(ipi )?(absent( harts| and both)?|base wraps|base of \d+ bits)(, stopped)?")
NEEDS_NOTHING = re.compile(r"(other|range .*|whole range|last byte), stopped|ipi none, base absent")
INVALID, PENDING = "fffffffffffffffd", "legacy clear_ipi, pending"


def under_offload(line):
    """Return the policy's answer to the call for which the bare machine gives this one."""
    name, _, answer = line.partition(": error ")
    error, _, rest = answer.partition(" ")
    if error not in ("0", INVALID):
        return line
    if ABSENT.fullmatch(name):
        error, rest = INVALID, re.sub("interrupts . .", "interrupts 0 0", rest)
    elif NEEDS_NOTHING.fullmatch(name):
        error = "0"
    elif name == PENDING:
        error = "1"
    return f"{name}: error {error} {rest}"


@pytest.mark.parametrize("world", ["default", "offload"])
@pytest.mark.parametrize("firmware", ["opensbi-1.6", pytest.param(
    "opensbi-1.9", marks=pytest.mark.long)])
def test_answers(firmware, world, build, monitor, tmp_path):
    """Timers, IPIs, fences and harts: calls answer as bare, or as documented."""
    program = make(tmp_path, "answers")
    bare = answers(run(program, firmware, *place("native", build, monitor), harts=2))
    got = answers(run(program, firmware, *place(world, build, monitor), harts=2))
    assert len(bare) > 300
    assert got == (bare if world == "default" else [under_offload(line) for line in bare])


def answers(text):
    """Return what a program has printed for the comparison."""
    return [line.strip()[2:] for line in text.splitlines() if line.startswith("= ")]


@pytest.mark.parametrize("policies", [
    ["trace.config", "offload.config"], pytest.param(["trace.config"], marks=pytest.mark.long)])
def test_trace_by_calls(policies, tmp_path):
    """The payload begins, ends and reads a trace, and can reach nothing else that way."""
    calls = tmp_path / "calls.config"
    calls.write_text("CONFIG_TRACE_CALLS=y\nCONFIG_TRACE_USER=y\nCONFIG_TRACE_AT_BOOT=n\n")
    out = tmp_path / "build"
    subprocess.run(["make", "-s", "-j2", f"O={out}", "qemu_virt_defconfig", *policies, calls,
                    "all"], cwd=REPO, env=environment(), check=True, timeout=600)
    # The end of the monitor's home: QEMU's device tree lies above it.
    text = run(make(tmp_path, "trace", "-DMONITOR=0x8fdff000ul"), "opensbi-1.6", "--build", out,
               harts=2)
    start, end = re.search(r"monitor at ([0-9a-f]+)-([0-9a-f]+)", text).groups()
    assert int(start, 16) <= 0x8fdff000 < int(end, 16)
