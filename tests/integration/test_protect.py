# SPDX-License-Identifier: BSD-2-Clause
"""The policy protect-payload against our firmware that only attacks.

tests/protect has the firmware and its victim. On the bare machine, and under a monitor
without the policy, each attack must succeed, to prove that the test works; under the
policy none does.
"""

import base64
import contextlib
import functools
import hashlib
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading

import pytest

import building
import guests
import test_boards
import test_door
import test_panic
from test_door import CONFIGS, FLAGS, PROTECT, monitors, run  # noqa: F401

sys.path.insert(0, str(guests.REPO / "tools"))
from reportlib import measure  # noqa: E402

SOURCES = guests.REPO / "tests" / "protect"
NEEDS_POLICY = pytest.mark.skipif(not PROTECT, reason="no policy protect-payload")


def number(name, machine="virt"):
    """Return a number from hostile.h or the machine's header."""
    text = "".join((SOURCES / f"{header}.h").read_text() for header in (machine, "hostile"))
    based, value = re.search(rf"#define {name}\s+(\(FIRMWARE \+ )?(\w+)", text).groups()
    return int(value, 0) + (number("FIRMWARE", machine) if based else 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("protect")


def build_images(folder, machine):
    """Build the firmware and the victim for a machine."""
    parts = {"firmware": ("FIRMWARE", [SOURCES / "firmware.S", SOURCES / "firmware.c"]),
             "victim": ("VICTIM", [test_door.PROBE / "start.S", SOURCES / "victim.c"])}
    for name, (base, sources) in parts.items():
        run("riscv64-linux-gnu-gcc", *FLAGS, "-include", SOURCES / f"{machine}.h",
            f"-Wl,--defsym=BASE={number(base, machine):#x}", "-T", SOURCES / "image.lds",
            "-o", folder / f"{name}.elf", *sources)
        run("riscv64-linux-gnu-objcopy", "-O", "binary", folder / f"{name}.elf",
            folder / f"{name}.bin")
    return folder


@pytest.fixture(scope="module")
def images(folder):
    return build_images(folder, "virt")


def bundle(images, monitor, **parts):
    """Return the file that the machine starts: the firmware, under a monitor if one is given.

    @parts: further files for the image, named as pack-image's options.
    """
    image = images / "firmware.bin"
    if monitor:
        run(guests.REPO / "tools/pack-image", "--monitor", monitor, "--firmware", image,
            *(word for part, file in parts.items() if file for word in (f"--{part}", file)),
            "-o", images / "bundle.bin")
        image = images / "bundle.bin"
    return image


def boot(images, monitor, case=0, harts=1, cpu="rv64", limit=60, tree=None, devices=(),
         until=None, manifest=None, bundled=None):
    """Start QEMU's virt: see console(). @bundled: the machine's tree, in the image."""
    try:
        qemu = guests.Runner.qemu(cpu)
    except guests.Missing as why:
        pytest.skip(str(why))
    command = [str(qemu), "-M", "virt", "-cpu", cpu, "-smp", str(harts),
               "-m", "128M", "-display", "none", "-serial", "stdio", "-monitor", "none",
               "-no-reboot", "-bios",
               str(bundle(images, monitor, manifest=manifest, fdt=bundled)),
               *devices, *payload(images, case)]
    if tree:
        command += ["-device", f"loader,file={tree},addr={number('TREE_AT'):#x},force-raw=on"]
    return console(command, limit, until)


def payload(images, case, machine="virt"):
    """Return QEMU's arguments for the victim and its case."""
    return ["-device", f"loader,file={images}/victim.bin,addr={number('VICTIM', machine):#x},"
            "force-raw=on", "-device",
            f"loader,addr={number('CASE_AT', machine):#x},data={case},data-len=8"]


def console(command, limit, until=None):
    """Return the machine's output, and QEMU's exit status; None if it had to be stopped, because
    the time was over or a line had this in it."""
    text = b""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL) as machine:
        late = threading.Timer(limit, machine.kill)
        late.start()
        for line in machine.stdout:
            text += line
            if until and until in guests.decode(line):
                machine.kill()
        status = machine.wait()
        late.cancel()
    return guests.decode(text), None if status == -signal.SIGKILL else status


def attacks(text, verdict):
    return re.findall(rf"^{verdict} (\d+) (\S+)$", text, re.M)


def must_end(text, status, want=0):
    if status != want or not re.search(r"^VICTIM open", text, re.M) or \
            re.search(r"\bpanic\b", text, re.I):
        pytest.fail(f"status {status}\n{text[-3000:]}", pytrace=False)


@pytest.fixture(scope="module")
def succeeded(images):
    """Return the attacks that succeed on the bare machine, by hart."""
    text, status = boot(images, None, harts=2, cpu="rv64,v=on")
    must_end(text, status)
    assert not attacks(text, "SHUT")
    return {hart: {name for at, name in attacks(text, "OPEN") if at == hart}
            for hart in ("0", "1")}


def test_bare(succeeded):
    assert len(succeeded["0"]) > 40 and succeeded["1"] < succeeded["0"]


@pytest.mark.parametrize("world", ["monitor", "offload"])
def test_without_policy(world, images, monitors, succeeded):  # noqa: F811
    text, status = boot(images, monitors(world), harts=2, cpu="rv64,v=on")
    must_end(text, status)
    # under a monitor QEMU 7.2 does not always stop the counter; the reason is not known
    kept = {"mcountinhibit", "triggers"} | ({"time"} if world == "offload" else set())
    for hart in ("0", "1"):
        shut = {name for at, name in attacks(text, "SHUT") if at == hart}
        assert shut <= kept, shut


WORLDS = [world for world in CONFIGS if world.startswith("protect")]
MACHINES = [(1, "rv64"), (2, "rv64"), (4, "rv64,h=off"), (2, "rv64,v=on"), (4, "sifive-u54"),
            (1, "rv64,smstateen=on,svadu=on,zkr=on"), (2, "max")]
# 4 harts without H: also test_visionfive2().
OFTEN = [("protect", 1, "rv64"), ("protect", 2, "rv64,v=on"),
         ("protect", 1, "rv64,smstateen=on,svadu=on,zkr=on"),
         ("protect-pmp8", 2, "rv64"), ("protect-keystone", 4, "rv64,h=off")]


# Offload in C alone: protect must not use its assembly, which goes to offload's vector.
WITHOUT_FAST = ("without-fast", 2, "rv64")


def machines():
    cases = [(world, harts, cpu) for world in WORLDS for harts, cpu in MACHINES]
    for case in [*cases, WITHOUT_FAST]:
        yield pytest.param(*case, id="-".join(map(str, case)),
                           marks=[] if case in [*OFTEN, WITHOUT_FAST] else [pytest.mark.long])


@NEEDS_POLICY
@pytest.mark.parametrize("world,harts,cpu", machines())
def test_attacks(world, harts, cpu, images, monitors, succeeded):  # noqa: F811
    """Attacks that succeed on the bare machine are denied, from every hart."""
    text, status = boot(images, monitors(world), harts=harts, cpu=cpu)
    must_end(text, status)
    assert not attacks(text, "(?:OPEN|BROKEN)"), text[-3000:]
    want = {("0", name) for name in succeeded["0"] - ({"spy"} if harts == 1 else set())}
    want |= {(str(hart), name) for hart in range(1, harts) for name in succeeded["1"]}
    if "v=on" not in cpu:
        want = {(hart, name) for hart, name in want if name != "vector"}
    assert want <= set(attacks(text, "SHUT"))
    assert "the firmware is dead" not in text


# From bit 8 on an argument: the mode to return to, with a bit above so that 0 is one.
DEADLY = {"RETURN_PC": 0, "RETURN_U": 8, "RETURN_M": 11, "RETURN_VU": 12, "RETURN_VS": 13,
          "LOOP": 0, "SLEEP": 0, "TRAPS": 0, "FETCH": 0, "DEEP": 0}


def deadly(end):
    """Return the value of CASE_AT."""
    name = "RETURN_MODE" if DEADLY[end] else end
    return number(f"OP_{name}") | DEADLY[end] << 8


def must_be_dead(text, hart):
    """The call of this hart failed, and whatever does not need the firmware goes on."""
    assert sorted(attacks(text, "SHUT")) == [(hart, "alive"), (hart, "end")]
    assert not attacks(text, "(?:OPEN|BROKEN)")
    assert text.count("the firmware is dead") == 1


@NEEDS_POLICY
@pytest.mark.parametrize("end", DEADLY)
def test_firmware_that_breaks_rules_is_dead(end, images, monitors):  # noqa: F811
    """A firmware that breaks the rules is dead: its call fails, and the payload continues."""
    text, status = boot(images, monitors("protect"), deadly(end), harts=2)
    must_end(text, status)
    must_be_dead(text, "0")


@NEEDS_POLICY
def test_no_hart_enters_the_payload_uncalled(images, monitors):  # noqa: F811
    """No hart enters the payload unless the payload started it."""
    text, status = boot(images, monitors("protect"), number("CASE_TWICE"), harts=2)
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "uncalled")]
    assert "it entered the payload without a call" in text


@NEEDS_POLICY
@pytest.mark.parametrize("end", [
    end if end in ("LOOP", "RETURN_PC") else pytest.param(end, marks=pytest.mark.long)
    for end in DEADLY if end != "FETCH"])
def test_dead_without_c(end, images, monitors):  # noqa: F811
    """The same in a call that the monitor serves in assembly, after calls that return."""
    text, status = boot(images, monitors("protect"), number("OP_LATER") | deadly(end) << 8,
                        harts=2)
    must_end(text, status)
    must_be_dead(text, "0")


@NEEDS_POLICY
@pytest.mark.parametrize("case,why", [("USER_FIRST", "its entry is not in S-mode"),
                                      ("LATE", "its entry is in the firmware's memory")])
def test_refused(case, why, images, monitors):  # noqa: F811
    """A payload whose start cannot be protected is not started."""
    text, status = boot(images, monitors("protect"), number(f"CASE_{case}"), until=why)
    assert status is None and why in text
    assert not attacks(text, r"\w+")


@NEEDS_POLICY
def test_flood(images, monitors):  # noqa: F811
    """Firmware that waits on one hart does not make the monitor interrupt another's payload."""
    text, status = boot(images, monitors("protect"), number("CASE_FLOOD"), harts=2)
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "flood"), ("0", "timer-flood")]
    # It has not started that hart for the payload, either, which starts without it.
    assert "the firmware is dead: hart 1: a hart did not start" in text
    assert not attacks(text, "BROKEN")


@NEEDS_POLICY
@pytest.mark.parametrize("step", [40, pytest.param(1, marks=pytest.mark.long)])
def test_rung_in_a_call(step, images, monitors):  # noqa: F811
    """A hart that enters the firmware loses no interrupt that its firmware on another raises."""
    if not shutil.which("gdb-multiarch"):
        pytest.skip("gdb-multiarch is not installed")
    monitor, port = monitors("protect"), test_panic.free_port()
    with subprocess.Popen(
            [guests.REPO / "tools/gdb", "--build", monitor.parent, "--port", str(port), "--batch",
             "--firmware-elf", images / "firmware.elf", "--", "-ex", "cordon start",
             "-ex", f"python ring_step = {step}", "-x", SOURCES / "ring.py"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True) as gdb:
        text, status = boot(images, monitor, number("CASE_RING"), harts=2,
                            devices=["-S", "-gdb", f"tcp:127.0.0.1:{port}"])
        said = gdb.communicate()[0]
    assert status == 0, said
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "rung")], said


@NEEDS_POLICY
def test_restarted_firmware(images, monitors):  # noqa: F811
    """A restarted firmware cannot return from a call that its predecessor was killed in."""
    text, status = boot(images, monitors("restart"), number("CASE_AGAIN"), harts=2)
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "end"), ("0", "skip"), ("0", "again")]
    assert "the firmware runs again" in text


@contextlib.contextmanager
def trickle(path):
    """Open a pipe that produces data now and then."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    over = threading.Event()

    def say():
        while not over.wait(0.05):
            with contextlib.suppress(BlockingIOError):
                os.write(pipe, b"\xff" * 8)
    talker = threading.Thread(target=say)
    talker.start()
    try:
        yield path
    finally:
        over.set()
        talker.join()
        os.close(pipe)


@pytest.mark.parametrize("world", [None, pytest.param("protect", marks=NEEDS_POLICY)])
def test_devices(world, images, monitors):  # noqa: F811
    """Devices programmed by the firmware do not write into the payload."""
    monitor = world and monitors(world)
    with trickle(images / "random") as pipe:
        text, status = boot(images, monitor, number("CASE_DMA"), devices=[
            "-object", f"rng-random,id=slow,filename={pipe}",
            "-device", "virtio-rng-device,rng=slow", "-device", "virtio-rng-pci"])
    must_end(text, status)
    want = [("0", "armed"), ("0", "bus-master")]
    assert sorted(attacks(text, "SHUT" if world else "OPEN")) == want


@NEEDS_POLICY
@pytest.mark.long
def test_granted_devices(images, build):
    """A device that would undo the protection cannot be granted by mistake."""
    out = build / "tests" / "protect-mmio"
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    building.monitor(out, text=PROTECT +
                     'CONFIG_PROTECT_MMIO="10001000+1000 30000000+1000"\n')
    text, status = boot(images, out / "cordon.bin", limit=10)
    assert status is None
    for name in ("virtio_mmio@10001000", "pci@30000000"):
        assert f"would keep {name}, which can write all memory" in text


@NEEDS_POLICY
@pytest.mark.long
def test_granted_memory(images, build):
    """Memory is no device, and is not granted by a wrong address."""
    out = building.monitor(build / "tests" / "protect-memory",
                           text=PROTECT + 'CONFIG_PROTECT_MMIO="80400000+1000"\n')
    text, status = boot(images, out / "cordon.bin", limit=10)
    assert status is None
    assert "PROTECT_MMIO or the board would let the firmware keep memory" in text


@NEEDS_POLICY
@pytest.mark.long
def test_limit_that_reaches_the_monitor(images, build):
    """A restart would zero all that the firmware may keep, so that is no memory of the monitor."""
    out = building.monitor(build / "tests" / "protect-limit",
                           text=PROTECT + "CONFIG_PROTECT_FIRMWARE_KB=65536\n"
                           "CONFIG_HOME_FIXED=y\nCONFIG_HOME_ADDRESS=0x82000000\n")
    text, status = boot(images, out / "cordon.bin", limit=10)
    assert status is None
    assert "PROTECT_FIRMWARE_KB reaches into the monitor, or beyond the memory" in text


TREE = """/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	cpus {
		#address-cells = <1>;
		#size-cells = <0>;
		cpu@0 { device_type = "cpu"; reg = <0>; compatible = "riscv"; };
	};
	memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x4000000>; };
	chosen {
		rng-seed = <1 2 3 4>; kaslr-seed = <5 6>;
		linux,initrd-start = <0x80480000>; linux,initrd-end = <0 0x80481003>;
	};
	reserved-memory {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		mmode_resv0@80000000 { reg = <0 0x80000000 0 0x1000>; no-map; };
	};
};
"""


KNOWN_SEED = "-seed from the device tree: the firmware knows it"


def machine_tree(images, change=lambda source: source, memory="128M"):
    """Return QEMU's own device tree with changes to its source."""
    tree = images / "machine.dtb"
    run("qemu-system-riscv64", "-M", f"virt,dumpdtb={tree}", "-m", memory, "-display", "none")
    run("dtc", "-o", tree, "-", input=change(run("dtc", "-I", "dtb", "-O", "dts", tree)))
    return tree


@NEEDS_POLICY
def test_shrink(images, monitors):  # noqa: F811
    """The payload may use memory of the firmware's image that is not reserved. A restarted
    firmware cannot write it."""
    run("dtc", "-o", images / "tree.dtb", "-", input=TREE)
    text, status = boot(images, monitors("restart"), number("CASE_SHRINK"),
                        tree=images / "tree.dtb")
    must_end(text, status)
    assert "the firmware keeps 80000000-80001000" in text
    assert "the firmware is dead" in text
    assert attacks(text, "SHUT") == [("0", "seed"), ("0", "shrink")]
    assert not attacks(text, "BROKEN")
    check_log(text, images, monitors("restart"))


@NEEDS_POLICY
def test_hart_started_after_a_restart(images, monitors):  # noqa: F811
    """A restarted firmware is started on a hart that runs the payload only later."""
    text, status = boot(images, monitors("restart"), number("CASE_COMES"), harts=2)
    must_end(text, status)
    assert attacks(text, "SHUT") == [("1", "comes")] and not attacks(text, "(?:OPEN|BROKEN)")
    assert text.count("the firmware is dead") == 1


@NEEDS_POLICY
def test_restart_behind_a_suspended_hart(images, monitors):  # noqa: F811
    """A restarted firmware boots although the payload idles in HSM suspend."""
    text, status = boot(images, monitors("restart"), number("CASE_IDLE"))
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "wakes"), ("0", "idle")], text
    assert not attacks(text, "(?:OPEN|BROKEN)")


def check_log(text, images, monitor):
    """The log of measurements, as the payload reads it, against the files."""
    words = [int(word) for word in re.findall(r"^LOG (\d+)$", text, re.M)]
    records, a0, a1, compared, wrong = words[:5]
    # the payload's hash, and the manifest that is not there
    assert (records, a0, a1, compared, wrong) == (6, 0, number("TREE_AT"), 0x48, 0x48)
    assert "manifest: there is none in the image" in text
    assert len(words) == 5 + 10 * records
    entries = [words[at:at + 10] for at in range(5, len(words), 10)]
    hashes = [struct.pack("<8Q", *entry[2:]) for entry in entries]
    firmware, victim = ((images / name).read_bytes() for name in ("firmware.bin", "victim.bin"))
    assert hashes[0] == measure.monitor_hash(monitor.read_bytes())
    assert hashes[1] == measure.firmware_hash(firmware) and entries[1][1] == len(firmware)
    assert entries[3][:2] == [number("VICTIM"), 512 * 1024]
    assert hashes[3] == measure.payload_hash(victim, 512 * 1024)
    assert entries[4][0] == number("TREE_AT")
    assert entries[5][:2] == [0x80480000, 0x1003]
    assert hashes[5] == hashlib.sha3_512(bytes(0x1003)).digest()
    # seeds are there, made of the machine's, and not part of the hash
    assert KNOWN_SEED not in text
    assert hashes[4] == measure.tree_hash((images / "tree.dtb").read_bytes())
    assert "measured: not the hash in PROTECT_PAYLOAD_HASH" in text


@NEEDS_POLICY
def test_tree_in_absent_memory(images, monitors):  # noqa: F811
    """The machine's tree lists a bank that does not answer, and the firmware names it in a1."""
    tree = machine_tree(images, memory="256M")
    text, status = boot(images, monitors("protect"), number("CASE_ABSENT"),
                        devices=["-dtb", str(tree)])
    must_end(text, status)
    assert attacks(text, "SHUT") == [("0", "absent")]


@NEEDS_POLICY
def test_no_copy_of_a_large_tree(images, monitors):  # noqa: F811
    """A machine's tree that is too large for a restart is not kept, and the log says so."""
    large = machine_tree(images, lambda source: source + "/ { filler = [" + "5a " * 70000 + "]; };")
    why = "a dead firmware is not restarted: its device tree has more than 64 KiB"
    text, status = boot(images, monitors("restart"), devices=["-dtb", str(large)], until=why)
    assert status is None and why in text


@NEEDS_POLICY
@pytest.mark.parametrize("before,after,why", [
    ("reg = <0>;", "reg = <7>;", "lists missing memory or harts"),
    ("0x4000000>", "0x40000000>", "lists missing memory or harts"),
    ("reg = <0 0x80000000 0 0x1000>; ", "", "has a reservation without an address"),
    # half an entry
    ("reg = <0 0x80000000 0 0x1000>; ", "reg = <0 0x80000000 0>; ",
     "has a reservation without an address"),
    pytest.param("<0 0x80000000 0 0x4000000>", "<0 0x80000000 0>",
                 "lists missing memory or harts", marks=pytest.mark.long),
    ("0x4000000>;", "0x4000000>; linux,usable-memory = <0 0x80000000 0 0x8000000>;",
     "lists missing memory or harts"),
    pytest.param("\tchosen", '\tmemory@90000000 { device_type = "memory", "x"; '
                 "reg = <0 0x90000000 0 0x1000>; };\n\tchosen", "lists missing memory or harts",
                 marks=pytest.mark.long),
    # U-Boot takes for memory the first of this name, or of this type at any depth.
    ("\tcpus", "\tmemory@0 { reg = <0 0 0 0x2000000>; };\n\tcpus", "lists missing memory or harts"),
    ("\tcpus", '\tbus { x { device_type = "memory"; reg = <0 0x80000000 0 0x1000>; }; };\n\tcpus',
     "lists missing memory or harts"),
    pytest.param("\tcpus", '\tmemory@0 { device_type = "memory"; status = "disabled"; '
                 "reg = <0 0 0 0x2000000>; };\n\tcpus", "lists missing memory or harts",
                 marks=pytest.mark.long),
    pytest.param("\tcpus", "\tmemory { reg = <0 0x80000000 0 0x1000>, <0 0x100000 0 0x1000>; };"
                 "\n\tcpus", "lists missing memory or harts", marks=pytest.mark.long),
    pytest.param("<0 0x80000000 0 0x4000000>", "<" + "0 0x80000000 0 0x1000 " * 16 +
                 "0 0x90000000 0 0x1000>", "lists missing memory or harts",
                 marks=pytest.mark.long),
    pytest.param("#address-cells = <2>;", "", "lists missing memory or harts",
                 marks=pytest.mark.long),
    ("0 0x1000>", "0 0x1000000>", "reserves more than PROTECT_FIRMWARE_KB"),
])
def test_tree(before, after, why, images, monitors):  # noqa: F811
    """A device tree that lies about the machine does not reach the payload."""
    assert before in TREE
    run("dtc", "-f", "-o", images / "lie.dtb", "-", input=TREE.replace(before, after))
    text, status = boot(images, monitors("restart"), number("CASE_SHRINK"), tree=images / "lie.dtb",
                        until=why)
    assert status is None and why in text and not re.search("^LOG", text, re.M)


@NEEDS_POLICY
def test_all_seeds_are_removed(images, monitors):  # noqa: F811
    """No seed is left under a name that stands twice, as the payload would take the other.

    The machine's tree is in the image, so its seed is no secret and makes no other.
    """
    run("dtc", "-o", images / "twice.dtb", "-", input=TREE)
    tree = (images / "twice.dtb").read_bytes()
    strings = tree[struct.unpack_from(">I", tree, 12)[0]:]

    def seed(name, *cells):
        return struct.pack(f">{3 + len(cells)}I", 3, 4 * len(cells),
                           strings.index(name + b"\0"), *cells)

    first, second, again = (seed(b"rng-seed", 1, 2, 3, 4), seed(b"kaslr-seed", 5, 6),
                            seed(b"rng-seed", 5, 6))
    assert tree.count(first) == 1 and tree.count(second) == 1
    tree = tree.replace(second, again)
    (images / "twice.dtb").write_bytes(tree)
    text, status = boot(images, monitors("restart"), number("CASE_SHRINK"),
                        tree=images / "twice.dtb", bundled=machine_tree(images))
    must_end(text, status)
    assert text.count(KNOWN_SEED) == 1 and ("0", "seed") in attacks(text, "SHUT")
    for gone in (first, again):
        tree = tree.replace(gone, struct.pack(">I", 4) * (len(gone) // 4))
    words = [int(word) for word in re.findall(r"^LOG (\d+)$", text, re.M)]
    assert struct.pack("<8Q", *words[-18:-10]) == measure.tree_hash(tree)


@NEEDS_POLICY
def test_tree_for_the_payload_only(images, monitors):  # noqa: F811
    """A tree that libfdt refuses, and a careless payload takes, is refused."""
    run("dtc", "-o", images / "odd.dtb", "-", input=TREE)
    tree = bytearray((images / "odd.dtb").read_bytes())
    tree[16:20] = struct.pack(">I", 0x2c)  # off_mem_rsvmap: misaligned
    (images / "odd.dtb").write_bytes(tree)
    why = "its device tree cannot be checked"
    text, status = boot(images, monitors("restart"), number("CASE_SHRINK"), tree=images / "odd.dtb",
                        until=why)
    assert status is None and why in text and not re.search("^LOG", text, re.M)


def secret_key(path, seed):
    """Write an Ed25519 key as openssl reads it (RFC 8410, 7)."""
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    path.write_text("-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der).decode() +
                    "\n-----END PRIVATE KEY-----\n")
    return path


def sign(images, *arguments, key=bytes.fromhex(test_door.MANIFEST_SECRET), version=3,
         payload="victim.bin"):
    """Return a manifest for firmware and payload."""
    manifest = images / "manifest"
    run(guests.REPO / "tools/manifest", "make", "--key", secret_key(images / "key.pem", key),
        "--version", version, "--firmware", images / "firmware.bin", "--payload",
        images / payload, *arguments, "-o", manifest)
    return manifest


@NEEDS_POLICY
@pytest.mark.parametrize("change,said", [
    ({}, None),
    ({"payload": "firmware.bin"}, "measured: not the hash in the manifest: payload"),
    ({"key": bytes(32)}, "manifest: its signature is not PROTECT_MANIFEST_KEY's"),
    ({"version": 2}, "manifest: it is older than PROTECT_MANIFEST_VERSION"),
    (None, "manifest: its signature is not PROTECT_MANIFEST_KEY's"),
], ids=["good", "payload", "key", "version", "tampered"])
def test_manifest(change, said, images, monitors):  # noqa: F811
    """The hashes of a signed manifest count, and no others."""
    manifest = sign(images, **(change or {}))
    if change is None:
        data = bytearray(manifest.read_bytes())
        data[24 + 3 * 64] ^= 1  # the payload's hash
        manifest.write_bytes(data)
    text, status = boot(images, monitors("restart"), number("CASE_STAY"), manifest=manifest)
    must_end(text, status)
    # The one of the configuration differs always.
    lines = [line for line in text.splitlines()
             if "manifest" in line and "PROTECT_PAYLOAD_HASH" not in line]
    assert len(lines) == (1 if said else 0) and (not said or said in lines[0])


@NEEDS_POLICY
@pytest.mark.long
def test_refused_manifest(images, build):
    """No payload starts without its manifest; a key that is none is refused."""
    refuse = "it is not what was to be started"
    for key, hashes, said in (
            (test_door.MANIFEST_PUBLIC, [], "VICTIM open"),
            (test_door.MANIFEST_PUBLIC, ["--hash", f"monitor={'0' * 128}"], refuse),
            (test_door.MANIFEST_PUBLIC, None, refuse),
            ("12", None, "PROTECT_MANIFEST_KEY is not an Ed25519 key")):
        out = building.monitor(build / "tests" / "protect-manifest", text=PROTECT + f"""
CONFIG_PROTECT_MEASURE=y
CONFIG_PROTECT_MEASURE_REFUSE=y
CONFIG_PROTECT_MANIFEST=y
CONFIG_PROTECT_MANIFEST_KEY="{key}"
""")
        text, status = boot(images, out / "cordon.bin", number("CASE_STAY"),
                            manifest=None if hashes is None else sign(images, *hashes),
                            until=None if said == "VICTIM open" else said)
        assert said in text
        assert (status == 0) == (said == "VICTIM open")


def overlapping(tree):
    """Let the strings block contain the structure block, and name memory's first range in the
    seed: it is gone when the seed is removed, and the second range remains."""
    tree = bytearray(tree)
    start, strings = struct.unpack_from(">2I", tree, 8)
    size, = struct.unpack_from(">I", tree, 32)
    names = tree[strings:strings + size]
    at, seed, other = start, 0, 0
    while (token := struct.unpack_from(">I", tree, at)[0]) != 9:
        at += 4
        if token == 1:
            at = tree.index(b"\0", at) // 4 * 4 + 4
        elif token == 3:
            length, name = struct.unpack_from(">2I", tree, at)
            text = bytes(names[name:names.index(b"\0", name)])
            seed = at + 8 if text == b"rng-seed" else seed
            other = at + 4 if text == b"other" else other
            struct.pack_into(">I", tree, at + 4, name + strings - start)
            at += 8 + (length + 3) // 4 * 4
    struct.pack_into(">I", tree, other, seed - start)
    struct.pack_into(">I", tree, 12, start)
    struct.pack_into(">I", tree, 32, size + strings - start)
    return tree


@NEEDS_POLICY
def test_tree_that_the_seeds_change(images, monitors):  # noqa: F811
    """A tree that becomes another one when its seeds are removed is refused."""
    text = TREE.replace("<1 2 3 4>", f"<{int.from_bytes(b'reg' + bytes(1), 'big')} 2>").replace(
        "reg = <0 0x80000000 0 0x4000000>", "other = <0 0x80000000 0 0x4000000>; "
        "reg = <0 0x100000 0 0x4000000>")
    run("dtc", "-f", "-o", images / "overlap.dtb", "-", input=text)
    (images / "overlap.dtb").write_bytes(overlapping((images / "overlap.dtb").read_bytes()))
    why = "its device tree cannot be checked"
    text, status = boot(images, monitors("restart"), number("CASE_SHRINK"),
                        tree=images / "overlap.dtb", until=why)
    assert status is None and why in text and not re.search("^LOG", text, re.M)


@NEEDS_POLICY
@pytest.mark.long
def test_refused_hash(images, build):
    """A payload starts if its hash is the one measured before; malformed text is refused."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    good = measure.payload_hash((images / "victim.bin").read_bytes(), 512 * 1024).hex()
    bad = ("0" if good[0] != "0" else "1") + good[1:]
    for value, said in (good, "VICTIM open"), (bad, "it is not what was to be started"), \
            ("12", "PROTECT_PAYLOAD_HASH is not a SHA3-512 hash"):
        out = build / "tests" / "protect-hash"
        building.monitor(out, text=PROTECT + "CONFIG_PROTECT_MEASURE=y\n"
                         "CONFIG_PROTECT_MEASURE_REFUSE=y\n"
                         f'CONFIG_PROTECT_PAYLOAD_HASH="{value}"\n')
        text, status = boot(images, out / "cordon.bin", until=None if value == good else said)
        assert said in text
        assert (status == 0) == (value == good)


@NEEDS_POLICY
def test_console(images, monitors):  # noqa: F811
    """Firmware that makes the console's port useless stops neither harts nor the output, and
    it traps no more often if the payload has an interrupt pending."""
    text, status = boot(images, monitors("protect"), number("CASE_DLAB"),
                        devices=["-icount", "shift=0,sleep=off"])
    must_end(text, status)
    assert sorted(attacks(text, "SHUT")) == [("0", "console"), ("0", "console-time"),
                                             ("0", "pending")]
    assert "CONSOLE lives" in text and "CONSOLE remains" in text
    assert text.count("the firmware is dead") == 1


@NEEDS_POLICY
@pytest.mark.parametrize("case", ["OFF", "STAY"])
def test_power_off(case, images, monitors):  # noqa: F811
    """The monitor powers the machine off by the device tree if the firmware does not."""
    text, status = boot(images, monitors("protect"), number(f"CASE_{case}"))
    must_end(text, status)
    assert ("the firmware is dead" in text) == (case == "OFF")
    assert "asks for power-off" in text and not attacks(text, "BROKEN")


VF2 = "visionfive2"
# Its harts have neither H nor Sstc, and misaligned accesses trap there.
NOT_ON_VF2 = {"hlv", "hlv-own", "hlv-call", "hsv", "stimecmp", "ld-across", "sd-across"}


@pytest.fixture(scope="module")
def vf2(tmp_path_factory, build):
    """Return a function: the console of a VisionFive 2 with the hostile firmware."""
    test_boards.model()
    images = build_images(tmp_path_factory.mktemp(VF2), VF2)

    @functools.cache
    def get(protected, case=0):
        monitor = None
        if protected:
            monitor = build / "boards" / f"{VF2}-hostile" / "cordon.bin"
            building.monitor(monitor.parent, f"{VF2}_defconfig", text=PROTECT)
        command = test_boards.bare_command(test_boards.VISIONFIVE2, bundle(images, monitor))
        # stopped at that line, because the victim cannot power this machine off
        text, status = console([*command, *payload(images, case, VF2)], 240, "VICTIM open")
        must_end(text, status, None)
        return text

    return get


@NEEDS_POLICY
def test_visionfive2(vf2):
    """Attacks from each hart of a board, with 8 PMP entries and a hart without S-mode."""
    text = vf2(True)
    assert not attacks(text, "(?:OPEN|BROKEN)"), text[-3000:]
    names = [{name for at, name in attacks(text, "SHUT") if at == str(hart)}
             for hart in range(5)]
    assert not names[0] and names[1] > names[2] == names[3] == names[4]
    assert {"spy", "spy-store"} < names[1]
    assert {"ld", "float-read", "mprv-ld", "pmic-bus", "interrupts"} < names[2]
    assert "the firmware is dead" not in text


@NEEDS_POLICY
@pytest.mark.long
def test_visionfive2_bare(vf2):
    """The same attacks succeed there without the monitor, if the machine has what they need."""
    bare = vf2(False)
    shut = set(attacks(bare, "SHUT"))
    assert {name for _, name in shut} <= NOT_ON_VF2
    assert set(attacks(bare, "OPEN")) | shut == set(attacks(vf2(True), "SHUT"))


@NEEDS_POLICY
@pytest.mark.long
@pytest.mark.parametrize("end", sorted(DEADLY.keys() - {"RETURN_VU", "RETURN_VS"}))
def test_visionfive2_dead(end, vf2):
    """Like test_firmware_that_breaks_rules_is_dead(), for modes that need H."""
    must_be_dead(vf2(True, deadly(end)), "1")
