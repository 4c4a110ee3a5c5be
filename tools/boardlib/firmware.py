# SPDX-License-Identifier: BSD-2-Clause
"""Check that a file is firmware that can start at a board's address. For the packing tools."""

import struct
from pathlib import Path

LIMIT = 64 << 20
SHORTEST = 16           # bytes: even a loop that prints is longer
SCANNED = 8 << 20       # bytes of a firmware that are scanned for addresses

# (offset, magic, type of file, hint)
RAW = "a raw M-mode binary is needed"
COMPRESSED = "decompress it first"
KINDS = (
    (0, b"\xd0\x0d\xfe\xed", "a device tree or FIT image",
     "extract the raw binary (dumpimage), or use tools/pack-fit"),
    (0, b"ESWB", "a boot chain of ESWIN's", "use tools/pack-bootchain"),
    (0x30, b"RISCV\0\0\0", "a Linux kernel (Image)",
     "that is the payload; the firmware is what starts it, such as OpenSBI"),
    (0x38, b"RSC\x05", "a Linux kernel (Image)",
     "that is the payload; the firmware is what starts it, such as OpenSBI"),
    (0x38, b"ARM\x64", "a kernel for Arm", RAW),
    (0x202, b"HdrS", "a kernel for x86", RAW),
    (0, b"\x27\x05\x19\x56", "a uImage", "extract the raw binary (dumpimage)"),
    (0, b"\x1f\x8b", "compressed (gzip)", COMPRESSED),
    (0, b"\xfd7zXZ\0", "compressed (xz)", COMPRESSED),
    (0, b"BZh", "compressed (bzip2)", COMPRESSED),
    (0, b"\x28\xb5\x2f\xfd", "compressed (zstd)", COMPRESSED),
    (0, b"\x04\x22\x4d\x18", "compressed (lz4)", COMPRESSED),
    (0, b"\x02\x21\x4c\x18", "compressed (lz4)", COMPRESSED),
    (0, b"\x5d\0\0", "compressed (lzma)", COMPRESSED),
    (0, b"PK\x03\x04", "a ZIP archive", RAW),
    (0, b"!<arch>\n", "an archive (.a or .deb)", RAW),
    (0, b"070701", "a cpio archive", RAW),
    (0, b"hsqs", "a file system (squashfs)", RAW),
    (0, b"QFI\xfb", "a disk image (qcow2)", RAW),
    (257, b"ustar", "a tar archive", RAW),
    (510, b"\x55\xaa", "a disk image (boot sector)", RAW),
)
# Major opcodes of 32-bit instructions in the ratified specifications, and the custom
# ones.
OPCODES = {0x03, 0x07, 0x0b, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x27, 0x2b, 0x2f, 0x33, 0x37, 0x3b,
           0x43, 0x47, 0x4b, 0x4f, 0x53, 0x57, 0x5b, 0x63, 0x67, 0x6f, 0x73, 0x77, 0x7b}
R_RISCV_RELATIVE = 3
ET_EXEC, EM_RISCV = 2, 243
POINTERS = 16           # this many into one window are not a coincidence
WINDOW = 4 << 20        # size of a firmware with its data


def elf_kind(data):
    """Return the kind of ELF file, as the rest of a sentence, or None."""
    if data[:4] != b"\x7fELF":
        return None
    machine, = struct.unpack("<H", data[18:20].ljust(2, b"\0"))
    if machine != EM_RISCV:
        return f"is an ELF file, but not for RISC-V (e_machine {machine})"
    if data[4] != 2:
        return "is a 32-bit ELF file; the monitor runs 64-bit firmware"
    return "is an ELF file: objcopy -O binary makes a raw binary of it"


def begins_with_code(data):
    """True if the data can start with an RV64GC instruction."""
    word = struct.unpack("<I", data[:4].ljust(4, b"\0"))[0]
    if word & 3 != 3:
        return word & 0xffff != 0
    return word & 0x7f in OPCODES


def is_text(data):
    """True for text, such as a README.md or an Intel hex file."""
    try:
        text = data[:1024].decode("ascii")
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c in "\t\n\r\f" for c in text)


def relocations(data):
    """Addresses of relative relocations: ELF .rela.dyn entries in a raw binary."""
    found = []
    for at in range(0, len(data) - 23, 8):
        if data[at + 8:at + 16] == b"\3\0\0\0\0\0\0\0":
            place, _, value = struct.unpack_from("<QQQ", data, at)
            if place and value and place % 8 == 0:
                found.append(place)
    return found if len(found) >= POINTERS else []


def pointed_at(data):
    """Start of the window that most words of a binary point into, or None."""
    words = sorted(word for word in struct.unpack_from(f"<{len(data) // 8}Q", data)
                   if 1 << 20 <= word < 1 << 40 and word % 2 == 0)
    best, low = (0, 0), 0
    for high, word in enumerate(words):
        while word - words[low] >= WINDOW:
            low += 1
        best = max(best, (high - low + 1, -words[low]))
    return -best[1] if best[0] >= POINTERS else None


def linked_elsewhere(whole, address):
    """Return the link address of a firmware that cannot run at @address, or None, also if
    it cannot be determined. OpenSBI with relocations runs anywhere. U-Boot also has
    relocations, but runs at its link address until it has relocated itself.
    """
    data = whole[:SCANNED]
    moves = relocations(data)
    if b"OpenSBI v" in data:
        at = None if moves else pointed_at(data)
    elif b"U-Boot 20" in data:
        at = min(moves) if moves else pointed_at(data)
    else:
        return None
    if at is None or address <= at < address + len(whole) + WINDOW:
        return None
    return at & -(64 << 10)


def elf_beside(path, address):
    """Find the ELF file beside a raw binary linked elsewhere, and its entry."""
    path = Path(path)
    for elf in {path.with_suffix(".elf"), path.with_suffix("")} - {path}:
        try:
            with elf.open("rb") as stream:
                head = stream.read(64)
        except OSError:
            continue
        if len(head) < 64 or head[:5] != b"\x7fELF\2":
            continue
        kind, machine, _, entry = struct.unpack_from("<HHIQ", head, 16)
        if kind == ET_EXEC and machine == EM_RISCV and entry != address:
            return elf, entry
    return None


def objection(data, address, path=None):
    """Say why a file is no firmware for @address, as the rest of a sentence that begins
    with its name; None if it is fine.
    """
    if not data:
        return "is empty"
    elf = elf_kind(data)
    if elf:
        return elf
    for offset, magic, kind, advice in KINDS:
        if data[offset:offset + len(magic)] == magic:
            return f"is {kind}: {advice}"
    if is_text(data):
        return f"is text: {RAW}"
    if len(data) < SHORTEST:
        return f"is too short ({len(data)} of at least {SHORTEST} bytes): {RAW}"
    if not begins_with_code(data):
        return f"does not begin with an instruction ({data[:4].hex(' ')}): {RAW}"
    if len(data) > LIMIT:
        return f"is {len(data)} bytes; the limit is {LIMIT}"
    at = linked_elsewhere(data, address)
    if at is not None:
        return f"is linked near {at:#x}, but this board starts firmware at {address:#x}"
    beside = elf_beside(path, address) if path else None
    if beside:
        return (f"is linked at {beside[1]:#x}, as {beside[0].name} beside it says, but this "
                f"board starts firmware at {address:#x}")
    return None
