#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# At most two #if per thousand lines of C, because disabled code is not compiled.
. "$(dirname "$0")/lib.sh"

monitor_c | xargs -r cat | awk '
	/^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)\>/ { n++ }
	END {
		if (n * 1000 > NR * 2) {
			print n " #if in " NR " lines of C"
			exit 1
		}
	}'
