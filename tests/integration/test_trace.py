# SPDX-License-Identifier: BSD-2-Clause
"""The policy trace on a firmware whose every access is known (tests/trace), and on OpenSBI."""

import collections
import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

import building
import guests
import test_payload

REPO = guests.REPO
TOOL = REPO / "tools" / "trace"
sys.path.insert(0, str(REPO / "tools"))
sys.path.insert(0, str(REPO / "tools/guests.d"))
import enclave  # noqa: E402
import machine  # noqa: E402
from tracelib import decode, live, rings, timeline  # noqa: E402

FRAGMENT = (REPO / "configs/fragments/trace.config").read_text()
SMALL = "CONFIG_TRACE_RING_KB=8\n"
ENCLAVES = (REPO / "configs/fragments/keystone.config").read_text()
UART = "watch=10000000+100"
# count.S accesses each register this often.
READS = {"mhartid": 1, "mscratch": 100, "mstatus": 100, "mcounteren": 20, "mie": 2, "mepc": 11}
WRITES = {"mtvec": 1, "mscratch": 100, "mcounteren": 20, "mie": 43, "mip": 1, "sscratch": 1,
          "pmpaddr1": 2, "pmpaddr0": 1, "pmpcfg0": 1, "mstatus": 2, "mepc": 12}
CALLS = 10


def run(*command, status=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          errors="replace", timeout=200, check=False)
    if status is not None and done.returncode != status:
        pytest.fail(f"{command[0]}: status {done.returncode}\n{done.stdout}{done.stderr}",
                    pytrace=False)
    return done.stdout


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    """count.S, linked where firmware begins."""
    return guests.link_firmware(REPO / "tests/trace/count.S", tmp_path_factory.mktemp("trace"))


@pytest.fixture(scope="module")
def monitors(build):
    """The build folder of a configuration."""
    done = {}

    def monitor(name, config):
        if not (build / "cordon.bin").exists():
            pytest.skip(f"no monitor: {build}/cordon.bin is not built")
        if name not in done:
            done[name] = build / "tests" / f"trace-{name}"
            building.monitor(done[name], text=config)
        return done[name]
    return monitor


def boot(folder, monitor, firmware, *args, status=0):
    out = folder / "out"
    run(TOOL, "boot", "--build", monitor, "--firmware", firmware, "--payload", "none",
        "--expect", "DONE", "--timeout", "60", "-o", out, *args, status=status)
    return out


def events_of(out, hart=0):
    found = {ring.hart: ring for ring in rings.find_in((out / "trace.bin").read_bytes())}
    return decode.Decoder().events(found[hart])


def count(events, what):
    return dict(collections.Counter(event.name for event in events if event.what == what))


@pytest.fixture(scope="module")
def traced(tmp_path_factory, monitors, firmware):
    """One boot that most tests look at: without offload, the UART watched for both guests.

    Two words name it, which share a block of eight bytes and a page.
    """
    return boot(tmp_path_factory.mktemp("boot"), monitors("plain", FRAGMENT), firmware,
                "--chosen", "watch-payload=10000000+5 watch-payload=10000005+fb")


def test_every_register_is_counted(traced):
    """The trace counts reads and writes of each register like the code, fast ones and others."""
    events = events_of(traced)
    assert count(events, "csr_read") == READS
    assert count(events, "csr_write") == WRITES


def test_values(traced):
    """Old and new value of each write, by assembly and by C."""
    events = events_of(traced)
    for name in ("mscratch", "mcounteren"):
        top = 100 if name == "mscratch" else 20
        new = [e.new for e in events if e.what == "csr_write" and e.name == name]
        old = [e.old for e in events if e.what == "csr_write" and e.name == name]
        read = [e.old for e in events if e.what == "csr_read" and e.name == name]
        assert new == list(range(top, 0, -1))
        assert old == [0] + new[:-1]
        if name == "mscratch":
            assert read == new
    mie = [(e.old, e.new) for e in events if e.what == "csr_write" and e.name == "mie"]
    assert mie == [(0, 8), (8, 0)] * 20 + [(0, 0x28), (0x28, 0x20), (0x20, 0)]
    assert [(e.old & 0x20, e.new & 0x20) for e in events if e.name == "mip"] == [(0, 0)]
    assert [e.new for e in events if e.name == "sscratch"] == [0x20]
    assert [e.new for e in events if e.what == "csr_write" and e.name == "mstatus"] == [
        old & ~0x1800 | bits for old, bits in zip(
            (e.old for e in events if e.what == "csr_write" and e.name == "mstatus"), (0, 0x800))]


def test_calls(traced):
    """Arguments and answers of the payload's calls, and who ran meanwhile."""
    calls = [event for event in events_of(traced) if event.what == "call"]
    assert len(calls) == CALLS
    assert [(call.name, call.args) for call in calls] == [
        ("BASE.probe_extension", (n,)) for n in range(10, 0, -1)]
    assert [call.answer for call in calls] == [(0, n * n) for n in range(10, 0, -1)]
    assert all(call.end >= call.time and call.inside <= call.end - call.time for call in calls)
    worlds = [event.world for event in events_of(traced) if event.what == "world"]
    assert worlds == [1] + [0, 1] * (1 + CALLS)


@pytest.mark.parametrize("words", ["start", "kinds=call,answer"])
def test_call_that_does_not_return(words, tmp_path, monitors):
    """hart_stop has no answer when the hart starts again, by assembly and by C."""
    source = guests.link_firmware(REPO / "tests/trace/count.S", tmp_path, "-DSTOP")
    out = boot(tmp_path, monitors("plain", FRAGMENT), source, "--chosen", words)
    calls = [event for event in events_of(out) if event.what == "call"]
    assert [call.name for call in calls[CALLS:]] == ["HSM.hart_stop"]
    assert [call.answer for call in calls] == [(0, n * n) for n in range(10, 0, -1)] + [None]


def test_illegal_instruction(traced):
    """An exception of the payload, whose mode that was, and that the firmware takes it."""
    events = events_of(traced)
    worlds = [(e.pc, e.args[0]) for e in events if e.what == "world" and e.name == "firmware"]
    taken = [(e.pc, e.args) for e in events if e.what == "deliver"]
    assert len(taken) == 1 and taken[0][1][0] == 2
    assert worlds[0] == (taken[0][0], 1)


def test_device(traced):
    """Each access to a watched device, with its width and value."""
    events = events_of(traced)
    # The machine is stopped when DONE appears, before the record of its last character.
    for world, text in ((0, "ab\n"), (1, "DON")):
        written = [(e.args, e.new) for e in events if e.what == "mmio_write" and e.world == world]
        assert written[:len(text)] == [((0x10000000, 1), ord(char)) for char in text]
        assert world or len(written) == len(text)
    states = [(e.args, e.old & 0x20) for e in events if e.what == "mmio_read"]
    assert states and set(args for args, _ in states) == {(0x10000005, 1)}
    assert [ready for _, ready in states].count(0x20) == 3
    text = (traced / "trace.txt").read_text()
    assert re.search(r"THR\S* <- 0x61 \(1 bytes\)", text)
    assert "DONE" in (traced / "console.txt").read_text()


# Addresses of tests/guest/watch.c to watch, and the values that it writes there before each store.
FIELD, WATCHED = 0x82000040, range(0x82000043, 0x8200005a)
FILLING = [0xf1e2d3c4b5a69788 + n for n in range(4)]
VALUE = 0x8192a3b4c5d6e7f8


def accesses_of(lines):
    """The accesses to FIELD that the lines of tests/guest/watch.c tell: what, address, size,
    value."""
    words = [("mmio_write", FIELD + 8 * n, 8, FILLING[n]) for n in range(4)]
    for _, *access in (line.split() for line in lines):
        if not access:
            yield from words
            continue
        _, offset, size, *values = access
        offset, size, values = int(offset, 16), int(size), [int(word, 16) for word in values]
        if len(values) == 1:
            yield "mmio_read", FIELD + offset, size, values[0] & (1 << 8 * size) - 1
            continue
        yield from words
        yield "mmio_write", FIELD + offset, size, VALUE & (1 << 8 * size) - 1
        yield from (("mmio_read", FIELD + 8 * n, 8, values[n]) for n in range(4))


@pytest.mark.parametrize("name", ["plain", pytest.param("cache", marks=pytest.mark.long)])
def test_each_load_and_store(name, build, tmp_path, monitors):
    """The bare machine's values, from every mode, and a record for each that touches the
    watched bytes; their neighbours are there without one."""
    case = next(guests.cases_of(guests.SOURCES / "watch.c")).as_native()
    runner = guests.Runner(build, only=["watch"])
    native = runner.result(case).lines("= ")
    monitor = monitors(name, FRAGMENT + guests.CONFIGS.get(name, ""))
    out = boot(tmp_path, monitor, runner.firmware("watch"), "--harts", "1",
               "--chosen", f"kinds=mmio watch-payload={WATCHED.start:x}+{len(WATCHED):x}")
    runner.close()
    said = guests.Result(0, (out / "console.txt").read_text(errors="replace").replace("\r", ""))
    lines = said.lines("= ")
    assert lines == [line for line in native if line in lines or not line.startswith("V")]
    wanted = [(what, at, size, value) for what, at, size, value in accesses_of(lines)
              if at < WATCHED.stop and at + size > WATCHED.start]
    found = [(event.what, *event.args,
              (event.old or event.new or 0) & (1 << 8 * event.args[1]) - 1)
             for event in events_of(out) if event.what.startswith("mmio")]
    assert found == wanted


def test_protection(traced):
    """The firmware opens all memory to the payload, and the physical entries follow."""
    events = events_of(traced)
    changes = [event for event in events if event.what == "pmp"]
    assert changes and all(event.args[0] > 0 for event in changes)
    cfg = next(event.time for event in events if event.name == "pmpcfg0")
    assert any(event.time >= cfg for event in changes)


def test_outputs(traced):
    """The timeline is one that viewers open; JSON and text tell the same events."""
    document = json.loads((traced / "timeline.json").read_text())
    assert timeline.check(document) is None
    spans = [entry for entry in document["traceEvents"] if entry["ph"] == "X"]
    assert sum(entry["name"] == "BASE.probe_extension" for entry in spans) == CALLS
    told = json.loads((traced / "trace.json").read_text())
    assert len(told) == len((traced / "trace.txt").read_text().splitlines())
    assert "read mscratch 100" in (traced / "flame.txt").read_text()
    assert (traced / "functions.txt").read_text().startswith("_start: ")
    assert (traced / "flame.svg").read_text().startswith("<svg")
    page = (traced / "timeline.html").read_text()
    entries = re.search(r'<script id="entries" type="application/json">(.*)</script>', page)[1]
    assert json.loads(entries) == document["traceEvents"]


def test_page_in_a_browser(traced):
    """A real browser draws the calls, each where the trace has it."""
    browser = shutil.which("chromium")
    if not browser:
        pytest.skip("no chromium: tools/setup --for browser")
    entries = json.loads((traced / "timeline.json").read_text())["traceEvents"]
    calls = [e for e in entries if e["ph"] == "X" and e["name"] == "BASE.probe_extension"]
    dom = run(browser, "--headless=new", "--no-sandbox", "--disable-gpu",
              "--window-size=1200,400", "--dump-dom", f"file://{traced}/timeline.html"
              f"#{calls[0]['ts']:f}-{calls[-1]['ts'] + calls[-1]['dur']:f}")
    events = sum(entry["ph"] != "M" for entry in entries)
    assert f"<title>trace: {events} events</title>" in dom
    tracks = re.findall(r'class="label">([^<]*)<', dom)
    assert tracks[:3] == ["hart 0 firmware", "hart 0 payload", "hart 0 SBI calls"]
    drawn = re.findall(r'<rect x="([\d.]+)" y="78"[^>]*class="span" width="([\d.]+)"', dom)
    assert len(drawn) == CALLS
    assert float(drawn[0][0]) == 150        # the left border


@pytest.mark.long
@pytest.mark.parametrize("words,full", [("overwrite", False), ("stop", True)])
def test_full_ring(words, full, tmp_path, monitors, firmware, traced):
    """A small ring keeps the newest or the oldest records, and counts those that it lost."""
    out = boot(tmp_path, monitors("small", FRAGMENT + SMALL), firmware,
               "--chosen", words, status=1)
    whole = {ring.hart: ring for ring in rings.find_in((traced / "trace.bin").read_bytes())}[0]
    ring = {ring.hart: ring for ring in rings.find_in((out / "trace.bin").read_bytes())}[0]
    assert len(ring) == (8192 - 512) // 32
    assert ring.lost > 0
    kept = [event.name for event in decode.Decoder().events(ring)]
    assert ("begins" in kept) == full
    assert len(ring) + ring.lost <= len(whole)


@pytest.mark.parametrize("words,kinds", [
    pytest.param("kinds=csr", {"csr_read", "csr_write", "mark"}, marks=pytest.mark.long),
    pytest.param("kinds=csr_write", {"csr_write", "mark"}, marks=pytest.mark.long),
    pytest.param("eids=54494d45", {"csr_read", "csr_write", "world", "exception", "deliver", "pmp",
                                   "mark"}, marks=pytest.mark.long),
    pytest.param("harts=5", set(), marks=pytest.mark.long),
    pytest.param("off", set(), marks=pytest.mark.long)])
def test_filters(words, kinds, tmp_path, monitors, firmware):
    out = boot(tmp_path, monitors("plain", FRAGMENT), firmware, "--chosen", words)
    events = events_of(out)
    assert set(event.what for event in events) == kinds
    if "csr_write" in kinds:
        assert count(events, "csr_write") == WRITES


def test_filters_by_extension(tmp_path, monitors, firmware):
    """Calls alone, each with its time and its answer."""
    out = boot(tmp_path, monitors("plain", FRAGMENT), firmware, "--chosen",
               "kinds=call,answer eids=54494d45,10")
    events = events_of(out)
    assert set(event.what for event in events) == {"call", "mark"}
    calls = [event for event in events if event.what == "call"]
    assert [call.answer for call in calls] == [(0, n * n) for n in range(10, 0, -1)]
    assert all(a.time <= a.end < b.time <= b.end for a, b in zip(calls, calls[1:]))


def test_filters_by_address(tmp_path, monitors, firmware, traced):
    """One instruction, served by C, and one, served by assembly; and none of what follows."""
    for name, times in (("mcounteren", 20), ("mscratch", 100)):
        wanted = [event for event in events_of(traced) if event.what == "csr_write"
                  and event.name == name]
        folder = tmp_path / name
        folder.mkdir()
        out = boot(folder, monitors("plain", FRAGMENT), firmware, "--chosen",
                   f"code={wanted[0].pc:x}+4")
        found = [event for event in events_of(out) if event.what != "mark"]
        assert len(found) == times
        assert [(e.what, e.name, e.pc, e.old, e.new) for e in found] == [
            (e.what, e.name, e.pc, e.old, e.new) for e in wanted]


def test_isolating_builds_refuse_watches(tmp_path, monitors, firmware):
    """The monitor would perform with its own rights what protect denies the firmware."""
    run(TOOL, "boot", "--build", monitors("protect", FRAGMENT +
        "CONFIG_POLICY_OFFLOAD=y\nCONFIG_POLICY_PROTECT=y\n"),
        "--firmware", firmware, "--payload", "none", "--chosen", UART, "--timeout", "60",
        "--expect", "all harts are stopped", "-o", tmp_path, status=1)
    text = (tmp_path / "console.txt").read_text(errors="replace")
    assert "cannot watch devices in a build that isolates" in text, text


@pytest.mark.long
def test_with_offload(tmp_path, monitors, firmware):
    """The payload's vector of another policy continues after the record."""
    out = boot(tmp_path, monitors("offload", FRAGMENT + "CONFIG_POLICY_OFFLOAD=y\n"), firmware)
    events = events_of(out)
    assert count(events, "csr_read") == READS
    assert count(events, "csr_write") == WRITES
    assert [(call.args, call.answer) for call in events if call.what == "call"] == [
        ((n,), (0, n * n)) for n in range(10, 0, -1)]
    assert [event.world for event in events if event.what == "world"] == [1] + [0, 1] * (1 + CALLS)


@pytest.mark.long
def test_answers_of_assembly(tmp_path, monitors):
    """A call that offload answers in assembly has its answer, and none has another's."""
    monitor = monitors("offload", FRAGMENT + "CONFIG_POLICY_OFFLOAD=y\n")
    events = events_of(boot(tmp_path, monitor, guests.link_firmware(
        REPO / "tests/trace/timer.S", tmp_path)))
    calls = [event for event in events if event.what == "call"]
    assert [(call.name, call.answer) for call in calls] == [("TIME.set_timer", (0, 0))] * 5
    assert all(call.inside == 0 for call in calls)
    out = tmp_path / "linux"
    run(TOOL, "boot", "--build", monitor, "-o", out)
    calls = [event for hart in (0, 1) for event in events_of(out, hart) if event.what == "call"]
    for name in ("IPI.send_ipi", "RFENCE.remote_sfence_vma_asid"):
        found = [call for call in calls if call.name == name]
        # The machine is stopped in the middle of one.
        assert len(found) > 5 and sum(call.answer != (0, 0) for call in found) <= 2, name


def test_calls_of_an_enclaves_host(build, tmp_path, monitors):
    """A call that enters an enclave is answered by the enclave's stop or exit."""
    runner = guests.Runner(build, only=["trace-enclave"])
    out = boot(tmp_path, monitors("keystone", FRAGMENT + ENCLAVES),
               runner.firmware("trace-enclave"), "--harts", "1", "--chosen", "kinds=call,answer")
    runner.close()
    said = guests.Result(0, (out / "console.txt").read_text().replace("\r", ""))
    told = [line.split() for line in said.lines("= ")]
    assert len(told) > 9
    calls = [event for event in events_of(out) if event.what == "call"
             and event.name.startswith("0x8424b45.") and event.name != "0x8424b45.0x7d1"]
    assert told == [[str(int(call.name.split(".")[1], 16)),
                     *(f"{word % (1 << 64):x}" for word in call.answer or ())] for call in calls]


@pytest.mark.long
def test_opensbi_and_linux(tmp_path, monitors):
    """The default ring loses no record, and the text names the UART's registers."""
    out = tmp_path / "out"
    run(TOOL, "boot", "--build", monitors("plain", FRAGMENT), "--chosen", UART, "-o", out)
    text = (out / "trace.txt").read_text()
    assert {"THR", "LSR", "LCR", "MCR", "DLM", "FCR"} <= set(re.findall(
        r"serial\.\S*?(THR|LSR|LCR|MCR|DLM|FCR)\S* (?:<-|->)", text))


def guest_command(folder, monitor):
    """QEMU's command line for a Linux that reads its own trace to files of the host."""
    run(TOOL, "program", "-o", folder / "guest-trace")
    enclave.initrd(folder, "trace", REPO / "tests/linux/trace-init", ["guest-trace"])
    opts = SimpleNamespace(machine="virt", cpu="rv64", harts=2, mem="1G", batch=True,
                           icount=False, payload="linux", initrd=folder / "initrd.gz",
                           append="quiet rdinit=/trace/init", debug=False, smoke=False,
                           qemu_arg=["-device virtio-serial-pci"])
    for name in ("boot", "work"):
        opts.qemu_arg.append(f"-chardev file,id={name},path={folder / name} "
                             f"-device virtserialport,chardev={name},name={name}")
    bios = machine.bundle(monitor, machine.firmware_path("opensbi-1.6"), "guest-trace")
    command = machine.qemu_command(opts, bios, machine.payload_path("linux"))
    command[command.index("-monitor") + 1] = f"unix:{folder / 'monitor'},server,nowait"
    return command


def data_of(found):
    return {ring.hart: (bytes(ring.data), ring.lost) for ring in found}


@pytest.mark.long
def test_linux_reads_its_trace(tmp_path, monitors):
    """A program under Linux reads the records that QEMU finds in memory, and selects more."""
    monitor = monitors("user", FRAGMENT + "CONFIG_TRACE_CALLS=y\nCONFIG_TRACE_USER=y\n")
    with machine.Console(guest_command(tmp_path, monitor), 120, echo=False) as console:
        source = live.Monitor(str(tmp_path / "monitor"), console.read)
        assert console.expect("TRACE (READ|FAIL)")[1] == "READ", console.text
        source.stop()
        memory = rings.find_above(rings.Memory(source.read), source.mscratch())
        source.close()
    boot_rings = rings.find_in((tmp_path / "boot").read_bytes())
    work_rings = rings.find_in((tmp_path / "work").read_bytes())
    assert data_of(work_rings) == data_of(memory)
    assert sorted(ring.hart for ring in boot_rings) == [0, 1]
    for before, after in zip(boot_rings, work_rings):
        assert after.data.startswith(before.data) and len(before) > 1000
        events = decode.Decoder().events(after)[len(decode.Decoder().events(before)):]
        calls = [event for event in events if event.what == "call"]
        assert calls and set(event.what for event in events) == {"call", "mark"}
        assert set(call.name.split(".")[0] for call in calls) <= {"IPI", "RFENCE"}
        assert all(call.answer is not None for call in calls)


def test_survives_a_warm_reset(tmp_path, monitors, firmware):
    """The records of before are still there, and the new ones follow them."""
    line = run(REPO / "tools/run", "--build", monitors("plain", FRAGMENT), "--firmware", firmware,
               "--payload", "none", "--harts", "1", "--print").split()
    line.remove("-no-reboot")
    line.remove("-nographic")
    socket = tmp_path / "monitor"
    line += ["-display", "none", "-serial", "stdio", "-monitor", f"unix:{socket},server,nowait"]
    with machine.Console(line, 60, echo=False) as console:
        source = live.Monitor(str(socket), console.read)
        assert console.expect("DONE")
        source.command("system_reset")
        assert console.expect(r"(?s)DONE.*DONE")
        source.stop()
        ring, = rings.find_above(rings.Memory(source.read), source.mscratch())
        source.close()
    events = decode.Decoder().events(ring)
    assert [event.name for event in events if event.what == "mark"] == ["begins", "begins"]
    assert count(events, "csr_read") == {name: 2 * times for name, times in READS.items()}
    assert ring.lost == 0


def test_records_on_the_port_of_the_log(build, tmp_path):
    """What the log's port has sent decodes to the text of the ring in memory."""
    out = building.monitor(build / "tests/trace-uart", "sifive_u_defconfig", text=FRAGMENT + (
        "CONFIG_LOG_UART=0x10011000\nCONFIG_TRACE_CALLS=y\nCONFIG_TRACE_UART=y\n"
        "CONFIG_TRACE_RING_KB=64\n"))
    image, log, socket = (tmp_path / name for name in ("image.bin", "log", "monitor"))
    firmware = guests.link_firmware(REPO / "tests/trace/send.S", tmp_path)
    run(REPO / "tools/pack-image", "--monitor", out / "cordon.bin", "--firmware", firmware,
        "-o", image)
    command = [machine.QEMU, "-M", "sifive_u", "-smp", "5", "-m", "1G", "-display", "none",
               "-monitor", f"unix:{socket},server,nowait", "-serial", "stdio",
               "-serial", f"file:{log}", "-bios", str(image)]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect("DONE|FAIL")[0] == "DONE", console.text
        run(TOOL, "read", "--monitor", socket, "-o", tmp_path / "memory.bin")
    run(TOOL, "decode", "--from-console", log, "-o", tmp_path / "log.bin")
    lines = [run(TOOL, "show", tmp_path / name, "--hart", "1").splitlines()
             for name in ("memory.bin", "log.bin")]
    assert sum("mscratch <-" in line for line in lines[1]) == 100
    assert lines[0] == lines[1]

    # Lines with a wrong character or none are lost, and others are not records.
    text = log.read_text()
    first, second, *rest = [line for line in text.splitlines() if "] trace: " in line]
    log.write_text("\n".join([text.partition("\n")[0], first[:-1] + "xy"[first[-1] == "x"],
                              second[:30], *rest]).replace(" 64 ", " 63 ", 1))
    said = run(TOOL, "decode", "--from-console", log, "-o", tmp_path / "log.bin")
    assert said == f"hart 1: {len(rest) - 1} records, 3 lost\n"


def test_other_policies_leave_the_recording_alone(tmp_path, monitors):
    """Recording begins once on a hart that protect interrupts at the lock."""
    program = test_payload.make(tmp_path, "hello", "-DSTAY")
    out = boot(tmp_path, monitors("protect", FRAGMENT + test_payload.FRAGMENT),
               "opensbi-1.6:jump", "--payload", program, "--expect", "RESULT PASS")
    for hart in (0, 1):
        events = events_of(out, hart)
        assert [event.name for event in events if event.what == "mark"] == ["begins"]


def test_guest_may_not_read():
    """The calls that read a trace are in no build that keeps guests from each other."""
    kconfig = (REPO / "policies/trace/Kconfig").read_text()
    calls = kconfig[kconfig.index("config TRACE_CALLS"):]
    assert re.search(r"depends on !POLICY_KEYSTONE && !POLICY_PROTECT", calls)
    sending = kconfig[kconfig.index("config TRACE_UART"):]
    assert re.match(r".*\n\tbool .*\n\tdepends on TRACE_CALLS\n", sending)


def test_the_walk_finds_the_bug(tmp_path, monitors):
    """Documentation/tracing.md, from symptom to line: what set_timer does not do."""
    monitor = monitors("plain", FRAGMENT)
    out = {}
    for name, flags in (("good", []), ("bad", ["-DBUG"])):
        folder = tmp_path / name
        folder.mkdir()
        raw = guests.link_firmware(REPO / "tests/trace/timer.S", folder, *flags)
        out[name] = boot(folder, monitor, raw, "--icount")
    ticks = {name: [event.time for event in events_of(out[name]) if event.what == "call"]
             for name in out}
    assert min(b - a for a, b in zip(ticks["good"], ticks["good"][1:])) > 9000
    assert min(b - a for a, b in zip(ticks["bad"], ticks["bad"][1:])) < 1000
    text = run(TOOL, "diff", out["good"] / "trace.bin", out["bad"] / "trace.bin", "--firmware",
               tmp_path / "good/timer.elf", "--hart", "0", "--name", "mip", status=None)
    assert "-F set_timer: mip <- 0x0 (was 0x20)" in text
