/* SPDX-License-Identifier: BSD-2-Clause */
/* The VisionFive 2 (jh7110.dtsi), for the hostile firmware and its victim. */
#define FIRMWARE	0x40000000
#define RAM_END		0x140000000ul
#define BOOT_HART	1		/* hart 0 has no S-mode */
#define FINISHER	0x40300000ul	/* there is none: CASE_AT */
#define PLIC_S_ENABLE	0xc002100ul	/* context 2 */

/* Registers of devices that the firmware must not reach: read or written, they tell. */
#define DEVICES						\
	{ "cache-controller", 0x2010000 },		\
	{ "prefetcher", 0x2030000 },			\
	{ "pmic-bus", 0x120500fc },			\
	{ "flash-controller", 0x13010014 },		\
	{ "clocks", 0x1302001c },			\
	{ "plls", 0x13030018 },				\
	{ "mmc", 0x1601006c },				\
	{ "power-domains", 0x17030080 }
