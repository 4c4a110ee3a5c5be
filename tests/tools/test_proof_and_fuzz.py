# SPDX-License-Identifier: BSD-2-Clause
"""Programs with their own drivers: the proofs, the fuzz targets."""

import os
import pathlib
import subprocess

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]


def prove(*args, **environment):
    return subprocess.run([TESTS / "proof/run", *args], capture_output=True, text=True,
                          timeout=6 * 3600, check=False, env={**os.environ, **environment})


@pytest.mark.long
def test_all_is_proved():
    done = prove("--long")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_each_fault_is_caught():
    done = prove("--long", "--mutants")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_prover_is_a_failure():
    done = prove(CBMC="/nowhere/cbmc")
    assert done.returncode != 0 and "there is no /nowhere/cbmc" in done.stderr


def test_faults_are_found_for_a_sample():
    """The tool finds places for faults in the files that it looks at."""
    done = subprocess.run([TESTS.parent / "tools/mutate", "--list", "-n", "60"],
                          capture_output=True, text=True, check=True)
    faults = done.stdout.splitlines()
    assert len(faults) == 60
    assert len({fault.split(":")[0] for fault in faults}) > 10


@pytest.mark.long
def test_most_faults_are_killed():
    done = subprocess.run([TESTS.parent / "tools/mutate", "-n", "60", "--proofs", "--at-least",
                           "80"], capture_output=True, text=True, timeout=4 * 3600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def fuzz(build, *goals):
    subprocess.run(["make", "-s", "-C", TESTS / "fuzz", "run", f"O={build}", *goals], check=True,
                   timeout=4 * 3600)


def test_random_inputs_do_no_harm(build):
    fuzz(build)


@pytest.mark.long
def test_guided_inputs_do_no_harm(build):
    fuzz(build, "LIBFUZZER=1", "COUNT=4000000")
