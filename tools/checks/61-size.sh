#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Code and constants of the default build stay within the budget of
# tools/checks/size-budget: the monitor is the part that everybody has to trust,
# so it grows on purpose, with a reason, and never unnoticed.
. "$(dirname "$0")/lib.sh"

limit=$(awk '/^[0-9]/ { n = $1 } END { print n }' tools/checks/size-budget)
make -s O="$LINT_BUILD/size" qemu_virt_defconfig all
size=$(tools/size riscv64-linux-gnu-readelf "$LINT_BUILD/size/cordon.elf")
echo "${size##* } of $limit bytes"
[ "${size##* }" -le "$limit" ]
