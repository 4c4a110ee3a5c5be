# SPDX-License-Identifier: BSD-2-Clause
"""The Keystone policy: its guests, alone, with offload, and with few PMP entries.

Guests that say "GUEST: world=keystone" run under monitors that this module
builds. Their firmware is no SBI firmware: calls that the monitor does not serve
come out as a trap.
"""

import subprocess

import pytest

import building
import guests
import test_guest
import test_offload

OFFLOAD = ["CONFIG_POLICY_OFFLOAD=y"]
VARIANTS = {
    "alone": [],
    "offload": OFFLOAD,
    # entries become a cache of ranges after a few enclaves
    "pmp8": [*OFFLOAD, "CONFIG_MAX_PMP=8"],
}
# Guests for which the variant matters; everything runs with offload.
GUESTS = {
    "alone": ("life", "iso", "irq", "hostile"),
    "pmp8": ("life", "iso", "many", "smp", "storm", "fuzz", "fuzz-long"),
}


class Runner(test_offload.Runner):
    """Runs guests under a build of the monitor with the policy."""

    def make(self):
        building.monitor(self.build, text="\n".join(["CONFIG_POLICY_KEYSTONE=y",
                                                     *VARIANTS[self.variant], ""]))


@pytest.fixture(scope="module")
def runners(request, build, tmp_path_factory):
    building.make(build, source=guests.SOURCES)
    folder = tmp_path_factory.mktemp("keystone")
    made = {variant: Runner(build, folder, variant) for variant in VARIANTS}
    for case, variant in test_offload.cases_of(request, __name__):
        made[variant].submit(case)
    yield made
    for runner in made.values():
        runner.close()


def params():
    for path in sorted(guests.SOURCES.glob("enclave-*.c")):
        for n, case in enumerate(guests.cases_of(path)):
            for variant in VARIANTS:
                # all cases with offload; others run the first ones
                wanted = GUESTS.get(variant, ())
                if variant != "offload" and (n or path.stem[8:] not in wanted):
                    continue
                yield pytest.param(case, variant, id=f"{case.id()}-{variant}",
                                   marks=[pytest.mark.long] if case.long else [])


@pytest.mark.parametrize("case,variant", params())
def test_keystone(case, variant, runners):
    case = test_offload.as_monitor(case)
    try:
        result = runners[variant].result(case)
    except guests.Missing as missing:
        pytest.skip(str(missing))
    test_guest.check(case, result)


@pytest.mark.parametrize("cpu,csr", [
    ("rv64,ssaia=on", "150"), ("rv64,smcsrind=on,sscsrind=on", "150"),
    ("rv64,smctr=on,ssctr=on,smcsrind=on,sscsrind=on", "14f"), ("thead-c906", "5c0")])
def test_unswitched_registers_refuse_enclaves(cpu, csr, runners):
    """AIA, records of branches, indirect registers without Smstateen, a vendor's: no enclaves."""
    runner = runners["offload"]
    runner.built.result()
    try:
        command = [runner.qemu(cpu), "-M", "virt", "-cpu", cpu, "-m", "128M", "-display", "none",
                   "-serial", "stdio", "-monitor", "none", "-bios",
                   runner.image("enclave-sweep", "monitor")]
    except guests.Missing as missing:
        pytest.skip(str(missing))
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as qemu:
        said = []
        for line in qemu.stdout:
            said.append(line)
            if "GUEST" in line or "all harts are stopped" in line:
                break
        qemu.kill()
    text = "".join(said)
    assert f"error: hart 0: enclaves would share CSR {csr} with their host" in text, text
