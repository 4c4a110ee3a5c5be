#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No #if CONFIG_ in .c files: IS_ENABLED() keeps disabled code compiling, and a Makefile
# can leave out a whole file.
. "$(dirname "$0")/lib.sh"

monitor_c | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*(el)?if(n?def)?\b.*CONFIG_' | findings
