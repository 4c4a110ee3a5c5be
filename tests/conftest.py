# SPDX-License-Identifier: BSD-2-Clause
"""Shared by all tests: options, QEMU runs, test guests and unit tests."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / "tests" / "integration"))
import building  # noqa: E402

collect_ignore_glob = ["fuzz/*", "proof/*", "stub/*"]


def pytest_addoption(parser):
    group = parser.getgroup("cordon")
    group.addoption("--build", metavar="DIR",
                    default=os.environ.get("CORDON_BUILD", REPO / "build"),
                    help="build directory (default $CORDON_BUILD or build)")
    group.addoption("--long", action="store_true",
                    help="also the tests marked long")


def pytest_configure(config):
    config.build = pathlib.Path(config.getoption("build")).resolve()


def pytest_collection_modifyitems(config, items):
    if config.getoption("long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def build(request):
    """The build directory."""
    return request.config.build


# Host unit tests: every tests/unit/**/x-test.c becomes a binary that runs cmocka tests.
# Names come from the source, so that collecting builds nothing.

def pytest_collect_file(parent, file_path):
    if file_path.name.endswith("-test.c") and "unit" in file_path.parts:
        return UnitFile.from_parent(parent, path=file_path)
    return None


class UnitFile(pytest.File):
    """A C file of unit tests."""

    NAME = re.compile(r"cmocka_unit_test(?:_\w+)?\(\s*(\w+)")

    def collect(self):
        yield UnitItem.from_parent(self, name="runs", test=None)
        seen = set()
        for test in self.NAME.findall(self.path.read_text()):
            if test not in seen:
                seen.add(test)
                yield UnitItem.from_parent(self, name=test, test=test)

    def result(self):
        """Exit status and output of the binary, run once."""
        if not hasattr(self, "cached"):
            self.cached = self.run()
        return self.cached

    def run(self):
        out = self.config.build
        error = build_units(self.config)
        if error:
            return 1, error
        name = self.path.stem
        found = sorted(p for p in (out / "tests" / "unit").rglob(name)
                       if p.is_file())
        if not found:
            return 1, f"no binary {name} in {out}/tests/unit"
        long = {"UNIT_LONG": "1"} if self.config.getoption("long") else {}
        try:
            done = subprocess.run([found[0]], capture_output=True, text=True,
                                  errors="replace", timeout=1800 if long else 300,
                                  cwd=self.path.parent, check=False,
                                  env={**os.environ, **long})
        except subprocess.TimeoutExpired as late:
            return 1, f"{late}\n{late.stdout}"
        return done.returncode, done.stdout + done.stderr


def build_units(config):
    """Build all unit tests once. Return an error message or nothing."""
    if not hasattr(config, "unit_error"):
        with building.locked(config.build):
            done = subprocess.run(
                ["make", "-s", "-j2", "-k", "-C", REPO / "tests" / "unit",
                 f"O={config.build}"], capture_output=True, text=True,
                timeout=900, check=False)
        config.unit_error = done.returncode and tail(
            "unit tests do not build\n" + done.stdout + done.stderr, 60)
    return config.unit_error


class UnitItem(pytest.Item):
    """One cmocka test, or (test=None) the exit status of the binary."""

    def __init__(self, *, test, **kw):
        super().__init__(**kw)
        self.test = test

    def runtest(self):
        status, output = self.parent.result()
        if self.test is None:
            if status:
                raise UnitFailed(f"exit status {status}\n{tail(output, 60)}")
            return
        name = re.escape(self.test)
        if re.search(rf"\[  SKIPPED \] {name}\b", output):
            pytest.skip(f"{self.test} skipped itself")
        if not re.search(rf"\[       OK \] {name}\b", output):
            raise UnitFailed(tail(output, 60))

    def repr_failure(self, excinfo, style=None):
        if isinstance(excinfo.value, UnitFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}::{self.name}"


class UnitFailed(Exception):
    """A unit test failed."""


def tail(text, lines):
    """The last lines of a text."""
    return "\n".join(text.splitlines()[-lines:])
