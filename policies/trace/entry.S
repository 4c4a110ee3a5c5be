/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries (arch/fast.h) that record the trap and continue in the entries that
 * are used without tracing. Installed while tracing is on.
 *
 * t0 = the ring, t1 = the record, t2 is scratch; the guest's t1 and t2 are
 * saved in the ring. Only traps of guests touch the ring: after a fault of the
 * monitor's own access with MPRV, a guest's translation may apply to its
 * address (unpriv.S).
 */
#include <arch/asm.h>
#include <arch/switch.h>
#include <generated/asm-offsets.h>
#include <generated/trace/asm-offsets.h>


	.section .text.fast, "ax"
	.option	push
	.option	norelax

/* t2 = time: mtime where the hart has no such CSR */
.macro TIME
	ld	t2, RING_MTIME_ADDR(t0)
	bnez	t2, .Lmemory\@
	csrr	t2, time
	.subsection 1
.Lmemory\@:
	ld	t2, (t2)
	j	.Ltime\@
	.previous
.Ltime\@:
.endm

/* Finish the record. */
.macro APPEND
	addi	t1, t1, 32
	ld	t2, RING_END(t0)
	bltu	t1, t2, .Lfits\@
	jal	t2, wrap
.Lfits\@:
	sd	t1, RING_NEXT(t0)
.endm

/* Record the answer in a0 and a1 of a call. */
.macro ANSWER
	ld	t1, RING_NEXT(t0)
	TIME
	sd	t2, 0(t1)
	sd	a0, 8(t1)
	sd	a1, 16(t1)
	li	t2, TRACE_answer | WORLD_PAYLOAD << 8
	sd	t2, 24(t1)
	APPEND
.endm

/* Record the trap if it is wanted. Falls through unless FILTER finds that it is not. */
.macro RECORD_TRAP name, world
	ld	t0, HART_RECORDING_DATA(tp)
	sd	t1, RING_T1(t0)
	sd	t2, RING_T2(t0)
	csrr	t2, mcause
	ld	t1, RING_CAUSES(t0)
	srli	t0, t2, 63 - 5		/* interrupts follow 32 causes */
	add	t2, t2, t0
	ld	t0, HART_RECORDING_DATA(tp)
	bltz	t1, filter_\name
	srl	t1, t1, t2
	andi	t1, t1, 1
	beqz	t1, skip_\name
wanted_\name:
	ld	t1, RING_NEXT(t0)
	csrr	t2, mcause
	sh	t2, 26(t1)
	srli	t2, t2, 63
	addi	t2, t2, TRACE_exception | \world << 8
	sh	t2, 24(t1)
	csrr	t2, mstatus
	srli	t2, t2, 8
	sw	t2, 28(t1)
	csrr	t2, mepc
	sd	t2, 8(t1)
	csrr	t2, mtval
	sd	t2, 16(t1)
	TIME
	sd	t2, 0(t1)
	APPEND
skip_\name:
.endm

/*
 * The same with filters by pc and extension: t1 = RING_CAUSES, t2 = the number of its
 * bit. Calls are the payload's only exceptions of that cause.
 */
.macro FILTER name, world
filter_\name:
	srl	t1, t1, t2
	andi	t1, t1, 1
	beqz	t1, skip_\name
	csrr	t1, mepc
	ld	t2, RING_CODE(t0)
	sub	t1, t1, t2
	ld	t2, RING_CODE_SIZE(t0)
	bgeu	t1, t2, unwanted_\name
	csrr	t1, mcause
	addi	t1, t1, -CAUSE_ECALL_S
	bnez	t1, wanted_\name
	ld	t1, RING_ANY_EID(t0)
	bnez	t1, wanted_\name
	.irp	n, 0, 1, 2
	ld	t1, RING_EID + 8 * \n(t0)
	beq	t1, a7, wanted_\name
	.endr
unwanted_\name:
	GO_ON	\world
.endm

.macro GO_ON world
	ld	t1, RING_T1(t0)
	ld	t2, RING_T2(t0)
	ld	t0, RING_ENTRY + 8 * \world(t0)
	jr	t0
.endm

FUNC(trace_firmware)
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bltz	t0, from_monitor_off
	RECORD_TRAP firmware, WORLD_FIRMWARE
	GO_ON	WORLD_FIRMWARE
	FILTER	firmware, WORLD_FIRMWARE
END(trace_firmware)

/*
 * entered from mtvec. It falls through to trace_payload, which is aligned to 4 bytes, so
 * no instruction may have 2. The assembler cannot align after norvc.
 */
	.balign	4
	.option	push
	.option	norvc
FUNC(trace_vector)
	VECTOR_ENTER
END(trace_vector)
	.option	pop
FUNC(trace_payload)
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bltz	t0, from_monitor_on
	RECORD_TRAP payload, WORLD_PAYLOAD
	csrr	t2, mcause
	addi	t2, t2, -CAUSE_ECALL_S
	beqz	t2, record_call
	GO_ON	WORLD_PAYLOAD
	FILTER	payload, WORLD_PAYLOAD
END(trace_payload)

from_monitor_off:
	j	from_monitor
/* The entry that is used without tracing handles it. */
from_monitor_on:
	ld	t0, HART_RECORDING_NEXT(tp)
	jr	t0

record_call:
	ld	t2, RING_KINDS(t0)
	andi	t1, t2, 1 << TRACE_answer
	beqz	t1, 3f
	csrr	t1, mepc
	addi	t1, t1, 4
3:	sd	t1, RING_CALLED(t0)
	andi	t2, t2, 1 << TRACE_call
	beqz	t2, 1f
	ld	t1, RING_NEXT(t0)
	sd	a7, 0(t1)
	sd	a6, 8(t1)
	slli	t2, a4, 32
	sd	a0, 16(t1)
	addi	t2, t2, TRACE_call | WORLD_PAYLOAD << 8
	sd	t2, 24(t1)
	APPEND
	sd	a1, 0(t1)
	sd	a2, 8(t1)
	slli	t2, a5, 32
	sd	a3, 16(t1)
	addi	t2, t2, TRACE_arguments | WORLD_PAYLOAD << 8
	sd	t2, 24(t1)
	APPEND
	/* One that a policy may answer without the hook. */
1:	ld	t1, RING_ASSEMBLY(t0)
	srl	t1, t1, a7
	andi	t1, t1, 1
	beqz	t1, 2f
	lbu	t1, HART_ATTN(tp)
	ori	t1, t1, ATTN_RECORD
	sb	t1, HART_ATTN(tp)
2:	GO_ON	WORLD_PAYLOAD

/* Assembly has answered a call: t0 and t1 are free. */
FUNC(trace_answered)
	ld	t0, HART_RECORDING_DATA(tp)
	sd	t2, RING_T2(t0)
	ld	t2, RING_CALLED(t0)
	beqz	t2, 1f
	sd	zero, RING_CALLED(t0)
	ANSWER
1:	ld	t2, RING_T2(t0)
	ld	t0, RING_ANSWERED(t0)
	jr	t0
END(trace_answered)

/*
 * The legs (struct legs) of an illegal instruction and of a call: record the world
 * switch, and that the firmware takes the exception.
 */
FUNC(trace_illegal)
	ld	t0, HART_RECORDING_DATA(tp)
	sd	t1, RING_T1(t0)
	ld	t1, RING_ILLEGAL(t0)
	j	to_firmware
END(trace_illegal)
FUNC(trace_call_leg)
	ld	t0, HART_RECORDING_DATA(tp)
	sd	t1, RING_T1(t0)
	ld	t1, RING_CALL(t0)
to_firmware:
	sd	t1, RING_THEN(t0)
	sd	t2, RING_T2(t0)
	ld	t1, RING_NEXT(t0)
	TIME
	sd	t2, 0(t1)
	csrr	t2, mepc
	sd	t2, 8(t1)
	csrr	t2, mstatus
	sd	t2, 16(t1)
	srli	t2, t2, MSTATUS_MPP_HIGH - 1
	andi	t2, t2, 3
	slli	t2, t2, 16
	addi	t2, t2, TRACE_world | WORLD_FIRMWARE << 8
	sd	t2, 24(t1)
	APPEND
	csrr	t2, mcause
	addi	t2, t2, -CAUSE_ECALL_S
	beqz	t2, 1f
	TIME
	sd	t2, 0(t1)
	csrr	t2, mepc
	sd	t2, 8(t1)
	li	t2, CAUSE_ILLEGAL_INSN
	sd	t2, 16(t1)
	csrr	t2, mtval
	slli	t2, t2, 32
	addi	t2, t2, TRACE_deliver | WORLD_FIRMWARE << 8
	sd	t2, 24(t1)
	APPEND
1:	ld	t1, RING_T1(t0)
	ld	t2, RING_T2(t0)
	ld	t0, RING_THEN(t0)
	jr	t0
END(trace_call_leg)

/* The way back (struct legs): t3 = mstatus, t4 = the mode. C records what C switches. */
FUNC(trace_mret)
	MRET_CHECKS 8f, 8f
	ld	t0, HART_RECORDING_DATA(tp)
	mv	t4, t2
	mv	t3, t1
	ld	t1, RING_NEXT(t0)
	TIME
	sd	t2, 0(t1)
	ld	t2, HART_MEPC(tp)
	sd	t3, 16(t1)
	sd	t2, 8(t1)
	srli	t2, t3, MSTATUS_MPV_BIT
	andi	t2, t2, 1
	slli	t2, t2, 4
	or	t2, t2, t4
	slli	t2, t2, 16
	addi	t2, t2, TRACE_world | WORLD_PAYLOAD << 8
	sd	t2, 24(t1)
	APPEND
	ld	t2, RING_CALLED(t0)
	beqz	t2, 1f
	sd	zero, RING_CALLED(t0)
	ld	t1, HART_MEPC(tp)
	bne	t1, t2, 1f
	ANSWER
1:	mv	t1, t3
	mv	t2, t4
	ld	t3, HART_MIE(tp)
	j	switch_mret_checked
8:	j	trap_slow_saved
END(trace_mret)

/* Returns the next record's address in t1; t2 is the link. */
wrap:
	ld	t1, RING_WRAPS(t0)
	addi	t1, t1, 1
	sd	t1, RING_WRAPS(t0)
	ld	t1, RING_RESTART_END(t0)
	sd	t1, RING_END(t0)
	ld	t1, RING_RESTART(t0)
	jr	t2
	.option	pop
