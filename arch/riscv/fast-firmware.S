/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commonest traps of the firmware, without C: csrrw and csrr of mscratch,
 * mepc, mcause and mtval, csrr of mstatus, misa and mhartid, csrw of what changes
 * nothing (mstatus, pmpaddr), and 8-byte loads of mtime. Other CSR
 * instructions call emulate_csr() with no more saved than C needs. Several in
 * a row cost one trap (CONFIG_RUN_AHEAD).
 *
 * What is served here cannot make a virtual interrupt due, or change the mode
 * or the view, unless h->attn says so; so going back to the guest at once is what
 * trap_handle() would have done. An
 * interrupt that comes meanwhile waits for the end of the run, which ends with
 * the page at the latest.
 *
 * t0 = pc of the instruction looked at, t1 = its bits, t4 = the value for rd;
 * t2 and t3 are scratch. These five and tp are in struct hart, the guest's
 * other registers are where they were.
 */
#include <arch/asm.h>
#include <arch/saved.h>
#include <generated/asm-offsets.h>

/*
 * A file that includes this one gets the same under another name, and may look at
 * each register: READ_DONE and SAME_DONE are where it goes on with t4 = the value,
 * WRITTEN comes behind a write of t3, and ONLY_BY_C is before what has no such place.
 * All lead to write_rd, or ONLY_BY_C to other_csr.
 */
#ifndef FAST_FIRMWARE
#define FAST_FIRMWARE	fast_firmware
#define FAST_SECTION	.text.fast_firmware
#define READ_DONE	write_rd
#define SAME_DONE	write_rd
#define WRITTEN
#define ONLY_BY_C
#define WITH_TABLES
#endif

#define OPCODE_SYSTEM	0x73
#define FUNCT3_CSRRW	1
#define FUNCT3_CSRRS	2
#define INSN_LD		0x3003		/* ld, under this mask */
#define INSN_LD_MASK	0x707f
#define INSN_CLD	0x6000		/* c.ld */
#define INSN_CLD_MASK	0xe003
/* Fields of mstatus that live in the hart: FS, VS, XS and SD. */
#define STATUS_EXT	0x800000000001e600

	.section FAST_SECTION, "ax"
	.option	push
	.option	norvc
	.option	norelax

FUNC(FAST_FIRMWARE)
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	sd	t3, X(28)(tp)
	sd	t4, X(29)(tp)
	ld	t0, HART_ENTRY_T0(tp)
	csrr	t1, mcause
	csrrw	t2, mscratch, tp
	sd	t0, X(5)(tp)
	sd	t2, X(4)(tp)
	addi	t1, t1, -2
	csrr	t0, mepc
	bnez	t1, not_illegal

next_insn:
	andi	t1, t0, 2
	bnez	t1, fetch_halves
	lw	t1, 0(t0)
	andi	t2, t1, 0x7f
	addi	t2, t2, -OPCODE_SYSTEM
	bnez	t2, stop
have_insn:
	/* t2: CSR number, from mscratch on; t3: rs1, funct3 */
	srliw	t2, t1, 20
	addi	t2, t2, -0x340
	srliw	t3, t1, 12
	sltiu	t4, t2, 4
	andi	t3, t3, 0xff
	beqz	t4, not_trap_csr
	slli	t2, t2, 3
	add	t2, t2, tp
	ld	t4, HART_MSCRATCH(t2)
	addi	t3, t3, -FUNCT3_CSRRS	/* csrrs rd, csr, x0 */
	beqz	t3, READ_DONE

	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	sd	t4, HART_FAST_OLD(tp)
	andi	t4, t3, 7
	bnez	t4, other_csr
	lla	t4, read_table		/* csrrw: t3 is rs1 * 8 */
	add	t4, t4, t3
	jalr	t4, 0(t4)
	addi	t4, t2, -8
	bne	t4, tp, 1f
	andi	t3, t3, -2		/* mepc: IALIGN is 16 */
1:	ld	t4, HART_FAST_OLD(tp)
	sd	t3, HART_MSCRATCH(t2)
	WRITTEN

write_rd:
	srliw	t2, t1, 7 - 3
	lla	t3, write_table
	andi	t2, t2, 0xf8
	add	t3, t3, t2
	jalr	t3, 0(t3)
advance:
	addi	t0, t0, 4
	ld	t2, HART_RUN_MASK(tp)	/* the next page may be a device */
	and	t1, t0, t2
	bnez	t1, next_insn
finish:
	csrw	mepc, t0
	ld	t0, X(5)(tp)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	ld	t3, X(28)(tp)
	ld	t4, X(29)(tp)
	ld	tp, X(4)(tp)
	mret

	/* csrr of mstatus, misa and mhartid, csrw mstatus of what it holds */
not_trap_csr:
	addi	t2, t2, 0x340 - 0x300
	bnez	t2, not_mstatus
	csrr	t2, mstatus
	ld	t4, status_ext
	and	t2, t2, t4
	ld	t4, HART_MSTATUS(tp)
	addi	t3, t3, -FUNCT3_CSRRS
	or	t4, t4, t2
	beqz	t3, READ_DONE
	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	andi	t2, t3, 7
	bnez	t2, other_csr
	sd	t4, HART_FAST_OLD(tp)
	lla	t4, read_table
	add	t4, t4, t3
	jalr	t4, 0(t4)
	ld	t4, HART_FAST_OLD(tp)
	beq	t3, t4, SAME_DONE
	j	csr_in_c
not_mstatus:
	addi	t3, t3, -FUNCT3_CSRRS
	bnez	t3, not_read
	addi	t2, t2, 0x300 - 0x301
	bnez	t2, 1f
	csrr	t4, misa
	j	READ_DONE
1:	li	t4, 0xf14 - 0x301
	bne	t2, t4, other_csr
	lwu	t4, HART_ID(tp)
	j	READ_DONE

	/*
	 * csrw of a pmpaddr whose entry and the next are off and unlocked: it
	 * decides nothing, as while firmware sets an entry up.
	 */
not_read:
	ONLY_BY_C
	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	andi	t4, t3, 7
	bnez	t4, other_csr
	slliw	t4, t1, 32 - 12
	srliw	t4, t4, 32 - 5		/* rd */
	bnez	t4, other_csr
	lbu	t4, HART_VPMP_COUNT(tp)
	addi	t2, t2, 0x300 - 0x3b0
	bgeu	t2, t4, other_csr
	add	t2, t2, tp
	lbu	t4, HART_VPMP_CFG(t2)
	bnez	t4, other_csr
	lbu	t4, HART_VPMP_CFG + 1(t2)
	bnez	t4, other_csr
	lla	t4, read_table
	add	t4, t4, t3
	jalr	t4, 0(t4)
	ld	t4, HART_VPMP_MASK(tp)
	sub	t2, t2, tp
	slli	t2, t2, 3
	add	t2, t2, tp
	and	t3, t3, t4
	sd	t3, HART_VPMP_ADDR(t2)
	j	advance

	/* Any other: its operand, then C. */
other_csr:
	srliw	t3, t1, 12
	andi	t2, t3, 3
	beqz	t2, stop		/* mret and the like, hlv */
	andi	t2, t3, 4
	andi	t3, t3, 0xf8
	bnez	t2, 1f
	lla	t4, read_table
	add	t4, t4, t3
	jalr	t4, 0(t4)
	j	csr_in_c
1:	srli	t3, t3, 3		/* an immediate */
	j	csr_in_c

	/* t4 = the value for rd. Work may be left to do before the guest. */
csr_in_c_done:
	lbu	t2, HART_ATTN(tp)
	bnez	t2, 1f
	slliw	t2, t1, 32 - 12
	srliw	t2, t2, 27
	beqz	t2, advance
	j	write_rd
1:	srliw	t2, t1, 7 - 3
	lla	t3, write_table
	andi	t2, t2, 0xf8
	add	t3, t3, t2
	jalr	t3, 0(t3)
	addi	t0, t0, 4
	j	trap_settle_fast

fetch_halves:
	lhu	t1, 0(t0)
	andi	t2, t1, 0x7f
	addi	t2, t2, -OPCODE_SYSTEM
	bnez	t2, stop_half
	addi	t3, t0, 2
	slli	t2, t3, 52
	beqz	t2, stop_half		/* the rest is on the next page */
	lh	t2, 0(t3)
	slli	t2, t2, 16
	or	t1, t1, t2
	j	have_insn

	/* A load of mtime? HART_MTIME is 0 where it must not be served here. */
not_illegal:
	addi	t1, t1, 2 - 5
	bnez	t1, save_rest
	csrr	t2, mtval
	ld	t3, HART_MTIME(tp)
	bne	t2, t3, save_rest
	beqz	t3, save_rest
	andi	t1, t0, 2
	bnez	t1, mtime_half
	lw	t1, 0(t0)
	li	t2, INSN_LD_MASK
	li	t4, INSN_LD
	and	t2, t1, t2
	bne	t2, t4, mtime_compressed
	ld	t4, 0(t3)
	fence	i, rw
	j	write_rd
mtime_half:
	lhu	t1, 0(t0)
mtime_compressed:
	li	t2, INSN_CLD_MASK
	li	t4, INSN_CLD
	and	t2, t1, t2
	bne	t2, t4, save_rest
	ld	t4, 0(t3)
	fence	i, rw
	slliw	t1, t1, 7 - 2		/* rd' to where rd is, and x8 on */
	andi	t1, t1, 7 << 7
	li	t2, 8 << 7
	or	t1, t1, t2
	addi	t0, t0, -2
	j	write_rd

	/*
	 * Not for us. If instructions before it were served, it will trap
	 * again; mepc still tells.
	 */
stop:
	csrr	t2, mepc
	bne	t0, t2, finish
	sw	t1, HART_INSN(tp)
	j	trap_slow_saved
stop_half:
	csrr	t2, mepc
	bne	t0, t2, finish
save_rest:
	sw	zero, HART_INSN(tp)
	j	trap_slow_saved

	/* The fetch met a fault: let the hart have it again, from U-mode. */
fast_fault:
	j	finish
fast_firmware_end:
	/* mret: it makes MPP U-mode again. */
fast_firmware_fault:
	lla	t0, fast_fault
	csrw	mepc, t0
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, HART_ENTRY_T1(tp)
	mret
	FIXUP	FAST_FIRMWARE, fast_firmware_end, fast_firmware_fault
END(FAST_FIRMWARE)

/*
 * A CSR instruction, in C, without the registers that C keeps: t0 = pc, t1 =
 * instruction, t3 = operand; x4 to x7, x28 and x29 are saved. Goes back to
 * csr_in_c_done with t0 and t1 as they were and t4 = the old value.
 */
csr_in_c:
	SAVED_FOR_C(SAVE)
	csrr	a4, mstatus
	csrr	a5, mtval
	csrr	a6, mepc
	sd	t0, HART_PC(tp)
	sw	t1, HART_INSN(tp)
	sd	a4, HART_STATUS(tp)
	sd	a5, HART_TVAL(tp)
	sd	a6, HART_FAST_PC(tp)
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	mv	a1, t1
	mv	a2, t3
	call	emulate_csr
	mv	t4, a0
	ld	t2, HART_STATUS(tp)
	ld	t0, HART_PC(tp)
	beqz	a1, 1f
	lw	t1, HART_INSN(tp)
	csrw	mstatus, t2
	SAVED_FOR_C(LOAD)
	j	csr_in_c_done
	/*
	 * Illegal. If it is not the one that trapped, the hart shall say (it may
	 * be fcsr); else the whole way. A fault may have changed mcause and others.
	 */
1:	ld	t1, HART_FAST_PC(tp)
	beq	t0, t1, 2f
	j	trap_return
2:	li	t0, 2
	sd	t0, HART_CAUSE(tp)
	j	trap_slow_captured


#ifdef WITH_TABLES
	/* t3 = x[n], 8 bytes each; called with t4 as the link. */
	.globl	read_table, write_table
read_table:
	.macro	READ n
	mv	t3, x\n
	jr	t4
	.endm
	.macro	READ_SAVED n
	ld	t3, X(\n)(tp)
	jr	t4
	.endm
	READ	0
	READ	1
	READ	2
	READ	3
	.irp	n, 4, 5, 6, 7
	READ_SAVED \n
	.endr
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
	READ	\n
	.endr
	READ_SAVED 28
	READ_SAVED 29
	READ	30
	READ	31

	/* x[n] = t4, 8 bytes each; called with t3 as the link. */
write_table:
	.macro	WRITE n
	mv	x\n, t4
	jr	t3
	.endm
	.macro	WRITE_SAVED n
	sd	t4, X(\n)(tp)
	jr	t3
	.endm
	WRITE	0
	WRITE	1
	WRITE	2
	WRITE	3
	.irp	n, 4, 5, 6, 7
	WRITE_SAVED \n
	.endr
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
	WRITE	\n
	.endr
	WRITE_SAVED 28
	WRITE_SAVED 29
	WRITE	30
	WRITE	31
#endif
	.balign	8
status_ext:
	.dword	STATUS_EXT
	.option	pop
