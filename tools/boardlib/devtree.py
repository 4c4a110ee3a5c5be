# SPDX-License-Identifier: BSD-2-Clause
"""Convert flattened device trees (Devicetree Specification 0.4, chapter 5) to Python and back."""

import struct

MAGIC = 0xd00dfeed
HEADER = struct.Struct(">10I")
BEGIN, END, PROP, NOP, FINISH = 1, 2, 3, 4, 9
FIRST_VERSION = 16      # version 16: the header lacks the size of the structure block
LAST_VERSION = 17
SIZE_MAX = 2 << 20      # limit of Linux and of the monitor
MAX_DEPTH = 64          # nesting limit; real trees need less than ten


class TreeError(Exception):
    """The blob is not a device tree, or is malformed."""


class Node:
    """A node: name, properties (bytes) and children, in order."""

    def __init__(self, name):
        self.name = name
        self.props = {}
        self.children = []

    def child(self, name):
        """Return the child with this name, with or without its unit address, or None."""
        for node in self.children:
            if name in (node.name, node.name.split("@")[0]):
                return node
        return None

    def find(self, path):
        """Return the node at a path relative to this one, or None."""
        node = self
        for name in path.strip("/").split("/"):
            node = node.child(name) if node and name else node
        return node

    def walk(self, path=""):
        """Iterate over this node and its descendants, with paths."""
        yield path or "/", self
        for node in self.children:
            yield from node.walk(f"{path}/{node.name}")

    def text(self, name, default=None):
        """Return a string property."""
        value = self.props.get(name)
        return default if value is None else value.split(b"\0")[0].decode("utf-8", "replace")

    def strings(self, name):
        """Return a string list property."""
        value = self.props.get(name, b"").rstrip(b"\0")
        return [word.decode("utf-8", "replace") for word in value.split(b"\0")] if value else []

    def cells(self, name):
        """Return a property as 32-bit numbers, ignoring trailing bytes."""
        value = self.props.get(name, b"")
        return list(struct.unpack(f">{len(value) // 4}I", value[:len(value) // 4 * 4]))

    def number(self, name, default=None):
        """Return a property of one or two cells."""
        value = self.props.get(name)
        return int.from_bytes(value, "big") if value and len(value) in (4, 8) else default

    def set_number(self, name, value, cells=1):
        self.props[name] = value.to_bytes(4 * cells, "big")

    def enabled(self):
        return self.text("status", "okay") in ("okay", "ok")


def parse(data, what="device tree"):
    """Parse a blob: the root node and the memory reservations."""
    if len(data) < HEADER.size or struct.unpack_from(">I", data)[0] != MAGIC:
        raise TreeError(f"the {what} is not a flattened device tree or FIT image (bad magic)")
    (_, total, off_struct, off_strings, off_rsv, version, compatible, _, size_strings,
     size_struct) = HEADER.unpack_from(data)
    if total > len(data):
        raise TreeError(f"the {what} is truncated: {len(data)} bytes, its header says {total}")
    if compatible > LAST_VERSION or version < FIRST_VERSION:
        raise TreeError(f"the {what} has version {version}, which is not known here")
    if off_struct % 4 or off_rsv % 8:
        raise TreeError(f"the {what} has misaligned blocks (dtc -I dtb -O dtb writes it anew)")
    if version < LAST_VERSION:
        size_struct = max(0, total - off_struct)
    if off_struct + size_struct > total or off_strings + size_strings > total:
        raise TreeError(f"the {what} is damaged: a block reaches past its end")
    try:
        strings = data[off_strings:off_strings + size_strings]
        root, _ = parse_node(data[off_struct:off_struct + size_struct], 0, strings)
        return root, parse_reservations(data, off_rsv)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as err:
        raise TreeError(f"the {what} is damaged: {err}") from err


def parse_reservations(data, at):
    found = []
    while True:
        entry = struct.unpack_from(">QQ", data, at)
        if entry == (0, 0):
            return found
        found.append(entry)
        at += 16


def parse_node(block, at, strings, depth=0):
    """Parse the node whose BEGIN is at an offset; also return the offset after it."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nodes deeper than {MAX_DEPTH}")
    token, = struct.unpack_from(">I", block, at)
    while token == NOP:
        at += 4
        token, = struct.unpack_from(">I", block, at)
    if token != BEGIN:
        raise ValueError(f"token {token} where a node begins")
    end = block.index(b"\0", at + 4)
    node = Node(block[at + 4:end].decode())
    if "/" in node.name or (depth and not node.name):
        raise ValueError(f"a node has the name {node.name!r} (Devicetree 2.2.1)")
    at = (end + 4) & ~3
    while True:
        token, = struct.unpack_from(">I", block, at)
        if token == BEGIN:
            child, at = parse_node(block, at, strings, depth + 1)
            node.children.append(child)
        elif token == PROP:
            size, name_at = struct.unpack_from(">II", block, at + 4)
            name = strings[name_at:strings.index(b"\0", name_at)].decode()
            if at + 12 + size > len(block):
                raise ValueError(f"property {name} reaches past the end")
            node.props[name] = block[at + 12:at + 12 + size]
            at = (at + 12 + size + 3) & ~3
        elif token == END:
            return node, at + 4
        elif token == NOP:
            at += 4
        else:
            raise ValueError(f"token {token} inside node {node.name or '/'}")


def flatten(root, reservations=()):
    """Serialise the tree. The same tree gives the same bytes."""
    strings, offsets = bytearray(), {}

    def flatten_node(node):
        name = node.name.encode() + b"\0"
        out = bytearray(struct.pack(">I", BEGIN) + name + b"\0" * (-len(name) % 4))
        for prop, value in node.props.items():
            if prop not in offsets:
                offsets[prop] = len(strings)
                strings.extend(prop.encode() + b"\0")
            out += struct.pack(">III", PROP, len(value), offsets[prop])
            out += value + b"\0" * (-len(value) % 4)
        for child in node.children:
            out += flatten_node(child)
        return out + struct.pack(">I", END)

    block = flatten_node(root) + struct.pack(">I", FINISH)
    reserved = b"".join(struct.pack(">QQ", *entry) for entry in [*reservations, (0, 0)])
    at_struct = HEADER.size + len(reserved)
    at_strings = at_struct + len(block)
    total = at_strings + len(strings)
    return HEADER.pack(MAGIC, total, at_struct, at_strings, HEADER.size, LAST_VERSION, 16, 0,
                       len(strings), len(block)) + reserved + bytes(block) + bytes(strings)
