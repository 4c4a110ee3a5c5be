# SPDX-License-Identifier: BSD-2-Clause
"""tools/new-board: what it writes, and every tree that it must refuse."""

import pathlib
import random
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402
import facts  # noqa: E402


def cells(*numbers):
    return b"".join(n.to_bytes(4, "big") for n in numbers)


def reg(*numbers):
    return b"".join(n.to_bytes(8, "big") for n in numbers)


def node(name, *children, **props):
    made = devtree.Node(name)
    for key, value in props.items():
        made.props[key.rstrip("_").replace("_", "-")] = \
            value if isinstance(value, bytes) else value.encode() + b"\0"
    made.children = list(children)
    return made


def hart(number, **more):
    props = {"device_type": "cpu", "reg": cells(number), "compatible": "acme,core",
             "riscv,isa": "rv64imac", "mmu-type": "riscv,sv39", **more}
    cpu = node(f"cpu@{number:x}", node("interrupt-controller", interrupt_controller=b"",
                                       phandle=cells(number + 1)))
    # Names with a low line or a comma do not survive as keywords.
    cpu.props = {key: value if isinstance(value, bytes) else value.encode() + b"\0"
                 for key, value in props.items() if value is not None}
    return cpu


def memory(*numbers, name="memory@80000000", **more):
    made = node(name, reg=reg(*numbers), **more)
    made.props["device_type"] = b"memory\0"
    return made


def uart(**more):
    return node("serial@10000000", **{"compatible": "ns16550a", "reg": reg(0x10000000, 0x100),
                                      **more})


def clint(name="clint@2000000", harts=2, **more):
    wired = cells(*(n for h in range(harts) for n in (h + 1, 3, h + 1, 7)))
    return node(name, **{"compatible": "sifive,clint0", "interrupts_extended": wired,
                         "reg": reg(0x2000000, 0x10000), **more})


def aclint():
    return [node("mswi@2f00000", compatible="riscv,aclint-mswi", reg=reg(0x2f00000, 0x4000)),
            node("mtimer@2f08010", compatible="riscv,aclint-mtimer",
                 reg=reg(0x2f0fff8, 8, 0x2f08010, 0x7fe8))]


def board(*devices, harts=None, memories=None, chosen="/soc/serial@10000000:9600n8",
          cpu_props=None, **props):
    """A complete tree, except for a test's changes."""
    cpus = node("cpus", *([hart(0), hart(1)] if harts is None else harts),
                **({"timebase_frequency": cells(1000000)} if cpu_props is None else cpu_props))
    cpus.props.update({"#address-cells": cells(1), "#size-cells": cells(0)})
    soc = node("soc", *(devices or [uart(), clint()]), ranges=b"")
    root = node("", cpus, *([memory(0x80000000, 1 << 30)] if memories is None else memories), soc,
                **{"model": "Acme Rocket", "compatible": b"acme,rocket\0acme,soc\0", **props})
    if chosen:
        root.children.append(node("chosen", stdout_path=chosen))
    for where in (root, soc):
        where.props["#address-cells"] = where.props["#size-cells"] = cells(2)
    return root


def read(*devices, console=None, firmware=None, **more):
    return facts.read(board(*devices, **more), None, console, firmware)


def new_board(dtb, folder, *more):
    return subprocess.run([ROOT / "tools/new-board", dtb, "--vendor", "acme", "--board", "rocket",
                           "--dir", folder, *more], capture_output=True, text=True, check=False)


@pytest.fixture(name="made")
def made_fixture(tmp_path):
    """made(tree, arguments...): the finished process, and the folder."""
    def made(tree, *more):
        dtb = tmp_path / "board.dtb"
        dtb.write_bytes(tree if isinstance(tree, bytes) else devtree.flatten(tree))
        return new_board(dtb, tmp_path / "out", *more), tmp_path / "out"
    return made


def test_board_c_is_what_the_tree_says(made):
    done, out = made(board(uart(reg_shift=cells(2), reg_io_width=cells(4),
                                clock_frequency=cells(24000000)), clint()))
    assert done.returncode == 0 and done.stderr == ""
    assert (out / "boards/acme/rocket/board.c").read_text() == """\
// SPDX-License-Identifier: BSD-2-Clause
/* Acme Rocket, by its device tree board.dtb. */
#include <cordon/board.h>
#include <drivers/uart.h>

const struct board board = {
	.name		= "Acme Rocket",
	.compatible	= "acme,rocket",
	.firmware	= 0x80000000,
	.ram		= { 0x80000000, 0xc0000000 },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_NS16550,
		.base		= 0x10000000,
		.reg_shift	= 2,
		.reg_width	= 4,
		.clock		= 24000000,
		.baud		= 9600,
		/* As the boot chain has set it up. */
		.keep		= true,
	},
	.clint		= {
		.mswi		= 0x2000000,
		.mtimecmp	= 0x2004000,
		.mtime		= 0x200bff8,
		.window		= {
			{ 0x2000000, 0x2010000 },
		},
	},
};
"""
    assert sorted(path.name for path in out.rglob("*") if path.is_file()) == \
        ["Kconfig", "Kconfig.name", "README.md", "board.c", "rocket_defconfig"]


def test_kconfig_has_the_driver(made):
    done, out = made(board(uart(compatible="sifive,uart0"), clint()))
    assert done.returncode == 0
    assert "select HAVE_UART_SIFIVE\n" in (out / "boards/acme/rocket/Kconfig").read_text()
    assert "reg_shift" not in (out / "boards/acme/rocket/board.c").read_text()


@pytest.mark.parametrize("compatible", [b"acme,ccache\0sifive,ccache0\0cache\0",
                                        b"sifive,fu540-c000-ccache\0cache\0"])
def test_cache_controller(made, compatible):
    """Methods to flush enclaves' memory."""
    ccache = node("cache-controller@2010000", compatible=compatible, reg=reg(0x2010000, 0x4000))
    done, out = made(board(uart(), clint(), ccache), "--second-view", "none")
    assert done.returncode == 0
    text = (out / "boards/acme/rocket/board.c").read_text()
    assert "\t.cache\t\t= { CACHE_SIFIVE, 0x2010000 },\n" in text
    assert "#include <drivers/cache.h>\n#include <drivers/uart.h>\n" in text
    assert "\tselect HAVE_CACHE_SIFIVE\n\tselect HAVE_UART_NS16550\n" in \
        (out / "boards/acme/rocket/Kconfig").read_text()


def test_cache_controller_of_a_silent_board(made):
    ccache = node("l2", compatible=b"sifive,ccache0\0", reg=reg(0x2010000, 0x4000))
    done, out = made(board(clint(), ccache), "--console", "none", "--second-view", "none")
    assert done.returncode == 0
    assert "_OPTIONS\n\tdef_bool y\n\tselect HAVE_CACHE_SIFIVE\n" in \
        (out / "boards/acme/rocket/Kconfig").read_text()


@pytest.mark.parametrize("view, lines", [
    ("0x1480000000", ".alias_offset\t= { 0x1480000000ul - 0x80000000ul },"),
    ("0x40000000", ".alias_offset\t= { 0x40000000ul - 0x80000000ul },"),
    ("none", None),
    (None, None),
])
def test_second_view(made, view, lines):
    """board.c repeats the given alias; without one the monitor probes."""
    done, out = made(board(uart(), clint()), *(["--second-view", view] if view else []))
    assert done.returncode == 0, done.stderr
    text = (out / "boards/acme/rocket/board.c").read_text()
    assert (lines in text and ".alias_of\t= { 0x80000000, 0xc0000000 }," in text) if lines else \
        "alias" not in text
    config = (out / "configs/rocket_defconfig").read_text()
    assert ("CONFIG_PROBE_ALIAS=y" in config) == (view is None)


def test_silent_board(made):
    done, out = made(board(), "--console", "none")
    assert done.returncode == 0
    assert "UART" not in (out / "boards/acme/rocket/Kconfig").read_text()
    assert "uart" not in (out / "boards/acme/rocket/board.c").read_text()


def test_readme_asks_what_was_noted(made):
    done, out = made(board(harts=[hart(0, **{"mmu-type": None}), hart(1)]))
    assert done.returncode == 0 and "note: Hart 0 (acme,core) has no MMU" in done.stderr
    assert "* Hart 0 (acme,core) has no MMU" in (out / "boards/acme/rocket/README.md").read_text()


def test_many_harts(made):
    done, out = made(board(harts=[hart(n) for n in range(200)]))
    assert done.returncode == 0
    assert "CONFIG_NR_HARTS_MAX=200\n" in (out / "configs/rocket_defconfig").read_text()


def test_nothing_is_overwritten(made):
    assert made(board())[0].returncode == 0
    done, out = made(board())
    assert done.returncode == 1 and "exists already" in done.stderr
    (out / "boards/acme/rocket/board.c").unlink()
    for path in ("Kconfig", "Kconfig.name", "README.md"):
        (out / "boards/acme/rocket" / path).unlink()
    (out / "boards/acme/rocket").rmdir()
    done, _ = made(board())
    assert done.returncode == 1 and "rocket_defconfig exists already" in done.stderr


@pytest.mark.parametrize("name", ("../up", "Rocket", "1st", ""))
def test_folder_names(made, name):
    done, out = made(board(), "--vendor", name)
    assert done.returncode == 1 and "cannot name a folder" in done.stderr and not out.exists()


def test_a_board_of_the_tree_keeps_its_name(made):
    done, out = made(board(), "--vendor", "qemu", "--board", "virt")
    assert done.returncode == 1 and "exists already" in done.stderr and not out.exists()


def test_name_is_safe():
    assert read(model='A "quoted" \\n name\n that is long enough').name == \
        "A quoted n name that is long en"
    assert read(model="\u00e9").name == "acme,rocket"


def test_aclint():
    found = read(uart(), *aclint())
    assert (found.mswi, found.mtimecmp, found.mtime) == (0x2f00000, 0x2f08010, 0x2f0fff8)
    assert found.windows == [(0x2f00000, 0x2f04000), (0x2f08000, 0x2f10000)]


def test_small_clint_node_hides_all_registers():
    assert read(uart(), clint(reg=reg(0x2000000, 0x1000))).windows == [(0x2000000, 0x200c000)]


def test_memory():
    banks = [memory(0x100000000, 1 << 32, name="memory@100000000"),
             memory(0x80000000, 1 << 30, 0xd0000000, 0)]
    found = read(memories=banks)
    assert found.memory == [(0x80000000, 0xc0000000), (0x100000000, 0x200000000)]
    assert found.firmware == 0x80000000 and found.ram == (0x80000000, 0xc0000000)
    found = read(memories=banks, firmware=0x100200000)
    assert found.firmware == 0x100200000 and found.ram == (0x100000000, 0x200000000)


def test_timebase_in_a_cpu():
    cpu = hart(0, **{"timebase-frequency": cells(0, 24000000)})
    assert read(harts=[cpu], cpu_props={}).timebase == 24000000


def test_console_by_alias_or_alone():
    tree = board(chosen="serial7")
    tree.children.append(node("aliases", serial7="/soc/serial@10000000"))
    assert facts.read(tree).console.path == "/soc/serial@10000000"
    alone = read(chosen=None)
    assert alone.console.path == "/soc/serial@10000000" and "stdout-path" in alone.notes[0]


def test_bus_with_the_same_addresses():
    tree = board()
    tree.find("/soc").props["ranges"] = reg(0, 0, 1 << 32)
    assert facts.read(tree).mswi == 0x2000000


def second(device, name):
    device.name = name
    return device


REFUSED = {
    "no harts": (lambda: board(harts=[]), "no harts"),
    "hart without number": (lambda: board(harts=[hart(0, reg=b"")]), 'cpu@0 has no "reg"'),
    "same hart": (lambda: board(harts=[hart(0), second(hart(0), "cpu@1")]), "two harts"),
    "hart number": (lambda: board(harts=[hart(0), hart(1 << 31)]), "no registers in a CLINT"),
    "harts": (lambda: board(harts=[hart(n) for n in range(513)]), "513 harts are more"),
    "rv32": (lambda: board(harts=[hart(0, **{"riscv,isa": "rv32imac"})]), "32-bit"),
    "timebase": (lambda: board(cpu_props={}), "no timebase-frequency"),
    "no memory": (lambda: board(memories=[]), "/sys/firmware/fdt"),
    "empty memory": (lambda: board(memories=[memory(0x80000000, 0)]), "no memory"),
    "memory reg": (lambda: board(memories=[memory(0x80000000)]), "does not fit"),
    "no clint": (lambda: board(uart()), "neither a CLINT nor an ACLINT"),
    "half aclint": (lambda: board(uart(), aclint()[0]), "neither a CLINT nor an ACLINT"),
    "two clints": (lambda: board(uart(), clint(), clint("clint@3000000")), "more than one CLINT"),
    "both": (lambda: board(uart(), clint(), *aclint()), "more than one CLINT"),
    "disabled clint": (lambda: board(uart(), clint(status="disabled")), "neither a CLINT"),
    "disabled console": (lambda: board(uart(status="fail"), clint()), "is not in use"),
    "failed memory": (lambda: board(memories=[memory(0x80000000, 1 << 30, status="fail")]),
                      "no memory"),
    "failed harts": (lambda: board(harts=[hart(0, status="fail-42")]), "no harts"),
    "clint reg": (lambda: board(uart(), clint(reg=b"")), 'has no "reg"'),
    "no console": (lambda: board(chosen="/soc/serial@66"), "no node /soc/serial@66"),
    "two uarts": (lambda: board(uart(), second(uart(), "serial@20000000"), clint(), chosen=None),
                  "give --console"),
    "no uart": (lambda: board(clint(), chosen=None), "it has none"),
    "driver": (lambda: board(uart(compatible="acme,uart"), clint()), "--console none"),
    "stride": (lambda: board(uart(reg_shift=cells(9)), clint()), "is invalid"),
    "alias": (lambda: board(compatible=b"pine64,star64\0starfive,jh7110\0"),
              "boards/starfive/soc-jh7110.h"),
    "alias, by a device": (lambda: board(uart(), clint(), node(
        "l2", compatible=b"microchip,pic64gx-ccache\0microchip,mpfs-ccache\0")),
                           "boards/microchip/icicle"),
    "SiFive's cache": (lambda: board(uart(), clint(), node("l2", compatible="sifive,ccache0")),
                       "look in the manual"),
    "IMSIC": (lambda: board(uart(), clint(), node("imsics@24000000", compatible="riscv,imsics")),
              "IMSICs but no PLIC"),
    "K210": (lambda: board(uart(), clint(), compatible=b"canaan,kendryte-k210\0"), "no PMP"),
    "K210, by its CLINT": (lambda: board(uart(), clint(
        compatible=b"canaan,k210-clint\0sifive,clint0\0")), "no PMP"),
    "compatible": (lambda: board(compatible='a"b'), "is damaged"),
    "compatible, not ASCII": (lambda: board(compatible="acm\u00e9,x"), "is damaged"),
    "long compatible": (lambda: board(compatible="acme," + 59 * "x"), "longer than 63"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(made, name):
    tree, sentence = REFUSED[name]
    done, out = made(tree())
    assert done.returncode == 1 and sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("ranges, base", [
    ((0, 0x100000000, 1 << 32), 0x102000000),
    ((0x2000000, 0xa2000000, 0x10000, 0x10000000, 0x10000000, 0x1000), 0xa2000000),
    ((), 0x2000000),
])
def test_bus_that_changes_addresses(ranges, base):
    tree = board()
    tree.find("/soc").props["ranges"] = reg(*ranges)
    found = facts.read(tree)
    assert found.mswi == base and found.mtime == base + 0xbff8
    assert found.windows == [(base, base + 0x10000)]


def test_bus_that_hides_a_device(made):
    tree = board()
    tree.find("/soc").props["ranges"] = reg(0, 0, 0x2001000)
    done, _ = made(tree)
    assert done.returncode == 1 and "does not show" in done.stderr


def test_disabled_devices_are_ignored():
    found = read(uart(), clint(), second(clint(status="disabled"), "clint@3000000"),
                 harts=[hart(0), hart(1), hart(2, status="fail")],
                 memories=[memory(0x80000000, 1 << 30), second(memory(
                     0x40000000, 1 << 30, status="fail"), "memory@40000000")])
    assert found.mswi == 0x2000000 and found.firmware == 0x80000000
    assert [h.number for h in found.harts] == [0, 1] and "Hart 2 is broken" in found.notes[0]


def test_console_with_an_offset():
    assert read(uart(reg_offset=cells(0x100)), clint()).console.base == 0x10000100


def test_clint_without_mtime(made):
    done, out = made(board(uart(), clint(compatible="thead,c900-clint")))
    assert done.returncode == 0, done.stderr
    text = (out / "boards/acme/rocket/board.c").read_text()
    assert ".narrow\t\t= true," in text and ".mtime\t" not in text
    timer = node("mtimer@2f08000", compatible="thead,c900-aclint-mtimer",
                 reg=reg(0x2f08000, 0x8000))
    found = read(uart(), aclint()[0], timer)
    assert (found.mtimecmp, found.mtime, found.narrow) == (0x2f08000, None, True)
    assert read(uart(), clint(**{"clint,has-no-64bit-mmio": b""})).narrow


@pytest.mark.parametrize("arguments, sentence", [
    (("--firmware", "0x10000"), "no memory at the firmware's address 0x10000, only at 0x80000000"),
    (("--firmware", "0x80000800"), "not a multiple of 4096"),
    (("--console", "/nowhere"), "no node /nowhere"),
    (("--second-view", "no"), "neither an address nor none"),
    (("--second-view", "0xa0000000"), "is not an alias"),
    (("--second-view", "0xc0000800"), "is not an alias"),
])
def test_refused_arguments(made, arguments, sentence):
    done, out = made(board(), *arguments)
    assert done.returncode == 1 and sentence in done.stderr and not out.exists()


def test_order_of_harts_is_noted():
    wired = cells(2, 3, 2, 7, 1, 3, 1, 7)
    assert "lists harts 1, 0" in read(uart(), clint(interrupts_extended=wired)).notes[0]


def test_all_missing_facts_are_reported_at_once():
    root = node("", node("cpus", hart(0)), compatible="acme,rocket")
    with pytest.raises(facts.FactsError) as wrong:
        facts.read(root)
    lines = str(wrong.value).splitlines()
    assert lines[0] == "4 things stand in the way:"
    assert [re.search(word, line) is not None for word, line in zip(
        ("timebase", "no memory", "CLINT", "console"), lines[1:])] == [True] * 4


def test_no_device_tree(made):
    done, out = made(b"no tree at all" * 10)
    assert done.returncode == 1 and "bad magic" in done.stderr and not out.exists()
    done, out = made(devtree.flatten(board())[:300])
    assert done.returncode == 1 and "truncated" in done.stderr and not out.exists()
    done = new_board("/nowhere.dtb", out)
    assert done.returncode == 1 and "No such file" in done.stderr


def test_damaged_trees_end_in_a_sentence():
    """Bytes changed at random: facts or one of our errors, never another one."""
    chance = random.Random(1)
    good = devtree.flatten(board(uart(), *aclint()))
    refused = 0
    for _ in range(1500):
        bad = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            bad[chance.randrange(len(bad))] = chance.choice((0, 1, 2, 0xff, chance.randrange(256)))
        try:
            facts.read(devtree.parse(bytes(bad))[0])
        except (devtree.TreeError, facts.FactsError):
            refused += 1
    assert 100 < refused < 1500


@pytest.mark.parametrize("name", ["a/b", "/", ""])
def test_nodes_without_a_name_of_their_own(name):
    """A node's path would be that of another, or of none."""
    tree = board(uart(), node(name, compatible="sifive,clint0"))
    with pytest.raises(devtree.TreeError, match="a node has the name"):
        devtree.parse(devtree.flatten(tree))


def test_names_of_devices_and_socs():
    """Read from the files that the generic board includes."""
    assert facts.UARTS["ns16550a"] == "NS16550" and facts.UARTS["sifive,uart0"] == "SIFIVE"
    assert facts.ALIASED["sifive,ccache0"] == "" and "canaan,k210" in facts.NO_PMP
    assert facts.ALIASED["starfive,jh71"].endswith(", which takes all from "
                                                   "boards/starfive/soc-jh7110.h")
