#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# At most two #if for a thousand lines of C: code that is off is code that no
# compiler reads.
. "$(dirname "$0")/lib.sh"

monitor_c | xargs -r cat | awk '
	/^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)\>/ { n++ }
	END {
		if (n * 1000 > NR * 2) {
			print n " #if in " NR " lines of C"
			exit 1
		}
	}'
