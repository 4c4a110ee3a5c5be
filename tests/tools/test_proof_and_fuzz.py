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


def test_decoder_takes_random_words(build):
    subprocess.run(["make", "-s", "-C", TESTS / "fuzz", "run", f"O={build}"], check=True,
                   timeout=600)
