#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No function of more than 60 lines: one that needs more does two things. A
# function's braces are alone in column 1, which tells it from everything else.
. "$(dirname "$0")/lib.sh"

{ monitor_c; monitor_h; files 'tests/*.c' 'tests/*.h'; } | sort -u | while read -r f; do
	awk -v f="$f" '
	/^$/ || /^[#}]/ || /^[A-Z0-9_]+\(.*\)$/ || /\*\/$/ { start = 0 }
	/^[A-Za-z_]/ && !start { start = NR; text = $0 }
	/^\{/ && !open { open = start ? start : NR; name = text }
	/^\}/ && open {
		if (NR - open + 1 > 60) {
			sub(/\(.*/, "()", name)
			sub(/.*[ *]/, "", name)
			print f ":" open ": " name " has " NR - open + 1 " lines"
		}
		open = 0
	}' "$f"
done | findings
