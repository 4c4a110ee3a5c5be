#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No white space errors, and no lines over 100 columns, which do not fit side by side in
# a review.
. "$(dirname "$0")/lib.sh"

texts() { { sources; files '*.md'; } | sort -u | tr '\n' '\0'; }

{
texts | xargs -0 awk '
	function say(what) { print FILENAME ":" FNR ": " what }
	function last_line() {
		if (file != "" && lines && last == "")
			print file ": empty line at the end of the file"
	}
	FNR == 1 { last_line(); file = FILENAME }
	{ last = $0; lines = FNR }
	/[ \t]$/ { say("white space at the end of the line") }
	/\r/ { say("carriage return") }
	/ \t/ && FILENAME ~ /\.[chS]$/ { say("space before a tab") }
	# tools/qemu/ becomes part of QEMU and follows its style.
	/^        / && FILENAME ~ /\.[chS]$/ && FILENAME !~ /^tools\/qemu\// {
		say("indented with spaces")
	}
	# A line that is short even if each tab is eight columns needs no look.
	FILENAME !~ /\.(md|def)$/ && length($0) + 7 * gsub(/\t/, "&") > 100 {
		width = 0
		n = length($0)
		for (i = 1; i <= n; i++)
			width += substr($0, i, 1) == "\t" ? 8 - width % 8 : 1
		if (width > 100)
			say(width " columns")
	}
	END { last_line() }'
texts | xargs -0 /usr/bin/python3 -c '
import sys
for name in sys.argv[1:]:
    with open(name, "rb") as f:
        text = f.read()
    if text and not text.endswith(b"\n"):
        print(f"{name}: no newline at the end of the file")'
} | findings
