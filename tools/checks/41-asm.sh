#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No inline assembly outside arch/: the same files are compiled for the host to
# be tested there.
. "$(dirname "$0")/lib.sh"

{ monitor_c; monitor_h; } | grep -v '^arch/' |
	xargs -r grep -nE '\b(__)?asm(__)?[[:space:]]*(volatile|goto)?[[:space:]]*\(' | findings
