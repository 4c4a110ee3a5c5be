#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# flake8 for Python, for example unused and undefined names. Tabs are allowed, because
# they occur in texts that these programs write.
. "$(dirname "$0")/lib.sh"

if ! /usr/bin/python3 -B -c 'import flake8' 2>/dev/null; then
	echo "flake8 is not installed: tools/setup --for lint"
	exit 77
fi
# shellcheck disable=SC2046 # names without spaces
/usr/bin/python3 -B -m flake8 --isolated --max-line-length 100 --extend-ignore E101,W191 \
	$( (sources | xargs grep -lE '^#!.*python3'; files '*.py') | sort -u)
