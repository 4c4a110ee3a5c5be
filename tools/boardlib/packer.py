# SPDX-License-Identifier: BSD-2-Clause
"""Bundle monitor, firmware and optionally a device tree into a bootable image, for
tools/pack-image, pack-fit and pack-bootchain. Checks each part first."""

import os
import select
import stat
import struct
import sys
from pathlib import Path

import devtree
import firmware as fw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from reportlib import manifest  # noqa: E402

MAGIC = b"CORDON\x00\x01"
MAGIC_OFFSET = 0x08
SIZES = struct.Struct("<QQ")            # 0x10: monitor_size, mem_size
SIZES_OFFSET = 0x10
PARTS = struct.Struct("<QQQQ")          # 0x20: firmware offset, size; fdt offset, size
PARTS_OFFSET = 0x20
BOARD_OFFSET = 0x40                     # offset of the address of struct board
BOARD = struct.Struct("<Q32s64s")       # start of struct board: firmware, name, compatible
MANIFEST = struct.Struct("<Q")          # manifest offset
MANIFEST_OFFSET = BOARD_OFFSET + 8
HEADER_SIZE = MANIFEST_OFFSET + 8
PAGE = 4096
FORCE = "--force packs it nevertheless"
PATIENCE = 5                            # seconds


class PackError(Exception):
    """Unusable input; the text says which and why."""


def read(path, what):
    """Read a file, but no more than slightly over the size limit. A pipe has to begin soon."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            if stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode) and \
                    not select.select([stream], [], [], PATIENCE)[0]:
                raise PackError(f"the {what} {path} is a pipe into which nobody writes")
            os.set_blocking(stream.fileno(), True)
            data = stream.read(fw.LIMIT + 1)
    except OSError as err:
        raise PackError(f"cannot read the {what} {path}: {err.strerror}") from err
    if not data:
        raise PackError(f"the {what} {path} is empty")
    return data


def write(path, data):
    """Write atomically, so that a concurrent reader never sees half an image."""
    part = f"{path}.{os.getpid()}.part"
    try:
        # Fail if somebody else made the file, perhaps as a link to another one.
        with open(part, "xb") as stream:
            stream.write(data)
        os.replace(part, path)
    except OSError as err:
        Path(part).unlink(missing_ok=True)
        raise PackError(f"cannot write {path}: {err.strerror}") from err


def is_cordon(data):
    """True for a monitor, packed or not."""
    return data[MAGIC_OFFSET:MAGIC_OFFSET + len(MAGIC)] == MAGIC


class Monitor:
    """The monitor's binary, checked against its header, and its board."""

    def __init__(self, path):
        self.data = data = read(path, "monitor")
        if data[:4] == b"\x7fELF":
            raise PackError(f"the monitor {path} is an ELF file: give cordon.bin")
        if len(data) < HEADER_SIZE:
            raise PackError(f"the monitor {path} is truncated: {len(data)} bytes, "
                            f"less than its header of {HEADER_SIZE}")
        if not is_cordon(data):
            raise PackError(f"the monitor {path} has no Cordon header (bad magic "
                            f"{data[MAGIC_OFFSET:MAGIC_OFFSET + len(MAGIC)].hex()})")
        size, _ = SIZES.unpack_from(data, SIZES_OFFSET)
        if size == 0 or size % PAGE:
            raise PackError(f"the monitor {path} has a damaged header: monitor size {size:#x}")
        if any(PARTS.unpack_from(data, PARTS_OFFSET) +
               MANIFEST.unpack_from(data, MANIFEST_OFFSET)):
            raise PackError(f"{path} is a packed image already; give the bare monitor "
                            "(cordon.bin)")
        if len(data) < size:
            raise PackError(f"the monitor {path} is truncated: {len(data)} bytes, "
                            f"its header says {size}")
        if len(data) > size:
            raise PackError(f"the monitor {path} has {len(data) - size} bytes after its end")
        self.read_board(path)

    def read_board(self, path):
        at, = struct.unpack_from("<Q", self.data, BOARD_OFFSET)
        if not HEADER_SIZE <= at <= len(self.data) - BOARD.size:
            raise PackError(f"the monitor {path} has a damaged header: its board is at {at:#x}")
        self.address, name, compatible = BOARD.unpack_from(self.data, at)
        try:
            self.board = name.split(b"\0")[0].decode("ascii")
            self.compatible = compatible.split(b"\0")[0].decode("ascii")
        except UnicodeDecodeError as err:
            raise PackError(f"the monitor {path} is damaged: its board has no name") from err

    def check_firmware(self, data, what, path=None, force=False):
        """Raise PackError unless the firmware can start at the board's address."""
        if is_cordon(data):
            self.check_monitor_as_firmware(data, what, force)
            return
        why = fw.objection(data, self.address, path)
        if why and (not force or not data):
            raise PackError(f"{what} {why}" + (f" ({FORCE})" if data else ""))

    def check_monitor_as_firmware(self, data, what, force):
        """Check a monitor to be packed as firmware: it must contain firmware, and be for
        this board."""
        try:
            at, size, _, _ = PARTS.unpack_from(data, PARTS_OFFSET)
            board, = struct.unpack_from("<Q", data, BOARD_OFFSET)
            address, name, _ = BOARD.unpack_from(data, board)
        except (struct.error, OverflowError) as err:
            raise PackError(f"{what} is a damaged Cordon image") from err
        if not size or at + size > len(data):
            raise PackError(f"{what} is a monitor without a firmware, or a truncated one: to run "
                            "one below the other, give a packed image")
        if address != self.address and not force:
            raise PackError(f"{what} is a monitor for {name.split(bytes(1))[0].decode('latin')}, "
                            f"with its firmware at {address:#x}, not {self.address:#x}. {FORCE}")

    def is_for(self, root):
        """True if a device tree's root is this board's, or the board has no name."""
        return not self.compatible or self.compatible in root.strings("compatible")

    def check_load(self, address, what, force=False):
        """An image with another load address was made for another board."""
        if address != self.address and not force:
            raise PackError(f"{what} is loaded at {address:#x}, but {self.board}, which this "
                            f"monitor is built for, starts firmware at {self.address:#x}: is it "
                            f"for another board? ({FORCE})")

    def check_tree(self, data, what, force=False):
        """Check a tree to pack: it must be the board's, with memory at the firmware address."""
        if data[:4] != b"\xd0\x0d\xfe\xed":
            raise PackError(f"{what} is not a flattened one (use dtc -O dtb)")
        if len(data) > devtree.SIZE_MAX:
            raise PackError(f"{what} is larger than 2 MiB")
        try:
            root, _ = devtree.parse(data, what)
        except (devtree.TreeError, RecursionError) as err:
            raise PackError(str(err)) from err
        if force:
            return
        if not self.is_for(root):
            names = ", ".join(root.strings("compatible")) or "no board"
            raise PackError(f"{what} is for {names}; this monitor is for {self.board} "
                            f"({self.compatible}). {FORCE}")
        if not has_memory(root, self.address):
            raise PackError(f"{what} has no memory at {self.address:#x}, where this board "
                            f"starts firmware. {FORCE}")


def has_memory(root, address):
    """True if a memory node of the tree contains an address."""
    ac, sc = root.number("#address-cells", 2), root.number("#size-cells", 1)
    if not 1 <= ac <= 2 or not 1 <= sc <= 2:
        return False
    for node in root.children:
        if node.text("device_type") != "memory" or not node.enabled():
            continue
        cells = node.cells("reg")
        for at in range(0, len(cells) - ac - sc + 1, ac + sc):
            start, size = number(cells[at:at + ac]), number(cells[at + ac:at + ac + sc])
            if start <= address < start + size:
                return True
    return False


def number(cells):
    value = 0
    for cell in cells:
        value = value << 32 | cell
    return value


def padded(data):
    return data + b"\0" * (-len(data) % PAGE)


def read_manifest(path):
    """Return a manifest's bytes. The monitor verifies its signature."""
    data = read(path, "manifest")
    try:
        manifest.decode(data)
    except manifest.Malformed as err:
        raise PackError(f"{path} {err}") from err
    return data


def pack(monitor, firmware, what, fdt=None, signed=None, **options):
    """Return the image as bytes, or raise PackError.
    @monitor: a Monitor; @firmware: bytes, called @what in errors; @fdt, @signed: paths of a
    device tree and a manifest, or None; options are passed to Monitor.check_firmware()
    """
    monitor.check_firmware(firmware, what, **options)
    image = bytearray(padded(monitor.data))
    if signed:
        # not last, because the monitor takes the firmware's or the tree's end for the image's
        MANIFEST.pack_into(image, MANIFEST_OFFSET, len(image))
        image += padded(read_manifest(signed))
    parts = [len(image), len(firmware), 0, 0]
    image += padded(firmware)
    if fdt:
        blob = read(fdt, "device tree")
        monitor.check_tree(blob, f"device tree {fdt}", options.get("force", False))
        parts[2:] = [len(image), len(blob)]
        image += padded(blob)
    PARTS.pack_into(image, PARTS_OFFSET, *parts)
    return bytes(image)
