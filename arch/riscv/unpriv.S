/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The accesses that may fault. Everything between unpriv_start and unpriv_end
 * is a leaf function with: a2 (a4 for stores and compare-and-swap) = mstatus
 * to put back, memory and device touched by one instruction, result in a0 and
 * a1. On a fault the trap vector sets a0 = mtval, a1 = mcause and goes on at
 * unpriv_fixup; tp and the stack are as they were.
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>
#include <generated/autoconf.h>

	.section .text.unpriv_far, "ax"
unpriv_far_start:
	.section .text.unpriv, "ax"
	.globl	unpriv_start, unpriv_end, unpriv_fixup
	.globl	unpriv_far_start, unpriv_far_end

/*
 * Every access exists twice, on pages that are not neighbours, and one that
 * touches the page it runs from is done by the other. QEMU needs this: it looks
 * up M-mode's instruction fetch and an access with MPRV in the same TLB
 * entries, so that the page of the csrw before the access would be open to a
 * guest, whatever PMP and page tables say. Harts with separate or tagged TLBs
 * lose a few instructions.
 */
.macro TWICE name, body, arg
FUNC(\name)
	lla	t5, unpriv_start
	srli	t5, t5, 12
	srli	t4, a0, 12
	addi	t3, a0, 7
	beq	t4, t5, 9f
	srli	t3, t3, 12
	beq	t3, t5, 9f
	\body	\arg
	/* A branch does not reach, and LLD does not make a jump of it. */
9:	j	\name\()_far
END(\name)
	.pushsection .text.unpriv_far, "ax"
LOCAL(\name\()_far)
	\body	\arg
END(\name\()_far)
	.popsection
.endm

/* (addr, status): the mstatus to restore lives in t6 in all of them. */
.macro LOAD insn
	csrrw	t6, mstatus, a1
	\insn	a0, (a0)
	csrw	mstatus, t6
	li	a1, 0
	ret
.endm

/* (addr, status, value) */
.macro STORE insn
	csrrw	t6, mstatus, a1
	\insn	a2, (a0)
	csrw	mstatus, t6
	li	a1, 0
	ret
.endm

/* (addr, status, old, new): what memory held; not old if the SC failed. */
.macro CAS suffix
	csrrw	t6, mstatus, a1
	lr.\suffix\().aqrl a4, (a0)
	bne	a4, a2, 2f
	sc.\suffix\().aqrl a5, a3, (a0)
	beqz	a5, 2f
	xori	a4, a4, 1
2:	csrw	mstatus, t6
	mv	a0, a4
	li	a1, 0
	ret
.endm

/* (addr, status, value, index): unpriv.h says which; 16 bytes each. */
.macro AMO
	slli	a3, a3, 4
	lla	a4, 1f
	add	a4, a4, a3
	csrrw	t6, mstatus, a1
	li	a1, 0
	jr	a4
	.balign	4
	.option	push
	.option	norvc
	.option	norelax
1:
	.irp	op, 0, 4, 8, 12, 16, 20, 24, 28, 1
	.irp	width, 2, 3
	/* amo<op>.aqrl a0, a2, (a0) */
	.word	(\op << 27) | 0x06c5052f | (\width << 12)
	csrw	mstatus, t6
	ret
	nop
	.endr
	.endr
	.option	pop
.endm

/* (addr, status): cbo.<op> 0(a0), by number: old assemblers lack Zicbom. */
.macro CBO op
	csrrw	t6, mstatus, a1
	.word	(\op << 20) | (10 << 15) | (2 << 12) | 0x0f
	csrw	mstatus, t6
	li	a1, 0
	ret
.endm

/* (addr, status): byte by byte, upwards. */
.macro LOAD_BYTES size
	csrrw	t6, mstatus, a1
	lbu	a1, (a0)
	.set	byte_n, 1
	.rept	\size - 1
	lbu	a2, byte_n(a0)
	slli	a2, a2, 8 * byte_n
	or	a1, a1, a2
	.set	byte_n, byte_n + 1
	.endr
	csrw	mstatus, t6
	mv	a0, a1
	li	a1, 0
	ret
.endm

/* (addr, status, value) */
.macro STORE_BYTES size
	csrrw	t6, mstatus, a1
	sb	a2, (a0)
	.set	byte_n, 1
	.rept	\size - 1
	srli	a2, a2, 8
	sb	a2, byte_n(a0)
	.set	byte_n, byte_n + 1
	.endr
	csrw	mstatus, t6
	li	a1, 0
	ret
.endm

	.balign	16			/* on one page: monitor.lds.S checks */
unpriv_start:
	TWICE	unpriv_load1, LOAD, lbu
	TWICE	unpriv_load2, LOAD, lhu
	TWICE	unpriv_load4, LOAD, lwu
	TWICE	unpriv_load8, LOAD, ld
	TWICE	unpriv_store1, STORE, sb
	TWICE	unpriv_store2, STORE, sh
	TWICE	unpriv_store4, STORE, sw
	TWICE	unpriv_store8, STORE, sd
	TWICE	unpriv_load_bytes2, LOAD_BYTES, 2
	TWICE	unpriv_load_bytes4, LOAD_BYTES, 4
	TWICE	unpriv_load_bytes8, LOAD_BYTES, 8
	TWICE	unpriv_store_bytes2, STORE_BYTES, 2
	TWICE	unpriv_store_bytes4, STORE_BYTES, 4
	TWICE	unpriv_store_bytes8, STORE_BYTES, 8
	TWICE	unpriv_cas4, CAS, w
	TWICE	unpriv_cas8, CAS, d
	TWICE	unpriv_amo, AMO
	TWICE	unpriv_cbo_inval, CBO, 0
	TWICE	unpriv_cbo_clean, CBO, 1
	TWICE	unpriv_cbo_flush, CBO, 2
	TWICE	unpriv_cbo_zero, CBO, 4
unpriv_near_end:
	.globl	unpriv_near_end
	.pushsection .text.unpriv_far, "ax"
unpriv_far_end:
	.popsection

/*
 * struct csr_hw_result csr_hw_read_index(index)
 * struct csr_hw_result csr_hw_write_index(index, value)
 * A stub a register, 16 bytes: read at +0, write at +8, both return.
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
csr_stubs:
	/* csrr a0, number; ret; csrw number, a0; ret. seed: csrrw a0, seed, x0 */
.macro CSR_STUBS number, count
	.set	csr_n, \number
	.rept	\count
	.if	csr_n == 0x015
	.word	(csr_n << 20) | (1 << 12) | (10 << 7) | 0x73
	.else
	.word	(csr_n << 20) | (2 << 12) | (10 << 7) | 0x73
	.endif
	ret
	.word	(csr_n << 20) | (10 << 15) | (1 << 12) | 0x73
	ret
	.set	csr_n, csr_n + 1
	.endr
.endm
#define CSR_HW(name, number, count)	CSR_STUBS number, count;
#define CSR_PART(name, number, ...)	CSR_STUBS number, 1;
#include <arch/csr.def>
	/* PMP: pmpcfg0-15, then pmpaddr0-63 (csr.c counts on this order). */
	CSR_STUBS 0x3a0, 16
	CSR_STUBS 0x3b0, 64
	/* The vendors': what a board lists (core/emulate/vendor.c). */
	CSR_STUBS 0x7c0, 8

	.balign	16
	/* Fences: kind * 4 + form, 8 bytes each. */
fence_stubs:
.macro FENCE_STUBS funct7
	.irp	form, 0, 1, 2, 3
	.word	(\funct7 << 25) | ((\form >> 1) * 13 << 20) | ((\form & 1) * 12 << 15) | 0x73
	ret
	.endr
.endm
	FENCE_STUBS 0x09		/* sfence.vma */
	FENCE_STUBS 0x0b		/* sinval.vma */
	.rept	4
	.word	0x18000073		/* sfence.w.inval */
	ret
	.endr
	.rept	4
	.word	0x18100073		/* sfence.inval.ir */
	ret
	.endr
	FENCE_STUBS 0x11		/* hfence.vvma */
	FENCE_STUBS 0x31		/* hfence.gvma */
	FENCE_STUBS 0x13		/* hinval.vvma */
	FENCE_STUBS 0x33		/* hinval.gvma */
	.option	pop

	/* HLV.* and HSV.*: (funct7 & 7) * 4 + (rs2 & 3), 8 bytes each. */
	.option	push
	.option	norvc
	.option	norelax
	.balign	8
hlv_stubs:
	.irp	width, 0, 1, 2, 3
	.irp	kind, 0, 1, 2, 3
	.set	hlv_n, ((0x30 + 2 * \width) << 25) | (\kind << 20)
	.word	hlv_n | (10 << 15) | (4 << 12) | (10 << 7) | 0x73
	ret
	.endr
	.rept	4
	.word	((0x31 + 2 * \width) << 25) | (12 << 20) | (10 << 15) | (4 << 12) | 0x73
	ret
	.endr
	.endr
	.option	pop

/* (form, addr, value): the stub takes a0 and a2. */
FUNC(unpriv_hlv)
	csrr	t6, mstatus
	slli	a0, a0, 3
	lla	a4, hlv_stubs
	add	a4, a4, a0
	mv	a0, a1
	li	a1, 0
	jr	a4
END(unpriv_hlv)

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
1:	.word	(\op << 20) | (10 << 15) | (2 << 12) | 0x0f
	add	a0, a0, a2
	bltu	a0, a1, 1b
	li	a1, 0
	ret
END(\name)
.endm
	BLOCKS	unpriv_flush_blocks, 2
	BLOCKS	unpriv_zero_blocks, 4

#endif

#ifdef CONFIG_FPSTATE
/* fcsr and vlenb, with FS and VS (of mstatus: 0x6600) on. */
.macro READ_WITH_EXTENSIONS name, number
FUNC(\name)
	csrr	t6, mstatus
	li	a1, 0x6600
	csrs	mstatus, a1
	li	a1, 0
	csrr	a0, \number
	csrw	mstatus, t6
	ret
END(\name)
.endm
	READ_WITH_EXTENSIONS unpriv_fcsr, 0x003
	READ_WITH_EXTENSIONS unpriv_vlenb, 0xc22
#endif

#ifdef CONFIG_CRYPTO
/* (a, b): of Zbb, rori of a by 1, and andn of that and b. */
FUNC(unpriv_zbb)
	csrr	t6, mstatus
	mv	a2, a1
	li	a1, 0
	.insn	i 0x13, 5, a0, a0, 0x601
	.insn	r 0x33, 7, 0x20, a0, a0, a2
	ret
END(unpriv_zbb)
#endif
unpriv_end:

/* a0 and a1 tell the fault; mstatus as before the access. */
LOCAL(unpriv_fixup)
	csrw	mstatus, t6
	ret
END(unpriv_fixup)

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
	.word	0xe2000053 | (fpr_n << 15) | (10 << 7)
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
	.word	0xf2000053 | (11 << 15) | (fpr_n << 7)
	ret
	.set	fpr_n, fpr_n + 1
	.endr
END(fpr_write)
	.option	pop
