# SPDX-License-Identifier: BSD-2-Clause
"""Map addresses to names: functions of an ELF file, devices of a device tree."""

import re
import struct
import sys
from bisect import bisect_right
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from boardlib import devtree  # noqa: E402

REGISTERS = Path(__file__).resolve().parent / "registers.def"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LINE = re.compile(r"(?:DEVICE\((?P<device>[^()]+)\)|REGISTER\((?P<offset>\w+), *(?P<name>[^,() ]+)"
                  r"(?:, *(?P<count>\w+), *(?P<stride>\w+))?\))$")


class SymbolError(Exception):
    """A file has an unexpected format."""


class Functions:
    """Functions by address."""

    def __init__(self, table):
        table = sorted(set(table))
        self.starts = [start for start, _size, _name in table]
        self.table = table
        self.known = {}

    def find(self, address):
        """Return (name, offset) of the function at an address, or None."""
        if address in self.known:
            return self.known[address]
        number = bisect_right(self.starts, address) - 1
        found = None
        if number >= 0:
            start, size, name = self.table[number]
            if address < start + max(size, 4):
                found = (name, address - start)
        self.known[address] = found
        return found


def elf_functions(path, load=None):
    """Return the functions of a 64-bit ELF file. @load: address of its entry point if it is
    not the linked one."""
    data = Path(path).read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise SymbolError(f"{path} is not a 64-bit little-endian ELF file")
    try:
        return Functions(elf_table(data, load))
    except (struct.error, IndexError, ValueError) as err:
        raise SymbolError(f"{path} is damaged: {err}") from err


def elf_table(data, load):
    entry, _phoff, shoff = struct.unpack_from("<QQQ", data, 0x18)
    shsize, shnum = struct.unpack_from("<HH", data, 0x3a)
    bias = 0 if load is None else load - entry
    heads = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + i * shsize) for i in range(shnum)]
    table = []
    for head in heads:
        if head[1] != 2:                                    # SHT_SYMTAB
            continue
        strings = heads[head[6]][4]
        for at in range(head[4], head[4] + head[5], head[9]):
            name, info, _other, section, value, size = struct.unpack_from("<IBBHQQ", data, at)
            end = data.index(b"\0", strings + name)
            text = data[strings + name:end].decode("utf-8", "replace")
            if section and text and (info & 15 == 2 or info & 15 == 0 and text[0] not in ".$L"):
                table.append((value + bias, size, text))
    return spread(table)


def spread(table):
    """Assembly labels have no size: extend them to the next symbol."""
    table = sorted(table)
    out = []
    for number, (start, size, name) in enumerate(table):
        if not size:
            later = [entry[0] for entry in table[number + 1:number + 9] if entry[0] > start]
            size = later[0] - start if later else 4
        out.append((start, size, name))
    return out


def system_map(path):
    """Return the functions of Linux' System.map."""
    table = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in "tTwW":
            table.append((int(words[0], 16), 0, words[2]))
    return Functions(spread(table))


def read_registers(path):
    """Return compatible -> [(offset, name, count, stride)] of a file like registers.def."""
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"),
                       Path(path).read_text(encoding="utf-8"))
    found, rows, named = {}, None, False
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.match(line.strip())
        if match and match["device"]:
            rows = [] if rows is None or named else rows
            named = False
            found[match["device"].strip()] = rows
        elif match and rows is not None:
            named = True
            try:
                rows.append((int(match["offset"], 0), match["name"],
                             int(match["count"] or "1", 0), int(match["stride"] or "1", 0)))
            except ValueError as err:
                raise SymbolError(f"{path}:{number}: {err}") from err
        elif line.strip():
            raise SymbolError(f"{path}:{number}: expected DEVICE(compatible), or below one "
                              "REGISTER(offset, name) or REGISTER(offset, name, count, stride)")
    return found


def register_name(rows, offset):
    """Return the name of the register at an offset, or None."""
    best = None
    for first, name, count, stride in rows:
        index, rest = divmod(offset - first, max(stride, 1))
        if 0 <= index < count and (best is None or rest < best[0]):
            best = (rest, name if count == 1 else f"{name}[{index}]")
    return best and best[1] + (f"+{best[0]:#x}" if best[0] else "")


class Devices:
    """Devices of a device tree, by address, and their registers.

    @files: like registers.def; the last that describes a device counts
    """

    def __init__(self, path, files=()):
        self.registers = {}
        for file in (REGISTERS, *files):
            self.registers.update(read_registers(file))
        try:
            tree, _ = devtree.parse(Path(path).read_bytes())
        except devtree.TreeError as err:
            raise SymbolError(f"{path}: {err}") from err
        self.ranges = []
        for where, node in tree.walk():
            compatible = node.strings("compatible")
            if "reg" not in node.props or not compatible or "memory" in node.name:
                continue
            cells = node.cells("reg")
            if len(cells) >= 4:
                start, size = cells[0] << 32 | cells[1], cells[2] << 32 | cells[3]
                self.ranges.append((start, size, node, compatible))

    def find(self, address):
        """Return the text for an address, or None."""
        for start, size, node, compatible in self.ranges:
            if start <= address < start + size:
                return node.name.split("@")[0] + self.register(node, compatible, address - start)
        return None

    def register(self, node, compatible, offset):
        shift = node.number("reg-shift", 0)
        for name in compatible:
            if name in self.registers:
                rest = offset & ((1 << shift) - 1)
                known = None if rest else register_name(self.registers[name], offset >> shift)
                return f".{known}" if known else f"+{offset:#x}"
        return f"+{offset:#x}"
