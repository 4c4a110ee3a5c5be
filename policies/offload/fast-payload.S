/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Serve the payload's commonest traps: reads of time and set_timer without C;
 * IPIs, remote fences and calls to the firmware on a shortened path. The
 * results are those of policies/offload and core/sbi/service.c, which serve
 * everything else.
 *
 * This is mtvec while the payload runs, so traps of the monitor itself arrive
 * here too, with tp = mscratch = struct hart. None of the traps served in
 * assembly can be one; trap_other distinguishes the others.
 *
 * Guest registers that are needed are kept in HART_ENTRY_T0 and HART_FAST_*,
 * not in x[], which a trap of the monitor must not change.
 */
#include <arch/asm.h>
#include <arch/saved.h>
#include <generated/asm-offsets.h>
#include <generated/autoconf.h>
#include <generated/offload/asm-offsets.h>


	.section .text.fast, "ax"
	.option	push
	.option	norvc
	.option	norelax

.macro COUNT where, reg
	ld	\reg, \where(tp)
	addi	\reg, \reg, 1
	sd	\reg, \where(tp)
.endm

/* Branch unless t2, sign-extended, is csrr rd, time, which U-mode may read. */
.macro UNLESS_TIME where
	csrr	t0, scounteren
	ld	t1, HART_TIME_MASK(tp)
	andi	t0, t0, COUNTEREN_TM
	and	t1, t1, t2
	beqz	t0, \where
	ld	t0, HART_TIME_MATCH(tp)
	bne	t1, t0, \where
.endm

.macro SERVE_TIME
	ld	t1, HART_TIME_SLOT(tp)
	COUNT	HART_COUNT_TIME, t0
	add	t2, t2, t1
	jr	t2
.endm

.macro VECTOR_BEGIN
	VECTOR_ENTER
	csrr	t0, mcause
	addi	t0, t0, -CAUSE_ILLEGAL_INSN
	bnez	t0, not_illegal
#ifdef CONFIG_OFFLOAD_TIME
	sd	t1, HART_FAST_T1(tp)
	sd	t2, HART_FAST_T2(tp)
	csrrw	t1, mscratch, tp
#else
	j	not_served
#endif
.endm

/* mtvec for a hart with ISA_MTVAL, which has no H. */
FUNC(fast_payload)
	VECTOR_BEGIN
#ifdef CONFIG_OFFLOAD_TIME
	csrr	t2, mtval
	sd	t1, HART_FAST_TP(tp)
	beq	t1, tp, time_not_here	/* it may be the monitor's */
	sext.w	t2, t2
	UNLESS_TIME time_known
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	SERVE_TIME
#endif
END(fast_payload)

/*
 * mtvec for other harts. @strict: it traps misaligned loads. If V = 1, C handles it.
 *
 * For csrr rd, time from S or U-mode: read the instruction as the guest sees
 * it, with MPRV, and MXR because pages may be execute-only. This may fault:
 * then t0 is the guest's, which the vector saves again, t1 its mstatus and t2
 * its pc. This code and struct hart are used before the guest's translation is
 * flushed, so a pc near the monitor is not served here (IF_HOME).
 */
.macro VECTOR name, strict
FUNC(\name)
	VECTOR_BEGIN
#ifdef CONFIG_OFFLOAD_TIME
	csrr	t2, mepc
	sd	t1, HART_FAST_TP(tp)
	IF_HOME	t2, time_not_here, t0
	IF_PAGE_ENDS t2, time_not_here, t0
	ld	t0, HART_ENTRY_T0(tp)
.if \strict
	andi	t1, t2, 2
	bnez	t1, fetch_halves\@
.endif
	addi	t1, t2, 4
	csrw	mepc, t1
	lui	t1, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t1, mstatus, t1
	lw	t2, (t2)
	csrw	mstatus, t1
fetched\@:
	slli	t1, t1, 63 - MSTATUS_MPV_BIT
	bltz	t1, time_slow
	UNLESS_TIME time_slow
	SERVE_TIME

.if \strict
fetch_halves\@:
	lui	t1, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t1, mstatus, t1
	lhu	t2, (t2)
	csrw	mstatus, t1
	sw	t2, HART_INSN(tp)
	csrr	t2, mepc
	lui	t1, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t1, mstatus, t1
	lh	t2, 2(t2)
	csrw	mstatus, t1
	csrr	t0, mepc
	slli	t2, t2, 16
	addi	t0, t0, 4
	csrw	mepc, t0
	lwu	t0, HART_INSN(tp)
	or	t2, t2, t0
	j	fetched\@
.endif
#endif
END(\name)
.endm

fast_payload_start:
	VECTOR	fast_payload_read, 0
	VECTOR	fast_payload_strict, 1
fast_payload_end:

#ifdef CONFIG_OFFLOAD_TIME
	FIXUP	fast_payload_start, fast_payload_end, fast_payload_fault
	/* A load above faulted. */
fast_payload_fault:
	ld	t1, HART_ENTRY_T1(tp)
	li	t0, CAUSE_ILLEGAL_INSN
	csrw	mstatus, t1
	csrw	mepc, t2
	csrw	mcause, t0
	li	t2, 0
	/* mtval is lost; 0 is always legal (Priv. 3.1.16). */
	csrw	mtval, zero
	ld	t0, HART_ISA(tp)
	andi	t0, t0, FAST_ISA_H
	beqz	t0, time_to_c
	csrw	NUM_mtinst, zero
	csrw	NUM_mtval2, zero
	j	time_to_c

	/* A different illegal instruction, or one of the monitor's own. */
time_slow:
	csrr	t0, mepc
	addi	t0, t0, -4
	csrw	mepc, t0
	j	time_known
time_not_here:
	li	t2, 0
	/* t2 is the instruction, or 0 if it was not read. */
time_known:
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bltz	t0, time_from_monitor
#ifdef CONFIG_OFFLOAD_DEBUG
	addi	t0, t2, -DEBUG_MARKER
#ifdef CONFIG_OFFLOAD_MISALIGNED
	beqz	t0, marked
#else
	beqz	t0, time_to_c
#endif
#endif
	/* With V = 1 and for big-endian data, C reads the instruction itself. */
	csrr	t0, mstatus
	ld	t1, unusual_status
	and	t0, t0, t1
	bnez	t0, time_read_in_c
	beqz	t2, time_to_c
	/* May illegal_insn() serve it? The number is in the upper half of the word. */
	srliw	t0, t2, 20
	li	t1, NUM_TIME
	beq	t0, t1, time_to_c
#ifdef CONFIG_OFFLOAD_USER_STATS
	li	t1, USER_STATS_CSR
	beq	t0, t1, time_to_c
#endif
	ld	t0, HART_ILLEGAL(tp)
	beqz	t0, time_to_c
	COUNT	HART_COUNT_ILLEGAL, t1
	ld	t1, HART_FAST_TP(tp)
	ld	t2, HART_FAST_T2(tp)
	csrw	mscratch, t1
	ld	t1, HART_FAST_T1(tp)
	jr	t0
time_read_in_c:
	li	t2, 0
time_to_c:
	sw	t2, HART_INSN(tp)
	ld	t1, HART_FAST_T1(tp)
	ld	t2, HART_FAST_T2(tp)
	ld	t0, HART_FAST_TP(tp)
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	sd	t0, X(4)(tp)
	sd	t3, X(28)(tp)
	sd	t4, X(29)(tp)
	j	trap_slow_saved
#if defined(CONFIG_OFFLOAD_DEBUG) && defined(CONFIG_OFFLOAD_MISALIGNED)
	/* Treat the next instruction as one that the hart could not perform. */
marked:
	csrr	t0, mepc
	ld	t1, HART_FAST_TP(tp)
	addi	t0, t0, 4
	csrw	mscratch, t1
	csrw	mepc, t0
	li	t0, CAUSE_LOAD_MISALIGNED
	csrw	mtval, zero
	csrw	mcause, t0
	ld	t1, HART_FAST_T1(tp)
	ld	t2, HART_FAST_T2(tp)
	j	fast_misaligned
#endif
time_from_monitor:
	ld	t1, HART_FAST_T1(tp)
	ld	t2, HART_FAST_T2(tp)
	j	from_monitor

/*
 * 128 bytes of code for each rd, at the same distances as the numbers of their
 * instructions: read the time from the CSR and return, and 32 bytes later from
 * memory for harts without the CSR. Registers saved here are written to where
 * they are restored from.
 */
.macro TIME_SLOT n, source
	.balign	32
.if \n == 4
	TIME_INTO t0, \source
	sd	t0, HART_FAST_TP(tp)
.elseif \n == 5
	TIME_INTO t0, \source
	sd	t0, HART_ENTRY_T0(tp)
.elseif \n == 6
	TIME_INTO t0, \source
	sd	t0, HART_FAST_T1(tp)
.elseif \n == 7
	TIME_INTO t0, \source
	sd	t0, HART_FAST_T2(tp)
.else
	TIME_INTO x\n, \source
.endif
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, HART_FAST_T1(tp)
	ld	t2, HART_FAST_T2(tp)
	ld	tp, HART_FAST_TP(tp)
	mret
.endm

.macro TIME_INTO reg, source
.ifc \source, csr
	csrr	\reg, time
.else
	ld	t0, HART_FAST_MTIME_ADDR(tp)
	ld	\reg, (t0)
.endif
.endm

	.pushsection .text.fast_time, "ax"
	.balign	32
FUNC(fast_time_table)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	.balign	128
	TIME_SLOT \n, csr
	TIME_SLOT \n, memory
	.endr
	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	.balign	128
	TIME_SLOT \n, csr
	TIME_SLOT \n, memory
	.endr
END(fast_time_table)
	.popsection
#endif /* CONFIG_OFFLOAD_TIME */

#ifdef CONFIG_OFFLOAD_TIME
	.balign	8
unusual_status:
	.dword	MSTATUS_MPV | MSTATUS_SBE | MSTATUS_UBE
#endif

/* The registers of SAVED_BY_HAND (arch/saved.h), but x6, which is saved. */
.macro SAVE_BY_HAND
	ld	t0, HART_ENTRY_T0(tp)
	sd	t0, X(5)(tp)
	csrrw	t0, mscratch, tp
	sd	x7, X(7)(tp)
	sd	x28, X(28)(tp)
	sd	x29, X(29)(tp)
	sd	t0, X(4)(tp)
.endm

not_ecall:
	csrr	t0, mcause
#if defined(CONFIG_OFFLOAD_FENCE) || defined(CONFIG_OFFLOAD_IPI)
	bltz	t0, interrupt
#endif
#ifdef CONFIG_OFFLOAD_MISALIGNED
	/* Misaligned accesses are 4 and 6. */
	addi	t0, t0, -CAUSE_LOAD_MISALIGNED
	andi	t0, t0, ~2
	bnez	t0, 1f
	j	fast_misaligned
1:
#endif
not_served:
	j	trap_other

#if defined(CONFIG_OFFLOAD_FENCE) || defined(CONFIG_OFFLOAD_IPI)
/*
 * Serve SSIP and fence.i for another hart. ipi_serve() serves the other requests. The
 * monitor runs with MIE = 0, so this interrupt is the payload's and x[] may change.
 */
interrupt:
	slli	t0, t0, 1
	addi	t0, t0, -2 * IRQ_MSI
	bnez	t0, trap_slow
	ld	t0, HART_FAST_MSIP_ADDR(tp)
	beqz	t0, trap_slow
	lw	t0, HART_IPI(tp)
	andi	t0, t0, ~(IPI_SSIP | IPI_FENCE_I)
	bnez	t0, trap_slow
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	ld	t1, HART_FAST_MSIP_ADDR(tp)
	sw	zero, (t1)
	fence	iorw, iorw
	lw	t0, HART_IPI_ASKED(tp)
	fence	r, rw
	addi	t1, tp, HART_IPI
	amoswap.w.aq	t2, zero, (t1)
	andi	t1, t2, ~(IPI_SSIP | IPI_FENCE_I)
	bnez	t1, more_requests
	andi	t1, t2, IPI_SSIP
	beqz	t1, 1f
	csrsi	mip, MIP_SSIP
1:	andi	t1, t2, IPI_FENCE_I
	beqz	t1, 2f
	fence.i
2:	lw	t1, HART_IPI_DONE(tp)
	beq	t0, t1, 3f
	fence	iorw, iorw
	sw	t0, HART_IPI_DONE(tp)
3:	COUNT	HART_COUNT_MSOFT, t0
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	csrrw	tp, mscratch, tp
	mret

	/* Put the requests back, because only C serves one that arrived meanwhile. */
more_requests:
	addi	t1, tp, HART_IPI
	amoor.w.rl	zero, t2, (t1)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	j	trap_slow
#endif

	/* t0 = mcause - 2. mscratch and all other registers are the guest's. */
not_illegal:
	addi	t0, t0, CAUSE_ILLEGAL_INSN - CAUSE_ECALL_S
	bnez	t0, not_ecall
	/* An ecall from S-mode: the monitor makes none, so x[] may change. */
	addi	t0, a7, -SBI_EXT_BASE
	beqz	t0, base_call
	sd	x6, X(6)(tp)
	bltz	t0, legacy_call
	/* The slot of the EID (struct service_slot): its bits are the offset. */
	andi	t0, a7, SLOT_MASK
	add	t0, t0, tp
	lwu	t1, HART_SLOT_EID(t0)
	bne	t1, a7, forward
	lw	t0, HART_SLOT_HOW(t0)
#ifdef CONFIG_OFFLOAD_TIMER
	beqz	t0, set_timer
#endif
#if defined(CONFIG_OFFLOAD_FENCE) || defined(CONFIG_OFFLOAD_IPI)
	bgtz	t0, service
#endif
	srl	t0, t0, a6
	andi	t0, t0, 1
	beqz	t0, forward
	ld	x6, X(6)(tp)
	j	trap_slow

	/* It may be another EID, with bit 63 set: to C, at worst. */
legacy_call:
	lhu	t0, HART_LEGACY(tp)
	srl	t0, t0, a7
	andi	t0, t0, 1
	beqz	t0, forward
	ld	x6, X(6)(tp)
	j	trap_slow

base_call:
	addi	t0, a6, -SBI_BASE_PROBE
	beqz	t0, trap_slow
	sd	x6, X(6)(tp)

	/* x6 is saved. */
forward:
	ld	t0, HART_CALL(tp)
	beqz	t0, 1f
	ld	x6, X(6)(tp)
	jr	t0
	/* Like trap_slow, for another function. */
1:	SAVE_BY_HAND
	SAVED_FOR_C(SAVE)
	csrr	t0, mstatus
	csrr	t1, mepc
	li	t2, CAUSE_ECALL_S
	sw	zero, HART_INSN(tp)
	sd	t0, HART_STATUS(tp)
	sd	t1, HART_PC(tp)
	sd	t2, HART_CAUSE(tp)
	sd	zero, HART_TVAL(tp)
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	jal	fast_payload_forward
	j	trap_handled

#ifdef CONFIG_OFFLOAD_TIMER
	/* set_timer(a0), as service_set_timer(). x6 is saved. */
set_timer:
	bnez	a6, forward
	ld	t0, HART_ISA(tp)
	andi	t1, t0, FAST_ISA_SSTC
	bnez	t1, maybe_stimecmp
no_stimecmp:
	andi	t0, t0, FAST_ISA_TIME
	beqz	t0, 1f
	csrr	t0, time
	j	2f
1:	ld	t0, HART_FAST_MTIME_ADDR(tp)
	ld	t0, (t0)
2:	li	t1, MIP_STIP
	bgeu	t0, a0, is_now
	csrc	mip, t1
set_deadline:
	sd	a0, HART_DEADLINE(tp)
	/* The earlier of this and all other deadlines, as in timer.c. */
	ld	t1, HART_MTIMECMP_REST(tp)
	bltu	t1, a0, 1f
	mv	t1, a0
1:	ld	t0, HART_MTIMECMP(tp)
	beq	t0, t1, timer_done
	ld	t0, HART_FAST_MTIMECMP_ADDR(tp)
	sd	t1, HART_MTIMECMP(tp)
	sd	t1, (t0)
timer_done:
	COUNT	HART_COUNT_TIMER, t0
	csrr	t1, mepc
	li	a0, 0
	addi	t1, t1, 4
	li	a1, 0
	csrw	mepc, t1
#ifdef CONFIG_RECORDING
	ld	t0, HART_ENTRY_ANSWERED(tp)
	jr	t0
#endif
FUNC(fast_payload_answered)
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, X(6)(tp)
	csrrw	tp, mscratch, tp
	mret
END(fast_payload_answered)
is_now:
	csrs	mip, t1
	li	a0, -1
	j	set_deadline
maybe_stimecmp:
	csrr	t1, NUM_menvcfg
	bgez	t1, no_stimecmp		/* STCE is bit 63 */
	csrw	NUM_stimecmp, a0
	j	timer_done
#endif

#if defined(CONFIG_OFFLOAD_FENCE) || defined(CONFIG_OFFLOAD_IPI)
	/* t0 = how many functions there are; x6 is saved. */
service:
	bgeu	a6, t0, forward
	/* service_call() takes the arguments as they are, its answer too. */
	SAVE_BY_HAND
	SAVED_BUT_RESULT(SAVE)
	csrr	t0, mstatus
	csrr	t1, mepc
	sd	t0, HART_STATUS(tp)
	sd	t1, HART_PC(tp)
	ld	sp, HART_STACK_TOP(tp)
	call	service_call
	ld	t0, HART_PC(tp)
	lbu	t1, HART_ATTN(tp)
	sd	a0, X(10)(tp)
	addi	t0, t0, 4
	sd	a1, X(11)(tp)
	sd	t0, HART_PC(tp)
	beqz	t1, trap_return
	mv	a0, tp
	call	fast_payload_settle
	j	trap_handled
#endif
	.option	pop
