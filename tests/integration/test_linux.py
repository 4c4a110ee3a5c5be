# SPDX-License-Identifier: BSD-2-Clause
"""The same firmware and Linux see the same machine, bare and under the monitor."""

import pathlib
import re
import shlex
import subprocess

import pexpect
import pytest

import logs

REPO = pathlib.Path(__file__).resolve().parent.parent.parent

COMMANDS = {
    "dmesg": "dmesg",
    "cpuinfo": "cat /proc/cpuinfo",
    "tree": "cd /proc/device-tree; find . -type f | sort | "
            "grep -v -e seed -e initrd -e bootargs | xargs md5sum; cd /",
}

# Files of the device tree that differ: the monitor's own node, and RAM that ends where the
# monitor begins.
TREE = re.compile(r"/reserved-memory/cordon@|/memory@80000000/reg$")


class Guest:
    """A Linux at its shell."""

    def __init__(self, *args):
        show = subprocess.run([REPO / "tools" / "run", "--print", *args],
                              capture_output=True, text=True, check=True)
        command = shlex.split(show.stdout.strip().splitlines()[-1])
        self.qemu = pexpect.spawn(command[0], command[1:], timeout=240,
                                  encoding="utf-8", codec_errors="replace")
        try:
            self.qemu.expect(r"guest:\S*# ")
        except pexpect.ExceptionPexpect:
            pytest.fail("no shell\n" + self.tail(), pytrace=False)
        self.console = self.qemu.before
        self.output("dmesg -n 1")  # keep kernel messages out of the output

    def tail(self):
        text = (self.qemu.before or "").replace("\r", "")
        return "\n".join(text.splitlines()[-50:])

    def output(self, command):
        # split the marks so that the echoed command does not match
        self.qemu.sendline(f"echo BE''GIN; {command}; echo EN''D")
        try:
            self.qemu.expect(r"BEGIN\r*\n(.*)END\r*\n")
        except pexpect.ExceptionPexpect:
            pytest.fail(f"{command}: no end\n{self.tail()}", pytrace=False)
        return self.qemu.match[1].replace("\r", "").splitlines()

    def end(self):
        self.qemu.sendline("poweroff -f")
        try:
            self.qemu.expect(pexpect.EOF, timeout=60)
        finally:
            self.qemu.close(force=True)
        assert self.qemu.exitstatus == 0


def facts_of_guest(*args):
    """The data compared per machine."""
    guest = Guest(*args)
    try:
        found = {name: guest.output(text) for name, text in COMMANDS.items()}
        found["firmware"] = logs.firmware(guest.console)
        found["kernel"] = logs.kernel("\n".join(found.pop("dmesg")))
        found["tree"] = [line for line in found["tree"] if not TREE.search(line)]
        guest.end()
    finally:
        guest.qemu.close(force=True)
    return found


@pytest.mark.parametrize("firmware, harts, cpu", [
    ("opensbi-1.6", 4, "rv64"),
    ("opensbi-1.9", 2, "sifive-u54"),
    pytest.param("opensbi-1.6", 2, "rv64,zkr=on,x-epmp=on", marks=pytest.mark.long),
    pytest.param("opensbi-1.1", 8, "rv64", marks=pytest.mark.long),
    pytest.param("opensbi-1.5.1", 1, "rv64,h=off,sstc=off",
                 marks=pytest.mark.long),
])
def test_same_linux(build, firmware, harts, cpu):
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    if not (REPO / "third_party" / "guests").exists():
        pytest.skip("no guests: tools/guests fetches them")
    args = ["--firmware", firmware, "--harts", str(harts), "--cpu", cpu]
    native = facts_of_guest("--native", *args)
    monitor = facts_of_guest("--build", str(build), *args)
    assert native["cpuinfo"], "the guest says nothing"
    assert len(native["kernel"]) > 100 and len(native["firmware"]) > 30
    wrong = [line for name in native
             for line in logs.differences(name, native[name], monitor[name])]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
