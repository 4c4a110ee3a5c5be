# SPDX-License-Identifier: BSD-2-Clause
"""Damaged input for the packing tools, run in this process: hundreds of tries a second."""

import importlib.machinery
import importlib.util
import pathlib
import random
import sys

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"


def load(name):
    """A tool without .py in its name, as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(TOOLS / name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def damaged(data, count, head=None):
    """
    The data, damaged in @count ways, always the same ones: cut, bits turned, bytes and
    numbers replaced, a piece doubled or left out.
    @head: half of the damage is in this many bytes at the beginning, where sizes are
    """
    rand = random.Random(1)
    for _ in range(count):
        made = bytearray(data)
        reach = rand.choice((head or len(made), len(made)))
        at = rand.randrange(min(reach, len(made)))
        kind = rand.randrange(6)
        if kind == 0:
            del made[at:]
        elif kind == 1:
            for _ in range(rand.choice((1, 1, 1, 2, 8))):
                made[rand.randrange(min(reach, len(made)))] ^= 1 << rand.randrange(8)
        elif kind == 2:
            made[at:at + 4] = rand.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1",
                                           b"\1\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\x10\0"))
        elif kind == 3:
            made[at:at + 8] = rand.randbytes(8)
        elif kind == 4:
            del made[at:at + rand.choice((1, 4, 64, 1000))]
        else:
            made[at:at] = made[at:at + rand.choice((1, 4, 64, 1000))]
        yield bytes(made)


def verdict(tool, arguments, monkeypatch):
    """
    Run a tool's main(): None if it did its work, or the sentence that it ended with.
    Anything else, a traceback for the user, is passed on.
    """
    monkeypatch.setattr(sys, "argv", [tool.__name__, *map(str, arguments)])
    try:
        tool.main()
    except SystemExit as end:
        if end.code is None or end.code == 0:
            return None
        assert isinstance(end.code, str), f"status {end.code} without a sentence"
        return end.code
    return None
