# SPDX-License-Identifier: BSD-2-Clause
"""tools/qemu/build: edits that fit or fail, a cache that is not where it was made."""

import importlib.machinery
import importlib.util
import pathlib

import pytest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/qemu/build"


@pytest.fixture(name="tool", scope="module")
def tool_fixture():
    loader = importlib.machinery.SourceFileLoader("qemu_build", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def tree_for(edits, where, change=lambda name, text: text):
    """A source tree that has the texts that are edited, and little else."""
    texts = {}
    for name, old, _, *count in edits.EDITS:
        texts[name] = texts.get(name, "") + (old + "-\n") * (count[0] if count else 1)
    for name, text in texts.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(change(name, text))
    return where


def test_missing_text_stops_the_build(tool, tmp_path):
    edits = tool.edits
    victim = edits.EDITS[0][0]
    tree = tree_for(edits, tmp_path,
                    lambda name, text: text.replace("misa_w", "x") if name == victim else text)
    with pytest.raises(edits.EditError, match="0 times instead of 1"):
        edits.apply(tree)


def test_ambiguous_text_stops_the_build(tool, tmp_path):
    edits = tool.edits
    victim = edits.EDITS[0][0]
    tree = tree_for(edits, tmp_path,
                    lambda name, text: text + text if name == victim else text)
    with pytest.raises(edits.EditError, match="2 times instead of 1"):
        edits.apply(tree)


def test_a_moved_cache_is_configured_anew(tool, tmp_path):
    tree, out = tmp_path / "qemu", tmp_path / "build"
    out.mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    for place, elsewhere in ((tree, False), (tmp_path / "link" / "qemu", False),
                             (tmp_path / "old" / "qemu", True)):
        (out / "build.ninja").write_text(
            f"rule R\n command = /x/meson --internal regenerate {place} .\n")
        assert tool.is_elsewhere(out, tree) == elsewhere


def test_the_key_follows_every_source(tool, tmp_path, monkeypatch):
    here = tmp_path / "qemu"
    (here / "src").mkdir(parents=True)
    (here / "edits.py").write_text("a")
    (here / "src" / "x.c").write_text("b")
    monkeypatch.setattr(tool, "HERE", here)
    before = tool.key()
    assert tool.key() == before
    (here / "src" / "x.c").write_text("c")
    assert tool.key() != before
