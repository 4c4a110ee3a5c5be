# SPDX-License-Identifier: BSD-2-Clause
"""Documentation/writing-a-policy.md lists the functions that a policy may call: all that the
policies of this tree do call, each with its header."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ROOT / "core/include/cordon"
FOR_EVERYBODY = {"string.h", "printf.h", "bits.h"}
COMMENT = re.compile(r"/\*.*?\*/|//.*?$|\"(?:\\.|[^\"\n])*\"", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"^(?!typedef\b|return\b|else\b)\w[\w ]*[ \*]+(\w+)\((?!\()", re.MULTILINE)
MACRO = re.compile(r"^#define\s+([a-z]\w+)\(", re.MULTILINE)


def declared():
    """Return header -> names of its functions, and of macros that look like some."""
    found = {}
    for path in HEADERS.glob("*.h"):
        text = COMMENT.sub("", path.read_text())
        found[path.name] = set(FUNCTION.findall(text)) | set(MACRO.findall(text))
    return found


def listed():
    """Return header -> functions of the table."""
    text = (ROOT / "Documentation/writing-a-policy.md").read_text()
    rows = re.findall(r"^\| `([\w-]+\.h)` \| (.*?) \|", text[text.index("## 7."):], re.MULTILINE)
    return {header: set(re.findall(r"`(\w+)\(\)`", names)) for header, names in rows}


def test_headers_have_what_is_listed():
    found = declared()
    assert {(header, name) for header, names in listed().items() for name in names
            if name not in found[header]} == set()


def test_what_policies_call_is_listed():
    names = {name: header for header, some in declared().items()
             if header not in FOR_EVERYBODY for name in some}
    known = {name for some in listed().values() for name in some}
    unlisted = set()
    for path in (ROOT / "policies").rglob("*.c"):
        for name in re.findall(r"\b([a-z]\w*)\s*\(", COMMENT.sub("", path.read_text())):
            if name in names and name not in known:
                unlisted.add((names[name], name))
    assert unlisted == set()
    assert len(known) > 50
