# SPDX-License-Identifier: BSD-2-Clause
"""Run Linux through phases of work (tests/linux); collect times and the monitor's counters."""

import gzip
import hashlib
import os
import re
import subprocess
from dataclasses import dataclass, field
from types import SimpleNamespace

import machine
import store

SOURCES = store.ROOT / "tests" / "linux"
# Phases that tests/linux/init supports.
PHASES = ("idle", "timers", "pipes", "forks", "groups", "threads", "hotplug", "suspend", "reboot")
# Same order as in core/include/cordon/service_hart.h, which is append-only.
EVENTS = ("time", "set_timer", "IPI", "fence.i", "sfence", "hfence", "misaligned load",
          "misaligned store", "redirected", "other call", "other illegal", "other exception",
          "timer interrupt", "soft interrupt", "other interrupt", "world switch")
WAYS = ("assembly", "C", "forwarded")
WORLD = EVENTS.index("world switch")
FORWARDED = WAYS.index("forwarded")
LIBC = ("libc.so.6", "ld-linux-riscv64-lp64d.so.1")
CFLAGS = """-nostdlib -ffreestanding -fno-pic -static -O2 -Wall -Wextra -Werror
	-march=rv64imac -mabi=lp64 -Wl,--build-id=none -Wl,--no-relax""".split()
# Last line of the monitor, or of the kernel, after a panic.
PANIC = r"all harts are stopped|end Kernel panic"
# Both kinds of HSM suspend (SBI 3.0, 9.4), for all harts of a device tree.
IDLE_STATES = """
		idle-states {
			light: retentive {
				compatible = "riscv,idle-state";
				riscv,sbi-suspend-param = <0x0>;
				entry-latency-us = <1>;
				exit-latency-us = <1>;
				min-residency-us = <2>;
			};
			deep: non-retentive {
				compatible = "riscv,idle-state";
				riscv,sbi-suspend-param = <0x80000000>;
				entry-latency-us = <2>;
				exit-latency-us = <2>;
				min-residency-us = <4>;
			};
		};
"""


@dataclass
class Snapshot:
    """The counters at one time: counts[hart][event][way]."""
    name: str
    uptime: float
    counts: dict = field(default_factory=dict)

    def total(self, event, way):
        return sum(rows[event][way] for rows in self.counts.values())

    def totals(self):
        """Sums over all harts: [event][way]."""
        return [[self.total(event, way) for way in range(len(WAYS))]
                for event in range(len(EVENTS))]


@dataclass
class Result:
    """The results of one run of Linux."""
    text: str
    seconds: float                              # until user space, wall clock
    phases: dict = field(default_factory=dict)  # name -> seconds in the guest
    cpu: dict = field(default_factory=dict)     # name, or boot -> CPU seconds of QEMU
    snapshots: list = field(default_factory=list)
    failures: list = field(default_factory=list)


def check_names(names):
    """Refuse unknown phases before a machine starts."""
    for name in names:
        if name not in PHASES:
            raise machine.MachineError(f"no phase '{name}'; there are: {', '.join(PHASES)}")
    return names


def compile_counters(out):
    cross = os.environ.get("CROSS_COMPILE") or "riscv64-linux-gnu-"
    try:
        subprocess.run([cross + "gcc", *CFLAGS, str(SOURCES / "counters.c"), "-o", str(out)],
                       check=True)
    except (OSError, subprocess.CalledProcessError) as err:
        raise machine.MachineError(f"cannot build tests/linux/counters.c: {err}") from err


def initrd(folder):
    """Append the files for the phases to our initramfs; the kernel unpacks both."""
    compile_counters(folder / "counters")
    members = {
        "bin/counters": (folder / "counters").read_bytes(),
        "bin/hackbench": store.path_of("rt-tests/hackbench").read_bytes(),
        "init": (SOURCES / "init").read_bytes(),
    }
    for name in LIBC:
        members[f"lib/{name}"] = store.path_of(f"libc/{name}").read_bytes()
    data = store.cpio_entry("lib", 0o040755, inode=1001)
    for number, (name, content) in enumerate(members.items()):
        data += store.cpio_entry(name, 0o100755, content, inode=1002 + number)
    data += store.cpio_entry("TRAILER!!!", 0)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.cpio.gz"
    path.write_bytes(store.path_of("initramfs").read_bytes() + gzip.compress(data, mtime=0))
    return path


def command(build, ramdisk, names, *, firmware, harts, cpu, counters=False, icount=False,
            scale=1, name="phases"):
    """Return QEMU's command line. build is None for the bare machine; scale is the amount
    of work."""
    bios = machine.firmware_path(firmware)
    if build:
        bios = machine.bundle(build, bios, f"{name}-{firmware}")
    words = ["quiet", f"cordon.phases={','.join(names)}", f"cordon.scale={scale}"]
    if counters:
        words.append(f"cordon.events={len(EVENTS)}")
    opts = SimpleNamespace(machine="virt", cpu=cpu, harts=harts, mem="1G", batch=True,
                           icount=icount, payload="linux", initrd=ramdisk, debug=False,
                           append=" ".join(words), qemu_arg=[], smoke=False)
    cmd = machine.qemu_command(opts, bios, machine.payload_path("linux"))
    if "reboot" in names:
        cmd.remove("-no-reboot")
    return cmd


def with_idle_states(cmd, folder):
    """The same machine with a device tree that offers HSM suspend."""
    blob, source = folder / "plain.dtb", folder / "idle.dts"
    at = cmd.index("-machine") + 1
    subprocess.run([*cmd[:at], f"{cmd[at]},dumpdtb={blob}", *cmd[at + 1:]], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    subprocess.run(["dtc", "-q", "-o", source, blob], check=True)
    text = re.sub(r"(\tcpu@\w+ \{\n)", r"\1\t\t\tcpu-idle-states = <&light &deep>;\n",
                  source.read_text())
    text = re.sub(r"(\tcpus \{\n(?:\t\t[\w#-]+ = .*\n)*)", lambda m: m[1] + IDLE_STATES, text)
    source.write_text(text)
    subprocess.run(["dtc", "-q", "-O", "dtb", "-o", folder / "idle.dtb", source], check=True)
    return [*cmd, "-dtb", str(folder / "idle.dtb")]


def comes(console, pattern):
    """Wait for a pattern; stop at a panic."""
    match = console.expect(rf"({pattern})|{PANIC}")
    return bool(match and match[1])


def cpu_seconds(console):
    """Host CPU time that QEMU has used so far."""
    try:
        with open(f"/proc/{console.proc.pid}/stat", encoding="ascii") as stream:
            times = stream.read().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def follow(console, names):
    """Record QEMU's CPU seconds for the boot and each phase."""
    used = {"boot": cpu_seconds(console)}
    behind = "boot"
    for name in names:
        if not comes(console, f"END {behind}"):
            break
        start = cpu_seconds(console)
        if not comes(console, f"PHASE {name} "):
            break
        used[name] = cpu_seconds(console) - start
        behind = name
    return used


def run(cmd, timeout, echo=False, names=()):
    """Run to the end, or into a second boot, and parse the guest's output.

    If names of phases are given, also record the host CPU time of each.
    """
    with machine.Console(cmd, timeout, echo=echo) as console:
        if not comes(console, "UPTIME boot"):
            raise machine.MachineError("Linux does not boot; its console ends with:\n"
                                       + console.text[-2000:])
        seconds, used = console.elapsed(), follow(console, names)
        if "-no-reboot" not in cmd:
            if not comes(console, r"REBOOT[\s\S]*UPTIME boot [\s\S]*END boot"):
                raise machine.MachineError("Linux does not reboot; its console ends with:\n"
                                           + console.text[-2000:])
        elif comes(console, "LINUX DONE"):
            console.wait()
        result = parse(console.text, seconds)
        result.cpu = used
        return result


def parse(text, seconds=0.0):
    """Parse the lines of tests/linux/init and counters.c."""
    result = Result(text, seconds)
    text = text.replace("\r", "")
    for name, uptime, body in re.findall(r"^UPTIME (\S+) ([\d.]+)\n([\s\S]*?)^END \1$", text,
                                         re.MULTILINE):
        shot = Snapshot(name, float(uptime))
        for hart, event, counts in re.findall(r"^STAT (\d+) (\d+)((?: \d+)+)$", body,
                                              re.MULTILINE):
            rows = shot.counts.setdefault(int(hart), [])
            if int(event) != len(rows) or len(counts.split()) != len(WAYS):
                result.failures.append(f"{name}: garbled counters of hart {hart}")
            rows.append([int(count) for count in counts.split()])
        if any(len(rows) != len(EVENTS) for rows in shot.counts.values()):
            result.failures.append(f"{name}: counters are missing")
        result.snapshots.append(shot)
    if len(result.snapshots) != len(re.findall(r"^UPTIME ", text, re.MULTILINE)):
        result.failures.append("counters that do not end")
    for name, before, after in re.findall(r"^PHASE (\S+) ([\d.]+) ([\d.]+)$", text,
                                          re.MULTILINE):
        result.phases[name] = float(after) - float(before)
    result.failures += re.findall(r"^FAILED .*", text, re.MULTILINE)
    if "LINUX DONE" not in text and "REBOOT" not in text:
        result.failures.append("the guest did not come to its end")
    return result


def differences(shots):
    """(name, seconds, [event][way]) of the boot and of each phase, summed over all harts."""
    before, uptime = [[0] * len(WAYS) for _ in EVENTS], 0.0
    for shot in shots:
        now = shot.totals()
        yield (shot.name, shot.uptime - uptime,
               [[a - b for a, b in zip(new, old)] for new, old in zip(now, before)])
        before, uptime = now, shot.uptime


def switches_per_second(before, after):
    """World switches between two snapshots, summed over all harts."""
    span = after.uptime - before.uptime
    count = after.total(WORLD, FORWARDED) - before.total(WORLD, FORWARDED)
    return count / span if span else 0.0
