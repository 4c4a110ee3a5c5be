# SPDX-License-Identifier: BSD-2-Clause
"""The offload policy: its guests, with the assembly fast paths and without.

Guests that say "GUEST: world=offload" run under monitors that this module
builds; their firmware is no SBI firmware, so what the monitor does not serve
comes out as a trap.
"""

import dataclasses

import pytest

import building
import guests
import test_guest

VARIANTS = {
    "fast": ["CONFIG_OFFLOAD_USER_STATS=y"],
    "c": ["# CONFIG_OFFLOAD_FAST is not set"],
}


class Runner(guests.Runner):
    """Run guests under a build of the monitor with the policy."""

    def __init__(self, build, folder, variant):
        self.guests = build
        self.variant = variant
        super().__init__(folder / variant)

    def make(self):
        """Return the monitor; the guests are present."""
        building.monitor(self.build, text="\n".join(
            ["CONFIG_POLICY_OFFLOAD=y", "CONFIG_OFFLOAD_DEBUG=y", *VARIANTS[self.variant], ""]))

    def firmware(self, guest):
        return self.guests / "tests" / "guest" / f"{guest}.bin"


def cases_of(request, module):
    """Return the cases of this session that a module requests: (case, variant)."""
    for item in request.session.items:
        # The unit tests are no functions of a module.
        name = getattr(getattr(item, "module", None), "__name__", None)
        params = getattr(getattr(item, "callspec", None), "params", {})
        if name == module and "variant" in params and not item.get_closest_marker("skip"):
            yield as_monitor(params["case"]), params["variant"]


@pytest.fixture(scope="module")
def runners(request, build, tmp_path_factory):
    building.make(build, source=guests.SOURCES)
    folder = tmp_path_factory.mktemp("offload")
    made = {variant: Runner(build, folder, variant) for variant in VARIANTS}
    for case, variant in cases_of(request, __name__):
        made[variant].submit(case)
    yield made
    for runner in made.values():
        runner.close()


def as_monitor(case):
    """Return the same run, with the name of the world that the checks expect."""
    return dataclasses.replace(case, world="monitor")


def params():
    for path in sorted(guests.SOURCES.glob("*.c")):
        # Isolation, with the most used vector.
        variants = VARIANTS if path.stem.startswith("offload") else ["fast"]
        for case in guests.cases_of(path):
            for variant in variants if case.world == "offload" else []:
                yield pytest.param(case, variant, id=f"{case.id()}-{variant}",
                                   marks=[pytest.mark.long] if case.long else [])


@pytest.mark.parametrize("case,variant", params())
def test_offload(case, variant, runners):
    test_guest.check_run(as_monitor(case), runners[variant])
