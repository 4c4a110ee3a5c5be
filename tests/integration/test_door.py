# SPDX-License-Identifier: BSD-2-Clause
"""A back door in OpenSBI (tools/implant): what it reaches, on the bare machine and under
each monitor.

tests/door/probe.c is the operating system. Without protection the firmware reaches all
of its memory and registers: that is the baseline for the policy protect-payload.
"""

import re
import subprocess

import pytest

import building
import guests

REPO = guests.REPO
IMPLANT = REPO / "tools" / "implant"
PROBE = REPO / "tests" / "door"
ATTEMPTS = ["load", "store", "run", "show", "load-virtual", "store-virtual", "float",
            "registers", "sscratch", "stvec", "csr-write", "inject"]
FIRMWARE = [f"opensbi-{version}/fw_{kind}" for version in ("1.1", "1.5.1", "1.6", "1.9")
            for kind in ("jump", "dynamic")]
FRAGMENT = REPO / "configs/fragments/protect.config"
# A dead firmware stays dead, so that later effects are visible; and QEMU may be slow.
PROTECT = FRAGMENT.read_text() + """
# CONFIG_PROTECT_RESTART is not set
CONFIG_PROTECT_BUDGET_MS=1000
""" if FRAGMENT.exists() else ""
# RFC 8032, 7.1, test 1: a key pair that is no secret.
MANIFEST_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
MANIFEST_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
CONFIGS = {
    "offload": "CONFIG_POLICY_OFFLOAD=y\n",
    "protect": PROTECT,
    "protect-pmp8": PROTECT + "CONFIG_MAX_PMP=8\n",
    "restart": FRAGMENT.read_text() + f"""
CONFIG_PROTECT_MEASURE=y
CONFIG_PROTECT_PAYLOAD_HASH="{'0' * 128}"
CONFIG_PROTECT_MANIFEST=y
CONFIG_PROTECT_MANIFEST_VERSION=3
CONFIG_PROTECT_MANIFEST_KEY="{MANIFEST_PUBLIC}"
""" if FRAGMENT.exists() else "",
    "protect-keystone": PROTECT + "CONFIG_POLICY_KEYSTONE=y\n",
    "without-fast": PROTECT + "# CONFIG_OFFLOAD_FAST is not set\n",
}
PROTECTED = [world for world in CONFIGS if world.startswith("protect")]
# The payload's final request, and whether the firmware survives it.
ENDS = {"": True, "door.jump": False, "door.loop": False, "door.sleep": False,
        "door.crash": False}
# Run each firmware bare, and each generation under one monitor; the rest is long.
OFTEN = {(name, "monitor" if n % 2 else "offload") for n, name in enumerate(FIRMWARE[1::2])}
FLAGS = ["-O1", "-std=gnu11", "-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-mcmodel=medany",
         "-ffreestanding", "-fno-builtin", "-fno-pic", "-nostdlib", "-static", "-no-pie",
         "-fno-stack-protector", "-fno-tree-loop-distribute-patterns", "-msmall-data-limit=0",
         "-fno-asynchronous-unwind-tables", "-Wall", "-Wextra", "-Werror",
         "-Wl,--build-id=none,--no-warn-rwx-segments"]


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          errors="replace", timeout=120, check=False, **options)
    if done.returncode:
        pytest.fail(f"{command[0]}: {done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


def firmware_file(name):
    path = REPO / "third_party" / "guests" / f"{name}.bin"
    if not path.exists():
        pytest.skip("no guests: tools/guests fetches them")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def payload(folder):
    """Build the operating system that calls the back door."""
    elf, raw = folder / "probe.elf", folder / "probe.bin"
    run("riscv64-linux-gnu-gcc", *FLAGS, "-T", PROBE / "probe.lds", "-o", elf,
        PROBE / "start.S", PROBE / "probe.c")
    run("riscv64-linux-gnu-objcopy", "-O", "binary", elf, raw)
    return raw


@pytest.fixture(scope="module")
def monitors(build):
    """Return a function: the monitor of a world, built on demand."""
    done = {}

    def monitor(world):
        if not (build / "cordon.bin").exists():
            pytest.skip(f"no monitor: {build}/cordon.bin is not built")
        if world == "monitor":
            return build / "cordon.bin"
        if world not in done:
            done[world] = build / "tests" / f"door-{world}"
            building.monitor(done[world], text=CONFIGS[world])
        return done[world] / "cordon.bin"
    return monitor


def boot(folder, payload, image, monitor, harts=2, cpu="rv64", append=""):
    """Return the console of a machine with this firmware, until it ends."""
    if monitor:
        bundle = folder / "bundle.bin"
        run(REPO / "tools/pack-image", "--monitor", monitor, "--firmware", image, "-o", bundle)
        image = bundle
    command = ["qemu-system-riscv64", "-M", "virt", "-cpu", cpu, "-smp", str(harts),
               "-m", "256M", "-display", "none", "-serial", "stdio", "-monitor", "none",
               "-no-reboot", "-bios", str(image), "-kernel", str(payload), "-append", append]
    try:
        done = subprocess.run(command, capture_output=True, timeout=90, check=False,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        pytest.fail("timeout\n" + guests.decode(late.stdout)[-3000:], pytrace=False)
    text = guests.decode(done.stdout)
    if done.returncode or not re.search(r"^PROBE open", text, re.M):
        pytest.fail(f"status {done.returncode}\n{text[-3000:]}", pytrace=False)
    return text


def lines(text, verdict):
    return re.findall(rf"^{verdict} (\d+) (\S+)$", text, re.M)


def params():
    for name in FIRMWARE:
        for world in ("native", "monitor", "offload"):
            often = world == "native" or (name, world) in OFTEN
            yield pytest.param(name, world, id=f"{name}-{world}",
                               marks=[] if often else [pytest.mark.long])


@pytest.mark.parametrize("name,world", params())
def test_back_door_works_without_policy(name, world, folder, payload, monitors):
    """Without the policy the back door exposes everything, on every hart."""
    image = folder / "open.bin"
    run(IMPLANT, firmware_file(name), "-o", image)
    # 1.5.1's fw_jump may lose harts at boot
    harts = 1 if name == "opensbi-1.5.1/fw_jump" else 2
    text = boot(folder, payload, image, monitors(world) if world != "native" else None, harts)
    assert sorted(lines(text, "OPEN")) == sorted((str(hart), attempt) for hart in range(harts)
                                                 for attempt in ATTEMPTS)
    assert not lines(text, "(?:SHUT|BROKEN|NODOOR)")
    assert text.count("[door] the payload's text") == harts


def test_firmware_redirects_the_payload_without_policy(folder, payload, monitors):
    """Without the policy the firmware chooses where the payload continues."""
    image = folder / "open.bin"
    run(IMPLANT, firmware_file("opensbi-1.6/fw_dynamic"), "-o", image)
    for monitor in (None, monitors("monitor")):
        assert ("0", "jump") in lines(boot(folder, payload, image, monitor, 1,
                                           append="door.jump"), "OPEN")


# Firmware, world, harts, cpu and end. `make check` runs each value at least once.
SHUT_OFTEN = {
    ("opensbi-1.1/fw_dynamic", "protect", 2, "rv64", "door.loop"),
    ("opensbi-1.1/fw_jump", "protect-pmp8", 4, "sifive-u54", "door.jump"),
    ("opensbi-1.5.1/fw_dynamic", "protect-pmp8", 1, "rv64", "door.crash"),
    ("opensbi-1.6/fw_dynamic", "protect", 4, "rv64", ""),
    ("opensbi-1.6/fw_jump", "protect", 2, "rv64,h=off", "door.sleep"),
    ("opensbi-1.9/fw_dynamic", "protect", 1, "rv64,v=on", ""),
    ("opensbi-1.9/fw_jump", "protect-keystone", 2, "rv64", "door.jump"),
}
SHUT_LONG = {(name, world, 1 if name == "opensbi-1.5.1/fw_jump" else 2, "rv64", end)
             for name in FIRMWARE for world in PROTECTED for end in ENDS}
SHUT_LONG |= {("opensbi-1.9/fw_dynamic", "protect", 4, cpu, end)
              for cpu in ("rv64,h=off", "rv64,v=on", "sifive-u54") for end in ENDS}


def protected():
    for case in sorted(SHUT_OFTEN | SHUT_LONG):
        yield pytest.param(*case, id="-".join(map(str, case)),
                           marks=[] if case in SHUT_OFTEN else [pytest.mark.long])


@pytest.mark.parametrize("name,world,harts,cpu,end", protected())
def test_back_door_fails_under_protect(name, world, harts, cpu, end, folder, payload, monitors):
    """With the policy every access fails, and the payload continues without firmware."""
    image = folder / "open.bin"
    run(IMPLANT, firmware_file(name), "-o", image)
    text = boot(folder, payload, image, monitors(world), harts, cpu, end)
    assert not lines(text, "(?:OPEN|BROKEN)")
    shut = lines(text, "SHUT")
    assert {(str(hart), attempt) for hart in range(harts) for attempt in ATTEMPTS} <= set(shut)
    assert "[door] the payload's text" not in text
    assert not re.search(r"\bpanic\b", text, re.I)
    dead = re.findall(r"^\[cordon \d+\] warn: the firmware is dead: (.*)$", text, re.M)
    assert len(dead) == (not ENDS[end])


@pytest.mark.parametrize("cpu", ["rv64,h=off", "sifive-u54"])
def test_hart_without_h(cpu, folder, payload):
    """OpenSBI has a handler for harts with the hypervisor extension and one for others."""
    image = folder / "open.bin"
    run(IMPLANT, firmware_file("opensbi-1.6/fw_dynamic"), "-o", image)
    assert len(lines(boot(folder, payload, image, None, cpu=cpu), "OPEN")) == 2 * len(ATTEMPTS)


@pytest.mark.parametrize("name", FIRMWARE)
def test_implant_changes_nothing_else(name, folder):
    """Implanting changes only padding and the loads of the handlers' addresses."""
    source, image = firmware_file(name), folder / "open.bin"
    said = run(IMPLANT, source, "-o", image)
    before, after = source.read_bytes(), image.read_bytes()
    assert len(before) == len(after)
    size, place, _ = (int(text, 0) for text in
                      re.search(r"door: (\d+) bytes at (\w+), in padding of (\d+)", said).groups())
    assert not any(before[place:place + size])
    allowed = set(range(place, place + size))
    for at in re.findall(r"loaded at (\w+)", said):
        allowed |= set(range(int(at, 0), int(at, 0) + 8))
    assert {n for n, (a, b) in enumerate(zip(before, after)) if a != b} <= allowed


def refused(*args):
    done = subprocess.run([IMPLANT, *map(str, args)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_no_opensbi(folder):
    """Refuse files that are not OpenSBI, truncated, already implanted or missing, with a
    reason."""
    whole = firmware_file("opensbi-1.6/fw_dynamic").read_bytes()
    image = folder / "other.bin"
    for content in (b"", b"\0" * 65536, b"\x73\x10\x05\x30" * 64, whole[:0x200]):
        image.write_bytes(content)
        assert "nothing in it sets mtvec" in refused(image, "-o", folder / "no.bin")
    # no padding left
    image.write_bytes(whole.replace(b"\0" * 64, b"\1" * 64))
    assert "padding" in refused(image, "-o", folder / "no.bin")
    run(IMPLANT, firmware_file("opensbi-1.6/fw_dynamic"), "-o", image)
    assert "nothing in it" in refused(image, "-o", folder / "no.bin")
    assert not (folder / "no.bin").exists()
    assert "No such file" in refused(folder / "nowhere.bin", "-o", folder / "no.bin")


@pytest.mark.long
def test_linux_does_not_notice(folder):
    """Linux boots on a firmware with a back door as on one without."""
    if not (REPO / "third_party/guests/linux-trixie").exists():
        pytest.skip("no guests: tools/guests fetches them")
    image = folder / "linux.bin"
    run(IMPLANT, firmware_file("opensbi-1.6/fw_dynamic"), "-o", image)
    text = run(REPO / "tools/run", "--smoke", "--native", "--firmware", image, "--harts", "2",
               stdin=subprocess.DEVNULL)
    assert "SMOKE PASS" in text
