# SPDX-License-Identifier: BSD-2-Clause
"""tools/bench: the method is right when it counts the bare machine exactly; tools/bench-chart."""

import csv
import importlib.util
import os
import pathlib
import subprocess

import pytest

import fuzzing

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "bench"
CHART = ROOT / "tools" / "bench-chart"

# Instructions on the bare machine, with OpenSBI 1.1 of Debian 12.
BARE = {
    "boot": 7, "s-illegal": 4,
    "mscratch-read": 1, "mepc-swap": 1, "mip-read": 1, "mie-write": 1, "mstatus-clear": 1,
    "sscratch-read": 1, "mcycle-read": 1, "mtimecmp-store": 1, "msip-store": 1,
    "pmpcfg0-write": 1, "pmpaddr0-write": 1, "mtime-load": 1, "s-ecall": 5,
    "pmpcfg0-off": 1, "ipi-pair": 1686, "ipi-three": 2662, "ipi-many": 4606,
    "s-ecall-unknown": 5, "s-ecall-pmu": 5, "s-ecall-putchar": 5,
    "spec-version": 245, "ipi-self": 801, "time-read": 335, "timer-off": 318,
    "timer-now": 503, "fence-i-self": 609, "sfence-vma-self": 622,
    "misaligned-load": 1, "console-write": 4858,
}


# The same machine with OpenSBI 1.6, and with extensions.
SPEC_VERSION = {"OpenSBI 1.6": 269, "OpenSBI 1.6, hart with H and Sstc": 273,
                "OpenSBI 1.9, hart with H and Sstc": 266}
# Counted by hand in tests/bench/firmware.S and calls.S.
COUNTS = {
    "mscratch-read": {}, "mip-read": {},
    "mepc-swap": {"csr-writes": 1, "other": 1}, "mie-write": {"csr-writes": 1, "mie": 1},
    "mstatus-clear": {"csr-writes": 1, "mstatus": 1},
    "pmpcfg0-write": {"csr-writes": 1, "pmpcfg": 1},
    "pmpaddr0-write": {"csr-writes": 1, "pmpaddr": 1},
    "mtimecmp-store": {"stores": 1, "data-lines": 1}, "mtime-load": {"loads": 1, "data-lines": 1},
    "s-ecall": {"csr-writes": 2, "other": 2, "code-lines": 1},
    "misaligned-load": {"loads": 1, "data-lines": 1},
}


def read(path):
    with open(path, newline="", encoding="ascii") as stream:
        return list(csv.DictReader(stream))


def test_bare_machine_is_counted_exactly(tmp_path):
    out = tmp_path / "bench.csv"
    subprocess.run([TOOL, "--native-only", "--no-linux", "--csv", out],
                   check=True, timeout=120, stdout=subprocess.DEVNULL)
    assert {row["operation"]: float(row["native"]) for row in read(out)} == BARE
    about = {row["what"]: row["value"] for row in read(tmp_path / "bench-about.csv")}
    assert about["qemu"].startswith("QEMU emulator version") and "linux" not in about
    machines = read(tmp_path / "bench-machines.csv")
    assert {row["machine"]: float(row["native"]) for row in machines
            if row["operation"] == "spec-version"} == SPEC_VERSION
    counted = {row.pop("operation"): {name: float(value) for name, value in row.items()
                                      if name != "column" and float(value)}
               for row in read(tmp_path / "bench-counts.csv")}
    assert {key: counted[key] for key in COUNTS} == COUNTS
    assert counted["ipi-self"]["fences"] == 4 and set(counted) == set(BARE) - {"boot"}


def test_bars_are_met(build, tmp_path):
    """Bare, passthrough and offload side by side, with what there is to reach."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    done = subprocess.run([TOOL, "--build", build, "--no-linux", "--check", "--one-machine",
                           "--csv", tmp_path / "b.csv"], timeout=400, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0 and "MISSED" not in done.stdout, done.stdout + done.stderr
    table = {row.pop("operation"): {name: float(value) for name, value in row.items() if value}
             for row in read(tmp_path / "b.csv")}
    assert [list(row) for row in table.values()][0] == [
        "native", "passthrough", "offload", "offload+keystone", "offload+protect"]
    assert {key: row["native"] for key, row in table.items() if "native" in row} == BARE
    assert all(row.get("offload") for key, row in table.items()
               if not key.startswith(("enclave", "budget")))
    assert 0 < table["budget"]["offload+protect"] <= 1e6
    assert table["enclave-destroy"]["offload+keystone"] < 1.06
    # The marker's build measured it: more than the machine's own access, less than a call.
    assert 50 < table["misaligned-load"]["offload"] <= 160
    assert "offload <= 160 met" in done.stdout


@pytest.mark.long
def test_linux(build, tmp_path):
    done = subprocess.run([TOOL, "--build", build, "--linux", "--runs", "1", "--harts", "2",
                           "--csv", tmp_path / "b.csv"], timeout=3000, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    table = read(tmp_path / "b-linux.csv")
    assert [row["column"] for row in table[:3]] == ["native", "passthrough", "offload"]
    assert len(table) == 4 * 6
    assert all(float(row[kind]) > 0 for row in table for kind in ("ratio", "counted ratio"))
    assert not (tmp_path / "b.csv").exists()


@pytest.fixture(name="bench", scope="module")
def bench_fixture():
    return fuzzing.load("bench")


@pytest.fixture(name="counts", scope="module")
def counts_fixture(bench):
    return bench.counts


def test_plugin_is_for_old_qemu(counts):
    for version, good in (("QEMU emulator version 7.2.22 (Debian 1:7.2)", True), ("", False),
                          ("QEMU emulator version 8.2.1", True), ("QEMU 10", False),
                          ("QEMU emulator version 10.0.13", False)):
        assert counts.is_supported(version) == good, version


def test_counts_of_operations(counts):
    """Loops come in threes; an operation that is not a loop has none."""
    text = ("instructions 9 csr-768 1\n"
            "instructions 90 fences 8 csr-768 4 csr-931 8 csr-4095 4 code-lines 5\n"
            "instructions 10 fences 4 code-lines 2\n")
    benches = [("boot", 7, 0, 1), ("swap", 90, 10, 4)]
    found = counts.of_operations(text, benches)
    assert list(found) == ["swap"]
    assert {name: value for name, value in found["swap"].items() if value} == {
        "csr-writes": 4, "mstatus": 1, "pmpcfg": 2, "other": 1, "fences": 1, "code-lines": 3}
    for wrong in (text + text, ""):
        with pytest.raises(counts.CountError, match="loops were counted"):
            counts.of_operations(wrong, benches)


def test_counted_bar_can_be_missed(bench, capsys):
    """A fence too many in the round trip of the shortest handler misses its bar."""
    config = column(bench, "passthrough")
    for fences, good in ((2, True), (3, False)):
        config.counts = {"s-ecall": dict.fromkeys(bench.counts.COLUMNS, 0) | {"fences": fences}}
        assert bench.print_counts([config]) == good
        assert ("MISSED" in capsys.readouterr().out) != good


def column(bench, name, **results):
    made = bench.Config(name, pathlib.Path("x") if name != "native" else None)
    made.results = results
    return made


def test_growth(bench):
    """Operations that offload does not serve may cost ten instructions more than without it."""
    def missed(cost):
        configs = [column(bench, "native"), column(bench, "passthrough", **{"s-ecall": 600}),
                   column(bench, "offload", **{"s-ecall": cost})]
        bars = bench.with_growth("s-ecall", {"passthrough": 800}, configs)
        return bench.bar_cells(configs, bars, lambda c: c.results.get("s-ecall"))

    assert missed(610) == ("passthrough <= 800 met, offload <= 610 met", False)
    assert missed(611) == ("passthrough <= 800 met, offload <= 610 MISSED", True)
    bars = {"offload": 40}
    assert bench.with_growth("time-read", bars, []) == bars


def test_ratio(bench):
    """Compares neighbouring runs, so that a slow minute of the host hits both."""
    assert bench.ratio([1.1, 22.0, 3.3], [1.0, 10.0, 3.0]) == pytest.approx(1.1)


def test_mistakes_have_a_sentence(tmp_path):
    for args, says in ((["--build", "absent"], "holds no cordon.bin"),
                       (["--runs", "0"], "at least one")):
        done = subprocess.run([TOOL, *args], capture_output=True, text=True, timeout=60,
                              check=False, cwd=tmp_path)
        assert done.returncode and says in done.stderr and "Traceback" not in done.stderr


@pytest.fixture(name="numbers")
def numbers_fixture(tmp_path):
    """A folder as tools/bench leaves it."""
    (tmp_path / "bench.csv").write_text(
        "operation,native,passthrough,offload\ntimer-off,318,2699,50\nmisaligned-load,1,1,129\n"
        "image,,48000,66000\n")
    (tmp_path / "bench-linux.csv").write_text(
        "workload,column,counted,counted ratio,seconds,ratio,cpu,cpu ratio,runs,cpu runs\n"
        "boot,native,1.00,1.000,2.00,1.000,3.00,1.000,2.00 2.10 1.90,3.00 3.00 3.00\n"
        "boot,offload,0.99,0.990,2.10,1.050,3.10,1.030,2.10 2.00 2.20,3.10 3.00 3.20\n")
    (tmp_path / "bench-about.csv").write_text("what,value\nqemu,QEMU 0\ncommit,abc1234\n")
    return tmp_path


def chart(*args, **env):
    return subprocess.run([CHART, *map(str, args)], capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, **env})


def test_chart(numbers):
    if not importlib.util.find_spec("matplotlib"):
        pytest.skip("no matplotlib: tools/setup --for stats")
    for name in ("one.svg", "two.svg"):
        assert chart(numbers, numbers / name).returncode == 0
    text = (numbers / "one.svg").read_text()
    assert (numbers / "two.svg").read_text() == text
    for word in ("QEMU 0; commit abc1234", "timer-off", "2699", "1.05"):
        assert word in text, word


def test_chart_reports_errors_in_one_line(numbers):
    (numbers / "matplotlib.py").write_text("raise ImportError('not here')\n")
    done = chart(numbers, numbers / "x.svg", PYTHONPATH=str(numbers))
    assert done.returncode == 1 and "tools/setup --for stats" in done.stderr
    (numbers / "bench-linux.csv").write_text("a,b\n1,2\n")
    done = chart(numbers, numbers / "x.svg")
    assert done.returncode == 1 and "is not a file of tools/bench" in done.stderr
    done = chart(numbers / "absent", numbers / "x.svg")
    assert done.returncode == 1 and "run tools/bench first" in done.stderr
