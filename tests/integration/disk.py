# SPDX-License-Identifier: BSD-2-Clause
"""Disks for guests: partition tables, filesystems, and an initramfs that mounts them."""

import gzip
import hashlib
import lzma
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import uuid
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import store  # noqa: E402

SECTOR = 512
ENTRIES = 128

# Partition types: SPL's and U-Boot's of the JH7110 (U-Boot's
# include/configs/starfive-visionfive2.h), any data.
SPL = uuid.UUID("2E54B353-1271-4842-806F-E436D6AF6985")
UBOOT = uuid.UUID("BC13C2FF-59E6-4262-A352-B275FD6F7172")
DATA = uuid.UUID("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7")
BOOTABLE = 4

# Script of the first process: load drivers, check and write the disk, run the smoke
# test.
SCRIPT = """\
#!/bin/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
for module in {modules}; do
    $b insmod /modules/$module.ko || echo "DISK FAIL insmod $module"
done
n=0
while [ ! -b {device} ] && [ $n -lt 100 ]; do
    $b sleep 0.1
    n=$((n + 1))
done
if $b mount -t ext4 {device} /root; then
    (cd /root && $b sha256sum -c sums && $b cat data data | $b gzip -c >twice.gz) &&
        $b umount /root && echo DISK PASS
else
    echo "DISK FAIL mount"
fi
$b umount /dev /sys /proc
exec /init
"""


def gpt_header(here, other, table, last, entries):
    """Return one of the two GPT headers (UEFI 2.10, 5.3.2)."""
    head = bytearray(struct.pack(
        "<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, here, other,
        2 + ENTRIES // 4, last - 1 - ENTRIES // 4, uuid.UUID(int=1).bytes_le, table, ENTRIES,
        128, zlib.crc32(entries)))
    struct.pack_into("<I", head, 16, zlib.crc32(bytes(head)))
    return bytes(head)


def write_gpt(path, size, partitions):
    """
    A disk image. Partitions are (type, name, first MiB, MiB, file or None).

    A file that does not fit is an error.
    """
    last = size // SECTOR - 1
    entries = b"".join(
        kind.bytes_le + uuid.uuid5(kind, name).bytes_le +
        struct.pack("<QQQ", first << 11, (first + length << 11) - 1,
                    BOOTABLE if kind == DATA else 0) +
        name.encode("utf-16le").ljust(72, b"\0")
        for kind, name, first, length, _ in partitions).ljust(ENTRIES * 128, b"\0")
    protective = bytearray(SECTOR)
    protective[446:462] = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xee, b"\xff\xff\xff", 1, last)
    protective[510:] = b"\x55\xaa"
    with open(path, "wb") as disk:
        disk.truncate(size)
        disk.write(protective)
        disk.write(gpt_header(1, last, 2, last, entries).ljust(SECTOR, b"\0") + entries)
        for _, name, first, length, file in partitions:
            if file:
                data = pathlib.Path(file).read_bytes()
                assert len(data) <= length << 20, f"{file} is too large for {name}"
                disk.seek(first << 20)
                disk.write(data)
        disk.seek((last - ENTRIES // 4) * SECTOR)
        disk.write(entries)
        disk.write(gpt_header(last, 1, last - ENTRIES // 4, last, entries))
    return path


def tool(name):
    """Find a tool of e2fsprogs, which may be outside of PATH."""
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def make_ext4(path, size, tree):
    """Make an ext4 image of a folder, and test data with its checksum."""
    data = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(1 << 17))
    (tree / "data").write_bytes(data)
    (tree / "sums").write_text(f"{hashlib.sha256(data).hexdigest()}  data\n")
    subprocess.run([tool("mke2fs"), "-q", "-t", "ext4", "-b", "4096", "-d", tree,
                    "-E", "root_owner=0:0", "-O", "^metadata_csum_seed,^orphan_file",
                    path, f"{size >> 10}k"], check=True, capture_output=True)
    return path


def check_written(disk, first, tree):
    """Read the guest's results; the filesystem at 1 MiB of a disk image must be clean."""
    place = f"{disk}?offset={first << 20}"
    subprocess.run([tool("e2fsck"), "-fn", place], check=True, capture_output=True)
    done = subprocess.run([tool("debugfs"), "-R", "cat twice.gz", place], check=True,
                          capture_output=True)
    data = (tree / "data").read_bytes()
    return gzip.decompress(done.stdout) == data + data


def initramfs(path, device, modules):
    """Return the initramfs of the smoke test with /disk, drivers and their script prepended."""
    files = [("disk", SCRIPT.format(device=device, modules=" ".join(modules)).encode(), 0o755)]
    for name in modules:
        packed = store.path_of(f"linux-trixie/{name}.ko.xz").read_bytes()
        files.append((f"modules/{name}.ko", lzma.decompress(packed), 0o644))
    more = store.cpio_entry("modules", 0o040755, inode=1001)
    for number, (name, data, mode) in enumerate(files):
        more += store.cpio_entry(name, 0o100000 | mode, data, inode=1002 + number)
    more += store.cpio_entry("TRAILER!!!", 0)
    path.write_bytes(store.initramfs().read_bytes() + gzip.compress(more, 6, mtime=0))
    return path
