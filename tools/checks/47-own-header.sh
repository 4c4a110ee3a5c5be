#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A function in core/hart/timer.c is declared in <cordon/timer.h>, so that readers find
# it without a search.
. "$(dirname "$0")/lib.sh"

# Functions that are not static: they begin in column 1 and have a body. Macros are not
# examined.
defined='
/\\$/ { next }
/^[a-z]/ && !/^(static|typedef|extern)/ && /\(/ { head = ""; at = FNR; on = 1 }
on { head = head $0 }
on && /;[ \t]*$/ { on = 0 }
/^\{/ && on {
	on = 0
	if (match(head, /[a-z_0-9]+\(/))
		print at " " substr(head, RSTART, RLENGTH - 1)
}'

files 'core/*.c' | while read -r f; do
	name=$(basename "$f" .c)
	case $f in
	core/crypto/*) header=crypto ;;
	core/boot/main.c) continue ;;	# called by boot.S alone
	*) header=$name ;;
	esac
	h=core/include/cordon/$header.h
	if [ ! -f "$h" ]; then
		echo "$f: has no <cordon/$header.h>"
		continue
	fi
	awk "$defined" "$f" | while read -r line function; do
		if ! grep -qE "\\b$function\\(" "$h"; then
			echo "$f:$line: $function() is not in <cordon/$header.h>"
		fi
	done
done | findings
