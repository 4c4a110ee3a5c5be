# SPDX-License-Identifier: BSD-2-Clause
"""The cache of real guests: fetches, verifies and unpacks Debian packages."""

import fcntl
import fnmatch
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = ROOT / "third_party" / "guests"


def choose_cache():
    """Beside the sources, or in the user's own cache if the sources are not writable."""
    if os.environ.get("CORDON_CACHE"):
        return Path(os.environ["CORDON_CACHE"])
    there = next(path for path in (SHARED, *SHARED.parents) if path.exists())
    if os.access(there, os.W_OK):
        return SHARED
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cordon" / "guests"


CACHE = choose_cache()
APT_HELPER = "/usr/lib/apt/apt-helper"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

SBI = "usr/lib/riscv64-linux-gnu/opensbi/generic/"
SBI_FILES = {name: SBI + name for name in (
    "fw_dynamic.bin", "fw_dynamic.elf", "fw_jump.bin", "fw_jump.elf")}
UBOOT_FILES = {
    "u-boot-m.bin": "usr/lib/u-boot/qemu-riscv64/u-boot.bin",
    "u-boot-m.elf": "usr/lib/u-boot/qemu-riscv64/uboot.elf",
    "u-boot-s.bin": "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin",
    "u-boot-s.elf": "usr/lib/u-boot/qemu-riscv64_smode/uboot.elf",
}

# Drivers for the storage of the board models, and a filesystem.
MODULES = ("crc16", "crc32c_generic", "mbcache", "jbd2", "ext4", "mmc_core", "mmc_block",
           "dw_mmc", "dw_mmc-pltfm", "dw_mmc-starfive", "virtio_mmio", "virtio_blk")

# Files taken from each package: name in the cache -> pattern in the package.
FILES = {
    "opensbi": SBI_FILES,
    "u-boot": UBOOT_FILES,
    "linux": {"Image": "boot/vmlinux-*", "config": "boot/config-*",
              **{f"{name}.ko.xz": f"usr/lib/modules/*/kernel/*/{name}.ko.xz"
                 for name in MODULES}},
    "edk2": {"code.fd": "usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd",
             "variables.fd": "usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd"},
    "busybox": {"busybox": "usr/bin/busybox"},
    "rt-tests": {"hackbench": "usr/bin/hackbench"},
    "libc": {"libc.so.6": "usr/lib/riscv64-linux-gnu/libc.so.6",
             "ld-linux-riscv64-lp64d.so.1": "usr/lib/*/ld-linux-riscv64-lp64d.so.1"},
    "linux-sid": {"Image": "usr/lib/modules/*/vmlinuz"},
    "dtb-sid": {name: f"usr/lib/modules/*/dtb/*/{name}" for name in (
        "jh7110-starfive-visionfive-2-v1.3b.dtb", "jh7110-milkv-mars.dtb",
        "eic7700-hifive-premier-p550.dtb", "hifive-unleashed-a00.dtb",
        "mpfs-icicle-kit.dtb")},
    "u-boot-starfive": {
        "u-boot-spl.bin.normal.out":
            "usr/lib/u-boot/starfive_visionfive2/u-boot-spl.bin.normal.out",
        "u-boot.itb": "usr/lib/u-boot/starfive_visionfive2/u-boot.itb"},
    "u-boot-sifive": {
        "u-boot-spl.bin": "usr/lib/u-boot/sifive_unleashed/u-boot-spl.bin",
        "u-boot.itb": "usr/lib/u-boot/sifive_unleashed/u-boot.itb"},
}

# Packages whose files keep their folders and modes: the group in the pattern, under
# that name.
TREES = {
    "linux-headers": r"usr/src/linux-headers-[^/]+/"
                     r"((?:arch|include)/.*|\.config|\.kernelvariables|Module\.symvers)",
    "linux-headers-common": r"usr/src/linux-headers-[^/]+/(Makefile|include/.*|arch/riscv/.*)",
    "linux-kbuild": r"usr/lib/linux-kbuild-[^/]+/(scripts/.*)",
    # Runs linux-kbuild's programs on machines with an older C library.
    "libc-amd64": r"usr/lib/x86_64-linux-gnu/(ld-linux-x86-64\.so\.2|libc\.so\.6)",
    # The prover of tests/proof, and the libraries that it needs.
    "cbmc": r"usr/bin/(cbmc|goto-cc|goto-instrument)",
    "cbmc-libc": r"usr/lib/x86_64-linux-gnu/(ld-linux-x86-64\.so\.2|libc\.so\.6|libm\.so\.6)",
    "cbmc-libstdc++": r"usr/lib/x86_64-linux-gnu/(libstdc\+\+\.so\.6)(?:\.\d.*)",
    "cbmc-libgcc": r"usr/lib/x86_64-linux-gnu/(libgcc_s\.so\.1)",
    "cbmc-minisat": r"usr/lib/(libminisat\.so\.2)(?:\.\d.*)",
    "cbmc-zlib": r"usr/lib/x86_64-linux-gnu/(libz\.so\.1)(?:\.\d.*)",
}

# For pinned package names that contain a version: the metapackage that leads to the
# newest, and prefixes of names to follow from there.
META = {
    "linux-trixie": ("linux-image-riscv64", "linux-image-"),
    "linux-headers": ("linux-headers-riscv64", "linux-headers-"),
    "linux-headers-common": ("linux-headers-riscv64", "linux-headers-",
                             r"linux-headers-\S+-common"),
    "linux-kbuild": ("linux-headers-riscv64", "linux-headers-", "linux-kbuild-"),
}


class GuestError(Exception):
    """A message for the user."""


def say(text):
    """Print progress to stderr, because stdout carries the paths."""
    print(f"guests: {text}", file=sys.stderr, flush=True)


class Package:
    """One line of packages.tsv."""

    def __init__(self, line):
        (self.guest, self.suite, self.name, self.version, self.arch,
         self.pool, size, self.sha256) = line.split("\t")
        self.size = int(size)

    @property
    def files(self):
        if self.guest in TREES:
            return {}
        if self.guest in FILES:
            return FILES[self.guest]
        return FILES[self.guest.split("-")[0] if self.guest[:2] != "u-" else "u-boot"]

    @property
    def pool_path(self):
        version = self.version.split(":")[-1]       # file names lack the epoch
        return f"pool/main/{self.pool}/{self.name}_{version}_{self.arch}.deb"


def packages():
    """Read the table of pinned packages, by guest name."""
    table = {}
    for line in (HERE / "packages.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            package = Package(line)
            table[package.guest] = package
    return table


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def human(size):
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def mirrors():
    """Addresses of this machine's Debian archive, from its apt configuration."""
    if os.environ.get("CORDON_MIRROR"):
        return [os.environ["CORDON_MIRROR"].rstrip("/")]
    try:
        out = subprocess.run(
            ["apt-get", "indextargets", "--no-release-info",     # works before any apt update
             "--format", "$(REPO_URI)", "Created-By: Packages"],
            stdout=subprocess.PIPE, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as err:
        raise GuestError("cannot ask apt for the Debian mirror of this machine "
                         f"({err}); set CORDON_MIRROR=<address of a Debian archive>") from err
    found = dict.fromkeys(uri.rstrip("/") for uri in out.splitlines())
    usable = [uri for uri in found if "debian" in uri and "security" not in uri]
    if not usable:
        raise GuestError("apt on this machine names no Debian archive; "
                         "set CORDON_MIRROR=<address of a Debian archive>")
    return usable


def download_pinned(package, target):
    """Fetch the pinned file from the archive's pool. Return False if it is not there."""
    quoted = urllib.parse.quote(package.pool_path, safe="/+~")
    for uri in mirrors():
        run = subprocess.run(
            [APT_HELPER, "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=2",
             "download-file", f"{uri}/{quoted}", str(target)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode == 0 and target.exists():
            return True
    return False


class AptRoot:
    """A private apt for another suite and architecture, which leaves the system's apt
    untouched.

    The configuration is passed with -c, after the system's own, so that a proxy or
    credentials set there stay in force.
    """

    def __init__(self, suite, arch="riscv64"):
        self.suite = suite
        arches = sorted({"riscv64", "riscv64" if arch == "all" else arch})
        self.dir = CACHE / "apt" / "-".join([suite, *arches])
        for sub in ("lists/partial", "cache/archives/partial", "etc"):
            (self.dir / sub).mkdir(parents=True, exist_ok=True)
        (self.dir / "status").touch()
        signed = f" signed-by={KEYRING}" if os.path.exists(KEYRING) else ""
        (self.dir / "etc/sources.list").write_text("".join(
            f"deb [arch={','.join(arches)}{signed}] {uri} {suite} main\n"
            for uri in mirrors()[:1]))
        self.conf = self.dir / "apt.conf"
        self.conf.write_text("\n".join((
            "#clear APT::Architectures;",
            "#clear APT::Update;",
            "#clear DPkg::Post-Invoke;",
            'APT::Architecture "riscv64";',
            'APT::Architectures { "' + '"; "'.join(arches) + '"; };',
            'APT::Sandbox::User "root";',
            'Acquire::Languages "none";',
            'Acquire::Check-Valid-Until "false";',
            f'Dir::State "{self.dir}";',
            f'Dir::State::status "{self.dir}/status";',
            f'Dir::State::lists "{self.dir}/lists";',
            f'Dir::Cache "{self.dir}/cache";',
            f'Dir::Etc::sourcelist "{self.dir}/etc/sources.list";',
            'Dir::Etc::sourceparts "-";',
            'Dir::Etc::preferences "-";',
            'Dir::Etc::preferencesparts "-";', "")))

    def run(self, *args, **kwargs):
        return subprocess.run([args[0], "-c", str(self.conf), *args[1:]],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, **kwargs)

    def update(self):
        say(f"reading the index of {self.suite} (about 20 MB)")
        run = self.run("apt-get", "-q", "--error-on=any", "update")
        if run.returncode:
            raise GuestError(f"apt-get update for {self.suite} failed:\n{run.stdout.strip()}")

    def newest_name(self, meta, *patterns):
        """Resolve a metapackage to a package (kernel names contain the version)."""
        name = meta
        for pattern in patterns:
            out = self.run("apt-cache", "depends", "--important", name).stdout
            match = re.search(rf"Depends: ({pattern}\S*)", out)
            if not match:
                raise GuestError(f"{name} of {self.suite} needs no {pattern}...")
            name = match.group(1)
        return name

    def download(self, spec, target):
        """Fetch NAME or NAME=VERSION; apt verifies signatures. Return False if it is not there."""
        spool = self.dir / "spool"
        shutil.rmtree(spool, ignore_errors=True)
        spool.mkdir()
        run = self.run("apt-get", "-q", "download", spec, cwd=spool)
        debs = list(spool.glob("*.deb"))
        if run.returncode or not debs:
            return False
        os.replace(debs[0], target)
        return True


def download_by_apt(package, target):
    """Fetch through signed indexes: the pinned version, else the newest, with a warning."""
    apt = AptRoot(package.suite, package.arch)
    apt.update()
    qualifier = "" if package.arch in ("all", "riscv64") else f":{package.arch}"
    if apt.download(f"{package.name}{qualifier}={package.version}", target):
        return
    meta = META.get(package.guest)
    name = apt.newest_name(*meta) if meta else package.name
    say("*" * 72)
    say(f"{package.name}={package.version} HAS LEFT THE ARCHIVE: taking the newest {name}")
    say(f"of {package.suite}. Results may differ; update tools/guests.d/packages.tsv.")
    say("*" * 72)
    if not apt.download(name + qualifier, target):
        raise GuestError(f"cannot download {name} of {package.suite}")


def unpack(deb, files, where, tree=None):
    """Extract the wanted files of a .deb into a folder."""
    found = False
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)],
                          stdout=subprocess.PIPE) as tool:
        with tarfile.open(fileobj=tool.stdout, mode="r|") as tar:
            for member in tar:
                path = member.name.lstrip("./")
                for name, pattern in files.items():
                    if member.isfile() and fnmatch.fnmatch(path, pattern):
                        (where / name).write_bytes(tar.extractfile(member).read())
                match = tree and member.isfile() and re.fullmatch(tree, path)
                if match:
                    found = True
                    target = where / match[1]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(tar.extractfile(member).read())
                    target.chmod(member.mode)
    if tree and not found:
        raise GuestError(f"{deb.name} does not hold {tree}")
    missing = [name for name in files if not (where / name).exists()]
    if missing:
        raise GuestError(f"{deb.name} does not hold {', '.join(missing)}")


def deb_identity(deb):
    out = subprocess.run(["dpkg-deb", "-f", str(deb), "Package", "Version"],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    fields = dict(line.split(": ", 1) for line in out.splitlines())
    return f"{fields['Package']}={fields['Version']}"


def fetch(package):
    """Download, verify and unpack one guest. The folder appears atomically."""
    say(f"downloading {package.guest}: {package.name} {package.version}, {human(package.size)}")
    part = CACHE / f".{package.guest}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        fetch_into(package, part)
        final = CACHE / package.guest
        shutil.rmtree(final, ignore_errors=True)
        os.replace(part, final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def fetch_into(package, part):
    deb = part / "package.deb"
    if not download_pinned(package, deb):
        say(f"{package.pool_path} is not on the mirror; asking apt")
        download_by_apt(package, deb)
    got, identity = sha256_of(deb), deb_identity(deb)
    if identity == f"{package.name}={package.version}" and got != package.sha256:
        raise GuestError(f"{identity} has sha256 {got}, not the pinned {package.sha256}")
    unpack(deb, package.files, part, TREES.get(package.guest))
    deb.unlink()
    (part / "SOURCE").write_text(f"pinned {package.sha256}\npackage {identity}\nsha256 {got}\n")


def cached(package):
    """Find the folder with a guest that matches its current line of the table, or None. A
    cache beside the sources is also used by users who cannot write there.
    """
    for folder in dict.fromkeys((CACHE / package.guest, SHARED / package.guest)):
        try:
            source = (folder / "SOURCE").read_text()
        except OSError:
            continue
        if (f"pinned {package.sha256}\n" in source
                and all((folder / name).exists() for name in package.files)):
            return folder
    return None


def cpio_entry(name, mode, data=b"", device=(0, 0), inode=0):
    """Return one member of a newc archive, owned by root and without a date."""
    path = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields) + path
    header += b"\0" * (-len(header) % 4)
    return header + data + b"\0" * (-len(data) % 4)


def initramfs_bytes(busybox, init):
    """Pack BusyBox, our /init and a console, reproducibly."""
    members = [(name, 0o040755, b"", (0, 0)) for name in
               ("bin", "dev", "etc", "proc", "root", "sbin", "sys", "tmp", "usr",
                "usr/bin", "usr/sbin")]
    members += [
        ("bin/busybox", 0o100755, busybox, (0, 0)),
        ("bin/sh", 0o120777, b"busybox", (0, 0)),
        ("dev/console", 0o020600, b"", (5, 1)),
        ("init", 0o100755, init, (0, 0)),
    ]
    out = b"".join(cpio_entry(name, mode, data, device, number + 1)
                   for number, (name, mode, data, device) in enumerate(sorted(members)))
    out += cpio_entry("TRAILER!!!", 0)
    return gzip.compress(out, compresslevel=9, mtime=0)


def initramfs():
    """Return the path of the initramfs, rebuilt if BusyBox or /init has changed."""
    busybox = (get("busybox") / "busybox").read_bytes()
    init = (ROOT / "tests/initramfs/init").read_bytes()
    image = CACHE / "initramfs" / "initramfs.cpio.gz"
    key = hashlib.sha256(busybox + init + Path(__file__).read_bytes()).hexdigest()
    stamp = image.with_name("KEY")
    with locked():
        if not (image.exists() and stamp.exists() and stamp.read_text() == key):
            image.parent.mkdir(parents=True, exist_ok=True)
            part = image.with_name(".part")
            part.write_bytes(initramfs_bytes(busybox, init))
            os.replace(part, image)
            stamp.write_text(key)
    return image


class locked:
    """Lock: only one process at a time changes the cache."""

    def __enter__(self):
        CACHE.mkdir(parents=True, exist_ok=True)
        self.stream = open(CACHE / ".lock", "w", encoding="ascii")
        fcntl.flock(self.stream, fcntl.LOCK_EX)

    def __exit__(self, *unused):
        self.stream.close()


def get(name):
    """Return a guest's folder in the cache; fetch it first if missing."""
    table = packages()
    if name not in table:
        raise GuestError(f"no guest '{name}'; there are: {', '.join([*table, 'initramfs'])}")
    package = table[name]
    if not cached(package):
        with locked():
            if not cached(package):
                fetch(package)
    return cached(package) or CACHE / name


def path_of(name):
    """Return the path of GUEST, GUEST/FILE or initramfs."""
    if name == "initramfs":
        return initramfs()
    guest, _, file = name.partition("/")
    path = get(guest) / file if file else get(guest)
    if not path.exists():
        raise GuestError(f"guest {guest} has no file {file}; it has: "
                         + ", ".join(packages()[guest].files))
    return path
