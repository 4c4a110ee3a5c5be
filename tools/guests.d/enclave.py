# SPDX-License-Identifier: BSD-2-Clause
"""The enclave demonstration: built here, run by tools/run; its report is verified here."""

import fcntl
import gzip
import os
import platform
import re
import secrets
import shlex
import shutil
import subprocess
import sys

import machine
import store

sys.path.insert(0, str(store.ROOT / "tools"))
from reportlib import certificate, measure, openssl, report  # noqa: E402

SOURCES = store.ROOT / "tools/enclave"
PACKAGES = ("linux-headers", "linux-headers-common", "linux-kbuild", "libc-amd64")
PARTS = ("loader.bin", "runtime.elf", "app.elf")
KINDS = ("enclave", "platform", "joined")
KEPT_RUNS = 4
# Files in the guest's /enclave.
FILES = (*PARTS, "update.elf", "other.elf", "app.cert", "update.cert", "other.cert",
         "foreign.cert", "enclave-demo", "cordon-enclave.ko")
MAKERS = ("maker", "other-maker")
# Certificate, its application, its maker's key and its version. The last is of a maker
# whom the application does not trust.
CERTIFICATES = (("app", "app", "maker", 1), ("update", "update", "maker", 2),
                ("other", "other", "other-maker", 1), ("foreign", "app", "other-maker", 1))
# Programs of Linux's build, which need a newer C library than this machine may have.
KBUILD_PROGRAMS = {
    "basic/fixdep": "basic/fixdep",
    "mod/modpost": "mod/modpost.real-lsb-64",
}


def kernel_release():
    """Release string of the kernel that tools/run boots."""
    image = store.path_of("linux-trixie/Image").read_bytes()
    match = re.search(rb"Linux version (\S+) \(", image)
    return match[1].decode() if match else None


def link_all(source, where, leave=()):
    where.mkdir(parents=True)
    for path in source.iterdir():
        if path.name not in leave:
            (where / path.name).symlink_to(path)


def program(path, real):
    """Wrap a program in a script that provides its C library."""
    libc = store.get("libc-amd64")
    path.write_text(f'#!/bin/sh\nexec "{libc}/ld-linux-x86-64.so.2" --library-path "{libc}" '
                    f'"{real}" "$@"\n')
    path.chmod(0o755)


def kernel_tree(where):
    """Create a folder in which Linux builds modules, with links to Debian's headers."""
    if platform.machine() != "x86_64":
        raise machine.MachineError("the driver can be built on amd64 alone: the programs of "
                                   "Linux' build that are fetched are for that")
    headers, common, kbuild, _ = (store.get(name) for name in PACKAGES)
    release = re.search('"(.*)"', (headers / "include/generated/utsrelease.h").read_text())[1]
    if release != kernel_release():
        raise machine.MachineError(f"the kernel is {kernel_release()} and the headers are for "
                                   f"{release}: a driver would not load")
    stamp = "".join(f"{folder}\n{(folder / 'SOURCE').read_text()}"
                    for folder in (headers, common, kbuild))
    if (where / "STAMP").exists() and (where / "STAMP").read_text() == stamp:
        return where / "objects"
    shutil.rmtree(where, ignore_errors=True)
    scripts = where / "common/scripts"
    link_all(common, where / "common")
    link_all(kbuild / "scripts", scripts, leave=("basic", "mod"))
    for folder in ("basic", "mod"):
        link_all(kbuild / "scripts" / folder, scripts / folder, leave=("fixdep", "modpost"))
    for name, real in KBUILD_PROGRAMS.items():
        program(scripts / name, kbuild / "scripts" / real)
    link_all(headers, where / "objects")
    (where / "objects/scripts").symlink_to("../common/scripts")
    (where / "objects/Makefile").write_text("include ../common/Makefile\n")
    (where / "STAMP").write_text(stamp)
    return where / "objects"


def make_keys(out):
    """Make keys of the makers once, and headers from which applications learn whom to trust."""
    for maker in MAKERS:
        key, path = out / f"{maker}.pem", out / f"{maker}.h"
        if not key.exists():
            openssl.make_key(key)
        header = certificate.header(openssl.public_of(key))
        # An unchanged header is left alone, so that nothing is compiled again.
        if not path.exists() or path.read_text() != header:
            path.write_text(header)


def certify(out):
    """Make the makers' certificates of the applications."""
    loader, runtime = ((out / name).read_bytes() for name in PARTS[:2])
    for name, app, maker, version in CERTIFICATES:
        key = out / f"{maker}.pem"
        message = certificate.encode(
            version, measure.enclave_hash(loader, runtime, (out / f"{app}.elf").read_bytes()),
            openssl.public_of(key))
        (out / f"{name}.cert").write_bytes(message + openssl.sign(key, message))


def build(folder):
    """Build enclave, host program, driver and initrd below a monitor's build folder."""
    out = (folder / "enclave").resolve()
    out.mkdir(exist_ok=True)
    with open(out / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kernel = kernel_tree(out / "kernel")
        try:
            make_keys(out)
        except openssl.OpensslError as err:
            raise machine.MachineError(f"no keys for the enclave's makers: {err}") from err
        done = subprocess.run(["make", "-s", "-C", SOURCES, f"O={out}", f"KERNEL={kernel}",
                               f"MAKER={out}/maker.h", f"OTHER_MAKER={out}/other-maker.h"],
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode:
            raise machine.MachineError(f"the enclave does not build:\n{done.stdout}")
        try:
            certify(out)
        except openssl.OpensslError as err:
            raise machine.MachineError(f"no certificate for the enclave: {err}") from err
        initrd(out)
    return out


def initrd(out, folder="enclave", init=SOURCES / "guest-init", files=FILES):
    """Append a folder to our initramfs; Linux unpacks one archive after the other."""
    members = [(folder, 0o040755, b""),
               (f"{folder}/init", 0o100755, init.read_bytes())]
    members += [(f"{folder}/{name}", 0o100755, (out / name).read_bytes()) for name in files]
    archive = b"".join(store.cpio_entry(name, mode, data, inode=number + 1)
                       for number, (name, mode, data) in enumerate(members))
    archive += store.cpio_entry("TRAILER!!!", 0)
    part = out / ".initrd.gz"
    part.write_bytes(store.initramfs().read_bytes() + gzip.compress(archive, mtime=0))
    os.replace(part, out / "initrd.gz")


def changed(path):
    """The time of a file's last write; 0 if another run has removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0


class Demonstration:
    """One run: a fresh nonce, and files for the reports."""

    def __init__(self, folder, spin=None, large=None):
        config = folder / ".config"
        if not config.exists() or "CONFIG_POLICY_KEYSTONE=y" not in config.read_text():
            raise machine.MachineError(f"the monitor in {folder} runs no enclaves: build it with "
                                       "make qemu_virt_defconfig keystone.config, or say "
                                       "make run-enclave")
        self.monitor = folder / "cordon.bin"
        self.out = build(folder)
        self.nonce = secrets.token_hex(32)
        self.spin = spin
        self.large = large
        self.forget_reports()
        # Put the nonce into file names, so that parallel runs do not collide.
        self.reports = {kind: self.out / f"{kind}-report-{self.nonce[:8]}.bin"
                        for kind in KINDS}

    def forget_reports(self):
        """Keep the reports of the last runs, some of which may not have ended."""
        old = sorted(self.out.glob("*-report-*.bin"), key=changed)
        for path in old[:-KEPT_RUNS * len(KINDS)]:
            path.unlink(missing_ok=True)

    def apply(self, opts):
        """Adjust tools/run's options to boot it."""
        if not opts.quiet:
            print("run: Linux starts without messages; the demonstration's first line comes "
                  "some ten seconds after OpenSBI's", file=sys.stderr, flush=True)
        words = f"{opts.append} rdinit=/enclave/init quiet enclave.nonce={self.nonce}"
        if self.spin:
            words += f" enclave.spin={self.spin}"
        if self.large:
            words += f" enclave.large={self.large}"
        if opts.shell:
            words += " enclave.shell"
        opts.append = words.strip()
        opts.initrd = self.out / "initrd.gz"
        self.started = {"--firmware": machine.firmware_path(opts.firmware),
                        "--payload": machine.payload_path(opts.payload)}
        # Add separate serial ports, which do not alter bytes.
        words = ["-device", "virtio-serial-pci"]
        for kind, path in self.reports.items():
            words += ["-chardev", f"file,id={kind},path={path}",
                      "-device", f"virtserialport,chardev={kind},name=cordon.{kind}"]
        opts.qemu_arg += [shlex.join(words)]

    def verify_command(self, kind):
        """The verify-report command: which device, monitor, enclave or machine, and time
        to accept."""
        command = [str(store.ROOT / "tools/verify-report"), kind, str(self.reports[kind]),
                   "--nonce", self.nonce, "--monitor", str(self.monitor)]
        if kind != "platform":
            command += ["--enclave", *(str(self.out / name) for name in PARTS)]
        if kind != "enclave":
            command += [str(word) for pair in self.started.items() for word in pair]
        # QEMU has no device secret.
        key = report.TEST_KEY if kind == "enclave" else report.PLATFORM_TEST_KEY
        return [*command, "--device-key", key.hex(), "--allow-test-key"]

    def verify(self):
        """Run verify-report. Return True if it accepts both reports."""
        good = True
        for kind, path in self.reports.items():
            if not path.exists():
                print(f"run: no {kind} report came out of the guest")
                good = False
                continue
            command = self.verify_command(kind)
            print("\nrun: this machine verifies a report that came out of the guest:\n\n"
                  f"{shlex.join(command)}\n", flush=True)
            good &= subprocess.run([sys.executable, *command], check=False).returncode == 0
        return good
