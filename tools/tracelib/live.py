# SPDX-License-Identifier: BSD-2-Clause
"""Read a machine's memory from outside: through QEMU's monitor or a gdb port."""

import re
import socket
import tempfile
import time
from pathlib import Path

MSCRATCH = re.compile(r"\bmscratch\s+(?:0x)?([0-9a-fA-F]+)")


class LiveError(Exception):
    """The machine does not answer as expected."""


class Link:
    """A connection to a path or [host:]port. Every failure is a LiveError."""

    def __init__(self, where, timeout=10):
        try:
            if Path(where).exists():
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.settimeout(timeout)
                self.socket.connect(where)
            else:
                host, _, port = where.rpartition(":")
                self.socket = socket.create_connection((host or "localhost", int(port)), timeout)
        except (OSError, ValueError) as err:
            raise LiveError(f"cannot connect to {where}: {err}") from err

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as err:
            raise LiveError(self.ended(err)) from err

    def receive(self):
        try:
            data = self.socket.recv(65536)
        except OSError as err:
            raise LiveError(self.ended(err)) from err
        if not data:
            raise LiveError(self.ended("the connection is closed"))
        return data

    def close(self):
        self.socket.close()

    @staticmethod
    def ended(why):
        if isinstance(why, TimeoutError):
            return "the machine does not answer"
        return f"the machine has ended before its memory was read ({why}): did the guest power off?"


class Monitor:
    """QEMU's human monitor, at a socket (-monitor unix:PATH,server,nowait)."""

    def __init__(self, where, wait=None):
        """@wait: called until the socket is there; False ends it."""
        while wait and not Path(where).exists() and wait():
            pass
        self.link = Link(where)
        self.scratch = tempfile.TemporaryDirectory()
        self.wait()

    def wait(self, prompt=b"(qemu) "):
        text = b""
        while not text.endswith(prompt):
            text += self.link.receive()
        return text.decode("utf-8", "replace")

    def command(self, line):
        self.link.send(line.encode() + b"\n")
        # The echo of the line ends in a line feed; only then the answer begins.
        return self.wait(b"\n(qemu) ")

    def stop(self):
        self.command("stop")

    def go_on(self):
        self.command("cont")

    def mscratch(self):
        return find_mscratch(self.command("info registers"))

    def read(self, address, size):
        path = Path(self.scratch.name) / "memory"
        path.unlink(missing_ok=True)
        answer = self.command(f'pmemsave {address:#x} {size:#x} "{path}"')
        if not path.exists():
            raise LiveError(f"QEMU saved no memory at {address:#x}: {answer.strip()}")
        return path.read_bytes()

    def close(self):
        self.link.close()
        self.scratch.cleanup()


def find_mscratch(text):
    match = MSCRATCH.search(text)
    if not match or not int(match[1], 16):
        raise LiveError("no mscratch among the registers: has the monitor not started?")
    return int(match[1], 16)


class Gdb:
    """gdb's remote protocol, as spoken by QEMU (-gdb) and OpenOCD."""

    STEP = 0x400        # bytes per request

    def __init__(self, where):
        self.link = Link(where)
        self.buffer = b""
        self.request("qSupported")
        self.physical = self.request("Qqemu.PhyMemMode:1") == "OK"

    def byte(self):
        if not self.buffer:
            self.buffer = self.link.receive()
        first, self.buffer = self.buffer[:1], self.buffer[1:]
        return first

    def packet(self):
        while self.byte() != b"$":
            pass
        text = b""
        while True:
            char = self.byte()
            if char == b"#":
                break
            text += bytes([self.byte()[0] ^ 0x20]) if char == b"}" else char
        self.byte()
        self.byte()
        self.link.send(b"+")
        return expand(text)

    def request(self, text):
        data = text.encode()
        self.link.send(b"$" + data + f"#{sum(data) & 255:02x}".encode())
        return self.packet()

    def ask(self, line):
        """Run a command of the program behind the port (gdb's "monitor")."""
        answer = self.request("qRcmd," + line.encode().hex())
        text = ""
        while answer.startswith("O") and answer != "OK":
            text += bytes.fromhex(answer[1:]).decode("utf-8", "replace")
            answer = self.packet()
        if answer not in ("OK", "") and not answer.startswith("E"):
            text += bytes.fromhex(answer).decode("utf-8", "replace")
        return text

    def stop(self):
        """Do nothing: a debugger that connects has stopped the machine."""

    def go_on(self):
        self.link.send(b"$D#44")
        time.sleep(0.1)

    def mscratch(self):
        text = self.ask("info registers")
        if not MSCRATCH.search(text):                       # OpenOCD
            text = re.sub(r"\(/\d+\):\s*", " ", self.ask("reg mscratch"))
        return find_mscratch(text)

    def read(self, address, size):
        out = bytearray()
        while len(out) < size:
            step = min(self.STEP, size - len(out))
            answer = self.request(f"m{address + len(out):x},{step:x}")
            if answer.startswith("E") or not answer:
                raise LiveError(f"no memory at {address + len(out):#x}")
            out += bytes.fromhex(answer)
        return bytes(out)

    def close(self):
        self.link.close()


def expand(text):
    """Undo the protocol's run-length encoding: <byte>*<count + 29>."""
    out = bytearray()
    at = 0
    while at < len(text):
        if text[at] == ord("*") and out and at + 1 < len(text):
            out += bytes([out[-1]]) * (text[at + 1] - 29)
            at += 2
        else:
            out.append(text[at])
            at += 1
    return out.decode("latin-1")
