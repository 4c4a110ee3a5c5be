/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses and other instructions that may fault.
 *
 * An access for a guest is a window: a leaf function that sets mtvec to the
 * handler in its own page, writes mstatus (a1: with MPRV set, the guest's
 * translation applies), performs the access, and restores mstatus and mtvec.
 * The result is in a0 and a1; after a fault these are mtval and mcause.
 *
 * QEMU 7.2 keeps the translation of an access with MPRV where it looks up
 * M-mode's own fetches and accesses, until mstatus is written, even if the bus
 * refuses the access. So between the two writes of mstatus M-mode touches only
 * the page of the window: no stack, no struct hart, no other code, not even the
 * trap vector. And a guest access never targets this page: every window exists
 * twice, in pages far from each other, and an access near one of them uses the
 * other. So no guest translation replaces a page of the monitor's, and no page
 * of the monitor's replaces one of a guest's.
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>
#include <generated/autoconf.h>

	.section .text.unpriv_far, "ax"
	.balign	16
window_far_start:
	.section .text.unpriv, "ax"
	.balign	16			/* on one page: monitor.lds.S checks */
window_start:
	.globl	window_start, window_end, window_far_start, window_far_end

/* mtvec in a window: ends the window after a fault. */
.macro FAULT_HANDLER name
	.balign	4
\name:
	csrw	mstatus, t6
	csrw	mtvec, t5
	csrr	a0, mtval
	csrr	a1, mcause
	ret
.endm
	FAULT_HANDLER window_fault
	.pushsection .text.unpriv_far, "ax"
	FAULT_HANDLER window_fault_far
	.popsection

/*
 * Define the function twice. An address within 4 KiB of this code may be in its
 * page or reach into it, so use the other copy, which is more than 12 KiB away.
 * A cbo block lies within one page.
 */
.macro WINDOW name, body, arg
FUNC(\name)
	auipc	t4, 0xfffff
	sub	t4, a0, t4
	srli	t4, t4, 13
	beqz	t4, 9f
	\body	window_fault, \arg
	/* A branch does not reach, and LLD does not convert it into a jump. */
9:	j	\name\()_far
END(\name)
	.pushsection .text.unpriv_far, "ax"
LOCAL(\name\()_far)
	\body	window_fault_far, \arg
END(\name\()_far)
	.popsection
.endm

/* Save mtvec and mstatus in t5 and t6. */
.macro OPEN fault
	lla	t5, \fault
	csrrw	t5, mtvec, t5
	csrrw	t6, mstatus, a1
.endm

.macro CLOSE
	csrw	mstatus, t6
	csrw	mtvec, t5
.endm

/* (addr, status) */
.macro LOAD fault, insn
	OPEN	\fault
	\insn	a0, (a0)
	CLOSE
	li	a1, 0
	ret
.endm

/* (addr, status, value) */
.macro STORE fault, insn
	OPEN	\fault
	\insn	a2, (a0)
	CLOSE
	li	a1, 0
	ret
.endm

/*
 * (addr, status, old, new): returns the old contents; not old if the SC failed.
 */
.macro CAS fault, suffix
	OPEN	\fault
	lr.\suffix\().aqrl a4, (a0)
	bne	a4, a2, 2f
	sc.\suffix\().aqrl a5, a3, (a0)
	beqz	a5, 2f
	xori	a4, a4, 1
2:	CLOSE
	mv	a0, a4
	li	a1, 0
	ret
.endm

#define AMO_A0_A2	(OPCODE_AMO | FIELD_AQRL | FIELD_RS2(NUM_A2) |	\
			 FIELD_RS1(NUM_A0) | FIELD_RD(NUM_A0))

/* (addr, status, value, index): index as in unpriv.h; 8 bytes each. */
.macro AMO fault, none
	slli	a3, a3, 3
	lla	a4, 1f
	add	a4, a4, a3
	OPEN	\fault
	jr	a4
	.balign	4
	.option	push
	.option	norvc
	.option	norelax
1:
	.irp	op, 0, 4, 8, 12, 16, 20, 24, 28, 1
	.irp	width, 2, 3
	/* amo<op>.aqrl a0, a2, (a0) */
	.word	AMO_A0_A2 | FIELD_FUNCT5(\op) | FIELD_FUNCT3(\width)
	j	2f
	.endr
	.endr
	.option	pop
2:	CLOSE
	li	a1, 0
	ret
.endm

#define HLV_A0_A0	(INSN_hlv_b | FIELD_RS1(NUM_A0) | FIELD_RD(NUM_A0))

/*
 * (addr, status, value, form): form is (funct7 & 7) * 4 + (rs2 & 3); 8 bytes
 * each, with a trap for forms that do not exist.
 */
.macro HLV fault, none
	slli	a3, a3, 3
	lla	a4, 1f
	add	a4, a4, a3
	OPEN	\fault
	jr	a4
	.balign	4
	.option	push
	.option	norvc
	.option	norelax
1:
	.irp	width, 0, 1, 2, 3
	.irp	kind, 0, 1, 2, 3
	.word	HLV_A0_A0 | FIELD_FUNCT7(2 * \width) | FIELD_RS2(\kind)
	j	2f
	.endr
	.rept	4
	.word	INSN_hsv_b | FIELD_FUNCT7(2 * \width) | FIELD_RS2(NUM_A2) | FIELD_RS1(NUM_A0)
	j	2f
	.endr
	.endr
	.option	pop
2:	CLOSE
	li	a1, 0
	ret
.endm

/* (addr, status): cbo.<op> 0(a0), by number: old assemblers lack Zicbom. */
.macro CBO fault, op
	OPEN	\fault
	.word	\op | FIELD_RS1(NUM_A0)
	CLOSE
	li	a1, 0
	ret
.endm

/* (addr, status): byte by byte, upwards. */
.macro LOAD_BYTES fault, size
	OPEN	\fault
	lbu	a1, (a0)
	.set	byte_n, 1
	.rept	\size - 1
	lbu	a2, byte_n(a0)
	slli	a2, a2, 8 * byte_n
	or	a1, a1, a2
	.set	byte_n, byte_n + 1
	.endr
	CLOSE
	mv	a0, a1
	li	a1, 0
	ret
.endm

/* (addr, status, value) */
.macro STORE_BYTES fault, size
	OPEN	\fault
	sb	a2, (a0)
	.set	byte_n, 1
	.rept	\size - 1
	srli	a2, a2, 8
	sb	a2, byte_n(a0)
	.set	byte_n, byte_n + 1
	.endr
	CLOSE
	li	a1, 0
	ret
.endm

	WINDOW	unpriv_load1, LOAD, lbu
	WINDOW	unpriv_load2, LOAD, lhu
	WINDOW	unpriv_load4, LOAD, lwu
	WINDOW	unpriv_load8, LOAD, ld
	WINDOW	unpriv_store1, STORE, sb
	WINDOW	unpriv_store2, STORE, sh
	WINDOW	unpriv_store4, STORE, sw
	WINDOW	unpriv_store8, STORE, sd
	WINDOW	unpriv_load_bytes2, LOAD_BYTES, 2
	WINDOW	unpriv_load_bytes4, LOAD_BYTES, 4
	WINDOW	unpriv_load_bytes8, LOAD_BYTES, 8
	WINDOW	unpriv_store_bytes2, STORE_BYTES, 2
	WINDOW	unpriv_store_bytes4, STORE_BYTES, 4
	WINDOW	unpriv_store_bytes8, STORE_BYTES, 8
	WINDOW	unpriv_cas4, CAS, w
	WINDOW	unpriv_cas8, CAS, d
	WINDOW	unpriv_amo, AMO
	WINDOW	unpriv_cbo_inval, CBO, INSN_cbo_inval
	WINDOW	unpriv_cbo_clean, CBO, INSN_cbo_clean
	WINDOW	unpriv_cbo_flush, CBO, INSN_cbo_flush
	WINDOW	unpriv_cbo_zero, CBO, INSN_cbo_zero
	WINDOW	unpriv_hlv, HLV
window_end:
	.pushsection .text.unpriv_far, "ax"
window_far_end:
	.popsection

/*
 * Instructions that may trap without a guest address. t6 has the mstatus to
 * restore; a fault continues at unpriv_fault.
 */
unpriv_start:

/*
 * struct csr_hw_result csr_hw_read_index(index), csr_hw_write_index(index, value).
 * One stub of 16 bytes per register: read at +0, write at +8, both return.
 */
FUNC(csr_hw_read_index)
	csrr	t6, mstatus
	slli	a0, a0, 4
	lla	a3, csr_stubs
	add	a3, a3, a0
	li	a1, 0
	jr	a3
END(csr_hw_read_index)

FUNC(csr_hw_write_index)
	csrr	t6, mstatus
	slli	a0, a0, 4
	lla	a3, csr_stubs + 8
	add	a3, a3, a0
	mv	a0, a1
	li	a1, 0
	jr	a3
END(csr_hw_write_index)

	.balign	16
	.option	push
	.option	norvc
	.option	norelax
#define CSRRW	(OPCODE_SYSTEM | FIELD_FUNCT3(FUNCT3_CSRRW))
#define CSRRS	(OPCODE_SYSTEM | FIELD_FUNCT3(FUNCT3_CSRRS))
csr_stubs:
	/* csrr a0, number; ret; csrw number, a0; ret. seed: csrrw a0, seed, x0 */
.macro CSR_STUBS number, count
	.set	csr_n, \number
	.rept	\count
	.if	csr_n == NUM_seed
	.word	CSRRW | FIELD_CSR(csr_n) | FIELD_RD(NUM_A0)
	.else
	.word	CSRRS | FIELD_CSR(csr_n) | FIELD_RD(NUM_A0)
	.endif
	ret
	.word	CSRRW | FIELD_CSR(csr_n) | FIELD_RS1(NUM_A0)
	ret
	.set	csr_n, csr_n + 1
	.endr
.endm
#define CSR_HW(name, number, count, ...)	CSR_STUBS number, count;
#define CSR_PART(name, number, ...)	CSR_STUBS number, 1;
#include <arch/csr.def>
	/* PMP: pmpcfg0-15, then pmpaddr0-63 (csr.c depends on this order). */
	CSR_STUBS NUM_pmpcfg, 16
	CSR_STUBS NUM_pmpaddr, 64
	/* Vendor CSRs that a board may list (core/emulate/vendor.c). */
	CSR_STUBS NUM_VENDOR, 8

	.balign	16
	/* Fences: kind * 4 + form, 8 bytes each. */
fence_stubs:
.macro FENCE_STUBS insn, rs1=NUM_A2, rs2=NUM_A3
	.irp	form, 0, 1, 2, 3
	.word	\insn | FIELD_RS2((\form >> 1) * \rs2) | FIELD_RS1((\form & 1) * \rs1)
	ret
	.endr
.endm
	FENCE_STUBS INSN_sfence_vma
	FENCE_STUBS INSN_sinval_vma
	FENCE_STUBS INSN_sfence_w_inval, 0, 0
	FENCE_STUBS INSN_sfence_inval_ir, 0, 0
	FENCE_STUBS INSN_hfence_vvma
	FENCE_STUBS INSN_hfence_gvma
	FENCE_STUBS INSN_hinval_vvma
	FENCE_STUBS INSN_hinval_gvma
	.option	pop

/* (kind, form, rs1, rs2): the stub takes a2 and a3. */
FUNC(unpriv_fence)
	csrr	t6, mstatus
	slli	a0, a0, 2
	add	a0, a0, a1
	slli	a0, a0, 3
	lla	a4, fence_stubs
	add	a4, a4, a0
	li	a0, 0
	li	a1, 0
	jr	a4
END(unpriv_fence)

#ifdef CONFIG_ENCLAVE_WORLD
/* (addr, size): physical, aligned to 1 KiB and not 0. */
FUNC(unpriv_zero)
	csrr	t6, mstatus
	add	a1, a0, a1
1:
	.set	zero_at, 0
	.rept	128
	sd	zero, zero_at(a0)
	.set	zero_at, zero_at + 8
	.endr
	addi	a0, a0, 1024
	bltu	a0, a1, 1b
	li	a1, 0
	ret
END(unpriv_zero)

/* (addr, size, block): cbo.<op> for each block from addr on. */
.macro BLOCKS name, op
FUNC(\name)
	csrr	t6, mstatus
	add	a1, a0, a1
1:	.word	\op | FIELD_RS1(NUM_A0)
	add	a0, a0, a2
	bltu	a0, a1, 1b
	li	a1, 0
	ret
END(\name)
.endm
	BLOCKS	unpriv_flush_blocks, INSN_cbo_flush
	BLOCKS	unpriv_zero_blocks, INSN_cbo_zero

#endif

#ifdef CONFIG_FPSTATE
/* fcsr and vlenb, with FS and VS on. */
.macro READ_WITH_EXTENSIONS name, number
FUNC(\name)
	csrr	t6, mstatus
	li	a1, MSTATUS_FS | MSTATUS_VS
	csrs	mstatus, a1
	li	a1, 0
	csrr	a0, \number
	csrw	mstatus, t6
	ret
END(\name)
.endm
	READ_WITH_EXTENSIONS unpriv_fcsr, NUM_fcsr
	READ_WITH_EXTENSIONS unpriv_vlenb, NUM_vlenb
#endif

#ifdef CONFIG_SHA3
/* (a, b): with Zbb, rori of a by 1, then andn of that and b. */
FUNC(unpriv_zbb)
	csrr	t6, mstatus
	mv	a2, a1
	li	a1, 0
	RORI	a0, a0, 1
	ANDN	a0, a0, a2
	ret
END(unpriv_zbb)
#endif
unpriv_end:
	FIXUP	unpriv_start, unpriv_end, unpriv_fault

/* Return the fault in a0 and a1, with mstatus as before the access. */
LOCAL(unpriv_fault)
	csrr	a0, mtval
	csrr	a1, mcause
	ld	t0, HART_ENTRY_T0(tp)
	ld	t1, HART_ENTRY_T1(tp)
	csrw	mstatus, t6
	ret
END(unpriv_fault)

	.section .text.fpr, "ax"
	.option	push
	.option	norvc
	.option	norelax
/* u64 fpr_read(i), void fpr_write(i, bits): fmv.x.d and fmv.d.x by number. */
FUNC(fpr_read)
	slli	a0, a0, 3
	lla	a1, 1f
	add	a1, a1, a0
	jr	a1
1:
	.set	fpr_n, 0
	.rept	32
	.word	OPCODE_OP_FP | FIELD_FUNCT7(0x71) | FIELD_RS1(fpr_n) | FIELD_RD(NUM_A0)
	ret
	.set	fpr_n, fpr_n + 1
	.endr
END(fpr_read)

FUNC(fpr_write)
	slli	a0, a0, 3
	lla	a2, 1f
	add	a2, a2, a0
	jr	a2
1:
	.set	fpr_n, 0
	.rept	32
	.word	OPCODE_OP_FP | FIELD_FUNCT7(0x79) | FIELD_RS1(NUM_A1) | FIELD_RD(fpr_n)
	ret
	.set	fpr_n, fpr_n + 1
	.endr
END(fpr_write)
	.option	pop
