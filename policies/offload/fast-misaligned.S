/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Perform the payload's plain misaligned loads and stores without C: integer
 * accesses by 32-bit instructions, within one page, V = 0, little endian. For
 * all others, and if a byte faults, vmem.c performs them (again).
 *
 * t1 = the instruction, t2 = the guest's mstatus, t3 = the address, t4 = the
 * value, t0 is scratch; these and tp are in x[], mepc and mcause in HART_PC and
 * HART_CAUSE. The tables of registers have t0 in HART_ENTRY_T0, which only a fault
 * changes.
 *
 * While MPRV is on, accesses touch one page, never near the monitor (IF_HOME),
 * because after a fault this code and struct hart are used before the guest's
 * translation is flushed. See unpriv.S.
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>
#include <generated/autoconf.h>
#include <generated/offload/asm-offsets.h>

#define PAGE_BITS	12

	.section .text.fast, "ax"
	.option	push
	.option	norvc
	.option	norelax

/* t3 = x[n], with n << 3 in t0. Changes t0 and t4. */
.macro READ_X
	lla	t4, read_table
	add	t4, t4, t0
	jalr	t0, 0(t4)
.endm

/* t4 = \size bytes at t3, zero-extended. */
.macro LOAD_BYTES size
	lui	t0, MSTATUS_MPRV >> 12
	csrrs	t2, mstatus, t0
	lbu	t4, (t3)
	.set	byte_n, 1
	.rept	\size - 1
	lbu	t0, byte_n(t3)
	slli	t0, t0, 8 * byte_n
	or	t4, t4, t0
	.set	byte_n, byte_n + 1
	.endr
	csrw	mstatus, t2
.endm

/* Store the \size low bytes of t4 at t3. */
.macro STORE_BYTES size
	lui	t0, MSTATUS_MPRV >> 12
	csrrs	t2, mstatus, t0
	sb	t4, (t3)
	.set	byte_n, 1
	.rept	\size - 1
	srli	t4, t4, 8
	sb	t4, byte_n(t3)
	.set	byte_n, byte_n + 1
	.endr
	csrw	mstatus, t2
.endm

.macro COUNT where
	ld	t0, \where(tp)
	addi	t0, t0, 1
	sd	t0, \where(tp)
.endm

fast_misaligned_start:

/*
 * Entered from the vector: mcause is 4 or 6, all registers but t0 and tp are
 * the guest's.
 */
FUNC(fast_misaligned)
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bgez	t0, 1f
	j	from_monitor
1:
	sd	t1, X(6)(tp)
	ld	t0, HART_ENTRY_T0(tp)
	sd	t2, X(7)(tp)
	csrrw	t1, mscratch, tp
	sd	t0, X(5)(tp)
	sd	t3, X(28)(tp)
	sd	t1, X(4)(tp)
	csrr	t0, mcause
	csrr	t1, mepc
	sd	t4, X(29)(tp)
	sd	t0, HART_CAUSE(tp)
	IF_HOME	t1, save_rest, t0
	andi	t0, t1, 2
	sd	t1, HART_PC(tp)
	bnez	t0, fetch_halves
	lui	t0, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t2, mstatus, t0
	lw	t1, (t1)
	csrw	mstatus, t2
fetched:
	/* UXL: 32-bit U-mode. */
	ld	t4, other_rules
	slli	t3, t2, 63 - MSTATUS_UXL_32_BIT
	and	t4, t4, t2
	bltz	t3, save_rest
	bnez	t4, save_rest
	andi	t2, t1, OPCODE_MASK
	srliw	t0, t1, 12
	addi	t2, t2, -OPCODE_LOAD
	andi	t0, t0, 0xf8			/* rs1 * 8 */
	bnez	t2, not_load
	READ_X
	srai	t0, t1, 20			/* the immediate: lw has
						 * sign-extended it */
	add	t3, t3, t0
is_load:
	addi	t0, t3, 7
	xor	t0, t0, t3
	srli	t0, t0, PAGE_BITS
	bnez	t0, save_rest
	IF_HOME	t3, save_rest, t0
	srliw	t0, t1, 12
	andi	t0, t0, 7			/* funct3: 1 2 3 are lh lw ld */
	addi	t0, t0, -3
	bnez	t0, load_narrow
	LOAD_BYTES 8
loaded:
	srliw	t2, t1, 7 - 3
	lla	t3, write_table
	andi	t2, t2, 0xf8
	add	t3, t3, t2
	jalr	t3, 0(t3)
	COUNT	HART_COUNT_LOAD
leave:
	ld	t0, HART_PC(tp)
	ld	t1, X(6)(tp)
	addi	t0, t0, 4
	ld	t2, X(7)(tp)
	csrw	mepc, t0
	ld	t3, X(28)(tp)
	ld	t0, HART_ENTRY_T0(tp)
	ld	t4, X(29)(tp)
	ld	tp, X(4)(tp)
	mret

	/*
	 * t0 = funct3 - 3: lh -2, lw -1, lhu 2, lwu 3; others are not such
	 * loads.
	 */
load_narrow:
	li	t2, (1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6) >> 1	/* lh lw ld lhu lwu */
	addi	t4, t0, 2
	srl	t2, t2, t4
	andi	t2, t2, 1
	beqz	t2, save_rest
	andi	t2, t0, 1
	beqz	t2, load_half
	sd	t0, HART_FAST_KIND(tp)
	LOAD_BYTES 4
	ld	t0, HART_FAST_KIND(tp)
	bgez	t0, loaded
	sext.w	t4, t4
	j	loaded
load_half:
	sd	t0, HART_FAST_KIND(tp)
	LOAD_BYTES 2
	ld	t0, HART_FAST_KIND(tp)
	bgez	t0, loaded
	slli	t4, t4, 48
	srai	t4, t4, 48
	j	loaded

	/* t0 = rs1 * 8, t2 = opcode - OPCODE_LOAD */
not_load:
	addi	t2, t2, OPCODE_LOAD - OPCODE_STORE
	bnez	t2, not_store
	READ_X
	srai	t0, t1, 20
	srliw	t4, t1, 7
	andi	t0, t0, ~31
	andi	t4, t4, 31
	or	t0, t0, t4			/* the immediate of a store */
	add	t2, t3, t0
	srliw	t0, t1, 20 - 3
	andi	t0, t0, 0xf8			/* rs2 * 8 */
	READ_X
	mv	t4, t3
	mv	t3, t2
	addi	t0, t3, 7
	xor	t0, t0, t3
	srli	t0, t0, PAGE_BITS
	bnez	t0, save_rest
	IF_HOME	t3, save_rest, t0
	srliw	t0, t1, 12
	andi	t0, t0, 7
	addi	t0, t0, -3
	beqz	t0, 8f
	addi	t0, t0, 1
	beqz	t0, 4f
	addi	t0, t0, 1
	bnez	t0, save_rest
	STORE_BYTES 2
	j	9f
4:	STORE_BYTES 4
	j	9f
8:	STORE_BYTES 8
9:	COUNT	HART_COUNT_STORE
	j	leave

	/* A word that QEMU does trap, to measure this path. */
not_store:
#ifdef CONFIG_OFFLOAD_DEBUG
	addi	t2, t2, OPCODE_STORE - OPCODE_AMO
	bnez	t2, save_rest
	srliw	t2, t1, 27
	addi	t2, t2, -FUNCT5_LR
	bnez	t2, save_rest
	READ_X
	j	is_load
#endif

	/* Leave the trap unchanged for C. */
save_rest:
	sw	zero, HART_INSN(tp)
	j	trap_slow_all_saved

fetch_halves:
	IF_PAGE_ENDS t1, save_rest, t0
	lui	t0, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t2, mstatus, t0
	lhu	t4, (t1)
	csrw	mstatus, t2
	lui	t0, (MSTATUS_MPRV | MSTATUS_MXR) >> 12
	csrrs	t2, mstatus, t0
	lh	t1, 2(t1)
	csrw	mstatus, t2
	slli	t1, t1, 16
	or	t1, t1, t4
	j	fetched
END(fast_misaligned)

/* Big endian, or V = 1, whose endianness is in other registers. */
	.balign	8
other_rules:
	.dword	MSTATUS_MPV | MSTATUS_SBE | MSTATUS_UBE
fast_misaligned_end:

	FIXUP	fast_misaligned_start, fast_misaligned_end, fast_misaligned_fault
	/*
	 * An access above faulted, at t0. Act as if nothing had been tried:
	 * vmem.c will fault in the same way.
	 */
fast_misaligned_fault:
	/* mtval is the address, once known; 0 is legal too. */
	lla	t1, fetched
	bltu	t0, t1, 1f
	lla	t1, fetch_halves
	bltu	t0, t1, 2f
1:	li	t3, 0
2:	ld	t0, HART_PC(tp)
	ld	t1, HART_CAUSE(tp)
	csrw	mstatus, t2
	csrw	mepc, t0
	csrw	mcause, t1
	csrw	mtval, t3
	ld	t0, HART_ISA(tp)
	andi	t0, t0, FAST_ISA_H
	beqz	t0, save_rest
	csrw	NUM_mtinst, zero
	csrw	NUM_mtval2, zero
	j	save_rest
	.option	pop
