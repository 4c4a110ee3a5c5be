#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Code and constants of the default build stay within tools/checks/size-budget.
# Everybody has to trust the monitor, so it grows only on purpose and with a reason.
. "$(dirname "$0")/lib.sh"

limit=$(awk '/^[0-9]/ { n = $1 } END { print n }' tools/checks/size-budget)
make -s O="$LINT_BUILD/size" qemu_virt_defconfig all
size=$(tools/size riscv64-linux-gnu-readelf "$LINT_BUILD/size/cordon.elf")
echo "${size##* } of $limit bytes"
[ "${size##* }" -le "$limit" ]
