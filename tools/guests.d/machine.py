# SPDX-License-Identifier: BSD-2-Clause
"""The machine of tools/run and tools/bench: names to files, files to a QEMU command."""

import os
import re
import selectors
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import store

ROOT = store.ROOT
DEFAULT_FIRMWARE = "opensbi-1.6"
UBOOT = "2025.01"
QEMU = os.environ.get("QEMU", "qemu-system-riscv64")
# Payloads that end in Linux: QEMU's own loader, or UEFI from flash.
LINUX = ("linux", "edk2")


class MachineError(Exception):
    """A combination that cannot run; the text says why."""


def firmware_path(name):
    """File of a firmware name: opensbi-X[:dynamic|:jump], u-boot-m[-VERSION] or a path."""
    match = re.fullmatch(r"(opensbi-[\d.]+)(?::(dynamic|jump))?", name)
    if match:
        return store.path_of(f"{match[1]}/fw_{match[2] or 'dynamic'}.bin")
    match = re.fullmatch(r"u-boot-m(?:-([\d.]+))?", name)
    if match:
        return store.path_of(f"u-boot-{match[1] or UBOOT}/u-boot-m.bin")
    return existing(name, "firmware", "opensbi-1.6, opensbi-1.1:jump, u-boot-m")


def firmware_elf(name):
    """The ELF file with a firmware's symbols, or None."""
    elf = firmware_path(name).with_suffix(".elf")
    return elf if elf.exists() else None


def payload_path(name):
    """File of a payload name: linux, edk2, u-boot-s[-VERSION], none or a path."""
    if name == "none":
        return None
    if name in LINUX:
        return store.path_of("linux-trixie/Image")
    match = re.fullmatch(r"u-boot-s(?:-([\d.]+))?", name)
    if match:
        return store.path_of(f"u-boot-{match[1] or UBOOT}/u-boot-s.bin")
    return existing(name, "payload", "linux, edk2, u-boot-s, none")


def known_problem(opts):
    """A known defect of a combination on the bare machine too, or None."""
    if opts.firmware == "opensbi-1.5.1:jump" and opts.harts > 1:
        return ("OpenSBI 1.5.1's fw_jump may lose harts at boot, also without the monitor "
                "(OpenSBI issue 354)")
    return None


def existing(name, what, known):
    path = Path(name)
    if not path.is_file():
        raise MachineError(f"no {what} '{name}': neither a file nor one of {known}, ...")
    return path


def build_dir(path):
    """A build folder that contains a monitor, relative to the current directory."""
    build = Path(path) if path else ROOT / "build"
    if not (build / "cordon.bin").is_file():
        raise MachineError(f"{build} holds no cordon.bin: build the monitor first (make), "
                           "or try the bare firmware with --native")
    return build


def bundle(build, firmware, name, fdt=None):
    """Pack monitor and firmware; one file per firmware, so that parallel runs do not collide."""
    out = build / "run"
    out.mkdir(exist_ok=True)
    image = out / (re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("_") + ".bin")
    tool = [sys.executable, str(ROOT / "tools/pack-image"),
            "--monitor", str(build / "cordon.bin"), "--firmware", str(firmware), "-o", str(image)]
    if fdt:
        tool += ["--fdt", str(fdt)]
    if subprocess.run(tool, check=False).returncode:
        raise MachineError("no image, see above")
    return image


def require_qemu():
    if not shutil.which(QEMU):
        raise MachineError(f"{QEMU} is not installed: apt install qemu-system-misc")


def flash_with_edk2():
    """QEMU's arguments for EDK2 in flash, which gets -kernel, -initrd and -append from QEMU.

    Nothing that it writes is kept.
    """
    version = subprocess.run([QEMU, "--version"], stdout=subprocess.PIPE, text=True,
                             check=True).stdout
    number = re.search(r"version (\d+)\.(\d+)", version)
    if not number or (int(number[1]), int(number[2])) < (8, 1):
        raise MachineError("edk2 needs QEMU 8.1, because older ones enter its flash in M-mode: "
                           "make qemu-boards builds one; QEMU=<path> selects it")
    code, variables = store.path_of("edk2/code.fd"), store.path_of("edk2/variables.fd")
    return ["-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={code}",
            "-drive", f"if=pflash,unit=1,format=raw,snapshot=on,file={variables}"]


def qemu_command(opts, bios, payload):
    """Return the QEMU command line for a set of options (see tools/run)."""
    cmd = [QEMU, "-machine", opts.machine, "-cpu", opts.cpu, "-smp", str(opts.harts),
           "-m", opts.mem, "-no-reboot"]
    if opts.batch:
        cmd += ["-display", "none", "-monitor", "none", "-serial", "stdio"]
    else:
        cmd += ["-nographic"]
    if opts.icount:
        cmd += ["-icount", "shift=0,sleep=off"]
    cmd += ["-bios", str(bios)]
    if payload:
        cmd += ["-kernel", str(payload)]
    if opts.payload == "edk2":
        cmd += flash_with_edk2()
    if opts.payload in LINUX:
        cmd += ["-initrd", str(opts.initrd or store.path_of("initramfs")),
                "-append", linux_command_line(opts)]
    elif opts.append:
        cmd += ["-append", opts.append]
    if opts.debug:
        cmd += ["-gdb", f"tcp::{opts.gdb_port}", "-S"]
    for extra in opts.qemu_arg:
        cmd += shlex.split(extra)
    return cmd


def linux_command_line(opts):
    words = ["console=ttyS0", "panic=-1"]
    if opts.smoke:
        words += ["cordon.smoke", f"cordon.harts={opts.harts}"]
    if opts.append:
        words.append(opts.append)
    return " ".join(words)


class Console:
    """A QEMU under program control: reads, keeps and answers its console."""

    def __init__(self, cmd, timeout, echo=True, log=None):
        self.cmd = cmd
        self.echo = echo
        self.log = open(log, "wb") if log else None
        self.text = ""
        self.start = time.monotonic()
        self.deadline = self.start + timeout
        self.proc = subprocess.Popen(cmd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, bufsize=0)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.proc.stdout, selectors.EVENT_READ)
        self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()

    def stop(self):
        """End QEMU if it still runs. Return its exit status."""
        if self.proc.poll() is None:
            self.proc.kill()
        self.proc.wait()
        self.proc.stdout.close()
        self.proc.stdin.close()
        if self.log:
            self.log.close()
            self.log = None
        return self.proc.returncode

    def elapsed(self):
        return time.monotonic() - self.start

    def read(self):
        """Read available output. Return False at the end of QEMU or on timeout."""
        left = self.deadline - time.monotonic()
        if left <= 0 or self.ended or not self.selector.select(left):
            return False
        data = os.read(self.proc.stdout.fileno(), 65536)
        self.ended = not data
        if self.log:
            self.log.write(data)
            self.log.flush()
        if self.echo:
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
        self.text += data.decode("utf-8", "replace")
        return not self.ended

    def expect(self, pattern):
        """Wait until a regular expression matches the output so far. Return the match or None."""
        while True:
            match = re.search(pattern, self.text)
            if match or not self.read():
                return match or re.search(pattern, self.text)

    def send(self, line):
        """Type a line. expect() no longer searches earlier output."""
        self.text = ""
        self.proc.stdin.write(line.encode() + b"\n")

    def wait(self):
        """Read to the end. Return QEMU's exit status, or None on timeout."""
        while self.read():
            pass
        if not self.ended:
            return None
        try:
            return self.proc.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return None
