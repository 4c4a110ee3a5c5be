/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commonest traps of the firmware, without C: the registers of vM-mode that
 * trap handlers read and write, those of S-mode that they pass exceptions on with,
 * and the registers of the hart's own timer and software interrupt. Other CSR
 * instructions call emulate_csr() with no more saved than C needs.
 *
 * What is served here cannot make a virtual interrupt due, or change the mode
 * or the view: a case that may goes to C. So going back to the guest at once is
 * what trap_handle() would have done.
 *
 * t1 = the instruction, t4 = the value for rd; t0, t2 and t3 are scratch. The guest's t1 to
 * t4 and tp are in x[], its t0 in HART_ENTRY_T0, the others where they were. The monitor
 * takes no trap here, except for a fetch that faults.
 */
#include <arch/asm.h>
#include <arch/saved.h>
#include <generated/asm-offsets.h>

/*
 * A file that includes this one gets the same under other names, and may look at
 * each register: READ_DONE is where it continues with t4 = the value, WRITTEN comes
 * after a write with t3 = the new value and t4 = the old one; both lead to recorded.
 * If that would overwrite an operand, ASKED comes after the access, with t4 = the
 * old value, and KEEP_OPERAND before it, with t3 = the operand and a free register.
 * PMPADDR_OLD makes t4 the old value of a pmpaddr.
 */
#ifndef FAST_FIRMWARE
#define FAST_FIRMWARE	fast_firmware
#define FAST_FIRMWARE_READ fast_firmware_read
#define FAST_SECTION	.text.fast_firmware
#define READ_DONE	write_rd
#define WRITTEN
#define KEEP_OPERAND(scratch)
#define ASKED
#define PMPADDR_OLD
#define WITH_TABLES
#endif

#define INSN_LD		(OPCODE_LOAD | FIELD_FUNCT3(3))	/* these three under this mask */
#define INSN_SW		(OPCODE_STORE | FIELD_FUNCT3(2))
#define INSN_SD		(OPCODE_STORE | FIELD_FUNCT3(3))
#define INSN_LD_MASK	(OPCODE_MASK | FIELD_FUNCT3(7))
#define INSN_CLD	(3 << 13)	/* c.ld, c.sw, c.sd under this mask */
#define INSN_CSW	(6 << 13)
#define INSN_CSD	(7 << 13)
#define INSN_CLD_MASK	(7 << 13 | 3)
#define MPP_RESERVED	2

/* Each table covers this many CSR numbers, from mstatus on and from sstatus on. */
#define TABLE_ROWS	0x50
/* Numbers of a table between these two, or after the last. */
#define BETWEEN(first, last)	((last) - (first) - 1)
#define BEHIND(first, last)	(TABLE_ROWS - ((last) - (first) + 1))

	.section FAST_SECTION, "ax"
	.option	push
	.option	norelax

/* Call \table + \index with \link as the link. */
.macro INTO table, index, link
.Linto\@:
	auipc	\link, %pcrel_hi(\table)
	add	\link, \link, \index
	jalr	\link, %pcrel_lo(.Linto\@)(\link)
.endm

/* t3 = x[rs1], where it is rs1 * 8 + 1. */
.macro READ_RS1
	INTO	read_table - FUNCT3_CSRRW, t3, t0
.endm

/*
 * t1 = the instruction at mepc, or its 16 bits and what follows them; read aligned,
 * because the hart may do no misaligned loads. The next page may be a device. t0 is the
 * guest's, because the vector saves it again if a load faults. Takes t2 and t3.
 */
.macro FETCH
	csrr	t2, mepc
	andi	t1, t2, 2
	beqz	t1, .Lword\@
	addi	t3, t2, 2
	slli	t1, t3, 52
	beqz	t1, save_rest
	ld	t0, HART_ENTRY_T0(tp)
	lhu	t1, 0(t2)
	lh	t3, 0(t3)
	slli	t3, t3, 16
	or	t1, t1, t3
	j	.Lfetched\@
.Lword\@:
	ld	t0, HART_ENTRY_T0(tp)
	lw	t1, 0(t2)
.Lfetched\@:
.endm

.macro SAVE_SCRATCH
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	sd	t3, X(28)(tp)
	sd	t4, X(29)(tp)
.endm

.macro ENTRY name
FUNC(\name)
	csrr	t0, mcause
	addi	t0, t0, -CAUSE_ILLEGAL_INSN
	bnez	t0, not_illegal
	/* A tp of the monitor is struct hart; the firmware's may have that value, too. */
	csrrw	t0, mscratch, tp
	beq	t0, tp, other_trap
	sd	t0, X(4)(tp)
	SAVE_SCRATCH
.endm

	/* Near: the vector may be farther than a branch reaches. */
other_trap:
	j	trap_other

fast_firmware_start:
	ENTRY	FAST_FIRMWARE_READ
	FETCH
	j	have_insn
END(FAST_FIRMWARE_READ)
	ENTRY	FAST_FIRMWARE
	csrr	t1, mtval
have_insn:
	andi	t2, t1, OPCODE_MASK
	addi	t2, t2, -OPCODE_SYSTEM
	bnez	t2, save_rest
	/* t2: CSR number, from mscratch on; t3: rs1, funct3 */
	srliw	t2, t1, 20
	addi	t2, t2, -NUM_mscratch
	srliw	t3, t1, 12
	sltiu	t4, t2, 4
	andi	t3, t3, 0xff
	beqz	t4, not_trap_csr
	slli	t2, t2, 3
	add	t2, t2, tp
	ld	t4, HART_MSCRATCH(t2)
	addi	t3, t3, -FUNCT3_CSRRS	/* csrrs rd, csr, x0 */
	beqz	t3, READ_DONE

	addi	t3, t3, FUNCT3_CSRRS
	andi	t0, t3, 7
	addi	t0, t0, -FUNCT3_CSRRW
	bnez	t0, in_c
	READ_RS1
	addi	t0, t2, -8
	bne	t0, tp, 1f
	andi	t3, t3, -2		/* mepc: IALIGN is 16 */
1:	sd	t3, HART_MSCRATCH(t2)
	WRITTEN

	/* An access whose operand is kept. */
written_rd:
	ASKED
write_rd:
	srliw	t2, t1, 7 - 3
	andi	t2, t2, 0xf8
	INTO	write_table, t2, t3
advance:
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
finish:
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	ld	t3, X(28)(tp)
	ld	t4, X(29)(tp)
	ld	tp, X(4)(tp)
	mret

	/* t2 = number - NUM_mscratch, t3 = rs1 * 8 + funct3; both are kept for C. */
not_trap_csr:
	addi	t2, t2, NUM_mscratch - NUM_mstatus
	beqz	t2, mstatus		/* the next most frequent */
	sltiu	t4, t2, TABLE_ROWS
	slli	t2, t2, 2
	beqz	t4, not_machine
	INTO	machine_table - 4, t2, t4
	.option	push
	.option	norvc
machine_table:
	j	misa
	j	mret_or_csr		/* mret has the number of medeleg */
	j	other_csr
	j	mie
	.rept	BETWEEN(NUM_mie, NUM_mip)
	j	other_csr
	.endr
	j	mip
	.rept	BETWEEN(NUM_mip, NUM_mtinst)
	j	other_csr
	.endr
	j	mtinst
	j	mtval2
	.rept	BEHIND(NUM_mstatus, NUM_mtval2)
	j	other_csr
	.endr
	.option	pop

	/* mstatus: what no settling follows from (vcsr_write_mstatus). */
mstatus:
	csrr	t2, mstatus
	ld	t4, HART_MSTATUS_DIRECT(tp)
	and	t2, t2, t4
	ld	t4, HART_MSTATUS(tp)
	addi	t3, t3, -FUNCT3_CSRRS
	or	t4, t4, t2
	beqz	t3, READ_DONE
	addi	t3, t3, FUNCT3_CSRRS
	andi	t2, t3, 4
	bnez	t2, mstatus_immediate
	andi	t3, t3, 0xf8
	INTO	read_table, t3, t0
mstatus_operand:
	KEEP_OPERAND(t0)
	slli	t2, t1, 63 - 13
	bltz	t2, mstatus_bits
	slli	t2, t2, 1
	bgez	t2, stop		/* funct3 is 0 or 4 */
	xor	t2, t3, t4
mstatus_diff:
	/* t2: bits that would change. Those that nobody can write do not. */
	ld	t0, HART_MSTATUS_MASK(tp)
	and	t2, t2, t0
	beqz	t2, written_rd
	ld	t0, HART_MSTATUS_EASY(tp)
	ld	t3, HART_MSTATUS(tp)
	or	t0, t0, t2
	xor	t2, t3, t2		/* as it shall be */
	ld	t3, HART_MSTATUS_EASY(tp)
	bne	t0, t3, mstatus_not_easy
mstatus_take:
	srli	t0, t2, MSTATUS_MPP_HIGH - 1
	andi	t0, t0, 3
	addi	t0, t0, -MPP_RESERVED
	beqz	t0, in_c
	slli	t0, t2, 63 - MSTATUS_MPRV_BIT
	bltz	t0, in_c		/* MPP counts for the view */
	sd	t2, HART_MSTATUS(tp)
	j	written_rd
mstatus_bits:
	slli	t2, t2, 1
	bgez	t2, 1f
	and	t2, t3, t4		/* clear: what is set of them */
	j	mstatus_diff
1:	not	t2, t4
	and	t2, t2, t3
	j	mstatus_diff
mstatus_immediate:
	srli	t3, t3, 3
	j	mstatus_operand
	/* MIE, where nothing waits for it to change. */
mstatus_not_easy:
	xori	t3, t3, MSTATUS_MIE
	bne	t0, t3, in_c
	ld	t0, HART_MIDELEG(tp)
	ld	t3, HART_MIE(tp)
	not	t0, t0
	and	t0, t0, t3
	beqz	t0, mstatus_take
in_c:
	srliw	t3, t1, 12
	andi	t3, t3, 0xff
	j	other_csr

mret_or_csr:
	li	t2, INSN_mret
	bne	t1, t2, other_csr
	sw	t1, HART_INSN(tp)
	ld	t0, HART_MRET(tp)
	jr	t0

misa:
	addi	t3, t3, -FUNCT3_CSRRS
	bnez	t3, other_from_read
	csrr	t4, misa
	j	READ_DONE

	/* A write does not matter before MIE is set: vcsr_write_mie(). */
mie:
	lbu	t2, HART_DIRECT(tp)
	ld	t4, HART_MIE(tp)
	beqz	t2, other_csr
	addi	t3, t3, -FUNCT3_CSRRS
	ld	t2, HART_MSTATUS(tp)
	beqz	t3, READ_DONE
	andi	t2, t2, MSTATUS_MIE
	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	bnez	t2, in_c
	andi	t2, t3, 7
	bnez	t2, mie_bits
	INTO	read_table, t3, t0
	KEEP_OPERAND(t0)
mie_take:
	ld	t0, HART_MIE_MASK(tp)
	and	t3, t3, t0
	sd	t3, HART_MIE(tp)
	j	written_rd
	/* csrrs and csrrc of a register: funct3 is 2 or 3, less 1. */
mie_bits:
	addi	t2, t2, -(FUNCT3_CSRRS - FUNCT3_CSRRW)
	sltiu	t0, t2, 2
	beqz	t0, in_c
	andi	t3, t3, 0xf8
	INTO	read_table, t3, t0
	KEEP_OPERAND(t0)
	bnez	t2, 1f
	or	t3, t3, t4
	j	mie_take
1:	not	t3, t3
	and	t3, t3, t4
	j	mie_take

	/* Read like virq_pending(), write like mie. */
mip:
	lbu	t2, HART_DIRECT(tp)
	csrr	t4, mip
	beqz	t2, other_csr
	andi	t4, t4, ~MIE_MONITOR
	lbu	t2, HART_VMTIP(tp)
	addi	t3, t3, -FUNCT3_CSRRS
	slli	t2, t2, MIP_MTIP_BIT
	or	t4, t4, t2
	lw	t2, HART_VMSIP(tp)
	slli	t2, t2, MIP_MSIP_BIT
	or	t4, t4, t2
	beqz	t3, READ_DONE
	ld	t2, HART_MSTATUS(tp)
	andi	t2, t2, MSTATUS_MIE
	bnez	t2, in_c
	addi	t3, t3, FUNCT3_CSRRS
	andi	t2, t3, 4
	bnez	t2, mip_immediate
	andi	t3, t3, 0xf8
	INTO	read_table, t3, t0
mip_operand:
	KEEP_OPERAND(t0)
	slli	t2, t1, 63 - 13
	li	t0, ~MIP_M
	bgez	t2, in_c		/* csrrw, or funct3 is 4 */
	slli	t2, t2, 1
	and	t3, t3, t0
	bltz	t2, 1f
	csrs	mip, t3
	j	written_rd
1:	csrc	mip, t3
	j	written_rd
mip_immediate:
	srli	t3, t3, 3
	j	mip_operand

mtinst:
	ld	t4, HART_MTINST(tp)
	j	1f
mtval2:
	ld	t4, HART_MTVAL2(tp)
1:	addi	t3, t3, -FUNCT3_CSRRS
	ld	t2, HART_ISA(tp)
	bnez	t3, other_from_read
	andi	t2, t2, FAST_ISA_H
	beqz	t2, other_from_read
	j	READ_DONE

	/* t2 = (number - NUM_mstatus) * 4 */
not_machine:
	srliw	t4, t1, 31
	bnez	t4, high_number
	addi	t2, t2, (NUM_mstatus - NUM_sstatus) * 4 / 2
	addi	t2, t2, (NUM_mstatus - NUM_sstatus) * 4 / 2
	sltiu	t4, t2, TABLE_ROWS * 4
	beqz	t4, not_supervisor
	lbu	t4, HART_DIRECT(tp)
	beqz	t4, other_csr
	INTO	supervisor_table, t2, t4
	.option	push
	.option	norvc
supervisor_table:
	.rept	NUM_stvec - NUM_sstatus
	j	other_csr
	.endr
	j	f_stvec
	.rept	BETWEEN(NUM_stvec, NUM_sscratch)
	j	other_csr
	.endr
	j	f_sscratch
	j	f_sepc
	j	f_scause
	j	f_stval
	.rept	BEHIND(NUM_sstatus, NUM_stval)
	j	other_csr
	.endr
	.option	pop

	/* The hart's own: what it keeps of a value is its affair. */
	.irp	name, stvec, sscratch, sepc, scause, stval
f_\name:
	addi	t3, t3, -FUNCT3_CSRRS
	bnez	t3, 1f
	csrr	t4, \name
	j	READ_DONE
1:	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	andi	t2, t3, 7
	bnez	t2, in_c
	INTO	read_table, t3, t0
	KEEP_OPERAND(t0)
	csrrw	t4, \name, t3
	j	written_rd
	.endr

	/* t2 = (number - NUM_sstatus) * 4 */
not_supervisor:
	srli	t2, t2, 2
	addi	t3, t3, -FUNCT3_CSRRS
	beqz	t3, other_from_read

	/*
	 * csrw of a pmpaddr whose entry and the next are off and unlocked: it
	 * decides nothing. Firmware does this while it sets up an entry.
	 */
	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
	andi	t4, t3, 7
	bnez	t4, other_from_write
	slliw	t4, t1, 32 - 12
	srliw	t4, t4, 32 - 5		/* rd */
	bnez	t4, other_from_write
	lbu	t4, HART_VPMP_COUNT(tp)
	addi	t2, t2, NUM_sstatus - NUM_pmpaddr
	bgeu	t2, t4, other_from_write
	add	t2, t2, tp
	lbu	t4, HART_VPMP_CFG(t2)
	bnez	t4, other_from_write
	lbu	t4, HART_VPMP_CFG + 1(t2)
	bnez	t4, other_from_write
	INTO	read_table, t3, t0
	ld	t4, HART_VPMP_MASK(tp)
	sub	t2, t2, tp
	slli	t2, t2, 3
	add	t2, t2, tp
	and	t3, t3, t4
	PMPADDR_OLD
	sd	t3, HART_VPMP_ADDR(t2)
	WRITTEN
	j	advance

	/* t2 = (number - NUM_mstatus) * 4, from 0x800 on */
high_number:
	addi	t3, t3, -FUNCT3_CSRRS
	lui	t4, ((NUM_mhartid - NUM_mstatus) * 4) >> 12
	bnez	t3, other_from_read
	addi	t2, t2, -(((NUM_mhartid - NUM_mstatus) * 4) & 0xfff)
	bne	t2, t4, 1f
	lwu	t4, HART_ID(tp)
	j	READ_DONE
1:	li	t4, (NUM_mcycle - NUM_mstatus) * 4 - (((NUM_mhartid - NUM_mstatus) * 4) & 0xfff)
	bne	t2, t4, other_from_read
	lbu	t4, HART_DIRECT(tp)
	beqz	t4, other_from_read
	csrr	t4, mcycle
	j	READ_DONE

	/* Any other: its operand, then C. t3 = rs1 * 8 + funct3, or less than that. */
other_from_read:
	addi	t3, t3, FUNCT3_CSRRS - FUNCT3_CSRRW
other_from_write:
	addi	t3, t3, FUNCT3_CSRRW
other_csr:
	andi	t2, t3, 3
	beqz	t2, stop		/* mret and the like, hlv */
	andi	t2, t3, 4
	andi	t3, t3, 0xf8
	bnez	t2, 1f
	INTO	read_table, t3, t0
	j	csr_in_c
1:	srli	t3, t3, 3		/* an immediate */
	j	csr_in_c

	/* t4 = the value for rd. There may be pending work (h->attn). */
csr_in_c_done:
	ASKED
recorded:
	lbu	t2, HART_ATTN(tp)
	beqz	t2, write_rd
	srliw	t2, t1, 7 - 3
	andi	t2, t2, 0xf8
	INTO	write_table, t2, t3
	j	trap_settle_fast
END(FAST_FIRMWARE)

	/* Of these, load and store access faults are served. */
not_illegal:
	csrr	t0, mcause
	addi	t0, t0, -CAUSE_LOAD_ACCESS
	andi	t0, t0, ~(CAUSE_LOAD_ACCESS ^ CAUSE_STORE_ACCESS)
	bnez	t0, other_trap
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bltz	t0, other_trap
	csrrw	t0, mscratch, tp
	SAVE_SCRATCH
	sd	t0, X(4)(tp)
	FETCH
	csrr	t4, mcause
	addi	t4, t4, -CAUSE_LOAD_ACCESS
	csrr	t2, mtval
	bnez	t4, clint_store
	/* A load of mtime? HART_MTIME_ADDR is 0 where it must not be served here. */
	ld	t3, HART_MTIME_ADDR(tp)
	bne	t2, t3, save_rest
	beqz	t3, save_rest
	li	t2, INSN_LD_MASK
	li	t4, INSN_LD
	and	t2, t1, t2
	bne	t2, t4, mtime_compressed
	ld	t4, 0(t3)
	fence	i, rw
	j	write_rd
mtime_compressed:
	li	t2, INSN_CLD_MASK
	li	t4, INSN_CLD
	and	t2, t1, t2
	bne	t2, t4, save_rest
	ld	t4, 0(t3)
	fence	i, rw
	slliw	t1, t1, 7 - 2		/* move rd' to rd's bits, and add 8 */
	andi	t1, t1, 7 << 7
	li	t2, 8 << 7
	or	t1, t1, t2
	srliw	t2, t1, 7 - 3
	INTO	write_table, t2, t3
	csrr	t0, mepc
	addi	t0, t0, 2
	csrw	mepc, t0
	j	finish

	/*
	 * A store to the hart's own mtimecmp or msip, of their widths? The address
	 * is that of the whole access, not of the part that faults. Both are 0 where
	 * they must not be served here.
	 */
clint_store:
	ld	t3, HART_MTIMECMP_ADDR(tp)
	beqz	t3, save_rest
	li	t4, INSN_SD
	beq	t2, t3, 1f
	ld	t3, HART_MSIP_ADDR(tp)
	bne	t2, t3, save_rest
	li	t4, INSN_SW
1:	li	t2, INSN_LD_MASK
	and	t2, t1, t2
	bne	t2, t4, store_compressed
	srliw	t3, t1, 15 - 3		/* rs1 */
	sraiw	t2, t1, 20
	andi	t3, t3, 0xf8
	andi	t2, t2, ~31
	INTO	read_table, t3, t0
	srliw	t4, t1, 7
	add	t2, t2, t3
	andi	t4, t4, 31
	srliw	t3, t1, 20 - 3		/* rs2 */
	add	t2, t2, t4
	csrr	t4, mtval
	andi	t3, t3, 0xf8
	bne	t2, t4, save_rest
	INTO	read_table, t3, t0
	csrr	t0, mepc
	ld	t2, HART_MSIP_ADDR(tp)
	addi	t1, t0, 4
	beq	t2, t4, store_msip

	/*
	 * Like timer_write_vmtimecmp() and timer_update(), for a time that is to come.
	 * Deadlines that have passed are for the interrupt that they raise.
	 */
store_mtimecmp:
	ld	t2, HART_MTIME_ADDR(tp)
	ld	t2, 0(t2)
	bgeu	t2, t3, save_rest
	sd	t3, HART_VMTIMECMP(tp)
	sb	zero, HART_VMTIP(tp)
	csrw	mepc, t1
	.set	deadline, HART_DEADLINE + 8
	.rept	NR_DEADLINES - 1
	ld	t2, deadline(tp)
	bgeu	t2, t3, 1f
	mv	t3, t2
1:	.set	deadline, deadline + 8
	.endr
	ld	t2, HART_DEADLINE(tp)
	sd	t3, HART_MTIMECMP_REST(tp)
	bgeu	t2, t3, 1f
	mv	t3, t2
1:	ld	t2, HART_MTIMECMP(tp)
	beq	t2, t3, finish
	sd	t3, HART_MTIMECMP(tp)
	ld	t2, HART_MTIMECMP_ADDR(tp)
	sd	t3, 0(t2)
	j	finish

	/* C stores an msip whose interrupt is taken now. */
store_msip:
	ld	t2, HART_MSTATUS(tp)
	andi	t3, t3, 1
	and	t2, t2, MSTATUS_MIE
	beqz	t3, 1f
	bnez	t2, save_rest
1:	sw	t3, HART_VMSIP(tp)
	csrw	mepc, t1
	j	finish

	/* c.sw and c.sd differ from sw and sd by these: t4 = the other's bits. */
store_compressed:
	li	t2, INSN_SW
	bne	t4, t2, 1f
	li	t4, INSN_CSW
	j	2f
1:	li	t4, INSN_CSD
2:	li	t2, INSN_CLD_MASK
	and	t2, t1, t2
	bne	t2, t4, save_rest
	/* The base is that of the access where its offset is 0, which is usual. */
	andi	t2, t1, 0x60
	srli	t3, t1, 10
	andi	t3, t3, 7
	or	t2, t2, t3
	bnez	t2, save_rest
	andi	t3, t1, 7 << 7		/* rs1' * 8 */
	srli	t3, t3, 7 - 3
	addi	t3, t3, 8 * 8
	INTO	read_table, t3, t0
	csrr	t4, mtval
	andi	t2, t1, 7 << 2		/* rs2' */
	bne	t3, t4, save_rest
	slli	t3, t2, 3 - 2
	addi	t3, t3, 8 * 8
	INTO	read_table, t3, t0
	csrr	t0, mepc
	ld	t2, HART_MSIP_ADDR(tp)
	addi	t1, t0, 2
	beq	t2, t4, store_msip
	j	store_mtimecmp

	/* C handles this trap; it gets the instruction if we have fetched it. */
stop:
	sw	t1, HART_INSN(tp)
	j	trap_slow_saved
save_rest:
	sw	zero, HART_INSN(tp)
	j	trap_slow_saved

	/*
	 * The fetch faulted: let the hart repeat it in U-mode, at t2, and leave the next
	 * trap to C, which knows what to do if its own fetch faults, too.
	 */
fast_fault:
	csrw	mepc, t2
	lla	t1, fast_skipped
	sd	t1, HART_FIRST(tp)
	j	finish
fast_skipped:
	ld	t0, HART_ENTRY_FIRMWARE(tp)
	sd	t0, HART_FIRST(tp)
	j	trap_other
fast_firmware_end:
	/* mret: it makes MPP U-mode again. */
fast_firmware_fault:
	lla	t0, fast_fault
	csrw	mepc, t0
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, HART_ENTRY_T1(tp)
	mret
	FIXUP	fast_firmware_start, fast_firmware_end, fast_firmware_fault

/*
 * Emulate a CSR instruction in C, without saving the registers that C
 * preserves: t1 = instruction, t3 = operand. Returns to csr_in_c_done with t1
 * unchanged and t4 = the old value. Traps of the monitor change HART_ENTRY_T0
 * and mepc.
 */
csr_in_c:
	KEEP_OPERAND(t2)
	SAVED_FOR_C(SAVE)
	ld	t2, HART_ENTRY_T0(tp)
	csrr	a3, mepc
	csrr	a4, mstatus
	csrr	a5, mtval
	sd	t2, X(5)(tp)
	sd	a3, HART_PC(tp)
	sw	t1, HART_INSN(tp)
	sd	a4, HART_STATUS(tp)
	sd	a5, HART_TVAL(tp)
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	sext.w	a1, t1
	mv	a2, t3
	call	emulate_csr
	mv	t4, a0
	ld	t2, HART_STATUS(tp)
	ld	t0, HART_PC(tp)
	beqz	a1, 1f
	ld	t3, X(5)(tp)
	lw	t1, HART_INSN(tp)
	csrw	mstatus, t2
	csrw	mepc, t0
	sd	t3, HART_ENTRY_T0(tp)
	SAVED_FOR_C(LOAD)
	j	csr_in_c_done
	/* Illegal: the whole way. A fault may have changed mcause and others. */
1:	li	t0, CAUSE_ILLEGAL_INSN
	sd	t0, HART_CAUSE(tp)
	j	trap_slow_captured

#ifdef WITH_TABLES
	/* t3 = x[n], 8 bytes each; called with t0 as the link. */
	.globl	read_table, write_table
	.option	norvc
read_table:
	.macro	READ n
	mv	t3, x\n
	jr	t0
	.endm
	.macro	READ_SAVED where
	ld	t3, \where(tp)
	jr	t0
	.endm
	READ	0
	READ	1
	READ	2
	READ	3
	READ_SAVED X(4)
	READ_SAVED HART_ENTRY_T0
	READ_SAVED X(6)
	READ_SAVED X(7)
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
	READ	\n
	.endr
	READ_SAVED X(28)
	READ_SAVED X(29)
	READ	30
	READ	31

	/* x[n] = t4, 8 bytes each; called with t3 as the link. */
write_table:
	.macro	WRITE n
	mv	x\n, t4
	jr	t3
	.endm
	.macro	WRITE_SAVED where
	sd	t4, \where(tp)
	jr	t3
	.endm
	WRITE	0
	WRITE	1
	WRITE	2
	WRITE	3
	WRITE_SAVED X(4)
	WRITE_SAVED HART_ENTRY_T0
	WRITE_SAVED X(6)
	WRITE_SAVED X(7)
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
	WRITE	\n
	.endr
	WRITE_SAVED X(28)
	WRITE_SAVED X(29)
	WRITE	30
	WRITE	31
#endif
	.option	pop
