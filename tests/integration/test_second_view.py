# SPDX-License-Identifier: BSD-2-Clause
"""Machines with an undeclared alias of the monitor's memory."""

import pathlib
import re
import subprocess
import sys

import pytest

import test_boards
from test_boards import monitor  # noqa: F401, pylint: disable=unused-import

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "boardlib"))
import devtree  # noqa: E402
import facts  # noqa: E402

machine = test_boards.machine
# Debian's QEMU suffices, because the test does not go beyond the monitor.
ICICLE = test_boards.Board("microchip_icicle", test_boards.stock,
                           "-M microchip-icicle-kit -smp 5 -m 3G", dtb="mpfs-icicle-kit.dtb",
                           prefix=("-serial", "null"))
BOARDS = {board.config: (board, view) for board, view in (
    (ICICLE, 0xc0000000), (test_boards.VISIONFIVE2, 0x440000000),
    (test_boards.P550, 0xc000000000))}


def rename(root, known):
    """Rename the SoC in all nodes to unknown names."""
    for _, node in root.walk():
        words = node.strings("compatible")
        new = ["acme,x" if word.startswith(tuple(known)) else word for word in words]
        if words != new:
            node.props["compatible"] = b"".join(word.encode() + b"\0" for word in new)


def boot(board, monitor_bin, root, reserved, tmp_path, until):
    """Return the console of the machine, up to a pattern, with a changed tree packed in."""
    dtb, image = tmp_path / "changed.dtb", tmp_path / "image.bin"
    dtb.write_bytes(devtree.flatten(root, reserved))
    subprocess.run([ROOT / "tools/pack-image", "--monitor", monitor_bin, "--firmware",
                    test_boards.guest(f"{board.firmware}/fw_dynamic.bin"), "--fdt", dtb, "-o",
                    image], check=True)
    command = test_boards.bare_command(board, image)
    # With a payload QEMU's Icicle Kit starts in DRAM instead of the flash of its first
    # stage.
    command += ["-kernel", str(dtb)] if board is ICICLE else []
    with machine.Console(command, 60, echo=False) as console:
        assert console.expect(until), console.text
        return console.text.replace("\r", "")


def tree(board):
    root, reserved = devtree.parse(test_boards.guest(f"dtb-sid/{board.dtb}").read_bytes())
    if not any(node.text("device_type") == "memory" for node in root.children):
        # Load it like its loader.
        node = devtree.Node("memory@80000000")
        node.props.update(device_type=b"memory\0", reg=(0x80000000).to_bytes(8, "big") +
                          (4 << 30).to_bytes(8, "big"))
        root.children.append(node)
    return root, reserved


@pytest.mark.parametrize("name", BOARDS)
def test_unknown_soc_is_probed_for_an_alias(name, monitor, tmp_path):  # noqa: F811
    """With an unknown SoC, the monitor finds its own word through the alias."""
    board, view = BOARDS[name]
    root, reserved = tree(board)
    rename(root, facts.ALIASED)
    text = boot(board, monitor("generic"), root, reserved, tmp_path,
                rf"memory has an alias at [0-9a-f]{{{len(f'{view:x}')},}}|OpenSBI v")
    found = re.search(r"memory has an alias at ([0-9a-f]+)", text)
    assert found and "OpenSBI" not in text, text
    assert view <= int(found[1], 16) < view + (8 << 30), text


@pytest.mark.parametrize("name", BOARDS)
def test_soc_is_known_by_a_device(name, monitor, tmp_path):  # noqa: F811
    """The root's name is unknown, but a device's is known."""
    board, _ = BOARDS[name]
    root, reserved = tree(board)
    root.props["compatible"] = b"acme,rocket\0"
    text = boot(board, monitor("generic"), root, reserved, tmp_path, r"has an alias|OpenSBI v")
    assert "OpenSBI" not in text, text
