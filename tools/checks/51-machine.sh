#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No paths of the local machine and no package mirrors in the tree; a script asks apt
# for the latter at run time.
. "$(dirname "$0")/lib.sh"

top=$(pwd)
hosts=$(apt-get indextargets --format '$(SITE)' 2>/dev/null |
	sed -nE 's#^[a-z+]+://([^/:]+).*#\1#p' | sort -u | sed 's/[.]/[.]/g' | paste -sd'|' -)
files '*' | xargs -r grep -InE \
	"(^|[^A-Za-z0-9_.])(/home/[a-z]+|/root|$top|$(dirname "$top")/[a-z]+)/${hosts:+|$hosts}" |
	grep -v '^tools/checks/51-' | findings
