/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload in S-mode: SBI calls and traps, each in a loop of its own. */

#include "loop.inc"

#define SBI_BASE	0x10
#define SBI_TIME	0x54494d45
#define SBI_IPI		0x735049
#define SBI_RFENCE	0x52464e43
#define SBI_CORDON	0x08434f52

#define FENCE_I		0
#define SFENCE_VMA	1

#define SIP_SSIP	(1 << 1)
#define SIP_STIP	(1 << 5)

	ENTRY_CODE bench_main

	.text

/* Set the arguments of a call anew in each round, as a caller would. */

	.macro	ARGS ext, fid, a0, a1, a2=0, a3=0
	li	a0, \a0
	li	a1, \a1
	li	a2, \a2
	li	a3, \a3
	li	a6, \fid
	li	a7, \ext
	.endm

	.macro	SBI_LOOP name, ext, fid, a0, a1, a2=0, a3=0
	FUNC	loop_\name
	LOOP
	ARGS	\ext, \fid, \a0, \a1, \a2, \a3
	ecall
	ENDLOOP

	FUNC	empty_\name
	LOOP
	ARGS	\ext, \fid, \a0, \a1, \a2, \a3
	ENDLOOP
	.endm

	SBI_LOOP spec_version, SBI_BASE, 0, 0, 0
	SBI_LOOP timer_off, SBI_TIME, 0, -1, 0
	SBI_LOOP fence_i, SBI_RFENCE, FENCE_I, 1, 0
	SBI_LOOP sfence_vma, SBI_RFENCE, SFENCE_VMA, 1, 0, 0, 0

	FUNC	loop_empty
	LOOP
	ENDLOOP

/*
 * Send to self until SSIP is pending, then clear it. The empty loop also has
 * the test and branch after reading sip, because a caller needs one read.
 */
	FUNC	loop_ipi
	LOOP
	ARGS	SBI_IPI, 0, 1, 0
	ecall
2:	csrr	t0, sip
	andi	t0, t0, SIP_SSIP
	beqz	t0, 2b
	csrci	sip, SIP_SSIP
	ENDLOOP

	FUNC	empty_ipi
	LOOP
	ARGS	SBI_IPI, 0, 1, 0
	andi	t0, t5, -1
	beqz	t0, 1b
	ENDLOOP

/* A deadline of now, until STIP is pending; the next call clears it. */
	FUNC	loop_timer_now
	LOOP
	ARGS	SBI_TIME, 0, 0, 0
	rdtime	a0
	ecall
2:	csrr	t0, sip
	andi	t0, t0, SIP_STIP
	beqz	t0, 2b
	ENDLOOP

	FUNC	empty_timer_now
	LOOP
	ARGS	SBI_TIME, 0, 0, 0
	rdtime	a0
	andi	t0, t5, -1
	beqz	t0, 1b
	ENDLOOP

	FUNC	loop_time
	LOOP
	rdtime	t0
	ENDLOOP

	FUNC	loop_misaligned
	la	t4, misaligned_data + 1
	LOOP
	ld	t0, 0(t4)
	ENDLOOP

/*
 * QEMU never traps misaligned accesses, except lr, which a monitor with
 * OFFLOAD_DEBUG serves on the same path as a load.
 */
	FUNC	loop_marked
	la	t4, misaligned_data + 1
	LOOP
	lr.d	t0, (t4)
	ENDLOOP

/* True if the monitor supports the marker. ulong has_marker(void) */
	.globl	has_marker
has_marker:
	ARGS	SBI_BASE, 3, SBI_CORDON, 0
	ecall
	beqz	a1, 1f
	ARGS	SBI_CORDON, 4, 0, 0
	ecall
	andi	a0, a1, 1
	ret
1:	li	a0, 0
	ret

	.bss
	.balign	8
misaligned_data:
	.space	16
