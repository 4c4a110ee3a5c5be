#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Scripts: shellcheck for the shell; Python must at least parse.
. "$(dirname "$0")/lib.sh"

scripts() { sources | sort -u | xargs grep -lE "^#!.*$1" || true; }

rc=0
{ scripts python3; files '*.py'; } | sort -u | tr '\n' '\0' | xargs -0 /usr/bin/python3 -B -c '
import ast
import sys
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as f:
        ast.parse(f.read(), name)' || rc=1
if ! command -v shellcheck >/dev/null; then
	echo "shellcheck is not installed"
	exit $((rc ? rc : 77))
fi
# The first two are about $(...) of apt and make in single quotes, and sourcing.
scripts '/(ba)?sh' | tr '\n' '\0' | xargs -0 shellcheck -x -e SC2016,SC1091 || rc=1
exit $rc
