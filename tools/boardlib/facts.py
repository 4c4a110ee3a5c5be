# SPDX-License-Identifier: BSD-2-Clause
"""Read the facts of a board from a device tree, for tools/new-board."""

import dataclasses
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def rows(path, macro):
    """Return the arguments of each row macro(...) of a .def file, without quotes."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    return [[word.strip('"') for word in re.findall(r'"[^"]*"|[^",\s]+', row)]
            for row in re.findall(rf"^{macro}\(([^)]*)\)", text, re.MULTILINE)]


# compatible: name of the driver in board.c and in Kconfig
UARTS = {name: driver for driver, name in rows("drivers/include/drivers/uart.def", "UART_NAME")}
# compatible: part of a CLINT
CLINTS = {name: part for part, name in rows("drivers/include/drivers/clint.def", "CLINT")}
# Parts that need 32-bit accesses.
NARROW = ("WHOLE_NO_MTIME", "MTIMER_NARROW")
PLICS = ("sifive,plic-1.0.0", "riscv,plic0", "thead,c900-plic")
CACHES = ("sifive,ccache0", "sifive,fu540-c000-ccache")
SOCS = "boards/generic/devicetree/soc.def"
# Prefixes of "compatible" on SoCs that map memory twice, which no device tree says, and
# the board to start from.
ALIASED = {prefix: like for prefix, like in rows(SOCS, "SEEN_TWICE")}
NO_PMP = tuple(prefix for prefix, in rows(SOCS, "NO_PMP"))
HARTS_DEFAULT, HARTS_MAX = 128, 512     # core/Kconfig: NR_HARTS_MAX
CLINT_HARTS = 4095
M_SOFT, M_TIMER = 3, 7                  # interrupt numbers of a hart's interrupt controller
PAGE = 4096


class FactsError(Exception):
    """The tree does not describe a supported board."""


@dataclasses.dataclass
class Hart:
    """A cpu node."""
    number: int
    core: str
    isa: str
    enabled: bool
    mmu: bool


@dataclasses.dataclass
class Console:
    """A UART that has a driver."""
    path: str
    driver: str
    base: int
    shift: int
    width: int
    clock: int
    baud: int


@dataclasses.dataclass
class Facts:
    """The facts read; notes are sentences for the integrator."""
    name: str
    compatible: str
    timebase: int
    harts: list
    memory: list            # (start, end), ascending
    firmware: int
    ram: tuple              # the bank that contains the firmware
    console: Console
    mswi: int
    mtimecmp: int
    mtime: int              # the address, or None if the time CSR replaces it
    narrow: bool            # does not support 64-bit accesses
    windows: list           # (start, end), whole pages
    plic: tuple
    cache: tuple            # the cache controller, if it has a driver
    notes: list
    view: int = None        # address of an alias of the start of ram
    views_known: bool = False


class Tree:
    """A parsed tree with an index of nodes by path."""

    def __init__(self, root):
        self.root = root
        self.nodes = dict(root.walk())

    def parent(self, path):
        return path.rsplit("/", 1)[0] or "/"

    def find(self, path):
        """Resolve a path, which may lack unit addresses, to (path, node), or None."""
        node = self.root.find(path)
        return next(((p, n) for p, n in self.nodes.items() if n is node), None)

    def in_use(self, path):
        """True if the node and all its buses are neither disabled nor failed."""
        while path != "/":
            if not self.nodes[path].enabled():
                return False
            path = self.parent(path)
        return True

    def compatible(self, *names):
        """Return (path, node) of all active nodes compatible with one of the names."""
        return [(path, node) for path, node in self.nodes.items()
                if set(names) & set(node.strings("compatible")) and self.in_use(path)]

    def reg(self, path):
        """Return the entries of "reg" as (address, size) in CPU addresses."""
        above = self.nodes[self.parent(path)]
        ac, sc = above.number("#address-cells", 2), above.number("#size-cells", 1)
        cells = self.nodes[path].cells("reg")
        if not 1 <= ac <= 2 or not 0 <= sc <= 2:
            raise FactsError(f"{path} has addresses of {ac} and sizes of {sc} cells")
        if not cells or len(cells) % (ac + sc):
            raise FactsError(f"{path} has no \"reg\", or one that does not fit "
                             f"#address-cells = {ac}, #size-cells = {sc}")
        at = range(0, len(cells), ac + sc)
        return [(self.seen(path, number(cells[i:i + ac]), number(cells[i + ac:i + ac + sc])),
                 number(cells[i + ac:i + ac + sc])) for i in at]

    def seen(self, path, address, size):
        """Translate a bus address to a CPU address; without "ranges" it stays the same."""
        bus = self.parent(path)
        while bus != "/":
            node, above = self.nodes[bus], self.nodes[self.parent(bus)]
            child, parent = node.number("#address-cells", 2), above.number("#address-cells", 2)
            step = child + parent + node.number("#size-cells", 1)
            cells = node.cells("ranges")
            entries = [cells[i:i + step] for i in range(0, len(cells), max(step, 1))]
            for entry in entries:
                start = number(entry[:child])
                if start <= address and \
                        address + size - start <= number(entry[child + parent:]):
                    address += number(entry[child:child + parent]) - start
                    break
            else:
                if entries:
                    raise FactsError(f"the bus {bus} does not show {path} to the CPU: its ranges "
                                     f"leave {address:#x} out")
            bus = self.parent(bus)
        return address


def number(cells):
    value = 0
    for cell in cells:
        value = value << 32 | cell
    return value


def pages(*regions):
    """Pages from the first to the last that the (address, size) regions touch."""
    start = min(address for address, _ in regions)
    end = max(address + size for address, size in regions)
    return start & -PAGE, (end + PAGE - 1) & -PAGE


def plain(text):
    """Reduce text to what fits in C and Kconfig strings and on one line of the log."""
    return re.sub(r"[^ !#-\[\]-~]", "", text or "").strip()[:31].strip()


def read_harts(tree, notes):
    harts = []
    for path, node in tree.nodes.items():
        if tree.parent(path) != "/cpus" or not (node.text("device_type") == "cpu" or
                                                node.name.split("@")[0] == "cpu"):
            continue
        ids = node.cells("reg")
        if not ids:
            raise FactsError(f"{path} has no \"reg\": which hart is it?")
        isa = node.text("riscv,isa") or "_".join(
            [node.text("riscv,isa-base", "")] + node.strings("riscv,isa-extensions")).strip("_")
        if node.text("status", "okay").split("-")[0] == "fail":
            notes.append(f"Hart {number(ids)} is broken, or not there ({node.text('status')}): the "
                         "monitor does not wait for it.")
            continue
        harts.append(Hart(number(ids), node.text("compatible", "riscv"), isa, node.enabled(),
                          node.text("mmu-type", "riscv,none") != "riscv,none"))
    if not harts:
        raise FactsError("the tree has no harts (/cpus/cpu@...)")
    check_harts(harts, notes)
    return harts


def read_timebase(tree):
    cpus = tree.root.child("cpus")
    nodes = [cpus, *cpus.children] if cpus else []
    rates = [node.number("timebase-frequency") for node in nodes]
    rate = next((rate for rate in rates if rate), None)
    if not rate:
        raise FactsError("the tree has no timebase-frequency in /cpus, nor in a cpu")
    return rate


def check_harts(harts, notes):
    numbers = [hart.number for hart in harts]
    twice = next((n for n in numbers if numbers.count(n) > 1), None)
    if twice is not None:
        raise FactsError(f"the tree has two harts with number {twice}")
    if len(harts) > HARTS_MAX:
        raise FactsError(f"{len(harts)} harts are more than the monitor can have ({HARTS_MAX})")
    for hart in harts:
        if hart.number >= CLINT_HARTS:
            raise FactsError(f"hart {hart.number} has no registers in a CLINT, which has room for "
                             f"{CLINT_HARTS}, by their numbers")
        if hart.isa.startswith("rv32"):
            raise FactsError(f"hart {hart.number} is 32-bit ({hart.isa}): Cordon is for rv64")
        if not hart.mmu:
            notes.append(f"Hart {hart.number} ({hart.core}) has no MMU. The monitor runs the "
                         "firmware on it all the same, and waits for it at boot: does the "
                         "boot chain start it?")
        elif not hart.enabled:
            notes.append(f"Hart {hart.number} ({hart.core}) is disabled in the tree. The monitor "
                         "waits for it at boot: does the boot chain start it?")


def read_memory(tree, firmware):
    """Find the banks, the firmware's address, and its bank."""
    banks = []
    for path, node in tree.nodes.items():
        if node.text("device_type") == "memory" and path.count("/") == 1 and \
                node.enabled():
            banks += [(at, at + size) for at, size in tree.reg(path) if size]
    if not banks:
        raise FactsError("the tree has no memory. The boot loader may fill it in: take the "
                         "tree from the running board, /sys/firmware/fdt")
    banks.sort()
    if firmware is None:
        firmware = banks[0][0]
    ram = next((bank for bank in banks if bank[0] <= firmware < bank[1]), None)
    if not ram:
        raise FactsError(f"there is no memory at the firmware's address {firmware:#x}, only at " +
                         ", ".join(f"{start:#x}-{end:#x}" for start, end in banks))
    if firmware % PAGE:
        raise FactsError(f"the firmware's address {firmware:#x} is not a multiple of {PAGE}")
    return banks, firmware, ram


def clint_parts(node):
    return {CLINTS[name] for name in node.strings("compatible") if name in CLINTS}


def read_clint(tree, notes):
    """Find mswi, mtimecmp, mtime and the windows that contain them."""
    clints, mswi, mtimer = (
        tree.compatible(*(name for name, is_part in CLINTS.items() if is_part.startswith(part)))
        for part in ("WHOLE", "MSWI", "MTIMER"))
    if len(clints) + len(mswi) > 1 or len(clints) + len(mtimer) > 1:
        raise FactsError("the tree has more than one CLINT or ACLINT, each for some of the harts: "
                         "the monitor drives one (" +
                         ", ".join(p for p, _ in clints + mswi + mtimer) + ")")
    if clints:
        path, node = clints[0]
        base, size = tree.reg(path)[0]
        mtime = None if "WHOLE_NO_MTIME" in clint_parts(node) else base + 0xbff8
        found = base, base + 0x4000, mtime, [pages((base, max(size, 0xc000)))]
        check_order(tree, path, node, notes)
    elif mswi and mtimer:
        soft, timer = tree.reg(mswi[0][0])[0], tree.reg(mtimer[0][0])
        windows = sorted([pages(soft), pages(*timer[:2])])
        if windows[0][1] > windows[1][0]:
            windows = [(windows[0][0], max(windows[0][1], windows[1][1]))]
        # Two entries are mtime and mtimecmp; a single one is mtimecmp.
        both = len(timer) > 1
        found = soft[0], timer[both][0], timer[0][0] if both else None, windows
        check_order(tree, *mtimer[0], notes)
    else:
        raise FactsError("the tree has neither a CLINT nor an ACLINT with MSWI and MTIMER in use. "
                         "Where Linux does not need it, it may be in the firmware's tree alone")
    narrow = any(set(NARROW) & clint_parts(node) or
                 "clint,has-no-64bit-mmio" in node.props for _, node in clints + mtimer)
    return *found[:3], narrow, found[3]


def check_order(tree, path, node, notes):
    """The monitor indexes the registers by hart ID."""
    hart_of = {child.number("phandle"): tree.nodes[tree.parent(p)].cells("reg")
               for p, child in tree.nodes.items() if "interrupt-controller" in child.props
               and tree.parent(tree.parent(p)) == "/cpus"}
    cells = node.cells("interrupts-extended")
    order = [number(hart_of[phandle]) for phandle, irq in zip(cells[::2], cells[1::2])
             if irq == M_TIMER and phandle in hart_of]
    if order != list(range(len(order))):
        notes.append(f"{path} lists harts {', '.join(map(str, order))}. The monitor takes the "
                     "registers of hart n to be the n-th, from 0 on: check the manual.")


def console_path(tree, notes):
    """Find the path of the console, and the baud rate given with it."""
    chosen, aliases = tree.root.child("chosen"), tree.root.child("aliases")
    where, _, options = ((chosen.text("stdout-path") if chosen else "") or "").partition(":")
    if where and not where.startswith("/"):
        where = (aliases.text(where) if aliases else "") or ""
    if where:
        return where, options
    uarts = [path for path, _ in tree.compatible(*UARTS)]
    if len(uarts) != 1:
        raise FactsError("the tree does not say which UART is the console (/chosen/stdout-path): "
                         "give --console <path> or none; it has " + (", ".join(uarts) or "none"))
    notes.append(f"The tree has no stdout-path: {uarts[0]} was taken, the only UART there is.")
    return uarts[0], ""


def read_console(tree, wanted, notes):
    if wanted == "none":
        return None
    path, options = (wanted, "") if wanted else console_path(tree, notes)
    found = tree.find(path)
    if not found:
        raise FactsError(f"the tree has no node {path}, which should be the console")
    path, node = found
    driver = next((UARTS[name] for name in node.strings("compatible") if name in UARTS), None)
    if not driver:
        raise FactsError(f"the console {path} is a {' '.join(node.strings('compatible')) or '?'}, "
                         "for which drivers/uart has nothing: give another one with --console "
                         "<path>, or --console none for a silent monitor, or write a driver "
                         "(Documentation/porting-board.md)")
    shift, width = node.number("reg-shift", 0), node.number("reg-io-width", 1)
    if shift > 3 or width not in (1, 2, 4):
        raise FactsError(f"{path}: reg-shift {shift} or reg-io-width {width} is invalid")
    baud = re.match(r"\d+", options)
    if not wanted and not tree.in_use(path):
        raise FactsError(f"the console {path} is not in use (status): give another one with "
                         "--console <path>, or --console none for a silent monitor")
    return Console(path, driver, tree.reg(path)[0][0] + node.number("reg-offset", 0), shift, width,
                   node.number("clock-frequency") or 0,
                   int(baud[0]) if baud else node.number("current-speed") or 115200)


def check_soc(tree, view):
    """Refuse SoCs known to map memory twice, unless the user gave the address."""
    words = sorted({word for _, node in tree.root.walk() for word in node.strings("compatible")})
    for word in words:
        if word.startswith(NO_PMP):
            raise FactsError(f"{word} is the K210, which has no PMP: nothing can be isolated")
    for start, like in ALIASED.items():
        found = [word for word in words if word.startswith(start)]
        if not found or view is not None:
            continue
        if like:
            raise FactsError(f"the memory of SoCs with {found[0]} is seen at a second address, "
                             f"which must be closed: start from a copy of {like}, or find the "
                             "address in the manual and give --second-view")
        raise FactsError(f"SoCs with {found[0]} often show memory at a second address, which must "
                         "be closed: look in the manual, and give --second-view <address> or none")


def read_view(view, ram):
    """Check the address of the alias; return it or None."""
    if view in (None, "none"):
        return None
    try:
        at = int(view, 0)
    except ValueError as err:
        raise FactsError(f"--second-view {view} is neither an address nor none") from err
    if at % PAGE or ram[0] - (ram[1] - ram[0]) < at < ram[1]:
        raise FactsError(f"--second-view {view} is not an alias of the memory at {ram[0]:#x}")
    return at


def check_imsic(tree, notes):
    if not tree.compatible("riscv,imsics"):
        return
    if not tree.compatible(*PLICS):
        raise FactsError("the tree has IMSICs but no PLIC: the monitor has no IMSIC for the "
                         "firmware, so no external interrupt would come")
    notes.append("The board has an IMSIC. The monitor gives the firmware none: it must do "
                 "with the CLINT or ACLINT, and with a PLIC.")


class Steps:
    """Runs steps, and keeps the errors of all until the end."""

    def __init__(self):
        self.wrong = []

    def run(self, step, *args, missing=None):
        try:
            return step(*args)
        except FactsError as err:
            self.wrong.append(str(err))
            return missing

    def end(self):
        if len(self.wrong) == 1:
            raise FactsError(self.wrong[0])
        if self.wrong:
            raise FactsError("\n  ".join([f"{len(self.wrong)} things stand in the way:",
                                          *self.wrong]))


def read(root, name=None, console=None, firmware=None, view=None):
    """Collect the facts of a board.

    @console: path of the node, "none", or None to follow the tree
    @firmware: address, or None for the start of memory
    @view: address of an alias of the firmware's bank, "none", or None if unknown
    """
    tree, notes = Tree(root), []
    compatible = root.strings("compatible")
    steps = Steps()
    steps.run(check_soc, tree, view)
    harts = steps.run(read_harts, tree, notes)
    timebase = steps.run(read_timebase, tree)
    banks, firmware, ram = steps.run(read_memory, tree, firmware, missing=(None,) * 3)
    mswi, mtimecmp, mtime, narrow, windows = steps.run(read_clint, tree, notes,
                                                       missing=(None,) * 5)
    console = steps.run(read_console, tree, console, notes)
    known = steps.run(plain_compatible, compatible)
    alias = steps.run(read_view, view, ram) if ram else None
    steps.run(check_imsic, tree, notes)
    steps.end()
    if not compatible:
        notes.append("The tree's root has no \"compatible\": the monitor cannot tell this board "
                     "from another.")
    plic, cache = tree.compatible(*PLICS), tree.compatible(*CACHES)
    names = [name, root.text("model"), *compatible, "unnamed"]
    return Facts(
        name=next(filter(None, map(plain, names))),
        compatible=known, timebase=timebase, harts=harts, memory=banks,
        firmware=firmware, ram=ram, console=console, mswi=mswi,
        mtimecmp=mtimecmp, mtime=mtime, narrow=narrow, windows=windows,
        plic=tree.reg(plic[0][0])[0] if plic else None,
        cache=tree.reg(cache[0][0])[0] if cache else None, notes=notes,
        view=alias, views_known=view is not None)


def plain_compatible(names):
    if names and not re.fullmatch(r"[\w,.+-]+", names[0], re.ASCII):
        raise FactsError(f"the root's compatible '{names[0]}' is damaged")
    # struct board has room for 64 bytes
    if names and len(names[0]) > 63:
        raise FactsError(f"the root's compatible '{names[0]}' is longer than 63 characters")
    return names[0] if names else None
