# SPDX-License-Identifier: BSD-2-Clause
"""tools/run, tools/gdb and the initramfs: what people and the other tests rely on."""

import pathlib
import socket
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
SPIN = b"\x6f\x00\x00\x00"          # j .

sys.path.insert(0, str(TOOLS / "guests.d"))


def run(*args, timeout=120):
    return subprocess.run([TOOLS / "run", *map(str, args)], capture_output=True, text=True,
                          errors="replace", timeout=timeout, check=False)


@pytest.fixture(name="spin")
def spin_fixture(tmp_path):
    """A firmware that never says anything."""
    path = tmp_path / "spin.bin"
    path.write_bytes(SPIN)
    return path


def test_smoke_passes_and_fails():
    good = run("--native", "--smoke", "--harts", 2)
    assert good.returncode == 0 and "SMOKE PASS" in good.stdout
    bad = run("--native", "--smoke", "--harts", 2, "--append", "cordon.harts=3")
    assert bad.returncode == 1 and "expected 3 harts" in bad.stdout


def test_silence_is_a_failure(spin):
    late = run("--native", "--firmware", spin, "--payload", "none", "--harts", 1,
               "--expect", "hello", "--timeout", 2)
    assert late.returncode == 1 and "time is over" in late.stdout


@pytest.mark.parametrize("args, says", [
    (["--firmware", "opensbi-0.1"], "no guest 'opensbi-0.1'"),
    (["--firmware", "absent.bin"], "no firmware 'absent.bin'"),
    (["--payload", "absent.bin"], "no payload 'absent.bin'"),
    (["--build", "absent"], "holds no cordon.bin"),
    (["--build", "absent", "--payload", "absent.bin"], "holds no cordon.bin"),
])
def test_mistakes_have_a_sentence(args, says):
    done = run("--print", *args)
    assert done.returncode == 1 and says in done.stderr
    assert "Traceback" not in done.stderr


def test_command_differs_by_bios_only(build):
    native = run("--print", "--native").stdout.split()
    under = run("--print", "--build", build).stdout.split()
    assert len(native) == len(under)
    differ = [at for at, (left, right) in enumerate(zip(native, under)) if left != right]
    assert [native[at - 1] for at in differ] == ["-bios"]


def test_initramfs_is_reproducible():
    import store            # pylint: disable=import-outside-toplevel
    path = store.initramfs()
    init = (ROOT / "tests/initramfs/init").read_bytes()
    busybox = store.path_of("busybox/busybox").read_bytes()
    assert path.read_bytes() == store.initramfs_bytes(busybox, init)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_gdb_finds_the_moved_monitor(build):
    port = free_port()
    cmd = [TOOLS / "run", "--build", build, "--debug", "--gdb-port", str(port), "--harts", "2",
           "--payload", "none"]
    with subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as qemu:
        try:
            wait_for_port(port)
            gdb = subprocess.run(
                [TOOLS / "gdb", "--build", build, "--port", str(port), "--batch", "--",
                 "-ex", "cordon start", "-ex", "thbreak trap_handle", "-ex", "continue",
                 "-ex", "cordon hart", "-ex", "kill"],
                capture_output=True, text=True, timeout=60, check=False)
        finally:
            qemu.kill()
    assert "Temporary breakpoint" in gdb.stdout and "monitor_main (" in gdb.stdout, gdb.stderr
    assert "trap_handle (" in gdb.stdout
    assert "x = {0x0," in gdb.stdout and "Error" not in gdb.stderr


def wait_for_port(port):
    """Until QEMU listens; asking /proc does not disturb its one GDB connection."""
    for _ in range(100):
        table = pathlib.Path("/proc/net/tcp").read_text() \
            + pathlib.Path("/proc/net/tcp6").read_text()
        if f":{port:04X} " in table:
            return
        subprocess.run(["sleep", "0.1"], check=True)
