#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Spelling, by codespell's list of common mistakes. Names of registers are ignored, as
# are the false positives below.
. "$(dirname "$0")/lib.sh"

if ! command -v codespell >/dev/null; then
	echo "codespell is not installed: tools/setup --for lint"
	exit 77
fi
words=hart,harts,useed,sie,stip,synopsys,fpr,whats,fro,statics,bu,busses
files '*' | grep -vE '\.(csv|svg)$|^LICENSE$|packages\.tsv$' |
	xargs codespell --ignore-words-list "$words" \
		--ignore-regex "\b[A-Z0-9_]+\b" | findings
