#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No white space errors, and no lines over 100 columns, which do not fit side by side in
# a review.
. "$(dirname "$0")/lib.sh"

{ sources; files '*.md'; } | sort -u | while read -r f; do
	awk -v f="$f" '
	function say(what) { print f ":" NR ": " what }
	/[ \t]$/ { say("white space at the end of the line") }
	/\r/ { say("carriage return") }
	/ \t/ && f ~ /\.[chS]$/ { say("space before a tab") }
	# tools/qemu/ becomes part of QEMU and follows its style.
	/^        / && f ~ /\.[chS]$/ && f !~ /^tools\/qemu\// { say("indented with spaces") }
	f !~ /\.(md|def)$/ {
		width = 0
		n = length($0)
		for (i = 1; i <= n; i++)
			width += substr($0, i, 1) == "\t" ? 8 - width % 8 : 1
		if (width > 100)
			say(width " columns")
	}
	END { if (NR && $0 == "") say("empty line at the end of the file") }' "$f"
	if [ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ]; then
		echo "$f: no newline at the end of the file"
	fi
done | findings
