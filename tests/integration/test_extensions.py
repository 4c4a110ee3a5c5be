# SPDX-License-Identifier: BSD-2-Clause
"""Every extension and CPU model of QEMU: either OpenSBI's banner or one sentence of
refusal.

The bare machine is the control: the monitor is not tested where OpenSBI does not reach
its banner there, or where QEMU refuses the combination.
"""

import functools
import json
import pathlib
import re
import subprocess
import sys

import pytest

import test_boards

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import machine  # noqa: E402

# The last line but two: OpenSBI has then run all of its probes.
BANNER = r"Boot HART MEDELEG.*\n"
SENTENCE = r"\[cordon \d+\] error: .*\n"
# Without floating-point registers.
INTEGER = "f=off,d=off,zfa=off"
# Prerequisites of an extension that QEMU does not enable automatically.
NEEDS = {
    "zfinx": INTEGER, "zdinx": INTEGER, "zhinx": INTEGER, "zhinxmin": INTEGER, "zce": INTEGER,
    "zcmp": INTEGER, "zcmt": INTEGER, "zca": "c=off", "zicfiss": "zimop=on,zcmop=on,zaamo=on",
}
# Extensions that the monitor refuses, and why. Others boot wherever the bare machine
# does.
REFUSED = {
    "smdbltrp": "has Smdbltrp", "pmp": "PMP",
    "c": "lacks U-mode or compressed instructions",
}
# These models lack PMP. Switches of the same names turn the profile on for a hart with PMP.
REFUSED_MODELS = {"rva22s64": "PMP", "rva23s64": "PMP"}
# Without C, too: the image consists of these instructions, so that nothing is said.
SILENT = ("zca",)
# Extensions that affect M-mode, or U-mode on behalf of S-mode; the rest is "long".
CHOSEN = ("smdbltrp", "ssdbltrp", "smrnmi", "smaia", "smepmp", "smctr", "smcdeleg", "ssnpm",
          "zicfilp", "zicfiss", "smstateen", "zfinx", "zcmt", "pmp")
MODELS = ("max", "veyron-v1", "tt-ascalon", "rva23s64", "thead-c906")


@pytest.fixture(name="qemu", scope="module")
def qemu_fixture(build):
    """Return QEMU 10 or newer, from tools/qemu."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    return test_boards.model()


def qmp(qemu, *commands):
    """Return the answers of a machine that does not run."""
    lines = [{"execute": "qmp_capabilities"}, *commands, {"execute": "quit"}]
    done = subprocess.run([qemu, "-M", "virt", "-S", "-bios", "none", "-display", "none", "-qmp",
                           "stdio"], input="\n".join(map(json.dumps, lines)),
                          capture_output=True, text=True, timeout=60, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [answer["return"] for answer in answers if "return" in answer][1:-1]


@functools.lru_cache(None)
def switches(qemu):
    """Return extension -> its default in -cpu rv64."""
    model = {"execute": "query-cpu-model-expansion",
             "arguments": {"type": "full", "model": {"name": "rv64"}}}
    props = qmp(qemu, model)[0]["model"]["props"]
    return {name: on for name, on in props.items() if isinstance(on, bool)}


@functools.lru_cache(None)
def models(qemu):
    found = [cpu["name"] for cpu in qmp(qemu, {"execute": "query-cpu-definitions"})[0]]
    # Exclude cores of 32 and 128 bits.
    return [name for name in sorted(found) if not re.search(r"32|ibex|[eu]3[14]$|128", name)]


def changed(qemu, name):
    """Return the -cpu with one extension inverted; None if QEMU refuses it."""
    now = switches(qemu)[name]
    for more in ("", NEEDS.get(name, "v=on" if name.startswith("zv") else "")):
        cpu = ",".join(filter(None, ["rv64", more, f"{name}={'off' if now else 'on'}"]))
        if accepts(qemu, cpu):
            return cpu
    return None


def accepts(qemu, cpu):
    command = [qemu, "-M", "virt", "-cpu", cpu, "-S", "-bios", "none", "-display", "none", "-qmp",
               "stdio"]
    done = subprocess.run(command, input='{"execute":"qmp_capabilities"}{"execute":"quit"}',
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0


def everything(qemu, start="max"):
    """Combine all extensions that QEMU accepts together."""
    cpu = start
    for name, now in switches(qemu).items():
        more = f"{cpu},{name}=on"
        if not now and name != "smdbltrp" and accepts(qemu, more):
            cpu = more
    return cpu


def boot(qemu, cpu, bios, seconds=20):
    command = [qemu, "-M", "virt", "-cpu", cpu, "-smp", "2", "-display", "none", "-monitor", "none",
               "-serial", "stdio", "-bios", str(bios)]
    with machine.Console(command, seconds, echo=False) as console:
        console.expect(f"{BANNER}|{SENTENCE}")
        return console.text.replace("\r", "")


def check(qemu, cpu, build, refused=None):
    bare = test_boards.guest("opensbi-1.6/fw_dynamic.bin")
    text = boot(qemu, cpu, machine.bundle(build, bare, "opensbi-1.6"))
    if refused and not re.search(BANNER, text):
        assert re.search(f"error: .*{refused}", text), f"{cpu}: {text}"
        assert "took trap" not in text, text
    elif not re.search(BANNER, text):
        # The bare machine does not boot either: nothing to compare.
        control = boot(qemu, cpu, bare)
        assert not re.search(BANNER, control), f"{cpu} boots bare:\n{control}\n{text}"
    else:
        assert not re.search(SENTENCE, text) and not refused, text


def check_switch(qemu, name, build):
    cpu = changed(qemu, name)
    if name in SILENT:
        assert not accepts(qemu, f"rv64,{name}=off"), "a hart with C but without Zca?"
    elif cpu:
        check(qemu, cpu, build, REFUSED.get(name))
    return cpu


@pytest.mark.parametrize("name", CHOSEN)
def test_extension(name, qemu, build):
    assert check_switch(qemu, name, build), "this QEMU does not take it"


@pytest.mark.parametrize("name", MODELS)
def test_model(name, qemu, build):
    check(qemu, name, build, REFUSED_MODELS.get(name))


def test_all_extensions_at_once(qemu, build):
    cpu = everything(qemu)
    assert cpu.count("=on") > 50, cpu
    check(qemu, cpu, build)


@pytest.mark.long
def test_each_extension(qemu, build):
    """Includes extensions unknown here. None may be skipped silently."""
    done = [name for name in switches(qemu) if check_switch(qemu, name, build)]
    assert len(done) > 100, done


@pytest.mark.long
def test_each_model(qemu, build):
    names = models(qemu)
    assert len(names) > 15, names
    for name in names:
        check(qemu, name, build, REFUSED_MODELS.get(name))
