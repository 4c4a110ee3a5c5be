/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ask for system_reset with the type TYPE (SBI 3.0, 10.1). Runs at any address. The
 * first hart asks; if the call returns, it waits.
 */
	.globl	_start
_start:
	li	a7, 0x53525354		/* SRST */
	li	a6, 0
	li	a0, TYPE
	li	a1, 0
	ecall
1:
	wfi
	j	1b
