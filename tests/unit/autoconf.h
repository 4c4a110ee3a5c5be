/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration of host unit tests; replaces the generated autoconf.h. A test
 * that needs another value sets it in the Makefile: x-test-cflags :=
 * -DCONFIG_MAX_PMP=8 (and for a boolean that is y here: -DTEST_NO_STACK_GUARD).
 */
#ifndef UNIT_AUTOCONF_H
#define UNIT_AUTOCONF_H

#define CONFIG_BOARD_QEMU_VIRT 1

#ifndef CONFIG_BOARD_DIR
#define CONFIG_BOARD_DIR "qemu/virt"
#endif
#ifndef CONFIG_NR_HARTS_MAX
#define CONFIG_NR_HARTS_MAX 64
#endif
#ifndef CONFIG_MAX_PMP
#define CONFIG_MAX_PMP 64
#endif
#ifndef CONFIG_VPMP_ENTRIES
#define CONFIG_VPMP_ENTRIES 0
#endif
#ifndef CONFIG_ENCLAVES_MAX
#define CONFIG_ENCLAVES_MAX 16
#endif
#ifndef CONFIG_MAX_VLEN
#define CONFIG_MAX_VLEN 256
#endif
#define CONFIG_STACK_FOR_VERIFY 0
#ifndef CONFIG_STACK_SIZE
#define CONFIG_STACK_SIZE 8192
#endif
#ifndef CONFIG_LOG_UART
#define CONFIG_LOG_UART 0
#endif
#ifndef CONFIG_LOG_LEVEL
#define CONFIG_LOG_LEVEL 3
#endif
#ifndef TEST_NO_STACK_GUARD
#define CONFIG_STACK_GUARD 1
#endif

#endif
