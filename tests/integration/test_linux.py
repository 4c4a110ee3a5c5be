# SPDX-License-Identifier: BSD-2-Clause
"""The same firmware and Linux, bare and under the monitor, see the same."""

import collections
import pathlib
import re
import shlex
import subprocess

import pexpect
import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent

COMMANDS = {
    "dmesg": "dmesg",
    "cpuinfo": "cat /proc/cpuinfo",
    "tree": "cd /proc/device-tree; find . -type f | sort | "
            "grep -v -e seed -e initrd -e bootargs | xargs md5sum; cd /",
}

# What is not compared, and why. The first five are the documented difference:
# the monitor's memory is at the top of RAM and reserved in the device tree.
LEFT_OUT = {
    "dmesg": [
        r"cordon@",
        r"(NUMA|NODE_DATA|DMA32|Initmem|On node|  node +0|zone)",
        r"Total pages:",
        r"Memory: \d",
        r"memblock|Reserved|unavailable ranges",
        r"deferred pages|audit:|hrtimer: interrupt took",
        r"setting system clock|random: crng|clocksource: .*Switched",
        r"Trying to unpack|Freeing initrd|raid6|sched_clock: Marking",
        r"Unpacking|workqueue: .* hogged",
        r"unaligned access",	# measured, and sometimes not before the shell
    ],
    "cpuinfo": [],
    # the monitor's own node, and RAM that ends where the monitor begins
    "tree": [r"/reserved-memory/cordon@", r"/memory@80000000/reg$"],
    # harts race for the cold boot; no triggers, less memory used
    "banner": [r"Debug Triggers", r"(Heap|Scratch) Size", r"Boot HART  *:",
               r"Boot HART ID"],
}
# Debug triggers are hidden: OpenSBI then has no debug trigger extension.
CUT = re.compile(r",(sdtrig|dbtr)\b")


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
        self.banner = self.firmware_banner(self.qemu.before)
        self.output("dmesg -n 1")	# nothing of the kernel in between

    @staticmethod
    def firmware_banner(text):
        start = text.find("OpenSBI v")
        end = text.find("Linux version")
        return text[start:end].replace("\r", "").splitlines()[:-1]

    def tail(self):
        text = (self.qemu.before or "").replace("\r", "")
        return "\n".join(text.splitlines()[-50:])

    def output(self, command):
        # the marks are not on the line that is typed
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


def look(*args):
    """All that is compared of one machine."""
    guest = Guest(*args)
    try:
        found = {name: guest.output(text) for name, text in COMMANDS.items()}
        found["banner"] = guest.banner
        guest.end()
    finally:
        guest.qemu.close(force=True)
    return {name: normalised(name, lines) for name, lines in found.items()}


def normalised(name, lines):
    """How often each line is there: harts report in any order."""
    kept = collections.Counter()
    for line in lines:
        line = re.sub(r"^\[ *\d+\.\d+\] ", "", line)
        if name == "banner":
            line = CUT.sub("", line)
        if not any(re.search(p, line) for p in LEFT_OUT[name]):
            kept[line.rstrip()] += 1
    return kept


@pytest.mark.parametrize("firmware, harts, cpu", [
    ("opensbi-1.6", 4, "rv64"),
    ("opensbi-1.9", 2, "sifive-u54"),
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
    native = look("--native", *args)
    monitor = look("--build", str(build), *args)
    assert native["cpuinfo"], "the guest says nothing"
    assert sum(native["dmesg"].values()) > 100
    wrong = []
    for name, lines in native.items():
        wrong += [f"{name} native:  {line}" for line in lines - monitor[name]]
        wrong += [f"{name} monitor: {line}" for line in monitor[name] - lines]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
