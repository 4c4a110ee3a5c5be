# SPDX-License-Identifier: BSD-2-Clause
"""Every board on its QEMU machine: bare, under the monitor, with offload.

Stock QEMU has some of the machines; the others are models in tools/qemu, and
their tests are skipped where that QEMU has not been built.
"""

import os
import pathlib
import re
import struct
import subprocess
import sys

import pytest

import building
import guests

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import machine  # noqa: E402
import phases  # noqa: E402
import store  # noqa: E402
import logs  # noqa: E402

TIMEOUT = 240
WORLDS = ("bare", "monitor", "offload")


def model():
    """Return our QEMU, or skip with the reason."""
    done = subprocess.run([ROOT / "tools/qemu/build", "--check"], check=False)
    if done.returncode:
        pytest.skip("QEMU with the board models is not built: run tools/qemu/build "
                    "(once, 5 minutes)")
    base = os.environ.get("CORDON_CACHE") or ROOT / "third_party"
    return str(pathlib.Path(base) / "qemu-boards" / "qemu-system-riscv64")


def stock():
    return machine.QEMU


def guest(name):
    """Return a real guest's file; skip if it is neither present nor can be fetched."""
    try:
        return store.path_of(name)
    except store.GuestError as err:
        pytest.skip(str(err))


class Board:
    """Arguments that start a board's machine."""

    def __init__(self, config, qemu, args, **more):
        self.config = config
        self.qemu = qemu
        self.args = args
        self.console = more.get("console", "ttyS0")
        self.firmware = more.get("firmware", "opensbi-1.6")
        self.kernel = more.get("kernel", "linux-trixie")
        self.dtb = more.get("dtb")
        self.words = more.get("words", "")
        self.off = more.get("off", True)        # the machine can power off
        self.prefix = more.get("prefix", ())    # arguments before the console's
        # Failures of the smoke test that the bare machine shows too.
        self.failures = more.get("failures", set())

    def start(self, bios, payload):
        """Command of the machine with firmware and payload; after a reset it continues."""
        cmd = [self.qemu(), *self.args.split(), "-display", "none", "-monitor", "none",
               *self.prefix, "-serial", "stdio", "-bios", str(bios), "-kernel", str(payload)]
        if self.dtb:
            cmd += ["-dtb", str(guest(f"dtb-sid/{self.dtb}"))]
        return cmd

    def command(self, bios):
        return [*self.start(bios, guest(f"{self.kernel}/Image")), "-no-reboot", "-initrd",
                str(guest("initramfs")), "-append",
                f"console={self.console} panic=-1 cordon.smoke cordon.harts=4 {self.words}"]


SIFIVE_U = Board("sifive_u", stock, "-M sifive_u -smp 5 -m 2G", console="ttySIF0", off=False)
SPIKE = Board("spike", stock, "-M spike -cpu rv64,sstc=off -smp 4 -m 1G", console="none",
              words="earlycon=sbi keep_bootcon")
ICICLE = Board("microchip_icicle", model, "-M microchip-icicle-kit -smp 5 -m 3G",
               console="ttyS1", kernel="linux-sid", dtb="mpfs-icicle-kit.dtb", off=False,
               words="earlycon=sbi", prefix=("-serial", "null"),
               failures={"WARNING: drivers/clk/clk-divider.c"})
VISIONFIVE2 = Board("visionfive2", model, "-M visionfive2",
                    dtb="jh7110-starfive-visionfive-2-v1.3b.dtb", words="earlycon=sbi")
MARS = Board("milkv_mars", model, "-M milkv-mars", dtb="jh7110-milkv-mars.dtb",
             words="earlycon=sbi")
P550 = Board("premier_p550", model, "-M premier-p550", dtb="eic7700-hifive-premier-p550.dtb",
             firmware="opensbi-1.9", kernel="linux-sid", words="earlycon=sbi")
BOARDS = {board.config: board for board in (SIFIVE_U, SPIKE, ICICLE, VISIONFIVE2, MARS, P550)}


def boots(worlds):
    """Every board boots in one of the monitor's worlds in CI, and in both in the long run."""
    for board in BOARDS.values():
        for world in worlds:
            often = world == "bare" or board is VISIONFIVE2 or \
                (world == "offload") == (board in (SPIKE, ICICLE))
            yield pytest.param(board.config, world, id=f"{board.config}-{world}",
                               marks=[] if often else [pytest.mark.long])


@pytest.fixture(scope="session")
def monitor(build):
    """Return a function: cordon.bin of a board, built on first use."""
    done = {}

    def get(config, offload=False, fragment="offload"):
        key = config, offload and fragment
        if key not in done:
            name = f"{config}-{pathlib.Path(fragment).name}" if offload else config
            out = build / "boards" / name
            extra = [f"{fragment}.config"] if offload else []
            building.monitor(out, f"{config}_defconfig", *extra)
            done[key] = out / "cordon.bin"
        return done[key]

    return get


def pack(monitor_bin, firmware):
    """Bundle monitor and firmware in one file beside the monitor."""
    return machine.bundle(monitor_bin.parent, firmware, firmware.parent.name)


@pytest.fixture(scope="session")
def linux(monitor):
    """Return a function: the console of a board's Linux boot, run once."""
    logs = {}

    def get(board, world):
        key = board.config, world
        if key not in logs:
            bios = guest(f"{board.firmware}/fw_dynamic.bin")
            command = board.command(bios)
            if world != "bare":
                bios = pack(monitor(board.config, world == "offload"), bios)
                command = board.command(bios)
            with machine.Console(command, TIMEOUT, echo=False) as console:
                console.expect(r"SMOKE (PASS|FAIL)|reboot: |---\[ end Kernel panic")
                if board.off:
                    console.wait()
                logs[key] = console.text, console.ended and console.proc.wait(10) == 0
        return logs[key]

    return get


@pytest.mark.long
def test_protected(monitor):
    """A hart without S-mode stays the firmware's; on the others Linux runs protected."""
    bios = guest(f"{VISIONFIVE2.firmware}/fw_dynamic.bin")
    command = VISIONFIVE2.command(pack(monitor("visionfive2", True, "protect"), bios))
    with machine.Console(command, TIMEOUT, echo=False) as console:
        assert console.expect(r"SMOKE PASS"), console.text[-3000:]
    assert "locked: the firmware keeps" in console.text


@pytest.mark.parametrize("kind", ("off", "reset"))
@pytest.mark.parametrize("board", (VISIONFIVE2, MARS, P550), ids=lambda board: board.config)
def test_reset_without_firmware(board, kind, monitor, tmp_path):
    """The firmware has lost its power controller, so the monitor drives it itself."""
    bios = pack_into(tmp_path, monitor(board.config, True, "protect"),
                     guest(f"{board.firmware}/fw_dynamic.bin"))
    payload = guests.link_firmware(ROOT / "tests/payload/reset.S", tmp_path,
                                   f"-DTYPE={int(kind == 'reset')}")
    with machine.Console(board.start(bios, payload), 60, echo=False) as console:
        assert console.expect(r"locked: the firmware keeps"), console.text[-3000:]
        if kind == "off":
            console.wait()
            assert console.ended and console.proc.wait(10) == 0, console.text[-3000:]
        else:
            assert console.expect(r"locked: [\s\S]*\] Cordon \S+ on"), console.text[-3000:]


def same(bare, under, least):
    """Check that two consoles differ only as documented."""
    wrong = []
    for log, lines_of in (("firmware", logs.firmware), ("kernel", logs.kernel)):
        assert len(lines_of(bare)) >= least[log], f"the {log} says nearly nothing"
        wrong += logs.differences(log, lines_of(bare), lines_of(under))
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def failures(text):
    """Return the failures of the smoke test; for kernel warnings, their sources."""
    found = set()
    for block in re.findall(r"^smoke: FAILED: (.*(?:\n\[ .*)*)", text.replace("\r", ""), re.M):
        for line in block.splitlines():
            warning = re.search(r"WARNING: [^:]+", line)
            found.add(warning[0] if warning else line)
    return found


@pytest.mark.parametrize("config,world", boots(WORLDS))
def test_linux(config, world, linux):
    """Boot to user space, run the smoke test, and power off if the machine can."""
    board = BOARDS[config]
    text, off = linux(board, world)
    tail = "\n".join(text.splitlines()[-15:])
    if world != "bare":
        assert "[cordon" in text, tail
        assert not re.search(r"cordon \d+\] (error|warn)", text), text[:2000]
    if board is SPIKE:
        # No console for user space: check the kernel's last message.
        assert "Run /init as init process" in text, tail
    else:
        assert f"SMOKE {'FAIL' if board.failures else 'PASS'}" in text, tail
        assert failures(text) == board.failures, tail
        assert re.search(r"smoke: 8 processes on 4 harts, 1 distinct result", text), tail
    if board.off:
        assert off, "not powered off\n" + tail


@pytest.mark.parametrize("config,world", boots(WORLDS[1:]))
def test_logs(config, world, linux):
    """Firmware and kernel print the same lines as without the monitor."""
    board = BOARDS[config]
    same(linux(board, "bare")[0], linux(board, world)[0], {"firmware": 45, "kernel": 170})


@pytest.mark.parametrize("config", ("visionfive2", "milkv_mars", "premier_p550"))
def test_eight_entries(config, linux):
    """With eight physical PMP entries the firmware sees all eight."""
    text, _ = linux(BOARDS[config], "monitor")
    assert "8 PMP entries, firmware sees 8" in text
    assert re.search(r"Boot HART PMP Count +: 8\b", text)


def sd_image(path, itb):
    """U-Boot SPL reads its FIT from sector 0x822 (CONFIG_SYS_MMCSD_RAW_MODE_...)."""
    path.write_bytes(b"\0" * (0x822 * 512) + itb.read_bytes())
    os.truncate(path, 32 << 20)
    return path


def fit(monitor_bin, vendor, out):
    run = subprocess.run([sys.executable, ROOT / "tools/pack-fit", "--monitor", monitor_bin,
                          vendor, "-o", out], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return out


@pytest.fixture(scope="session")
def from_spl(monitor, tmp_path_factory):
    """Return a function: the console of a HiFive Unleashed from SPL to U-Boot's prompt,
    run once."""
    texts = {}

    def get(world):
        if world not in texts:
            folder = tmp_path_factory.mktemp("spl")
            itb = guest("u-boot-sifive/u-boot.itb")
            if world == "monitor":
                itb = fit(monitor("sifive_u"), itb, folder / "u-boot.itb")
            card = sd_image(folder / "sd.img", itb)
            command = [stock(), "-M", "sifive_u,msel=11", "-m", "8G", "-smp", "5", "-display",
                       "none", "-monitor", "none", "-serial", "stdio", "-bios",
                       str(guest("u-boot-sifive/u-boot-spl.bin")),
                       "-drive", f"file={card},if=sd,format=raw"]
            with machine.Console(command, 120, echo=False) as console:
                assert console.expect(r"Hit any key"), console.text
                texts[world] = console.text
                console.send("")
                assert console.expect(r"=> "), console.text
                console.send("version")
                assert console.expect(r"U-Boot \d[\s\S]*=> "), console.text
        return texts[world]

    return get


@pytest.mark.parametrize("world", WORLDS[:2])
def test_sifive_u_from_spl(world, from_spl):
    """Boot the whole vendor chain: SPL on the SD card, monitor, OpenSBI, U-Boot."""
    text = from_spl(world)
    assert "U-Boot SPL" in text
    assert ("[cordon" in text) == (world == "monitor")


def test_sifive_u_from_spl_logs(from_spl):
    # OpenSBI is configured to be quiet there.
    same(from_spl("bare"), from_spl("monitor"), {"firmware": 15, "kernel": 0})


@pytest.fixture(scope="session")
def from_fit(monitor, tmp_path_factory):
    """Return a function: the console of a VisionFive 2 from the vendor's FIT to Linux, run
    once."""
    texts = {}

    def get(world):
        if world not in texts:
            texts[world] = boot_fit(world, monitor, tmp_path_factory.mktemp("fit"))
        return texts[world]

    return get


def boot_fit(world, monitor, folder):
    itb = guest("u-boot-starfive/u-boot.itb")
    if world != "bare":
        itb = fit(monitor("visionfive2", world == "offload"), itb, folder / "u-boot.itb")
    kernel, initrd = guest("linux-trixie/Image"), guest("initramfs")
    dtb = guest("dtb-sid/jh7110-starfive-visionfive-2-v1.3b.dtb")
    command = [model(), "-M", "visionfive2", "-display", "none", "-monitor", "none",
               "-serial", "stdio", "-no-reboot", "-bios", str(itb)]
    # In place of a disk.
    for path, address in ((kernel, 0x50000000), (dtb, 0x58000000), (initrd, 0x60000000)):
        command += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
    with machine.Console(command, TIMEOUT, echo=False) as console:
        assert console.expect(r"Hit any key"), console.text
        before = console.text
        console.send("")
        assert console.expect(r"StarFive # "), console.text
        console.send("setenv bootargs console=ttyS0 panic=-1 cordon.smoke cordon.harts=4")
        assert console.expect(r"StarFive # "), console.text
        console.send(f"booti 0x50000000 0x60000000:{initrd.stat().st_size:x} 0x58000000")
        assert console.expect(r"SMOKE PASS"), console.text[-3000:]
        return before, console.text


@pytest.mark.parametrize("world", WORLDS)
def test_visionfive2_from_fit(world, from_fit):
    """Boot the vendor's FIT, as SPL leaves it in memory: OpenSBI, U-Boot, then Linux."""
    before, after = from_fit(world)
    assert ("[cordon" in before) == (world != "bare")
    assert "DRAM:  4 GiB" in before
    if world != "bare":
        # U-Boot passes the monitor's reservation on.
        assert re.search(r"reserved mem: .*cordon@", after)


@pytest.mark.parametrize("world", WORLDS[1:])
def test_visionfive2_from_fit_logs(world, from_fit):
    bare, under = from_fit("bare"), from_fit(world)
    same(bare[0], under[0], {"firmware": 60, "kernel": 0})
    same(bare[1], under[1], {"firmware": 5, "kernel": 170})


# Events that the policy should serve.
HOT = {
    "time": ("time",),
    "set_timer": ("set_timer",),
    "IPI": ("IPI",),
    "remote fence": ("fence.i", "sfence"),
    "misaligned access": ("misaligned load", "misaligned store"),
}


@pytest.fixture(scope="session")
def vf2_counts(monitor, tmp_path_factory):
    """Counters of a VisionFive 2 until Linux was up, and at work: name to [event][way]."""
    folder = tmp_path_factory.mktemp("counts")
    try:
        ramdisk = phases.initrd(folder)
    except store.GuestError as err:
        pytest.skip(str(err))
    bios = pack(monitor("visionfive2", True, "stats"), guest("opensbi-1.6/fw_dynamic.bin"))
    command = VISIONFIVE2.command(bios)
    command[command.index("-initrd") + 1] = str(ramdisk)
    command[command.index("-append") + 1] = (
        "console=ttyS0 panic=-1 quiet cordon.phases=idle "
        f"cordon.events={len(phases.EVENTS)}")
    result = phases.run(command, TIMEOUT)
    assert not result.failures, result.text[-3000:]
    return {name: counts for name, _, counts in phases.differences(result.snapshots)}


def hot(counts, cause):
    """Return how often the monitor served a hot cause, and how often the firmware did."""
    rows = [counts[phases.EVENTS.index(event)] for event in HOT[cause]]
    forwarded = sum(row[phases.FORWARDED] for row in rows)
    return sum(map(sum, rows)) - forwarded, forwarded


@pytest.mark.parametrize("cause", HOT)
def test_visionfive2_offload_serves(cause, vf2_counts):
    """The monitor serves all of the five causes of nearly all traps."""
    assert hot(vf2_counts["boot"], cause)[0] > 0
    for name, counts in vf2_counts.items():
        assert hot(counts, cause)[1] == 0, name


def test_visionfive2_offload_leaves_little(vf2_counts):
    """Other traps are rare: less than one world switch per 100 traps."""
    counts = vf2_counts["idle"]
    busy = sum(hot(counts, cause)[0] for cause in HOT)
    assert busy > 100 * max(counts[phases.WORLD][phases.FORWARDED], 1)


def home_in(text):
    """Return the monitor's address from its log."""
    match = re.search(r"monitor at ([0-9a-f]+)-", text)
    assert match, text
    return int(match[1], 16)


def assemble(name, folder, base, **defines):
    """Build a firmware of tests/boards as a raw binary for one address."""
    elf, raw = folder / name, folder / f"{name}.bin"
    source, = (ROOT / "tests/boards").glob(f"{name}.[cS]")
    subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", "-march=rv64imac_zicsr",
                    "-mabi=lp64", "-mcmodel=medany", "-ffreestanding", "-fno-pic", "-O1",
                    f"-Wl,--build-id=none,-Ttext={base:#x}",
                    *(f"-D{key}={value:#x}" for key, value in defines.items()),
                    source, "-o", elf], check=True)
    subprocess.run(["riscv64-linux-gnu-objcopy", "-O", "binary", elf, raw], check=True)
    return raw


def pack_into(folder, monitor_bin, firmware):
    image = folder / "image.bin"
    subprocess.run([sys.executable, ROOT / "tools/pack-image", "--monitor", monitor_bin,
                    "--firmware", firmware, "-o", image], check=True)
    return image


def bare_command(board, image):
    """Return the command of the board's machine without a payload."""
    tree = ["-dtb", str(guest(f"dtb-sid/{board.dtb}"))] if board.dtb else []
    return [board.qemu(), *board.args.split(), "-display", "none", "-monitor", "none",
            *board.prefix, "-serial", "stdio", "-no-reboot", "-bios", str(image), *tree]


# Board, offset of the alias of DRAM, UART, firmware's address, a hart with S-mode.
ALIASES = ((P550, 0xc000000000 - 0x80000000, 0x50900000, 0x80000000, 0),
           (VISIONFIVE2, 0x400000000, 0x10000000, 0x40000000, 1),
           (ICICLE, 0x40000000, 0x20100000, 0x80000000, 1))


def test_log_has_a_port_of_its_own(monitor, tmp_path):
    """No guest reaches it: all of its lines are the monitor's, and they are nowhere else."""
    fragment = tmp_path / "port.config"
    fragment.write_text("CONFIG_LOG_UART=0x10011000\n")
    out = tmp_path / "build"
    building.monitor(out, "sifive_u_defconfig", str(fragment))
    firmware = assemble("forge", tmp_path, 0x80000000)
    command = bare_command(SIFIVE_U, pack_into(tmp_path, out / "cordon.bin", firmware))
    log = tmp_path / "log"
    with machine.Console([*command, "-serial", f"file:{log}"], 60, echo=False) as console:
        assert console.expect("DENIED|OPEN")
        assert console.text.split() == ["[cordon", "0]", "forged", "DENIED"]
    lines = log.read_text().splitlines()
    assert "Cordon 0." in lines[0] and len(lines) >= 3
    assert all(re.match(r"\[cordon \d+\] ", line) for line in lines)
    assert "forged" not in log.read_text() and "#" not in log.read_text()


def test_port_of_the_log_that_is_not_there(tmp_path):
    """The console shows why the boot has stopped."""
    out = building.monitor(tmp_path / "build", "qemu_virt_defconfig",
                           text="CONFIG_LOG_UART=0x60000\n")
    command = [stock(), "-M", "virt", "-display", "none", "-monitor", "none", "-serial", "stdio",
               "-bios", str(out / "cordon.bin")]
    with machine.Console(command, 20, echo=False) as console:
        assert console.expect("error: no serial port answers at CONFIG_LOG_UART, 60000")


@pytest.mark.parametrize("world", WORLDS[:2])
@pytest.mark.parametrize("board,distance,uart,base,hart", ALIASES,
                         ids=[alias[0].config for alias in ALIASES])
def test_alias(board, distance, uart, base, hart, world, monitor, linux, tmp_path):
    """No alias of DRAM exposes the monitor to firmware or payload."""
    home = home_in(linux(board, "monitor")[0])
    image = assemble("alias", tmp_path, base, TARGET=home, ALIAS=home + distance,
                     UART=uart, HART=hart)
    if world == "monitor":
        image = pack_into(tmp_path, monitor(board.config), image)
    # Without a payload the Icicle Kit would start from its flash.
    command = [*bare_command(board, image), "-kernel", str(image)]
    with machine.Console(command, 30, echo=False) as console:
        found = console.expect(r"M( \d){4}S( \d){4}")
    assert found, console.text
    # Load access fault 5, store access fault 7; on the bare machine both succeed.
    want = "M 5 7 5 7S 5 7 5 7" if world == "monitor" else "M 0 0 0 0S 0 0 0 0"
    assert found[0] == want


# Board, UART, base of DRAM, a hart with S-mode.
CACHES = ((P550, 0x50900000, 0x80000000, 0), (VISIONFIVE2, 0x10000000, 0x40000000, 1),
          (MARS, 0x10000000, 0x40000000, 1), (ICICLE, 0x20100000, 0x80000000, 1),
          (SIFIVE_U, 0x10010000, 0x80000000, 1))


@pytest.fixture(scope="session")
def test_key(tmp_path_factory):
    """Return the name of a fragment with enclaves, for boards without a secret of their own."""
    path = tmp_path_factory.mktemp("fragment") / "test-key"
    path.with_suffix(".config").write_text("CONFIG_POLICY_KEYSTONE=y\n"
                                           "CONFIG_KEYSTONE_TEST_KEY=y\n")
    return path


@pytest.fixture
def life_of_enclave(monitor, test_key, tmp_path):
    """Log device and CSR accesses of the models while an enclave is created, run and destroyed."""
    def run(board, uart, base, hart):
        log = tmp_path / "devices"
        firmware = assemble("flush", tmp_path, base, EPM=epm_at(base), UART=uart, HART=hart)
        image = pack_into(tmp_path, monitor(board.config, True, test_key), firmware)
        # Without a payload the Icicle Kit would start from its flash.
        command = [*bare_command(board, image), "-kernel", str(firmware),
                   "-d", "unimp", "-D", str(log)]
        with machine.Console(command, 60, echo=False) as console:
            assert console.expect(r"C0R0D0"), console.text
        return log.read_text()
    return run


def epm_at(base):
    return base + 0x1000000


@pytest.mark.parametrize("board,uart,base,hart", CACHES, ids=[c[0].config for c in CACHES])
def test_enclave_leaves_no_cache_line(board, uart, base, hart, life_of_enclave):
    """Every cache line of an enclave's memory is flushed before measuring and after wiping."""
    epm = epm_at(base)
    log = life_of_enclave(board, uart, base, hart)
    # Our models log "ccache: write 0x200: 0x40"; QEMU's own device logs
    # a write without effect
    wrote = re.findall(r"(?:ccache: write 0x|l2cc: .*write.*offset 0x0*)200\b.*(0x[0-9a-f]+)", log)
    if board.dtb:
        tree = subprocess.run(["fdtget", guest(f"dtb-sid/{board.dtb}"),
                               "/soc/cache-controller@2010000", "compatible"],
                              check=True, capture_output=True, text=True)
        assert re.search(r"sifive,(ccache0|fu540-c000-ccache)", tree.stdout)
    lines = list(range(epm, epm + 0x8000, 64))
    assert [int(line, 16) for line in wrote] == lines + lines


@pytest.mark.parametrize("board,uart,base,hart", CACHES[1:3],
                         ids=[c[0].config for c in CACHES[1:3]])
def test_enclave_clears_predictor(board, uart, base, hart, life_of_enclave):
    """The predictor is cleared on entry and on exit, with the value that the firmware chose."""
    log = life_of_enclave(board, uart, base, hart)
    assert re.findall(r"vendor CSR 0x7c0: write (\w+)", log) == ["0" * 15 + "1"] * 3


# Vendor CSRs after writing ones and zeros: the model's, which are storage, masked by
# what the monitor permits (boards/sifive/premier_p550/board.c).
P550_CSRS = {"7c0": 1, "7c1": 0x4001, "7c2": 0x80, "7c3": ~0, "7c4": ~0}


@pytest.fixture(scope="session")
def p550(monitor, tmp_path_factory):
    """Output of tests/boards/p550.c bare and under the monitor, as lines."""
    folder = tmp_path_factory.mktemp("p550")
    firmware = assemble("p550", folder, 0x80000000)
    said = {}
    for world in WORLDS[:2]:
        image = firmware
        if world == "monitor":
            image = pack_into(folder, monitor(P550.config), firmware)
        with machine.Console(bare_command(P550, image), 60, echo=False) as console:
            assert console.expect("end\r?\n"), console.text
        said[world] = logs.firmware(console.text)
    return said


@pytest.mark.parametrize("world", WORLDS[:2])
def test_p550_vendor_csrs(world, p550):
    """Listed bits pass, others do not; unlisted numbers do not exist."""
    lines = [line for line in p550[world] if line.startswith("csr ")]
    want = [f"csr 0x{name} {(bits if world == 'monitor' else ~0) & ~0 % (1 << 64):016x} {0:016x}"
            for name, bits in P550_CSRS.items()]
    want += [f"csr 0x7c{i} cause {2:016x} {0:016x}" for i in (5, 6, 7)]
    want.append(f"csr of OpenSBI {0x4000:016x} {0x80:016x}")
    assert lines == want


def test_p550_firmware(p550):
    """Eight entries, including locked ones, and CEASE behave as on the bare machine."""
    bare, under = ([line for line in p550[world] if not line.startswith("csr ")]
                   for world in WORLDS[:2])
    assert under == bare
    text = "\n".join(bare)
    # Entries 2 and 6 are locked and bind M-mode: one denies every access, the other
    # stores.
    assert f"pmpcfg0 again {0x1f99191c1b981918:016x}" in text
    assert f"pmpaddr2 {0:016x} {0:016x}" in text
    pages = re.findall(r"^page 0+(\w*) 0+(\w*)$", text, re.M)
    assert pages == [("", "57"), ("", "7"), ("57", "57"), ("", ""), ("", "57"), ("", "7"),
                     ("7", "7"), ("", "")]
    assert f"cease {1 << 14:016x}" in text


def test_fence_of_a_stopped_hart(monitor, tmp_path):
    """A hart that the firmware stops without HSM does not block callers."""
    firmware = assemble("stopped", tmp_path, 0x80000000, UART=0x50900000)
    image = pack_into(tmp_path, monitor(P550.config, True), firmware)
    with machine.Console(bare_command(P550, image), 60, echo=False) as console:
        found = console.expect(r"F\d\d")
    assert found, "the fence does not return\n" + console.text
    # Both calls succeed, to all running harts and by a mask. It fences when it returns.
    assert found[0] == "F00"


def test_packed_tree(monitor, tmp_path):
    """If the chain passes no valid a1, the tree packed into the image is used."""
    dtb = tmp_path / "virt.dtb"
    virt = [stock(), "-M", "virt", "-smp", "2", "-m", "512M", "-display", "none"]
    subprocess.run([*virt[:2], f"virt,dumpdtb={dtb}", *virt[3:]], check=True,
                   capture_output=True)
    image = tmp_path / "image.bin"
    subprocess.run([sys.executable, ROOT / "tools/pack-image", "--monitor",
                    monitor("qemu_virt"), "--firmware", guest("opensbi-1.6/fw_dynamic.bin"),
                    "--fdt", dtb, "-o", image], check=True)
    # li a1, 3; auipc t0, 0x400; jr -4(t0): to the image, 4 MiB higher
    stub = struct.pack("<3I", 0x00300593, 0x00400297, 0xffc28067)
    chain = tmp_path / "chain.bin"
    chain.write_bytes(stub.ljust(4 << 20, b"\0") + image.read_bytes())
    command = [*virt, "-monitor", "none", "-serial", "stdio", "-bios", str(chain)]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect(r"Boot HART MEDELEG"), console.text
        assert re.search(r"Platform HART Count +: 2", console.text)
