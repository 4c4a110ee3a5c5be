/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's virt, for the hostile firmware and its victim. */
#define FIRMWARE	0x80000000
#define RAM_END		0x88000000ul
#define BOOT_HART	0
#define FINISHER	0x100000ul
#define PLIC_S_ENABLE	0xc002080ul	/* context 1 */

/* Registers of devices that the firmware must not reach. */
#define DEVICES		{ "virtio", 0x10001000 }
