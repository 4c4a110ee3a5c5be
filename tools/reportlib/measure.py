# SPDX-License-Identifier: BSD-2-Clause
"""The hashes that the monitor takes, computed from the files that were started."""

import hashlib
import struct

PAGE = 4096
MAGIC = b"CORDON\x00\x01"
PARTS = slice(0x20, 0x40)               # of the header: what pack-image fills in,
MANIFEST = slice(0x48, 0x50)            # and another part
FDT_MAGIC = 0xd00dfeed
FDT_BEGIN_NODE, FDT_END_NODE, FDT_PROP, FDT_NOP, FDT_END = 1, 2, 3, 4, 9
IMAGE_MAGIC2 = b"RSC\x05"
# The monitor measures no larger payload.
IMAGE_MAX = 256 << 20


class NotMeasurable(Exception):
    """A file that is not what it should be; the text says why."""


def enclave_hash(loader, runtime, app):
    """Compute the monitor's measurement of an enclave made of these three files."""
    parts = [part + bytes(-len(part) % PAGE) for part in (loader, runtime, app)]
    sizes = struct.pack("<3Q", *map(len, parts))
    return hashlib.sha3_512(sizes + b"".join(parts)).digest()


def monitor_hash(image):
    """The monitor in cordon.bin, or in what tools/pack-image made of it."""
    if image[8:16] != MAGIC:
        raise NotMeasurable("it is no monitor of Cordon: there is no header")
    (size,) = struct.unpack_from("<Q", image, 0x10)
    if not MANIFEST.stop <= size <= len(image):
        raise NotMeasurable("it is a truncated monitor")
    monitor = bytearray(image[:size])
    monitor[PARTS] = bytes(0x20)
    monitor[MANIFEST] = bytes(8)
    return hashlib.sha3_512(monitor).digest()


def seeds(tree):
    """Start and length of the random seeds in /chosen of a flattened device tree."""
    at, strings = struct.unpack_from(">II", tree, 8)
    path = []
    while True:
        (token,) = struct.unpack_from(">I", tree, at)
        at += 4
        if token == FDT_BEGIN_NODE:
            end = tree.index(0, at)
            path.append(bytes(tree[at:end]))
            at = (end + 4) & ~3
        elif token == FDT_END_NODE:
            path.pop()
        elif token == FDT_PROP:
            length, name = struct.unpack_from(">II", tree, at)
            at += 8
            name = bytes(tree[strings + name:tree.index(0, strings + name)])
            if path == [b"", b"chosen"] and name in (b"rng-seed", b"kaslr-seed"):
                yield at, length
            at = (at + length + 3) & ~3
        elif token == FDT_END:
            return
        elif token != FDT_NOP:
            raise NotMeasurable("it is a damaged device tree")


def tree_hash(blob):
    """A flattened device tree, as it was handed to the monitor."""
    if len(blob) < 40 or struct.unpack_from(">I", blob)[0] != FDT_MAGIC:
        raise NotMeasurable("it is no flattened device tree")
    (size,) = struct.unpack_from(">I", blob, 4)
    if size > len(blob):
        raise NotMeasurable("it is a truncated device tree")
    tree = bytearray(blob[:size])
    try:
        for at, length in list(seeds(tree)):
            tree[at:at + length] = bytes(length)
    except (struct.error, ValueError, IndexError) as err:
        raise NotMeasurable("it is a damaged device tree") from err
    return hashlib.sha3_512(tree).digest()


def firmware_hash(data):
    """A firmware that tools/pack-image has bundled with the monitor."""
    return hashlib.sha3_512(data).digest()


def payload_file_hash(data, window):
    """A payload's file: a Linux Image, whose header says its size in memory, or else window
    bytes. As in payload_size() of core/boot/measure.c."""
    if data[56:60] == IMAGE_MAGIC2:
        (size,) = struct.unpack_from("<Q", data, 16)
        if 0 < size <= IMAGE_MAX:
            window = (size + 7) & ~7
    return payload_hash(data, window)


def payload_hash(data, size):
    """The first size bytes of what was loaded where the payload began."""
    return hashlib.sha3_512(data[:size].ljust(size, b"\0")).digest()
