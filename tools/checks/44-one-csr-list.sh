#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# CSRs are listed only in arch/riscv/include/arch/csr.def, because lists kept in step by
# hand diverge. A heuristic: it finds definitions of CSR numbers elsewhere, and files
# with many cases of CSR names or numbers. Assembly takes causes and fields from
# asm-offsets.c, and encodings from insn.def and arch/opcode.h, so it defines none of
# its own. Numbers of custom CSRs (Priv. 2.1: 0x8xx, 0x7c0 and the like) are no rows.
. "$(dirname "$0")/lib.sh"

monitor_s() { files '*.S' | grep -E '^(arch|policies|boards)/'; }

{ monitor_c; monitor_h; monitor_s; } | sort -u | while read -r f; do
	awk -v f="$f" '
	/#[ \t]*define[ \t]+CSR_[a-zA-Z0-9_]+[ \t]+(0x)?[0-9a-fA-F]+u?l*[ \t]*$/ {
		print f ":" NR ": defines a CSR number"
	}
	f ~ /\.S$/ && /#[ \t]*define[ \t]+(CAUSE|M?STATUS|MIP|MIE|MODE)_[A-Z0-9_]+[ \t]+[0-9(]/ {
		print f ":" NR ": defines a constant that asm-offsets.c has, or should have"
	}
	f ~ /\.S$/ && /#[ \t]*define[ \t]+(OPCODE|FUNCT[357])_[A-Z0-9_]+[ \t]+[0-9]/ {
		print f ":" NR ": defines a constant that arch/opcode.h has, or should have"
	}
	f ~ /\.S$/ && /\.(word|insn)[ \t].*0x[0-9a-f][0-9a-f][0-9a-f]/ {
		print f ":" NR ": an instruction by its number"
	}
	f ~ /\.S$/ && /^[^#]*[ \t]csr[rwsci]+[ \t].*0x[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][ \t,]*/ {
		print f ":" NR ": a CSR by its number"
	}
	f !~ /\.c$/ && f ~ /^(arch|policies)\// &&
	/#[ \t]*define[ \t]+[A-Za-z0-9_]+[ \t]+0x[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]([ \t]|$)/ &&
	!/0x(8|[5679a-fA-F][c-fC-F])/ {
		print f ":" NR ": defines a number that may be the one of a standard CSR"
	}
	/^[ \t]*CSR_[a-z0-9_]+[ \t]*=[ \t]*0x/ { print f ":" NR ": defines a CSR number" }
	/case[ \t]+(CSR_[a-z0-9_]+|0x[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F])[ \t]*:/ { cases++ }
	END {
		if (cases > 8)
			print f ": " cases " cases of CSRs look like a second list"
	}' "$f"
done | findings
