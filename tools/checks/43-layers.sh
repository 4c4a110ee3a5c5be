#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The layers: <arch/...> headers may know of the monitor no more than types,
# bits and the compiler, or nothing of them could be tested or reused alone.
# Nor may headers of drivers, but for the board. The core knows no board and no
# policy by name.
. "$(dirname "$0")/lib.sh"

{
	files 'arch/*/include/arch/*' | xargs -r grep -nE '#[[:space:]]*include <cordon/' |
		grep -vE '<cordon/(types|bits|compiler)\.h>' |
		sed 's/$/  <- an <arch\/> header includes it/'
	monitor_h | grep '^drivers/include/' |
		xargs -r grep -nE '#[[:space:]]*include <cordon/' |
		grep -vE '<cordon/(types|bits|compiler|kconfig|board)\.h>' |
		sed 's/$/  <- a header of a driver includes it/'
	{ files 'core/*.c' 'core/*.h' 'arch/*.c' 'arch/*.h' || true; } |
		xargs -r grep -nE '#[[:space:]]*include ["<].*(boards|policies)/' |
		sed 's/$/  <- the core includes a board or a policy/'
} | findings
