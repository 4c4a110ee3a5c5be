#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No #if on CONFIG_ in .c files: IS_ENABLED() keeps the code that is off
# compiling, and a file of its own can be left out by its Makefile.
. "$(dirname "$0")/lib.sh"

monitor_c | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*(el)?if(n?def)?\b.*CONFIG_' | findings
