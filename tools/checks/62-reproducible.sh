#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same sources give the same bytes in another folder, so that anybody can check an
# image against them.
. "$(dirname "$0")/lib.sh"

work=$LINT_BUILD/reproducible
rm -rf "$work"
mkdir -p "$work/some/where"
files '*' | tar -cf - -T - | tar -xf - -C "$work/some/where"
# Without git, like a tarball of make dist.
tools/version >"$work/some/where/.version"
make -s O="$work/build" qemu_virt_defconfig all
if [ -d third_party/libfdt ]; then
	mkdir -p "$work/some/where/third_party"
	cp -r third_party/libfdt "$work/some/where/third_party/"
fi
make -s -C "$work/some/where" qemu_virt_defconfig all
for f in cordon.elf cordon.bin; do
	cmp "$work/build/$f" "$work/some/where/build/$f"
done
rm -rf "$work"
