#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No inline assembly outside of arch/, because the other files are also compiled for the
# host and tested there.
. "$(dirname "$0")/lib.sh"

{ monitor_c; monitor_h; } | grep -v '^arch/' |
	xargs -r grep -nE '\b(__)?asm(__)?[[:space:]]*(volatile|goto)?[[:space:]]*\(' | findings
