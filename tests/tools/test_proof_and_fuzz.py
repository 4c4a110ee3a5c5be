# SPDX-License-Identifier: BSD-2-Clause
"""Programs with their own drivers: the proof of the PMP chain, the decoder's fuzz target."""

import pathlib
import subprocess

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]


@pytest.mark.long
def test_chain_is_proved():
    done = subprocess.run([TESTS / "proof/run", "--long"], capture_output=True, text=True,
                          timeout=3600, check=False)
    if done.returncode == 77:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout


def test_decoder_takes_random_words(build):
    subprocess.run(["make", "-s", "-C", TESTS / "fuzz", "run", f"O={build}"], check=True,
                   timeout=600)
