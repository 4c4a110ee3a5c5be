#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every option is used, and every CONFIG_ name in the sources exists.
. "$(dirname "$0")/lib.sh"

defined=$(files '*Kconfig*' | xargs sed -n 's/^[[:space:]]*config \([A-Z0-9_]*\)$/\1/p' | sort -u)
used=$({ files '*.c' '*.h' '*.S' '*.def' '*Makefile' '*.mk' |
	grep -E '^(arch|core|drivers|policies|boards)/|^tools/build\.mk$' |
	xargs grep -ohE '\bCONFIG_[A-Z0-9_]+' | sed 's/^CONFIG_//' | grep -vx X; } | sort -u)
{
	for name in $defined; do
		case $name in
		# A board's selects, and choices that a default covers.
		*_OPTIONS | BOARD_* | HAVE_* | SOC_* | CC_OPTIMIZE_FOR_PERFORMANCE) continue ;;
		esac
		echo "$used" | grep -qx "$name" || echo "CONFIG_$name: no file uses it"
	done
	for name in $used; do
		case $name in
		*_) pattern="$name.*" ;;	# a macro adds the rest: CONFIG_HAVE_UART_##symbol
		*) pattern=$name ;;
		esac
		echo "$defined" | grep -qx "$pattern" || echo "CONFIG_$name: no Kconfig defines it"
	done
} | findings
