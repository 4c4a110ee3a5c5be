# SPDX-License-Identifier: BSD-2-Clause
"""An earlier stage left the hart in a state in which PMP cannot isolate: no guest runs."""

import pathlib
import re
import struct
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
DISTANCE = 4 << 20

# Instructions of the stage before the monitor, and the hart.
STAGES = {
    "plain": ((0x00000013,), "rv64"),                           # nop
    # li t0, 4; csrw mseccfg, t0: locked entries can be changed (RLB)
    "mseccfg": ((0x00400293, 0x74729073), "rv64,x-epmp=on"),
    # li t0, 0x80; csrw pmpcfg<n>, t0: entry 0, entry 8 is off, and locked
    "locked0": ((0x08000293, 0x3a029073), "rv64"),
    "locked8": ((0x08000293, 0x3a229073), "rv64"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_refuse(stage, build, tmp_path):
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    words, cpu = STAGES[stage]
    image, chain = tmp_path / "image.bin", tmp_path / "chain.bin"
    firmware = tmp_path / "firmware.bin"
    # lui t0, 0x100; lui t1, 5; addi t1, t1, 0x555; sw t1, 0(t0): power off
    firmware.write_bytes(struct.pack("<5I", 0x001002b7, 0x00005337, 0x55530313,
                                     0x0062a023, 0x0000006f))
    subprocess.run([REPO / "tools/pack-image", "--monitor", build / "cordon.bin",
                    "--firmware", firmware, "-o", image], check=True)
    # auipc t1, 0x400; jr -4 * len(words)(t1)
    jump = (0x00400317, (-4 * len(words) & 0xfff) << 20 | 0x00030067)
    code = struct.pack(f"<{len(words) + 2}I", *words, *jump)
    chain.write_bytes(code.ljust(DISTANCE, b"\0") + image.read_bytes())
    command = ["qemu-system-riscv64", "-M", "virt", "-cpu", cpu, "-m", "128M", "-display",
               "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-bios",
               str(chain)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=20 if stage == "plain" else 5, check=False)
        text, ended = done.stdout.decode(errors="replace"), True
    except subprocess.TimeoutExpired as late:
        text, ended = (late.stdout or b"").decode(errors="replace"), False
    if stage == "plain":
        assert ended, text
        return
    assert not ended, text
    assert re.search(r"error.*earlier stage locked PMP, or set mseccfg", text), text
    assert "error: refused to start: cannot guarantee isolation" in text
    # One sentence is enough: the registers would not help.
    assert "panic" not in text and "mstatus" not in text
