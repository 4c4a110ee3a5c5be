#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every header compiles alone, so that no file depends on includes of another.
. "$(dirname "$0")/lib.sh"

# A configuration of an older tree could name options that no longer exist.
make -s O="$LINT_BUILD/headers" qemu_virt_defconfig >/dev/null
make -s O="$LINT_BUILD/headers" header-check
