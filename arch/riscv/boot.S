/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset: every hart enters here, at the load address of the image. The boot
 * hart asks boot_place() for the monitor's home, copies the image there and
 * continues in monitor_main(). The others wait in the loaded image until it
 * releases them. a0, a1 and a2 belong to the firmware and are kept in s1, s2
 * and s3. No memory is touched before the lottery, and only the image before
 * boot_place().
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>

	.section .header, "ax"
	.option	push
	.option	norvc
	.option	norelax
	j	_start
	nop
	.option	pop
	.ascii	"CORDON\0\1"

	/*
	 * This stands here, because link-time optimisation ignores what a linker
	 * script says.
	 */
	.section .header.board, "a"
	.dword	board - image_start

	.section .text.boot, "ax"
LOCAL(_start)
	csrw	mie, zero
	/*
	 * After reset a hart with Smdbltrp (MDT) or Smrnmi (NMIE) cannot take
	 * ordinary traps. A hart without mnstatus traps to the label and
	 * continues there.
	 */
	li	t0, MSTATUS_MDT | MSTATUS_MPRV | MSTATUS_MIE
	csrc	mstatus, t0
	lla	t0, 1f
	csrw	mtvec, t0
	csrsi	NUM_mnstatus, MNSTATUS_NMIE
	.balign	4
1:	lla	t0, boot_stop
	csrw	mtvec, t0
	li	tp, 0			/* no struct hart yet; C checks tp */
	mv	s1, a0
	mv	s2, a1
	mv	s3, a2
	lla	s0, image_start
	lla	t0, boot_lottery
	li	t1, 1
	amoadd.w.aqrl t1, t1, (t0)
	bnez	t1, wait_for_release

	lla	sp, boot_stack_top
	lla	t0, boot_fault
	csrw	mtvec, t0
#ifdef CONFIG_MEASURE
	call	boot_measure
#endif
	mv	a0, s0
	call	relocate
	csrr	a0, mhartid
	mv	a1, s2
	mv	a2, s3
	call	boot_place
	beqz	a0, boot_stop
	mv	s4, a0
	mv	s5, a1

	/* Copy the image home and relocate it there. */
	lla	t0, image_start
	lla	t1, image_end
	mv	t2, s4
1:	ld	t3, (t0)
	sd	t3, (t2)
	addi	t0, t0, 8
	addi	t2, t2, 8
	bltu	t0, t1, 1b
	mv	a0, s4
	call	relocate
	fence	rw, rw
	fence.i

	lla	t0, at_home
	sub	t0, t0, s0
	add	t0, t0, s4
	jr	t0
at_home:
	lla	t0, boot_fault
	csrw	mtvec, t0
	mv	sp, s5
	mv	a0, s1
	mv	a1, s2
	mv	a2, s3
	mv	a3, s0
	call	monitor_main
	j	boot_stop
END(_start)

	/*
	 * The other harts wait here, in the loaded image. Each sets its bit in
	 * boot_waiting.
	 */
LOCAL(wait_for_release)
	csrr	t0, mhartid
	srli	t1, t0, 5
	li	t2, BOOT_WAITING_WORDS
	bgeu	t1, t2, 1f
	slli	t1, t1, 2
	lla	t2, boot_waiting
	add	t1, t1, t2
	li	t2, 1
	sllw	t2, t2, t0
	amoor.w.aqrl zero, t2, (t1)
1:	lla	t0, boot_release
	li	t1, MIP_MSIP
	csrw	mie, t1
2:	ld	t1, (t0)
	bnez	t1, 3f
	wfi
	j	2b
3:	csrw	mie, zero
	fence	r, rw
	fence.i
	jr	t1
END(wait_for_release)

/*
 * The same harts in the home: find the struct hart. Stop for good if there is
 * none: a hart that the tree does not list and that arrived late.
 */
FUNC(boot_secondary)
	lla	t0, boot_stop
	csrw	mtvec, t0
	lla	t0, boot_left
	li	t1, 1
	amoadd.w.aqrl zero, t1, (t0)
	csrr	t1, mhartid
	lla	t2, harts
	lla	t3, nr_harts
	lwu	t3, (t3)
1:	beqz	t3, boot_stop
	ld	a3, (t2)
	lwu	t4, HART_ID(a3)
	beq	t4, t1, 2f
	addi	t2, t2, 8
	addi	t3, t3, -1
	j	1b
2:	ld	sp, HART_STACK_TOP(a3)
	mv	a0, s1
	mv	a1, s2
	mv	a2, s3
	call	monitor_secondary
END(boot_secondary)

/* Report a trap of the boot hart from before it has a struct hart, and stop. */
LOCAL(boot_fault)
	lla	t0, boot_stop
	csrw	mtvec, t0
	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	andi	sp, sp, -16
	call	boot_trapped
	j	boot_stop
END(boot_fault)

/*
 * bool boot_try(addr): true if the word at addr holds what is written to it.
 * Restores the word. An access that traps counts as false.
 */
FUNC(boot_try)
	csrr	t0, mtvec
	lla	t1, 1f
	csrw	mtvec, t1
	mv	t1, a0
	li	a0, 0
	ld	t2, (t1)
	not	t3, t2
	sd	t3, (t1)
	fence	rw, rw
	ld	t4, (t1)
	sd	t2, (t1)
	fence	rw, rw
	ld	t5, (t1)
	xor	t4, t4, t3
	xor	t5, t5, t2
	or	t4, t4, t5
	seqz	a0, t4
	.balign	4
1:	csrw	mtvec, t0
	ret
END(boot_try)

/* mtvec needs 4-byte alignment. */
LOCAL(boot_stop)
	csrw	mie, zero
1:	wfi
	j	1b
END(boot_stop)

/*
 * Apply the R_RISCV_RELATIVE relocations of the copy of the image at a0, to run
 * it at a0. Repeatable, because the table holds the addends.
 */
LOCAL(relocate)
	lla	t0, image_start
	lla	t1, rela_start
	lla	t2, rela_end
	sub	t1, t1, t0
	sub	t2, t2, t0
	add	t1, t1, a0
	add	t2, t2, a0
1:	bgeu	t1, t2, 3f
	ld	t3, 8(t1)		/* r_info */
	li	t4, 3			/* R_RISCV_RELATIVE */
	bne	t3, t4, boot_stop
	ld	t3, 0(t1)		/* r_offset */
	ld	t4, 16(t1)		/* r_addend */
	add	t3, t3, a0
	add	t4, t4, a0
	sd	t4, (t3)
	addi	t1, t1, 24
	j	1b
3:	ret
END(relocate)

	.section .data.boot, "aw"
	.balign	16
	.globl	boot_data_start, boot_data_end
boot_data_start:
	.skip	BOOT_STACK_SIZE
boot_stack_top:
	.globl	boot_release, boot_waiting, boot_lottery, boot_left
boot_release:
	.dword	0
boot_waiting:
	.skip	4 * BOOT_WAITING_WORDS
boot_lottery:
	.word	0
boot_left:
	.word	0
	.balign	8
boot_data_end:
