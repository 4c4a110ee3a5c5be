#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Functions have at most 60 lines: a longer one does two things. A function's braces are
# alone in column 1, which distinguishes them from all others.
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
