# SPDX-License-Identifier: BSD-2-Clause
"""Faults of the monitor itself, simulated with gdb.

No guest action leads here, so no guest can test it.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
HARTS = 4


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def build_dir():
    build = pathlib.Path(os.environ.get("CORDON_BUILD") or REPO / "build")
    if not (build / "cordon.elf").exists():
        pytest.skip(f"no monitor in {build}: run make")
    return build


@pytest.fixture
def machine(tmp_path):
    """OpenSBI on all harts, stopped before the first instruction."""
    if not shutil.which("gdb-multiarch"):
        pytest.skip("gdb-multiarch is not installed")
    build, port, log = build_dir(), free_port(), tmp_path / "console"
    command = subprocess.run(
        [REPO / "tools/run", "--build", build, "--payload", "none",
         "--harts", str(HARTS), "--print"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    words = command.strip().splitlines()[-1].split()
    with open(log, "wb") as console:
        qemu = subprocess.Popen(
            [*words, "-S", "-gdb", f"tcp:127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL, stdout=console,
            stderr=subprocess.STDOUT)
    try:
        yield build, port, log
    finally:
        qemu.kill()
        qemu.wait()


def play(machine, *commands):
    """Stop in trap_handle(), do what gdb is told, and wait for the panic."""
    build, port, log = machine
    script = ["cordon start", "hbreak trap_handle", "continue",
              "delete", *commands, "detach"]
    gdb = subprocess.run(
        [REPO / "tools/gdb", "--build", build, "--port", str(port), "--batch",
         "--", *(word for c in script for word in ("-ex", c))],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        text = log.read_text(errors="replace")
        if re.search("all harts are stopped|other harts may run on", text):
            return text
        time.sleep(0.1)
    pytest.fail(f"no panic:\n{log.read_text(errors='replace')}\n{gdb.stdout}")
    return ""


def test_stack_overflow_meets_the_guard(machine):
    """The stack grows into its guard page: the store faults."""
    text = play(machine,
                "set $guard = ((struct hart *)$a0)->stack_top - 8192 - 64",
                "set $sp = $guard")
    found = re.search(r"panic: the monitor took trap 7 at \w+ .*tval (\w+)",
                      text)
    assert found, text
    assert re.search(r"hart \d+: firmware, mode 3", text), text


def test_fault_in_the_monitor_stops_all_harts(machine):
    """A jump to an invalid address is reported with registers; the firmware prints nothing."""
    text = play(machine, "set $pc = 8")
    assert re.search(r"panic: the monitor took trap [12] at 8 ", text), text
    assert "vmstatus" in text
    time.sleep(1)
    assert machine[2].read_text(errors="replace") == text


def test_panic_without_the_clint(machine):
    """A locked entry takes the CLINT from M-mode too: the report comes nevertheless."""
    text = play(machine, "set $pmpaddr1 = (0x2000000 >> 2) | 0x1fff",
                "set $pmpcfg0 = ($pmpcfg0 & ~0xff00) | 0x9800", "set $pc = 8")
    assert re.search(r"panic: the monitor took trap [12] at 8 ", text), text
    assert "error: the CLINT does not answer: other harts may run on" in text
    assert "all harts are stopped" not in text
