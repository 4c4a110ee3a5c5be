# SPDX-License-Identifier: BSD-2-Clause
"""GDB commands for Cordon: symbols of a monitor that relocates itself, and its harts."""

import os
import struct

import gdb

MTVEC_DIRECT = ~3
BOARD_OFFSET = 0x40         # header offset of the address of struct board


def setting(name):
    """Return a path passed by tools/gdb, or None."""
    return globals().get(name)


def register(name):
    return int(gdb.parse_and_eval("$" + name)) & (2**64 - 1)


def quiet(command):
    return gdb.execute(command, to_string=True)


def offset_of(symbol):
    """Offset of a symbol in cordon.elf, which is linked at 0."""
    return state.symbols[symbol]


def elf_symbols(path):
    """Read the symbol table of a little-endian ELF64 file."""
    with open(path, "rb") as stream:
        data = stream.read()
    shoff, = struct.unpack_from("<Q", data, 0x28)
    shentsize, shnum = struct.unpack_from("<HH", data, 0x3a)
    heads = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + i * shentsize) for i in range(shnum)]
    found = {}
    for head in heads:
        if head[1] != 2:                                    # SHT_SYMTAB
            continue
        strings = heads[head[6]][4]
        for at in range(head[4], head[4] + head[5], head[9]):
            name, _, _, _, value, _ = struct.unpack_from("<IBBHQQ", data, at)
            if name:
                end = data.index(b"\0", strings + name)
                found[data[strings + name:end].decode()] = value
    return found


def first_segment(path):
    """Address of the first loadable segment: 0 in a position-independent file."""
    with open(path, "rb") as stream:
        data = stream.read(4096)
    phoff, = struct.unpack_from("<Q", data, 0x20)
    size, count = struct.unpack_from("<HH", data, 0x36)
    for number in range(count):
        kind, _, _, address = struct.unpack_from("<IIQQ", data, phoff + number * size)
        if kind == 1:
            return address
    return 0


def firmware_address(elf):
    """The board's firmware address, which is also the load address, from cordon.bin beside
    cordon.elf."""
    with open(os.path.splitext(elf)[0] + ".bin", "rb") as stream:
        data = stream.read()
    board, = struct.unpack_from("<Q", data, BOARD_OFFSET)
    return struct.unpack_from("<Q", data, board)[0]


class State:
    """State: where the symbols are loaded."""

    def __init__(self):
        self.elf = setting("cordon_elf")
        # The board's load address of the image and then of the firmware.
        self.load = setting("cordon_load") or (firmware_address(self.elf) if self.elf else 0)
        self.firmware = setting("cordon_firmware_elf")
        self.base = None
        self.symbols = elf_symbols(self.elf) if self.elf else {}


state = State()


def load_symbols(base):
    """Load the monitor's symbols at base, and the firmware's once it is in place."""
    quiet("symbol-file")
    quiet(f"symbol-file {state.elf} -o {base:#x}")
    state.base = base
    print(f"cordon: monitor at {base:#x}")
    if base != state.load:
        load_firmware_symbols()


def load_firmware_symbols():
    if not state.firmware:
        return
    offset = state.load - first_segment(state.firmware)
    quiet(f"add-symbol-file {state.firmware} -o {offset:#x}")
    print(f"cordon: firmware at {state.load:#x} ({os.path.basename(state.firmware)})")


def monitor_base():
    """Find the monitor: while a guest runs, mtvec always points to its trap vector."""
    vector = register("mtvec") & MTVEC_DIRECT
    for symbol in ("trap_vector", "boot_stop"):
        base = vector - offset_of(symbol)
        if vector and base >= state.load and base % 4096 == 0:
            return base
    return state.load


class Cordon(gdb.Command):
    """Commands for the monitor: cordon sync, cordon start, cordon hart.

    cordon sync   load the symbols at the monitor's current address (it moves at boot)
    cordon start  from reset: run until the monitor is in its home, load the symbols
    cordon hart   show the guest state of the current hart (GDB thread)"""

    def __init__(self):
        super().__init__("cordon", gdb.COMMAND_USER, prefix=True)


class Sync(gdb.Command):
    """Load the symbols of monitor and firmware at their current addresses."""

    def __init__(self):
        super().__init__("cordon sync", gdb.COMMAND_USER)

    def invoke(self, _arg, _tty):
        if state.elf:
            load_symbols(monitor_base())
        else:
            load_firmware_symbols()


class Start(gdb.Command):
    """From reset: run until the monitor is in its home, then load its symbols there.

    Stops at monitor_main(), on the boot hart."""

    def __init__(self):
        super().__init__("cordon start", gdb.COMMAND_USER)

    def invoke(self, _arg, _tty):
        if monitor_base() != state.load or not state.elf:
            raise gdb.GdbError("the monitor has started already: use 'cordon sync'")
        quiet(f"thbreak *{state.load + offset_of('boot_place'):#x}")
        quiet("continue")
        quiet(f"thbreak *{register('ra'):#x}")
        quiet("continue")
        home = register("a0")
        if not home:
            raise gdb.GdbError("the monitor found no place for itself")
        load_symbols(home)
        quiet(f"thbreak *{home + offset_of('monitor_main'):#x}")
        gdb.execute("continue")


class Hart(gdb.Command):
    """Show struct hart of the current hart: guest registers and virtual M-mode."""

    def __init__(self):
        super().__init__("cordon hart", gdb.COMMAND_USER)

    def invoke(self, _arg, _tty):
        if state.base in (None, state.load):
            raise gdb.GdbError("the monitor is not at home yet: use 'cordon start'")
        # Use physical addresses, because a payload's page tables do not map the
        # monitor.
        quiet("maintenance packet Qqemu.PhyMemMode:1")
        quiet("maintenance flush dcache")
        try:
            gdb.execute(f"print/x *(struct hart *){register('mscratch'):#x}")
        finally:
            quiet("maintenance packet Qqemu.PhyMemMode:0")
            quiet("maintenance flush dcache")


Cordon()
Sync()
Start()
Hart()
