/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware with SBI's set_timer and nothing else, and a payload that waits for five
 * ticks, one each millisecond. With BUG defined, it does what Documentation/tracing.md
 * looks for.
 */
#define UART		0x10000000
#define MTIMECMP	0x2004000
#define MTIE		0x80
#define STI		0x20
#define EXT_TIME	0x54494d45

.macro FUNCTION name
	.globl	\name
	.type	\name, @function
\name:
.endm

	.option	norvc
FUNCTION _start
	csrr	t0, mhartid
	bnez	t0, park
	lla	t0, trap_entry
	csrw	mtvec, t0
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	li	t0, STI
	csrw	mideleg, t0
	li	t0, 2
	csrw	mcounteren, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	li	t0, 0x800
	csrs	mstatus, t0
	lla	t0, payload
	csrw	mepc, t0
	mret
	.size	_start, . - _start

	.balign	4
FUNCTION trap_entry
	csrr	t0, mcause
	bltz	t0, timer_interrupt
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	li	t0, EXT_TIME
	beq	a7, t0, set_timer
	li	a0, -2
	mret
	.size	trap_entry, . - trap_entry

/* SBI: this clears a pending timer interrupt, too. */
FUNCTION set_timer
	li	t0, MTIMECMP
	sd	a0, (t0)
	li	t0, MTIE
	csrs	mie, t0
#ifndef BUG
	li	t0, STI
	csrc	mip, t0
#endif
	li	a0, 0
	li	a1, 0
	mret
	.size	set_timer, . - set_timer

FUNCTION timer_interrupt
	li	t0, MTIE
	csrc	mie, t0
	li	t0, STI
	csrs	mip, t0
	mret
	.size	timer_interrupt, . - timer_interrupt

FUNCTION payload
	lla	t0, tick
	csrw	stvec, t0
	li	s0, 5
	rdtime	s1
	call	next_tick
	li	t0, STI
	csrs	sie, t0
	csrsi	sstatus, 2
1:	bnez	s0, 1b
	lla	s1, text
	li	s2, UART
2:	lbu	t0, (s1)
	beqz	t0, 3f
	sb	t0, (s2)
	addi	s1, s1, 1
	j	2b
	/* Spin: with -icount QEMU may not answer its monitor while all harts are in wfi. */
3:	j	3b

FUNCTION park
	wfi
	j	park

/* In a millisecond from the last. */
FUNCTION next_tick
	li	t0, 10000
	add	s1, s1, t0
	mv	a0, s1
	li	a7, EXT_TIME
	li	a6, 0
	ecall
	ret

	.balign	4
FUNCTION tick
	addi	s0, s0, -1
	beqz	s0, 1f
	call	next_tick
	sret
1:	csrci	sstatus, 2
	li	t0, STI
	csrc	sie, t0
	sret

text:	.asciz	"DONE\n"
