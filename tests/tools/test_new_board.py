# SPDX-License-Identifier: BSD-2-Clause
"""tools/new-board: a board outside the tree, from a device tree to a boot."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "guests.d"))
import machine  # noqa: E402
import store  # noqa: E402


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, **more)


@pytest.fixture(name="tree", scope="module")
def tree_fixture(tmp_path_factory):
    """Function: the device tree of a QEMU machine."""
    def tree(name):
        path = tmp_path_factory.mktemp("dtb") / "machine.dtb"
        done = run(machine.QEMU, "-machine", f"{name},dumpdtb={path}", "-smp", 4,
                   "-display", "none", "-bios", "none")
        assert path.exists(), done.stderr
        return path
    return tree


def new_board(dtb, folder):
    return run(ROOT / "tools/new-board", dtb, "--vendor", "acme", "--board", "rocket",
               "--dir", folder)


@pytest.mark.parametrize("name", ("virt", "virt,aclint=on"))
def test_board_outside_the_tree_boots(name, tree, tmp_path):
    """Skeleton, EXTERNAL= build, OpenSBI's banner under the monitor: no hand needed."""
    folder, out = tmp_path / "outside", tmp_path / "build"
    made = new_board(tree(name), folder)
    assert made.returncode == 0, made.stderr
    done = run("make", "-s", "-j2", "-C", ROOT, f"O={out}", f"EXTERNAL={folder}",
               "rocket_defconfig", "all")
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        firmware = store.path_of("opensbi-1.6/fw_dynamic.bin")
    except store.GuestError as err:
        pytest.skip(str(err))
    image = machine.bundle(out, firmware, "opensbi-1.6")
    command = [machine.QEMU, "-machine", name, "-smp", "4", "-display", "none", "-monitor",
               "none", "-serial", "stdio", "-bios", str(image)]
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect(r"Boot HART MEDELEG"), console.text
        assert re.search(r"Cordon \S+ on riscv-virtio,qemu", console.text)
        assert not re.search(r"\] (error|warning)", console.text), console.text


def test_facts_of_spike(tree, tmp_path):
    made = new_board(tree("spike"), tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "boards/acme/rocket/board.c").read_text()
    assert "UART_HTIF" in text and "0x1000000," in text and "timebase\t= 10000000" in text


def test_refuses(tree, tmp_path):
    bad = tmp_path / "bad.dtb"
    bad.write_bytes(b"no tree at all")
    made = new_board(bad, tmp_path / "x")
    assert made.returncode == 1 and "bad magic" in made.stderr
    bad.write_bytes(tree("virt").read_bytes()[:1000])
    made = new_board(bad, tmp_path / "x")
    assert made.returncode == 1 and "truncated" in made.stderr
    assert not (tmp_path / "x").exists()


def test_does_not_overwrite(tree, tmp_path):
    dtb = tree("virt")
    assert new_board(dtb, tmp_path).returncode == 0
    made = new_board(dtb, tmp_path)
    assert made.returncode == 1 and "exists already" in made.stderr
