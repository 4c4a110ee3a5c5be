#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Kconfig: every visible option has a help text of at least two sentences, and one that
# can be off says when to say N. Visible options are never selected, defconfigs are as
# savedefconfig writes them, and fragments fit the default board.
. "$(dirname "$0")/lib.sh"

build=$LINT_BUILD/kconfig
kconf() { /usr/bin/python3 -B tools/kconfig/kconf --build "$build" "$@"; }

rc=0
# shellcheck disable=SC2046 # names without spaces
kconf lint $(files 'configs/*_defconfig') || rc=1
for f in configs/fragments/*.config; do
	kconf defconfig qemu_virt_defconfig "${f##*/}" >/dev/null || rc=1
done
if grep -n '^[[:space:]]*select' boards/*/*/Kconfig.name; then
	echo "an entry of the board choice selects: that belongs to the board's Kconfig"
	rc=1
fi
exit $rc
