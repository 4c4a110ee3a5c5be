#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A function in core/hart/timer.c is declared in <cordon/timer.h>, so that readers find
# it without a search. The same for arch/riscv/pmp.c and <arch/pmp.h>, for
# policies/protect/lock.c and lock.h beside it, and for drivers/reset/*.c and
# <drivers/reset.h>. The build declares functions that a row CALL() of policy.def names.
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

files 'core/*.c' 'arch/*.c' 'policies/*.c' 'drivers/*.c' | while read -r f; do
	folder=$(dirname "$f")
	name=$(basename "$f" .c)
	rows=/dev/null
	case $f in
	core/crypto/*) h=core/include/cordon/crypto.h ;;
	core/boot/main.c) continue ;;	# called by boot.S alone
	*/asm-offsets.c) continue ;;	# compiled for its constants
	core/*) h=core/include/cordon/$name.h ;;
	arch/*) h=$folder/include/arch/$name.h ;;
	drivers/*) h=drivers/include/drivers/$(basename "$folder").h ;;
	policies/*) h=$folder/$name.h rows=$folder/policy.def ;;
	esac
	case $f in core/*)
		if [ ! -f "$h" ]; then
			echo "$f: has no $h"
			continue
		fi
	esac
	awk "$defined" "$f" | while read -r line function; do
		if ! grep -qE "\\b$function\\(" "$h" 2>/dev/null &&
		   ! grep -qE "^CALL\\(.*\\b$function\\)" "$rows"; then
			echo "$f:$line: $function() is not in $h"
		fi
	done
done | findings
