# SPDX-License-Identifier: BSD-2-Clause
"""The random guests with other seeds and more rounds than make check."""

import dataclasses
import shutil

import pytest

import guests
from test_guest import check, compare

SEEDS = [0x1111111111111111 * n for n in range(1, 9)]
ROUNDS = 30000


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS, ids=hex)
@pytest.mark.parametrize("guest", ["fuzz-priv", "fuzz-word", "fuzz-short"])
def test_fuzz(build, tmp_path, guest, seed):
    case = next(c for c in guests.cases_of(guests.SOURCES / f"{guest}.c"))
    case = dataclasses.replace(case, timeout=400)
    runner = guests.Runner(build, FUZZ_SEED=hex(seed), FUZZ_ROUNDS=ROUNDS,
                           OUT=tmp_path, only=[guest])
    try:
        native = runner.result(dataclasses.replace(case, world="native"))
        check(case.as_native(), native)
        monitor = runner.result(dataclasses.replace(case, world="monitor"))
        check(dataclasses.replace(case, world="monitor"), monitor)
    except guests.Missing as missing:
        pytest.skip(str(missing))
    finally:
        runner.close()
        shutil.rmtree(tmp_path, ignore_errors=True)
    compare(case, native.lines("= "), monitor.lines("= "))
