#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Line 1 is the SPDX line (line 2 after #!), so that programs can list licences. The
# next line starts the file's description.
. "$(dirname "$0")/lib.sh"

sources | sort -u | while read -r f; do
	awk -v f="$f" '
	NR == 1 && /^#!/ { shift = 1; next }
	NR == 1 + shift && !/SPDX-License-Identifier: BSD-2-Clause/ {
		print f ":" NR ": no SPDX line with BSD-2-Clause"
		exit
	}
	# tools/qemu/ becomes part of QEMU and follows its style.
	NR == 1 + shift && f ~ /\.c$/ && f !~ /^tools\/qemu\// && !/^\/\/ / {
		print f ":1: want a // comment"
	}
	NR == 1 + shift && f ~ /\.[hS]$/ && !/^\/\* .* \*\/$/ { print f ":1: want a /* */ comment" }
	NR == 2 + shift {
		if (!/^(\/\/|\/\*|#|"""|---)/ && f !~ /policy\.def$|_defconfig$|\.ini$/)
			print f ":" NR ": no sentence that says what the file is for"
		exit
	}' "$f"
done | findings
