# SPDX-License-Identifier: BSD-2-Clause
"""The commands of tools/gdb-cordon.py on a firmware whose every access is known."""

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest

import building
import guests

REPO = guests.REPO
FRAGMENT = (REPO / "configs/fragments/trace.config").read_text()


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    return guests.link_firmware(REPO / "tests/trace/count.S", tmp_path_factory.mktemp("gdb"))


# Every target has these: registers and their descriptions, memory, breakpoints, running on.
PLAIN = re.compile(rb"\$([?gGmMpPcsHTDkXZz]|vCont|vKill|qXfer:features|qSupported|qC|"
                   rb"qfThreadInfo|qsThreadInfo|qAttached)")
PACKET = re.compile(rb"\$([^#]*)#..", re.DOTALL)


class PlainTarget:
    """A port for gdb in front of QEMU's that knows none of QEMU's own packets, nor "monitor"."""

    def __init__(self, behind):
        self.behind = behind
        self.refused = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def connect(self):
        for _ in range(100):
            try:
                return socket.create_connection(("127.0.0.1", self.behind))
            except OSError:
                time.sleep(0.1)
        raise OSError("QEMU's port for gdb does not answer")

    def serve(self):
        client, _ = self.server.accept()
        target = self.connect()
        for link in (client, target):       # or each answer waits for an acknowledgement
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self.answer, args=(target, client), daemon=True).start()
        held = b""
        with contextlib.suppress(OSError):          # an end ends it
            while data := client.recv(65536):
                held = self.forward(held + data, client, target)
        target.close()

    def forward(self, held, client, target):
        """Pass on what is complete. Return the rest."""
        while held:
            packet = PACKET.match(held)
            if held.startswith(b"$") and not packet:
                break
            first = packet[0] if packet else held[:1]
            held = held[len(first):]
            if packet and not PLAIN.match(first):
                self.refused.append(packet[1])
                client.sendall(b"+$#00")
            else:
                target.sendall(first)
        return held

    @staticmethod
    def answer(target, client):
        with contextlib.suppress(OSError):
            while data := target.recv(65536):
                client.sendall(data)


@pytest.fixture
def gdb(firmware):
    """A function: start a machine, have GDB execute commands, return what it printed."""
    if not shutil.which("gdb-multiarch"):
        pytest.skip("gdb-multiarch is not installed")

    def play(build, *commands, before=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        where = ["--build", build, "--firmware", firmware]
        line = subprocess.run([REPO / "tools/run", *where, "--payload", "none", "--harts", "1",
                               "--print"], stdout=subprocess.PIPE, text=True, check=True).stdout
        with subprocess.Popen([*line.split(), "-S", "-gdb", f"tcp:127.0.0.1:{port}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as qemu:
            try:
                at = before(port).port if before else port
                done = subprocess.run(
                    [REPO / "tools/gdb", *where, "--port", str(at), "--batch", "--",
                     "-ex", "cordon start", *(w for c in commands for w in ("-ex", c))],
                    stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
                    check=False)
            finally:
                qemu.kill()
        assert "Error" not in done.stderr and "Traceback" not in done.stderr, done.stderr
        return done.stdout
    return play


def stops(text):
    return re.findall(r"^cordon: hart 0: (.*?) at 0x\w+( \(.*\))?$", text, re.M)


def test_breakpoints_and_state(build, gdb):
    """Registers that assembly serves and calls that cross worlds there stop the machine, too,
    each where it is; and what the monitor knows is told."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    text = gdb(build, "cordon break-csr mstatus write", "continue", "cordon world",
               "cordon csr mstatus", "continue", "cordon break-sbi base.probe_extension",
               "continue", "cordon world", "cordon sbi", "p $a0", "cordon harts",
               "cordon csr", "cordon csr stvec", "cordon pmp", "cordon pmp 0x2000000",
               "cordon log",
               "cordon break-csr mepc read", "continue", "cordon sbi", "continue")
    assert [what for what, _ in stops(text)] == [
        "the firmware writes mstatus", "the firmware writes mstatus",
        "the payload calls BASE.probe_extension(0xa)", "the firmware reads mepc",
        "the payload calls BASE.probe_extension(0x9)"], text
    assert re.search(r"^hart 0: the firmware serves the call at 0x8000\w+$", text, re.M), text
    assert re.search(r"writes mstatus at 0x80000\w+ \(_start \+ \d+\)", text), text
    assert "hart 0: firmware, M-mode" in text and "hart 0: payload, S-mode" in text
    assert "hart 0: BASE.probe_extension(0xa)" in text and "$1 = 10" in text
    assert re.search(r"^hart 0: payload, S-mode; last trap in C: \w", text, re.M), text
    assert re.search(r"^  mscratch = 0x1$", text, re.M)
    assert re.search(r"^stvec = 0x\w+ \(the hart's own\)$", text, re.M)
    assert re.search(r"^  0x0+-0x\w+ rwx$", text, re.M)
    assert re.search(r"^VIEW_PAYLOAD \(in force\)\n  0x0*2000000-0x0*200ffff ---$", text, re.M)
    assert re.search(r"^\[cordon 0\] Cordon .* on QEMU virt", text, re.M)


def test_commands_on_a_plain_target(build, gdb):
    """No packet of QEMU's, and no command for the program behind the port, is needed."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    targets = []

    def before(port):
        targets.append(PlainTarget(port))
        return targets[0]

    text = gdb(build, "cordon break-csr mstatus write", "continue", "cordon world",
               "cordon csr mstatus", "cordon break-sbi base.probe_extension", "continue",
               "continue", "cordon world", "cordon sbi", "cordon harts", "cordon csr",
               "cordon pmp", "cordon log", before=before)
    assert [what for what, _ in stops(text)] == [
        "the firmware writes mstatus", "the firmware writes mstatus",
        "the payload calls BASE.probe_extension(0xa)"], text
    assert "hart 0: firmware, M-mode" in text and "hart 0: payload, S-mode" in text
    assert "hart 0: BASE.probe_extension(0xa)" in text
    assert re.search(r"^  mscratch = 0x1$", text, re.M)
    assert re.search(r"^  0x0+-0x\w+ rwx$", text, re.M)
    assert re.search(r"^\[cordon 0\] Cordon .* on QEMU virt", text, re.M)
    refused = b" ".join(targets[0].refused)
    assert b"Qqemu.PhyMemMode" in refused and b"qRcmd" in refused


def test_records(build, gdb):
    """The newest records, after the payload's third call; and filters for those after it."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    out = build / "tests" / "gdb"
    building.monitor(out, text=FRAGMENT)
    text = gdb(out, "cordon break-sbi BASE", "continue", "continue", "continue",
               "cordon trace 6", "echo only csr\\n", "cordon trace-filter kinds=csr_read",
               "continue", "cordon trace 3", "echo no call\\n",
               "cordon trace-filter eids=54494d45 kinds=call,answer", "continue",
               "cordon trace 2", "echo call\\n", "cordon trace-filter eids=10 kinds=call,answer",
               "continue", "continue", "cordon trace 2")
    first, csr, none, call = re.split("^only csr$|^no call$|^call$", text, flags=re.M)
    assert re.search(r"mepc <- 0x\w+ \(was", first), text
    assert "mepc -> 0x" in csr and "mepc <-" not in csr, text
    assert not re.search(r"^  \[.*BASE", none, re.M), text
    assert "BASE.probe_extension(0x6) = SUCCESS 0x24" in call, text
