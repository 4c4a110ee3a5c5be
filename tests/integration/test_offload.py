# SPDX-License-Identifier: BSD-2-Clause
"""The offload policy: its guests, with the assembly fast paths and without.

Guests that say "GUEST: world=offload" run under monitors that this module
builds; their firmware is no SBI firmware, so what the monitor does not serve
comes out as a trap.
"""

import dataclasses
import subprocess

import pytest

import guests
import test_guest

VARIANTS = {
    "fast": [],
    "c": ["# CONFIG_OFFLOAD_FAST is not set"],
}


class Monitors:
    """Builds of the monitor with the policy, made when they are wanted."""

    def __init__(self, build, folder):
        self.build = build
        self.folder = folder
        self.runners = {}

    def runner(self, variant):
        if variant not in self.runners:
            out = self.make(variant)
            self.runners[variant] = OffloadRunner(self.build, out)
        return self.runners[variant]

    def make(self, variant):
        out = self.folder / variant
        fragment = self.folder / f"{variant}.config"
        fragment.write_text("\n".join(["CONFIG_POLICY_OFFLOAD=y", "CONFIG_OFFLOAD_DEBUG=y",
                                       *VARIANTS[variant], ""]))
        for goals in (["qemu_virt_defconfig", fragment], ["all"]):
            done = subprocess.run(["make", "-s", "-j2", "-C", guests.REPO, f"O={out}", *goals],
                                  capture_output=True, text=True, timeout=600, check=False)
            assert not done.returncode, done.stdout + done.stderr
        return out

    def close(self):
        for runner in self.runners.values():
            runner.close()


class OffloadRunner(guests.Runner):
    """Runs guests under another build of the monitor."""

    def __init__(self, build, monitor):
        super().__init__(monitor)
        self.guests = build

    def firmware(self, guest):
        return self.guests / "tests" / "guest" / f"{guest}.bin"

    def make(self):
        done = subprocess.run(["make", "-s", "-j2", "-C", guests.SOURCES, f"O={self.guests}"],
                              capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise RuntimeError("test guests do not build\n" + done.stdout + done.stderr)


@pytest.fixture(scope="module")
def monitors(build, tmp_path_factory):
    made = Monitors(build, tmp_path_factory.mktemp("offload"))
    yield made
    made.close()


def params():
    for path in sorted(guests.SOURCES.glob("offload-*.c")):
        for case in guests.cases_of(path):
            for variant in VARIANTS:
                yield pytest.param(case, variant, id=f"{case.id()}-{variant}",
                                   marks=[pytest.mark.long] if case.long else [])


@pytest.mark.parametrize("case,variant", params())
def test_offload(case, variant, monitors):
    runner = monitors.runner(variant)
    as_monitor = dataclasses.replace(case, world="monitor")
    test_guest.check(as_monitor, runner.result(as_monitor))
