# SPDX-License-Identifier: BSD-2-Clause
"""tools/gen-csr-doc: every row of csr.def becomes a row of the document."""

import pathlib
import re
import subprocess

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
CSR_DEF = REPO / "arch" / "riscv" / "include" / "arch" / "csr.def"


def test_all_rows(tmp_path):
    out = tmp_path / "csr.md"
    subprocess.run([REPO / "tools" / "gen-csr-doc", "--cc", "gcc", "-o", out],
                   check=True)
    text = out.read_text()
    names = re.findall(r"^CSR_[A-Z]+\((\w+),",
                       CSR_DEF.read_text(), re.MULTILINE)
    assert names == re.findall(r"^\| 0x\S+ \| (\w+) \|", text, re.MULTILINE)
    assert "| 0x341 | mepc | virtual |  | all but bit 0 |" in text
    assert "| 0x3b0-0x3ef | pmpaddr | other state |  |  |" in text


def test_wrong_compiler(tmp_path):
    done = subprocess.run([REPO / "tools" / "gen-csr-doc", "--cc", "false",
                           "-o", tmp_path / "x"], capture_output=True,
                          text=True, check=False)
    assert done.returncode and "cannot read" in done.stderr
