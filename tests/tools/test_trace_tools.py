# SPDX-License-Identifier: BSD-2-Clause
"""tools/trace without a machine: rings as the monitor leaves them, and what is made of them."""

import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
from random import Random

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "trace"
sys.path.insert(0, str(ROOT / "tools"))
from tracelib import flame, live, rings, symbols, tables, timeline  # noqa: E402

BASE = 0xbf000000
KINDS = {row[0]: number for number, row in tables.kinds().items()}


def record(kind, *words, world=0, code=0, aux=0):
    head = KINDS[kind] | world << 8 | code << 16 | aux << 32
    return struct.pack("<QQQQ", *words, head)


def memory(records, room, hart=0, wraps=0, at=None, stops=False, base=BASE, end_of_home=None):
    """A ring as it lies in memory at base: room for so many records."""
    first, limit = base + 512, base + 512 + 32 * room
    follow = first + 32 * (len(records) % room if at is None else at)
    spare = base + 256
    end = spare + 32 if stops and wraps else limit
    head = struct.pack("<8sIIQQQQQQQQQQQQ", b"CORDONTR", 2, 32, base, first, limit,
                       spare if stops and wraps else follow, end, spare if stops else first,
                       spare + 32 if stops else limit, wraps, (1 << 64) - 1, hart, 10_000_000,
                       end_of_home or limit)
    return head.ljust(512, b"\0") + b"".join(records).ljust(32 * room, b"\0")


def csr(number, value, pc=0x80000000):
    """csrrw x0, number, x1"""
    return record("csr_write", pc, 0, value, aux=number << 20 | 1 << 15 | 1 << 12 | 0x73)


def trap(time, cause, pc=0x80000000, tval=0, world=0):
    return record("exception", time, pc, tval, world=world, code=cause)


def show(tmp_path, data, *args):
    path = tmp_path / "dump"
    path.write_bytes(data)
    return subprocess.run([TOOL, "show", path, *args], capture_output=True, text=True, check=False)


def test_registers_of_devices(tmp_path):
    """Arrays, the nearest of two that cover an offset, and a file of the user's."""
    known = symbols.read_registers(symbols.REGISTERS)
    for device, offset, name in (("riscv,clint0", 0x4018, "mtimecmp[3]"),
                                 ("riscv,clint0", 0x401c, "mtimecmp[3]+0x4"),
                                 ("riscv,clint0", 0xbff8, "mtime"),
                                 ("sifive,plic-1.0.0", 0x201004, "claim[1]"),
                                 ("sifive,plic-1.0.0", 0x2084, "enable[1]+0x4"),
                                 ("ns16550", 5, "LSR"), ("virtio,mmio", 0x2c, None)):
        assert symbols.register_name(known[device], offset) == name, (device, offset)
    mine = tmp_path / "mine.def"
    mine.write_text("/* two\n lines */\nDEVICE(our,dma)\nREGISTER(0x10, start)\n")
    assert symbols.read_registers(mine) == {"our,dma": [(0x10, "start", 1, 1)]}
    mine.write_text("/* two\n lines */\nREGISTER(0x10, start)\n")
    with pytest.raises(symbols.SymbolError, match="mine.def:3: expected DEVICE"):
        symbols.read_registers(mine)


def test_ring_without_records_is_found(tmp_path):
    """As that of a hart that the filter leaves out; before and after it is written to a file."""
    data = memory([], 8)
    ring, = rings.find_in(data)
    again, = rings.find_in(ring.saved())
    assert (len(again), again.lost) == (0, 0)
    shown = show(tmp_path, data)
    assert (shown.returncode, shown.stdout) == (0, "")


def test_requests_have_their_origin(tmp_path):
    """The call that made a hart ask another, at both harts."""
    call = [trap(10, 9, world=1), record("call", 0x735049, 0, 2, world=1),
            record("arguments", 0, 0, 0, world=1), record("request", 12, 1, 1),
            record("request", 13, 1, 8), record("answer", 15, 0, 0, world=1)]
    first = memory(call, 8)
    second = memory([record("interrupt", 14, 0x80000000, 0, code=3, world=1),
                     record("dropped", 14, 0x80000000, 3, world=1),
                     record("pmp", 16, 0x1f, 0x1b18, code=2)], 8, hart=1)
    lines = show(tmp_path, first + second).stdout.splitlines()
    text = [re.sub(r"^\[.*?\] (\d) . \S+ +", r"\1 ", line) for line in lines]
    assert "0 asks hart 1 for SSIP (IPI.send_ipi)" in text
    assert ("1 interrupt MSI, hart 0 asks for SSIP (IPI.send_ipi), hart 0 asks for FENCE_I "
            "(IPI.send_ipi)") in text
    assert "1 no guest has MSI" in text
    assert "1 PMP: 2 entries, pmpcfg0 0x1f of the firmware, 0x1b18 of the payload" in text


def test_names_are_the_tables(tmp_path):
    done = show(tmp_path, memory([trap(10, 2), csr(0x300, 8), trap(20, 2, tval=0x30200073),
                                  trap(30, 5, tval=0x2000000)], 8))
    lines = [re.sub(r"^\[.*?\] 0 F 0x80000000 +", "", line) for line in done.stdout.splitlines()]
    assert lines == ["mstatus <- 0x8 (was 0x0)", "mret", "load access 0x2000000, tval 0x2000000"]


def test_round_and_lost():
    numbered = [record("mark", n, 0, 0) for n in range(8)]
    ring, = rings.find_in(b"\0" * 40 + memory(numbered, 8, wraps=2, at=3))
    times = [struct.unpack_from("<Q", ring.data, 32 * n)[0] for n in range(8)]
    assert times == [3, 4, 5, 6, 7, 0, 1, 2] and ring.lost == 2 * 8 + 3 - 8
    again, = rings.find_in(ring.saved())
    assert (again.data, again.lost) == (ring.data, ring.lost)
    full, = rings.find_in(memory(numbered, 8, wraps=4, stops=True))
    assert len(full) == 8 and full.lost == 3


def test_forged_rings(tmp_path):
    """A second ring of a hart in a dump is an error; above the monitor's own it is ignored."""
    true, forged = memory([csr(0x300, 8)], 4), memory([csr(0x300, 1)], 4)
    done = show(tmp_path, true + forged)
    assert done.returncode == 1 and "two rings of hart 0" in done.stderr

    space = bytearray(rings.PAGE * (rings.FAR + 8))
    space[:len(true)] = true
    page = 4 * rings.PAGE
    # A ring of the same hart, and one of another, right behind the monitor's memory.
    for hart in (0, 1):
        again = memory([csr(0x300, 1)], 4, hart, base=BASE + page)
        space[:len(true)] = memory([csr(0x300, 8)], 4, end_of_home=BASE + page)
        space[page:page + len(again)] = again
        ring, = rings.find_above(memory_of(space), BASE)
        assert ring.data == rings.find_in(true)[0].data


def memory_of(space):
    return rings.Memory(lambda address, size: bytes(space[address - BASE:address - BASE + size]))


def test_many_headers_above():
    """Whatever a guest writes above the monitor, only the monitor's rings are found."""
    random = Random(2)
    page = 4 * rings.PAGE
    own = [memory([csr(0x300, 8 + hart)], 4, hart, base=BASE + hart * rings.PAGE,
                  end_of_home=BASE + page) for hart in range(2)]
    space = bytearray(rings.PAGE * 64)
    for hart, ring in enumerate(own):
        space[hart * rings.PAGE:hart * rings.PAGE + len(ring)] = ring
    for _ in range(300):
        at = page + rings.PAGE * random.randrange(16)
        forged = bytearray(memory([csr(0x300, 1)], 4, random.randrange(4), base=BASE + at))
        if random.randrange(2):
            struct.pack_into("<Q", forged, 8 * random.randrange(1, 14),
                             random.choice((0, BASE, BASE + at, (1 << 64) - 1, 1 << 40)))
        space[at:at + len(forged)] = forged
        found = rings.find_above(memory_of(space), BASE)
        assert [(ring.hart, ring.data[:32]) for ring in found] == [
            (hart, csr(0x300, 8 + hart)) for hart in range(2)]


def test_ring_of_another_version_above():
    """Text that a guest has written above the monitor does not hide the monitor's own."""
    true = memory([csr(0x300, 8)], 4)
    page = 4 * rings.PAGE
    space = bytearray(rings.PAGE * (rings.FAR + 8))
    space[:len(true)] = true
    space[page:page + 32] = struct.pack("<8sIIQQ", rings.MAGIC, 9, 32, BASE + page, 0)
    ring, = rings.find_above(memory_of(space), BASE)
    assert ring.data == rings.find_in(true)[0].data


def test_any_records(tmp_path):
    """A guest can put a ring with any records into a memory dump."""
    random = Random(1)
    words = (0, 1, 2, 9, 0x54494d45, 0x80000000, (1 << 63) + 5, (1 << 64) - 1)
    data = b"".join(struct.pack(
        "<QQQQ", *(random.choice(words) for _ in range(3)),
        random.randrange(20) | random.randrange(5) << 8 | random.getrandbits(48) << 16)
        for _ in range(4000))
    ring = memory([data[at:at + 32] for at in range(0, len(data), 32)], 4001)
    for out in ("--text", "--json", "--timeline", "--page", "--latency", "--functions", "--flame",
                "--folded"):
        done = show(tmp_path, ring, out, tmp_path / "out")
        assert done.returncode == 0 and "Traceback" not in done.stderr, (out, done.stderr)
    dump = tmp_path / "dump"
    done = subprocess.run([TOOL, "diff", dump, dump], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


def test_ring_that_names_itself():
    """A page that says that its ring ends before it does not keep the search going."""
    page = BASE + rings.PAGE
    head = rings.HEADER.pack(rings.MAGIC, rings.VERSION, 32, page - 512, page, page, page,
                             0, page, 0, 0, 0, 0, 1, page)
    space = bytes(rings.PAGE) + head.ljust(rings.PAGE * (rings.FAR + 8), b"\0")
    reader = rings.Memory(lambda address, size: space[address - BASE:address - BASE + size])
    with pytest.raises(rings.RingError, match="no trace"):
        rings.find_above(reader, BASE)


@pytest.mark.parametrize("change", [(16, 0), (24, 7), (32, BASE), (40, BASE + (2 << 30)), (88, 0)])
def test_damaged(tmp_path, change):
    data = bytearray(memory([csr(0x300, 1)], 4))
    offset, value = change
    struct.pack_into("<Q", data, offset + (0 if offset != 88 else 24), value)
    if change == (16, 0):
        data[8] = 9                         # another version
    done = show(tmp_path, bytes(data))
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr


def test_a_call_and_its_answer(tmp_path):
    out = tmp_path / "timeline.json"
    data = memory([trap(100, 9, world=1), record("call", 0x54494d45, 0, 77, world=1),
                   record("arguments", 0, 0, 0, world=1), record("world", 110, 0, 0),
                   record("world", 150, 0, 0, world=1, code=1),
                   record("answer", 151, 0, 5, world=1)], 8)
    done = show(tmp_path, data, "--text", "-", "--timeline", out, "--latency",
                tmp_path / "latency")
    assert "TIME.set_timer(0x4d) = SUCCESS 0x5 <5.1 us, firmware 4.0 us>" in done.stdout
    assert timeline.check(json.loads(out.read_text())) is None
    assert (tmp_path / "latency").read_text().startswith("TIME.set_timer: 1 answered\n")


def test_time_of_functions(tmp_path):
    """From the first trap in a function to the first one outside; places without symbols are
    blocks of 256 bytes."""
    data = memory([trap(100, 2, pc=0x80000000, tval=0x30200073),
                   trap(130, 2, pc=0x80000010, tval=0x30200073),
                   trap(200, 2, pc=0x80000100, tval=0x30200073),
                   record("world", 270, 0, 0, world=1, code=1),
                   trap(900, 2, pc=0x80000020, world=1), record("world", 1000, 0, 0),
                   trap(1010, 2, pc=0x80000000, tval=0x30200073),
                   record("world", 1020, 0, 0, world=1, code=1)], 9)
    show(tmp_path, data, "--functions", tmp_path / "functions")
    lines = (tmp_path / "functions").read_text().splitlines()
    assert lines[:2] == ["0x80000000..: 11.0 us in 2 stays", "    median 10.0 us, longest 10.0 us"]
    assert [line.split() for line in lines[2:5]] == [
        ["1", "us", "1", "#" * 40], ["2", "us", "0"], ["4", "us", "0"]]
    assert "0x80000100..: 7.0 us in 1 stays" in lines and len(lines) == 9


def test_timeline_check_finds_faults():
    good = {"ph": "X", "pid": 0, "tid": 0, "ts": 1.0, "dur": 2.0, "name": "x"}
    assert timeline.check({"traceEvents": [good]}) is None
    for key in good:
        bad = {k: v for k, v in good.items() if k != key}
        assert timeline.check({"traceEvents": [bad]})
    assert timeline.check([]) and timeline.check({})


def test_flame_is_a_picture():
    text = flame.svg({("firmware", "<f>", "read mstatus"): 3, ("firmware", "g", "mret"): 1}, "t")
    assert text.startswith("<svg") and "&lt;f&gt;: 3 (75.0 %)" in text
    assert flame.folded({("a", "b"): 2}) == ["a;b 2"]


def test_sentences(tmp_path):
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    for args, text in ((["show", empty], "is empty"), (["show", TOOL], "contains no trace"),
                       (["read", "--monitor", "1", "-o", empty], "cannot connect to 1")):
        done = subprocess.run([TOOL, *args], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and text in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--monitor", "--gdb"])
@pytest.mark.parametrize("how", ["closed", "reset"])
def test_machine_ends_while_read(tmp_path, option, how):
    """A port that closes, or resets the connection, before the memory is read."""
    with socket.create_server(("localhost", 0)) as server:
        def serve():
            link, _ = server.accept()
            with link:
                if option == "--monitor":
                    link.sendall(b"(qemu) ")
                link.recv(1)
                if how == "reset":
                    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    link.shutdown(socket.SHUT_WR)
                    link.recv(65536)
        thread = threading.Thread(target=serve)
        thread.start()
        done = subprocess.run([TOOL, "read", option, str(server.getsockname()[1]), "-o",
                               tmp_path / "out"], capture_output=True, text=True, timeout=60,
                              check=False)
        thread.join()
    assert done.returncode == 1 and "the machine has ended before" in done.stderr
    assert "Traceback" not in done.stderr


def test_runs_of_the_gdb_protocol():
    assert live.expand(b"0* ") == "0000"


def test_functions_for_policies_exist():
    """The list in writing-a-policy.md names what the headers have."""
    text = (ROOT / "Documentation/writing-a-policy.md").read_text()
    rows = re.findall(r"^\| `(\S+\.h)` \| (.*?) \| ", text[text.index("## 7."):], re.MULTILINE)
    assert len(rows) > 10
    for header, functions in rows:
        declared = (ROOT / "core/include/cordon" / header).read_text()
        for name in re.findall(r"`(\w+)\(\)`", functions):
            assert re.search(rf"\b{name}\b", declared), f"{header}: {name}"
