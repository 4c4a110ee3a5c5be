#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Scripts: shellcheck for the shell; Python must at least parse.
. "$(dirname "$0")/lib.sh"

scripts() { sources | sort -u | xargs grep -lE "^#!.*$1" || true; }

rc=0
for f in $(scripts python3) $(files '*.py'); do
	/usr/bin/python3 -B -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' \
		"$f" || rc=1
done
if ! command -v shellcheck >/dev/null; then
	echo "shellcheck is not installed"
	exit $((rc ? rc : 77))
fi
# The first two are about $(...) of apt and make in single quotes, and sourcing.
for f in $(scripts '/(ba)?sh'); do
	shellcheck -x -e SC2016,SC1091 "$f" || rc=1
done
exit $rc
