# SPDX-License-Identifier: BSD-2-Clause
"""Files for the tests of the packing tools: monitors and device trees of boards."""

import pathlib
import struct
import sys

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS / "boardlib"))
import devtree  # noqa: E402

JUMP = b"\x6f\x00\x80\x10\x13\x00\x00\x00"
MAGIC = b"CORDON\x00\x01"
BOARD_AT = 0x1000


def monitor(address=0x80000000, name=b"Acme Rocket", compatible=b"acme,rocket", **header):
    """cordon.bin of a board; header: what in it is wrong."""
    size = header.get("size", 8192)
    head = JUMP + header.get("magic", MAGIC) + struct.pack(
        "<8Q", header.get("said", size), size + 4096, *header.get("parts", (0, 0, 0, 0)),
        header.get("board", BOARD_AT), 0)
    board = struct.pack("<Q32s64s", address, name, compatible)
    return (head.ljust(BOARD_AT, b"\xa5") + board).ljust(size, b"\xa5")[:size]


def tree(*compatible, memory=((0x80000000, 1 << 30),)):
    """A device tree's blob."""
    root = devtree.Node("")
    root.set_number("#address-cells", 2)
    root.set_number("#size-cells", 2)
    if compatible:
        root.props["compatible"] = b"".join(name.encode() + b"\0" for name in compatible)
    for start, size in memory:
        node = devtree.Node(f"memory@{start:x}")
        node.props["device_type"] = b"memory\0"
        node.props["reg"] = struct.pack(">QQ", start, size)
        root.children.append(node)
    return devtree.flatten(root)
