# SPDX-License-Identifier: BSD-2-Clause
"""GDB commands for Cordon: symbols of a monitor that relocates itself, and its harts."""

import os
import struct
import sys

import gdb

MTVEC_DIRECT = ~3
CAUSE_ILLEGAL, CAUSE_ECALL_S = 2, 9
CSRRW = 1                   # funct3
OPCODE, SYSTEM = 0x7f, 0x73
VECTOR_ENTERED = 8          # bytes of VECTOR_ENTER (arch/fast.h)
BOARD_OFFSET = 0x40         # header offset of the address of struct board


def setting(name):
    """Return a path passed by tools/gdb, or None."""
    return globals().get(name)


def register(name):
    return int(gdb.parse_and_eval("$" + name)) & (2**64 - 1)


def gdb_output(command):
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


def entry_point(path):
    """The entry of a firmware; 0 in a position-independent file. A segment may start earlier,
    with the headers of the file."""
    with open(path, "rb") as stream:
        return struct.unpack_from("<Q", stream.read(64), 0x18)[0]


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
    gdb_output("symbol-file")
    gdb_output(f"symbol-file {state.elf} -o {base:#x}")
    state.base = base
    print(f"cordon: monitor at {base:#x}")
    if base != state.load:
        load_firmware_symbols()


def load_firmware_symbols():
    if not state.firmware:
        return
    offset = state.load - entry_point(state.firmware)
    gdb_output(f"add-symbol-file {state.firmware} -o {offset:#x}")
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
    """Commands for the monitor.

    cordon start      from reset: run until the monitor is in its home, load the symbols
    cordon sync       load the symbols at the monitor's current address (it moves at boot)
    cordon harts      all harts; cordon hart and cordon world: the current one (GDB thread)
    cordon csr        the firmware's registers; cordon pmp: its rights to memory
    cordon sbi        the last SBI call; cordon log: the messages; cordon trace: the records
    cordon break-csr  stop at accesses to a register; cordon break-sbi: at SBI calls"""

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
        gdb_output(f"thbreak *{state.load + offset_of('boot_place'):#x}")
        gdb_output("continue")
        gdb_output(f"thbreak *{register('ra'):#x}")
        gdb_output("continue")
        home = register("a0")
        if not home:
            raise gdb.GdbError("the monitor found no place for itself")
        load_symbols(home)
        gdb_output(f"thbreak *{home + offset_of('monitor_main'):#x}")
        gdb.execute("continue")


class Physical:
    """Within it memory is read by physical address: a payload's page tables do not
    map the monitor."""

    def __enter__(self):
        if state.base in (None, state.load):
            raise gdb.GdbError("the monitor is not at home yet: use 'cordon start'")
        self.switch(1)

    def __exit__(self, *unused):
        self.switch(0)

    @staticmethod
    def switch(on):
        if '"OK"' not in gdb_output(f"maintenance packet Qqemu.PhyMemMode:{on}"):
            Physical.ask_openocd(on)
        gdb_output("maintenance flush dcache")

    @staticmethod
    def ask_openocd(on):
        """For OpenOCD. A target without this command reads by physical address anyway, or says
        that there is no memory."""
        try:
            gdb_output(f"monitor riscv set_enable_virt2phys {'off' if on else 'on'}")
        except gdb.error:
            pass


class Command(gdb.Command):
    """A command that looks at the monitor's data; show() does it."""

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_USER)

    def invoke(self, arg, _tty):
        with Physical():
            self.show(arg.strip())


def this_hart():
    return gdb.parse_and_eval(f"*(struct hart *){register('mscratch'):#x}")


def all_harts():
    return [gdb.parse_and_eval(f"*harts[{n}]")
            for n in range(int(gdb.parse_and_eval("nr_harts")))]


def tables():
    """The names in the sources (tools/tracelib)."""
    folder = os.path.dirname(os.path.realpath(setting("cordon_script")))
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    from tracelib import tables as found    # pylint: disable=import-outside-toplevel
    return found


WORLDS = ("firmware", "payload", "enclave")
MODES = {0: "U", 1: "S", 3: "M"}
RIGHTS = ((1, "r"), (2, "w"), (4, "x"))


def world_of(hart):
    """In words. A mode of M is the firmware's own, vM-mode. That of another hart's payload is
    the one of its last trap in C."""
    world = WORLDS[int(hart["world"])]
    if world == "firmware":
        mode = int(hart["mode"])
    elif int(hart["id"]) != int(this_hart()["id"]):
        mode = int(hart["status"]) >> 11 & 3
    else:
        mode = register("priv") & 3
        mode = register("mstatus") >> 11 & 3 if mode == 3 else mode
    return f"{world}, {'V' if hart['virt'] else ''}{MODES.get(mode, '?')}-mode"


def last_trap(hart):
    cause = int(hart["trap"]["cause"]) & (2**64 - 1)
    key = (bool(cause >> 63), cause & 0xfff)
    return tables().causes().get(key, f"cause {cause:#x}")


class Harts(Command):
    """List the harts. After its last entry to C, only a hart's registers show its state."""

    name = "cordon harts"

    def show(self, _arg):
        for hart in all_harts():
            print(f"hart {int(hart['id'])}: {world_of(hart)}; last trap in C: {last_trap(hart)} "
                  f"at {int(hart['pc']) & (2**64 - 1):#x}")


class World(Command):
    """Show the world whose state the current hart holds."""

    name = "cordon world"

    def show(self, _arg):
        hart = this_hart()
        print(f"hart {int(hart['id'])}: {world_of(hart)}")


class Csr(Command):
    """The firmware's registers that are not the hart's own: cordon csr [NAME]."""

    name = "cordon csr"

    def show(self, arg):
        hart = this_hart()
        known = {field.name: hart["csr"][field.name] for field in hart["csr"].type.fields()}
        if arg and arg not in known:
            if arg in set(tables().csr_names().values()):
                print(f"{arg} = {register(arg):#x} (the hart's own)")
                return
            raise gdb.GdbError(f"the firmware has no register {arg}")
        for name, value in known.items():
            if arg in ("", name):
                print(f"{name:>10} = {int(value) & (2**64 - 1):#x}")


def pmp_ranges(addresses, configs):
    """(first, last, rights, locked) of each entry that is on."""
    before = 0
    for address, config in zip(addresses, configs):
        kind = config >> 3 & 3
        if kind == 1:
            first, end = before << 2, address << 2
        elif kind == 2:
            first, end = address << 2, (address << 2) + 4
        else:
            ones = ((address ^ (address + 1)) + 1) >> 1
            first = (address & ~(ones - 1 if ones else 0)) << 2
            end = first + (ones << 3)
        before = address
        if kind and end > first:
            yield first, end - 1, config


def rights(config):
    return "".join(letter if config & bit else "-" for bit, letter in RIGHTS)


class Pmp(Command):
    """The firmware's PMP entries and the physical ones: cordon pmp [ADDRESS]."""

    name = "cordon pmp"

    def show(self, arg):
        hart = this_hart()
        address = int(gdb.parse_and_eval(arg)) & (2**64 - 1) if arg else None
        vpmp, chain = hart["vpmp"], hart["chain"]
        count, used = int(vpmp["count"]), int(chain["used"])
        print("as the firmware wrote them:")
        own = pmp_ranges([int(vpmp["addr"][n]) for n in range(count)],
                         [int(vpmp["cfg"][n]) for n in range(count)])
        self.lines(own, address)
        names = {int(field.enumval): field.name for field in hart["pmp"]["view"].type.fields()}
        for number in range(names and len(names) - 1):
            now = " (in force)" if number == int(hart["pmp"]["view"]) else ""
            print(names[number] + now + ("" if chain["complete"] else ", a cache of ranges"))
            self.lines(pmp_ranges([int(chain["addr"][n]) for n in range(used)],
                                  [int(chain["cfg"][number][n]) for n in range(used)]), address)

    @staticmethod
    def lines(ranges, address):
        hit = False
        for first, last, config in ranges:
            if address is None or first <= address <= last:
                print(f"  {first:#014x}-{last:#014x} {rights(config)}"
                      + (" locked" if config & 0x80 else ""))
                hit = True
                if address is not None:
                    break
        if not hit:
            print("  no entry matches" if address is not None else "  none")


def call_text(x):
    """An SBI call from its registers x[0] to x[31]."""
    name, functions, legacy = tables().sbi_calls().get(x[17], (f"{x[17]:#x}", {}, False))
    function, count = functions.get(0 if legacy else x[16], (f"{x[16]:#x}", 6))
    return f"{name}.{function}({', '.join(f'{value:#x}' for value in x[10:10 + count])})"


class Sbi(Command):
    """Show the last SBI call of each hart's payload, as far as it is known.

A call that assembly hands to the firmware leaves its registers in the hart alone: stop there
by break-sbi, or use cordon trace."""

    name = "cordon sbi"

    def show(self, _arg):
        here = int(this_hart()["id"])
        for hart in all_harts():
            number, world = int(hart["id"]), WORLDS[int(hart["world"])]
            x = [int(hart["x"][n]) & (2**64 - 1) for n in range(32)]
            if number == here and world == "payload" and at_vector() \
                    and register("mcause") == CAUSE_ECALL_S:
                print(f"hart {number}: {call_text([register(f'x{n}') for n in range(32)])}")
            elif int(hart["trap"]["cause"]) == CAUSE_ECALL_S:
                print(f"hart {number}: {call_text(x)}, with the registers as they are now")
            elif world == "firmware" and int(hart["csr"]["mcause"]) == CAUSE_ECALL_S:
                print(f"hart {number}: the firmware serves the call at "
                      f"{int(hart['csr']['mepc']):#x}")
            else:
                print(f"hart {number}: none")


def find_rings():
    """The rings of all harts (tools/tracelib/rings.py)."""
    tables()
    from tracelib import rings      # pylint: disable=import-outside-toplevel
    inferior = gdb.selected_inferior()
    memory = rings.Memory(lambda at, size: bytes(inferior.read_memory(at, size)))
    memory.BLOCK = 4096
    try:
        return rings.find_above(memory, register("mscratch"))
    except (rings.RingError, gdb.MemoryError) as err:
        raise gdb.GdbError(str(err)) from err


class Trace(Command):
    """The last events of each hart, of a build with POLICY_TRACE: cordon trace [N]."""

    name = "cordon trace"

    def show(self, arg):
        found = find_rings()
        from tracelib import decode, show   # pylint: disable=import-outside-toplevel
        decoder = decode.Decoder()
        events = {ring.hart: decoder.events(ring) for ring in found}
        start = min((some[0].time or 0 for some in events.values() if some), default=0)
        shown = show.Shown(start, found[0].timebase)
        for hart, some in events.items():
            print(f"hart {hart}:")
            for event in some[-int(arg or 20):]:
                print("  " + shown.line(event))


def to_filter(arg):
    """The words of cordon,trace that select records, as values of struct trace_ring."""
    known = {row[0]: number for number, row in tables().kinds().items()}
    wish = {"kinds": 2**64 - 1, "harts": None, "code": (0, 2**64 - 1), "eids": []}
    for word in arg.split():
        name, _, value = word.partition("=")
        items = value.split(",")
        try:
            if name == "kinds":
                chosen = [number for kind, number in known.items()
                          if kind.startswith(tuple(items)) or kind == "mark"]
                wish["kinds"] = sum(1 << number for number in chosen)
            elif name == "code":
                wish["code"] = tuple(int(part, 16) for part in value.split("+", 1))
            elif name in ("harts", "eids"):
                wish[name] = [int(item, 10 if name == "harts" else 16) for item in items]
            else:
                raise ValueError
        except ValueError:
            raise gdb.GdbError(f"unknown word: {word}") from None
    if len(wish["code"]) != 2 or len(wish["eids"]) > 3:
        raise gdb.GdbError("usage: code=START+SIZE, at most three eids")
    return wish


class TraceFilter(Command):
    """Select the records to write: cordon trace-filter [kinds=csr,call] [harts=0,2]
[code=START+SIZE] [eids=10,54494d45]. An option that is left out selects all.

Only harts that trace are affected. They record registers only if they did when tracing began.
Their world switches go through C from then on, because assembly does not filter."""

    name = "cordon trace-filter"
    FILTERED = 1 << 63
    # Records of these kinds have the time of a trap of these causes.
    CAUSES = {"csr_read": (2,), "csr_write": (2,), "call": (9,), "answer": (9,),
              "mmio_read": (5, 7), "mmio_write": (5, 7), "exception": range(32),
              "interrupt": range(32, 63)}

    def show(self, arg):
        wish = to_filter(arg)
        numbers = {row[0]: number for number, row in tables().kinds().items()}
        causes = self.FILTERED
        for kind, some in self.CAUSES.items():
            if wish["kinds"] >> numbers[kind] & 1:
                causes |= sum(1 << cause for cause in some if not causes >> cause & 1)
        eids = (wish["eids"] or [0]) * 3
        for ring in find_rings():
            on = wish["harts"] is None or ring.hart in wish["harts"]
            for name, value in (("causes", causes if on else 0),
                                ("kinds", wish["kinds"] if on else 0),
                                ("code", wish["code"][0]), ("code_size", wish["code"][1]),
                                ("any_eid", int(not wish["eids"])),
                                *((f"eid[{n}]", eids[n]) for n in range(3))):
                gdb_output(f"set var ((struct trace_ring *){ring.address:#x})->{name} = "
                           f"{value:#x}ull")
        self.switch_in_c([ring.hart for ring in find_rings()])

    @staticmethod
    def switch_in_c(ids):
        """Let these harts do without the legs, as world_set_legs() and note_switch() do."""
        for number, hart in enumerate(all_harts()):
            if int(hart["id"]) in ids:
                for field, value in (("usable", "0"), ("call", "0"), ("illegal", "0"),
                                     ("mret", "trap_slow_saved")):
                    gdb_output(f"set var harts[{number}]->entry.{field} = {value}")


class Log(Command):
    """Show the end of the monitor's log, as far as the log keeps it."""

    name = "cordon log"

    def show(self, _arg):
        log = gdb.parse_and_eval("log_kept")
        size = log["text"].type.sizeof
        written = int(log["written"])
        data = bytes(gdb.selected_inferior().read_memory(log["text"].address, size))
        at = written % size
        text = data[:at] if written < size else data[at:] + data[:at]
        print(text.decode("utf-8", "replace"), end="")


class Entry(gdb.Breakpoint):
    """A breakpoint at the first instruction of a trap vector, for some traps of guests.

    All ways to serve a trap begin there, also those in assembly. wanted() says which, from
    the hart's registers as the guest left them."""

    def __init__(self, address, wanted):
        super().__init__(f"*{address:#x}", gdb.BP_HARDWARE_BREAKPOINT)
        self.wanted = wanted

    def stop(self):
        text = self.wanted()
        if text:
            print(f"cordon: hart {int(this_hart()['id'])}: {text}")
        return bool(text)


def vectors(world):
    """The addresses of mtvec while a world runs. Before the harts have started, all that it
    may be: each vector begins with the same two instructions (arch/fast.h)."""
    own = offset_of("trap_vector")
    if world == "firmware":
        return [state.base + own]
    with Physical():
        harts = all_harts()
        if harts:
            return sorted({int(hart["entry"]["payload_vector"]) or state.base + own
                           for hart in harts})
    with open(os.path.splitext(state.elf)[0] + ".bin", "rb") as stream:
        image = stream.read()
    begin = image[own:own + VECTOR_ENTERED]
    return sorted({state.base + at for at in state.symbols.values()
                   if image[at:at + VECTOR_ENTERED] == begin})


def at_vector():
    """True where a trap has just come from a guest: the hart's registers are still its own."""
    return register("pc") in vectors("firmware") + vectors("payload")


def place(pc):
    """An address, with its function if there are symbols for it."""
    found = gdb_output(f"info symbol {pc:#x}").split(" in section")[0].strip()
    return f"{pc:#x}" + ("" if found.startswith("No symbol") else f" ({found})")


def read_word(address):
    """The instruction at a pc of the firmware, in two parts: it may end a page."""
    inferior = gdb.selected_inferior()
    return sum(int.from_bytes(bytes(inferior.read_memory(address + at, 2)), "little") << 8 * at
               for at in (0, 2))


def csr_access(number, name, what):
    """Describe the CSR instruction of the firmware that traps here, if it is wanted."""
    if register("mcause") != CAUSE_ILLEGAL or WORLDS[int(this_hart()["world"])] != "firmware":
        return None
    pc = register("mepc")
    insn = read_word(pc)
    if insn & OPCODE != SYSTEM or not insn >> 12 & 3 or insn >> 20 != number:
        return None
    writes = insn >> 12 & 3 == CSRRW or bool(insn >> 15 & 31)
    if what == "write" and not writes or what == "read" and writes:
        return None
    return f"the firmware {'writes' if writes else 'reads'} {name} at {place(pc)}"


class BreakCsr(gdb.Command):
    """Stop when the firmware accesses a register: cordon break-csr NAME [read|write].

An instruction that does both is a write. The hart stops at the monitor's trap vector, with the
firmware's registers; $mepc is where the firmware is. GDB looks at each trap of the firmware
meanwhile, which takes milliseconds."""

    def __init__(self):
        super().__init__("cordon break-csr", gdb.COMMAND_USER)

    def invoke(self, arg, _tty):
        name, _, what = arg.strip().partition(" ")
        numbers = [number for number, known in tables().csr_names().items() if known == name]
        if not numbers:
            raise gdb.GdbError(f"there is no register {name}")
        if what not in ("", "read", "write"):
            raise gdb.GdbError("usage: cordon break-csr NAME [read|write]")
        for address in vectors("firmware"):
            Entry(address, lambda: csr_access(numbers[0], name, what))


def sbi_call(numbers, functions):
    """Describe the SBI call of the payload that traps here, if it is one of these."""
    if register("mcause") != CAUSE_ECALL_S or register("a7") not in numbers:
        return None
    if functions and register("a6") not in functions:
        return None
    text = call_text([register(f"x{n}") for n in range(32)])
    return f"the payload calls {text} at {register('mepc'):#x}"


class BreakSbi(gdb.Command):
    """Stop when the payload makes an SBI call: cordon break-sbi EXTENSION[.FUNCTION], such as
HSM or HSM.hart_start.

The hart stops at the monitor's trap vector, with the payload's registers; $mepc is where the
payload is. GDB looks at each trap of the payload meanwhile, which takes milliseconds."""

    def __init__(self):
        super().__init__("cordon break-sbi", gdb.COMMAND_USER)

    def invoke(self, arg, _tty):
        ext, _, function = arg.strip().partition(".")
        rows = {eid: row for eid, row in tables().sbi_calls().items() if row[0] == ext.upper()}
        if not rows:
            raise gdb.GdbError(f"there is no extension {ext}")
        functions = [fid for row in rows.values() for fid, (name, _) in row[1].items()
                     if name == function]
        if function and not functions:
            raise gdb.GdbError(f"{ext} has no function {function}")
        for address in vectors("payload"):
            Entry(address, lambda: sbi_call(rows, functions))


class Hart(Command):
    """Show struct hart of the current hart: guest registers and virtual M-mode."""

    name = "cordon hart"

    def show(self, _arg):
        gdb.execute(f"print/x *(struct hart *){register('mscratch'):#x}")


for command in (Cordon, Sync, Start, Hart, Harts, World, Csr, Pmp, Sbi, Trace, TraceFilter, Log,
                BreakCsr, BreakSbi):
    command()
