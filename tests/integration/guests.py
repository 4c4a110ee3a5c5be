# SPDX-License-Identifier: BSD-2-Clause
"""Builds the test guests and runs them in QEMU, bare and under the monitor.

A guest says in a comment how it wants to be run:

    GUEST: smp=1,2,4 cpu=rv64;rv64,h=off world=native,monitor timeout=20

smp and cpu multiply; what is not said is smp=1, cpu=rv64 and both worlds.
Other worlds are monitors of another configuration, see CONFIGS; they run with
the first cpu and smp only. Those of ELSEWHERE are run by other modules. With
"compare", the lines that start with "= " must be the same in both. With "icount"
time is the number of instructions. Cases whose cpu has what Debian 12's QEMU does
not know run on the one of tools/qemu. Any other word is an error, because it
would silently leave tests out.
"""

import concurrent.futures
import dataclasses
import difflib
import os
import pathlib
import re
import subprocess
import tempfile
import threading

import building

REPO = building.REPO
SOURCES = REPO / "tests" / "guest"
WORLDS = ("native", "monitor")
CONFIGS = {
    "pmp8": "CONFIG_MAX_PMP=8\n",
    # more entries than the hart has: PMP is a cache of ranges
    "cache": "CONFIG_MAX_PMP=8\nCONFIG_VPMP_ENTRIES=16\n",
    "cache4": "CONFIG_MAX_PMP=4\nCONFIG_VPMP_ENTRIES=16\n",
}


# Worlds that other modules run: test_offload.py, test_keystone.py, test_trace.py.
ELSEWHERE = ("offload", "keystone", "trace")
# Valid keys of a GUEST: comment and the format of their values.
OPTIONS = {"smp": r"[1-9]\d*(,[1-9]\d*)*", "cpu": r"[^;]+(;[^;]+)*", "timeout": r"[1-9]\d*",
           "mem": r"[1-9]\d*[MG]", "world": None}
FLAGS = ("compare", "long", "icount")

NEWER = ("zicbom", "zicboz", "cboz_", "ctr=", "zicfilp", "npm=", "max", "csrind=", "aia=",
         "smstateen=", "veyron", "ascalon", "xiangshan", "thead", "rva23")


@dataclasses.dataclass(frozen=True)
class Case:
    """One run of one guest."""
    guest: str
    cpu: str
    smp: int
    world: str
    timeout: int
    compare: bool
    long: bool
    mem: str
    icount: bool = False

    def id(self):
        return f"{self.guest}-{self.cpu}-smp{self.smp}-{self.world}"

    def as_native(self):
        return dataclasses.replace(self, world="native")


class WrongComment(Exception):
    """A GUEST: comment is malformed."""


def link_firmware(source, folder, *flags):
    """Build a firmware of one assembly file. Return its raw image; the ELF file is beside it."""
    raw = folder / f"{source.stem}.bin"
    prefix = os.environ.get("CROSS_COMPILE", "riscv64-linux-gnu-")
    subprocess.run([f"{prefix}gcc", "-nostdlib", "-static", "-march=rv64imac_zicsr", "-mabi=lp64",
                    "-Ttext=0x80000000", "-Wl,--build-id=none,--no-warn-rwx-segments", *flags,
                    "-o", raw.with_suffix(".elf"), source], check=True, timeout=60)
    subprocess.run([f"{prefix}objcopy", "-O", "binary", raw.with_suffix(".elf"), raw],
                   check=True, timeout=60)
    return raw


def is_misspelled(comment):
    """Return whether a comment asks for something without GUEST:."""
    words = comment.split()
    if not words or "GUEST:" in comment:
        return False
    if any(word.partition("=")[0] in OPTIONS for word in words if "=" in word):
        return True
    first = words[0].rstrip(":=")
    return first.isupper() and bool(difflib.get_close_matches(first, ["GUEST"], cutoff=0.7))


def words_of(path):
    """Return the words of a guest's GUEST: comment, checked."""
    text = path.read_text()
    said = re.findall(r"\bGUESTS?\b\s*:", text, re.I)
    match = re.search(r"\bGUEST:(.*?)\*/", text, re.S)
    comments = re.findall(r"/\*(.*?)\*/|//([^\n]*)", re.sub(r"\n \*(?!/)", "\n", text), re.S)
    if len(said) > 1 or (said and not match) or any(map(is_misspelled, map("".join, comments))):
        raise WrongComment(f"{path}: one comment of the form /* GUEST: ... */ is expected")
    words = match[1].replace("\n *", "\n").split() if match else []
    seen = set()
    for word in words:
        name, _, value = word.partition("=")
        if name in seen:
            raise WrongComment(f"{path}: GUEST: says {name} twice")
        seen.add(name)
        if word in FLAGS:
            continue
        each = re.split("[,;]" if name != "cpu" else ";", value)
        if len(each) != len(set(each)):
            raise WrongComment(f"{path}: GUEST: {word} has a value twice")
        known = OPTIONS.get(name, ())
        if name == "world" and value:
            wrong = set(value.split(",")) - {*WORLDS, *CONFIGS, *ELSEWHERE}
            if not wrong:
                continue
            raise WrongComment(f"{path}: GUEST: there is no world {', '.join(sorted(wrong))}")
        if name == "world" or known == () or not re.fullmatch(known, value):
            raise WrongComment(f"{path}: GUEST: {word} is nothing that a guest can ask for")
    return words


def cases_of(path):
    """Return the cases that a guest's GUEST: comment requests."""
    words = words_of(path)
    option = dict(w.split("=", 1) for w in words if "=" in w)
    cpus = option.get("cpu", "rv64").split(";")
    smps = option.get("smp", "1").split(",")
    for world in option.get("world", ",".join(WORLDS)).split(","):
        n = 1 if world in CONFIGS else None
        for cpu in cpus[:n]:
            for smp in smps[:n]:
                yield Case(path.stem, cpu, int(smp), world,
                           int(option.get("timeout", 20)),
                           "compare" in words, "long" in words,
                           option.get("mem", "128M"), "icount" in words)


def all_cases():
    """Return the cases of all guests, sorted by name."""
    return [case for path in sorted(SOURCES.glob("*.c"))
            for case in cases_of(path)
            if case.world in (*WORLDS, *CONFIGS)]


@dataclasses.dataclass
class Result:
    """The results of a run."""
    status: int
    console: str
    timeout: bool = False

    def lines(self, prefix):
        return [line[len(prefix):] for line in self.console.splitlines()
                if line.startswith(prefix)]

    def tail(self, n=40):
        return "\n".join(self.console.splitlines()[-n:])


class Missing(Exception):
    """A prerequisite of a run is missing: skip."""


class Runner:
    """Run cases, each once and ahead of the tests; two at a time if no other tests run.

    Names with values are variables for make; only limits what it builds.
    """

    def __init__(self, build, only=(), **variables):
        self.build = build
        self.out = pathlib.Path(variables.get("OUT",
                                              build / "tests" / "guest"))
        self.goals = [f"{name}={value}" for name, value in variables.items()]
        self.goals += [str(self.out / f"{name}.bin") for name in only]
        self.temp = tempfile.TemporaryDirectory(prefix="cordon-")
        self.pool = concurrent.futures.ThreadPoolExecutor(
            1 if "PYTEST_XDIST_WORKER" in os.environ else 2)
        self.packing = threading.Lock()
        self.monitors = set()
        self.runs = {}
        self.built = self.pool.submit(self.make)

    def close(self):
        self.pool.shutdown(cancel_futures=True)
        self.temp.cleanup()

    def make(self):
        building.make(self.build, *self.goals, source=SOURCES)

    def submit(self, case):
        if case not in self.runs:
            self.runs[case] = self.pool.submit(self.run, case)
        return self.runs[case]

    def result(self, case):
        return self.submit(case).result()

    def monitor(self, world):
        """Return the monitor of a world; those of CONFIGS are built on demand."""
        if not (self.build / "cordon.bin").exists():
            raise Missing(f"no monitor: {self.build}/cordon.bin is not built")
        if world not in CONFIGS:
            return self.build / "cordon.bin"
        out = self.build / "tests" / world
        with self.packing:
            if world not in self.monitors:
                self.monitors.add(world)
                building.monitor(out, text=CONFIGS[world])
        return out / "cordon.bin"

    def image(self, guest, world):
        """Bundle monitor and guest in one file."""
        monitor = self.monitor(world)
        pack = REPO / "tools" / "pack-image"
        if not pack.exists():
            raise Missing("no tools/pack-image")
        out = pathlib.Path(self.temp.name) / f"{guest}-{world}.img"
        with self.packing:
            if not out.exists():
                subprocess.run([pack, "--monitor", monitor, "--firmware",
                                self.firmware(guest), "-o", out], check=True,
                               capture_output=True, timeout=60)
        return out

    def firmware(self, guest):
        return self.out / f"{guest}.bin"

    @staticmethod
    def qemu(cpu):
        """Return a QEMU that supports this cpu."""
        if not any(word in cpu for word in NEWER):
            return "qemu-system-riscv64"
        if subprocess.run([REPO / "tools/qemu/build", "--check"], check=False).returncode:
            raise Missing("QEMU with the board models is not built: make qemu-boards")
        return pathlib.Path(os.environ.get("CORDON_CACHE") or
                            REPO / "third_party") / "qemu-boards" / "qemu-system-riscv64"

    def run(self, case):
        self.built.result()
        bios = (self.firmware(case.guest) if case.world == "native"
                else self.image(case.guest, case.world))
        command = [self.qemu(case.cpu), "-M", "virt", "-cpu", case.cpu,
                   "-smp", str(case.smp), "-m", case.mem, "-display", "none",
                   "-serial", "stdio", "-monitor", "none", "-no-reboot",
                   "-bios", str(bios)]
        if case.icount:
            command += ["-icount", "shift=0,sleep=off"]
        # the monitor may take three times as long
        limit = case.timeout * (1 if case.world == "native" else 3)
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=limit,
                                  check=False)
        except subprocess.TimeoutExpired as late:
            return Result(-1, decode(late.stdout), timeout=True)
        return Result(done.returncode, decode(done.stdout))


def decode(raw):
    return (raw or b"").decode(errors="replace").replace("\r", "")
