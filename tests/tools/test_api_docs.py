# SPDX-License-Identifier: BSD-2-Clause
"""tools/gen-api-docs: each function is in the reference, or the build of it fails."""

import pathlib
import re
import shutil
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent

HEADER = """\
/* SPDX-License-Identifier: BSD-2-Clause */
/* A made-up device. */
#ifndef CORDON_DEVICE_H
#define CORDON_DEVICE_H

/**
 * Turn device @index on or off.
 * Return: 0, or -EINVAL
 */
int device_on(int index);
int device_off(int index);
{more}
#endif
"""


@pytest.fixture(name="document")
def document_fixture(tmp_path):
    """document(more lines of the header) -> the finished process and the HTML as text."""
    for name in ("tools/gen-api-docs", "tools/doxygen-filter", "tools/version",
                 "Documentation/Doxyfile", "VERSION"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPO / name, tmp_path / name)
    for name in ("core/include", "arch/riscv/include", "drivers/include", "policies"):
        (tmp_path / name).mkdir(parents=True)

    def run(more=""):
        (tmp_path / "core/device.h").write_text(HEADER.format(more=more))
        done = subprocess.run([tmp_path / "tools/gen-api-docs", tmp_path / "out"],
                              capture_output=True, text=True, check=False)
        pages = (tmp_path / "out/html").glob("device_8h.html")
        return done, "".join(re.sub(r"<[^>]*>", "", page.read_text()) for page in pages)
    return run


def test_comment_describes_its_group(document):
    done, text = document()
    assert done.returncode == 0, done.stderr
    assert "A made-up device." in text
    assert text.count("Turn device index on or off.") >= 2
    assert text.count("0, or -EINVAL") == 2


@pytest.mark.parametrize("more, message", [
    ("\nint device_reset(int index);\n", "device.h:13: warning: Member device_reset"),
    ("\n/** \\nonsense */\nint device_reset(int index);\n", "unknown command"),
])
def test_bad_comment_is_an_error(document, more, message):
    done, _ = document(more)
    assert done.returncode != 0
    assert message in done.stderr
