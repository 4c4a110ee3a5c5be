/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second copy of fast_firmware that records each register, those that emulate_csr()
 * serves too.
 */
#include <generated/trace/asm-offsets.h>

#define FAST_FIRMWARE	trace_fast_firmware
#define FAST_FIRMWARE_READ trace_fast_firmware_read
#define FAST_SECTION	.text.fast
#define READ_DONE	traced_read
#define WRITTEN		j traced_write
#define KEEP_OPERAND(scratch) ld scratch, HART_RECORDING_DATA(tp); sd t3, RING_OPERAND(scratch)
#define ASKED		j traced_request
#define PMPADDR_OLD	ld t4, HART_VPMP_ADDR(t2)

#include "../../arch/riscv/fast-firmware.S"

	.option	push
	.option	norelax

/*
 * t3 = the ring, t2 = the record just written; restores the value for rd to t4.
 */
.macro APPEND
	addi	t2, t2, 32
	ld	t4, RING_END(t3)
	bltu	t2, t4, .Lfits\@
	ld	t2, RING_WRAPS(t3)
	addi	t2, t2, 1
	sd	t2, RING_WRAPS(t3)
	ld	t2, RING_RESTART_END(t3)
	sd	t2, RING_END(t3)
	ld	t2, RING_RESTART(t3)
.Lfits\@:
	sd	t2, RING_NEXT(t3)
	ld	t4, RING_OLD(t3)
	j	recorded
.endm

/* Records that are selected by kind and pc: t2 = the ring, t4 = the value again. */
.macro FILTER kind, wanted
	ld	t2, HART_RECORDING_DATA(tp)
	ld	t4, RING_KINDS(t2)
	andi	t4, t4, 1 << \kind
	beqz	t4, unwanted
	ld	t4, RING_CODE(t2)
	ld	t2, RING_CODE_SIZE(t2)
	sub	t4, t0, t4
	bgeu	t4, t2, unwanted
	ld	t2, HART_RECORDING_DATA(tp)
	ld	t4, RING_OLD(t2)
	j	\wanted
.endm

/* t4 = the value, t1 = the instruction; t0 = pc from here on */
traced_read:
	csrr	t0, mepc
	ld	t3, HART_RECORDING_DATA(tp)
	sd	t4, RING_OLD(t3)
	ld	t2, RING_CAUSES(t3)
	bltz	t2, filter_read
read_wanted:
	ld	t2, RING_NEXT(t3)
	sd	t0, 0(t2)
	sd	t4, 8(t2)
	sd	t4, 16(t2)
	slli	t4, t1, 32
	addi	t4, t4, TRACE_csr_read
	sd	t4, 24(t2)
	APPEND

/*
 * t4 = the old value; the operand is in the ring. Unpriv. 6.1: set and clear with x0 or 0
 * do not write.
 */
traced_request:
	ld	t3, HART_RECORDING_DATA(tp)
	ld	t3, RING_OPERAND(t3)
	slli	t2, t1, 63 - 13
	bgez	t2, traced_write	/* csrrw */
	slli	t2, t1, 44
	srli	t2, t2, 44 + 15
	beqz	t2, traced_read
	slli	t2, t1, 63 - 12
	bltz	t2, 1f
	or	t3, t3, t4
	j	traced_write
1:	not	t3, t3
	and	t3, t3, t4

/* t3 = the new value, t4 = the old one */
traced_write:
	csrr	t0, mepc
	ld	t2, HART_RECORDING_DATA(tp)
	sd	t4, RING_OLD(t2)
	ld	t4, RING_CAUSES(t2)
	bltz	t4, filter_write
write_wanted:
	ld	t4, RING_OLD(t2)
	ld	t2, RING_NEXT(t2)
	sd	t0, 0(t2)
	sd	t4, 8(t2)
	sd	t3, 16(t2)
	ld	t3, HART_RECORDING_DATA(tp)
	slli	t4, t1, 32
	addi	t4, t4, TRACE_csr_write
	sd	t4, 24(t2)
	APPEND

filter_read:
	FILTER	TRACE_csr_read, read_wanted
filter_write:
	FILTER	TRACE_csr_write, write_wanted
unwanted:
	ld	t2, HART_RECORDING_DATA(tp)
	ld	t4, RING_OLD(t2)
	j	recorded
	.option	pop
