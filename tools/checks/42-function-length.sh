#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No function of more than 60 lines: one that needs more does two things.
. "$(dirname "$0")/lib.sh"

if ! ctags --version 2>/dev/null | grep -q Universal; then
	echo "universal-ctags is not installed"
	exit 77
fi
{ monitor_c; monitor_h; files 'tests/*.c'; } |
	ctags --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne -f - -L - 2>/dev/null |
	awk -F '\t' '
	{
		line = end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/)
				line = substr($i, 6)
			if ($i ~ /^end:/)
				end = substr($i, 5)
		}
		if (end - line + 1 > 60)
			print $2 ":" line ": " $1 "() has " end - line + 1 " lines"
	}' | findings
