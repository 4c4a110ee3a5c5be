#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Layering. <arch/...> headers include nothing of the monitor but types, bits and the
# compiler, so that they can be tested and reused alone. Drivers' headers may also
# include the board. The core names no board and no policy.
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
