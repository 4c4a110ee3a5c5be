#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Line 1 is the SPDX line (line 2 after #!), so that programs can list licences. The
# next line starts the file's description.
. "$(dirname "$0")/lib.sh"

sources | sort -u | tr '\n' '\0' | xargs -0 awk '
	FNR == 1 { shift = 0; done = 0 }
	done { next }
	FNR == 1 && /^#!/ { shift = 1; next }
	FNR == 1 + shift && !/SPDX-License-Identifier: BSD-2-Clause/ {
		print FILENAME ":" FNR ": no SPDX line with BSD-2-Clause"
		done = 1
		next
	}
	# tools/qemu/ becomes part of QEMU and follows its style.
	FNR == 1 + shift && FILENAME ~ /\.c$/ && FILENAME !~ /^tools\/qemu\// && !/^\/\/ / {
		print FILENAME ":1: want a // comment"
	}
	FNR == 1 + shift && FILENAME ~ /\.[hS]$/ && !/^\/\* .* \*\/$/ {
		print FILENAME ":1: want a /* */ comment"
	}
	FNR == 2 + shift {
		if (!/^(\/\/|\/\*|#|"""|---)/ && FILENAME !~ /policy\.def$|_defconfig$|\.ini$/)
			print FILENAME ":" FNR ": no sentence that says what the file is for"
		done = 1
	}' | findings
