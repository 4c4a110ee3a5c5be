#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Links between documents resolve.
. "$(dirname "$0")/lib.sh"

files '*.md' | while read -r f; do
	grep -oE '\]\([^)#: ]+' "$f" | sed 's/^](//' | sort -u | while read -r target; do
		if [ ! -e "$(dirname "$f")/$target" ]; then
			echo "$f: link to $target, which is not there"
		fi
	done || true
done | findings
