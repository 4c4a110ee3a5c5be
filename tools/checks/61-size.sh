#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Code and constants of the default build stay within 48 KiB: the monitor is
# the part that everybody has to trust, and boards keep it in small memories.
. "$(dirname "$0")/lib.sh"

limit=$((48 * 1024))
make -s O="$LINT_BUILD/size" qemu_virt_defconfig all
size=$(tools/size riscv64-linux-gnu-readelf "$LINT_BUILD/size/cordon.elf")
echo "${size##* } of $limit bytes"
[ "${size##* }" -le $limit ]
