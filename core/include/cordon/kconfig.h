/* SPDX-License-Identifier: BSD-2-Clause */
/* IS_ENABLED(): a Kconfig symbol as 0 or 1 in C expressions. */
#ifndef CORDON_KCONFIG_H
#define CORDON_KCONFIG_H

#define KCONFIG_ARG_1			0,
#define KCONFIG_SECOND(a, b, ...)	b
#define KCONFIG_PICK(junk_or_zero)	KCONFIG_SECOND(junk_or_zero 1, 0, 0)
#define KCONFIG_PASTE(v)		KCONFIG_PICK(KCONFIG_ARG_##v)
#define KCONFIG_EXPAND(v)		KCONFIG_PASTE(v)

/** 1 if the boolean Kconfig symbol is set to y, 0 if it is n or absent. */
#define IS_ENABLED(option)		KCONFIG_EXPAND(option)

#endif
