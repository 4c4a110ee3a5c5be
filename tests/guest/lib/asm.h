/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the assembly and the C half of the guest runtime. */
#ifndef GUEST_ASM_H
#define GUEST_ASM_H

/* struct frame: x[32], then these */
#define F_SP		256
#define F_EPC		264
#define F_CAUSE		272
#define F_TVAL		280
#define F_STATUS	288
#define F_LEVEL		296
#define F_HART		304
#define F_SIZE		320

/* struct hart: frame m, frame s, then these */
#define H_M		0
#define H_S		F_SIZE
#define H_GUARD_SP	(2 * F_SIZE)
#define H_RET		(2 * F_SIZE + 8)
#define H_SIZE		2048

#define MAX_HARTS	8
#define STACK_SIZE	16384
#define TRAP_STACK_SIZE	4096

/* a7 of the ecall that ends a guarded call in S or U mode */
#define RET_MAGIC	0x5245545552
/* a7 of the ecall by which the S handler hands over to M-mode */
#define ESCAPE_MAGIC	0x4553434150

#endif
