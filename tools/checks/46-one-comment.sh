#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A public function has one documentation comment, where it is declared, because two
# would diverge.
. "$(dirname "$0")/lib.sh"

documented='
FNR == 1 { comment = after = 0 }
/\/\*\*/ { comment = 1 }
comment && /\*\// { comment = 0; after = FNR; next }
after && FNR == after + 1 && !/^static/ && match($0, /[a-z_0-9]+\(/) {
	print substr($0, RSTART, RLENGTH - 1) " " FILENAME ":" FNR
}'

{
	files 'core/*.h' 'arch/*.h' 'drivers/*.h' 'policies/*.h' | xargs -r awk "$documented"
	files 'core/*.c' 'arch/*.c' 'drivers/*.c' 'policies/*.c' | xargs -r awk "$documented"
} | awk '
	$1 in seen && $2 ~ /\.c:/ { print $2 ": " $1 "() is documented in " seen[$1] " too" }
	{ seen[$1] = $2 }' | findings
