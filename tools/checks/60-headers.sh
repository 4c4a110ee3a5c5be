#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every header compiles alone, so that no file depends on includes of another.
. "$(dirname "$0")/lib.sh"

make -s O="$LINT_BUILD/headers" header-check
