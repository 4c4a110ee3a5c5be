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

	.section .text.unpriv, "ax"
	.globl	unpriv_start, unpriv_end, unpriv_fixup

/* (addr, status): the mstatus to restore lives in t6 in all of them. */
.macro LOAD name, insn
FUNC(\name)
	csrrw	t6, mstatus, a1
	\insn	a0, (a0)
	csrw	mstatus, t6
	li	a1, 0
	ret
END(\name)
.endm

/* (addr, status, value) */
.macro STORE name, insn
FUNC(\name)
	csrrw	t6, mstatus, a1
	\insn	a2, (a0)
	csrw	mstatus, t6
	li	a1, 0
	ret
END(\name)
.endm

/* (addr, status, old, new): what memory held comes back. */
.macro CAS name, suffix
FUNC(\name)
	csrrw	t6, mstatus, a1
1:	lr.\suffix\().aqrl a4, (a0)
	bne	a4, a2, 2f
	sc.\suffix\().aqrl a5, a3, (a0)
	bnez	a5, 1b
2:	csrw	mstatus, t6
	mv	a0, a4
	li	a1, 0
	ret
END(\name)
.endm

/* (addr, status): cbo.<op> 0(a0), by number: old assemblers lack Zicbom. */
.macro CBO name, op
FUNC(\name)
	csrrw	t6, mstatus, a1
	.word	(\op << 20) | (10 << 15) | (2 << 12) | 0x0f
	csrw	mstatus, t6
	li	a1, 0
	ret
END(\name)
.endm

/* (addr, status): byte by byte, upwards. */
.macro LOAD_BYTES name, size
FUNC(\name)
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
END(\name)
.endm

/* (addr, status, value) */
.macro STORE_BYTES name, size
FUNC(\name)
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
END(\name)
.endm

unpriv_start:
	LOAD	unpriv_load1, lbu
	LOAD	unpriv_load2, lhu
	LOAD	unpriv_load4, lwu
	LOAD	unpriv_load8, ld
	STORE	unpriv_store1, sb
	STORE	unpriv_store2, sh
	STORE	unpriv_store4, sw
	STORE	unpriv_store8, sd
	LOAD_BYTES unpriv_load_bytes2, 2
	LOAD_BYTES unpriv_load_bytes4, 4
	LOAD_BYTES unpriv_load_bytes8, 8
	STORE_BYTES unpriv_store_bytes2, 2
	STORE_BYTES unpriv_store_bytes4, 4
	STORE_BYTES unpriv_store_bytes8, 8
	CAS	unpriv_cas4, w
	CAS	unpriv_cas8, d
	CBO	unpriv_cbo_inval, 0
	CBO	unpriv_cbo_clean, 1
	CBO	unpriv_cbo_flush, 2
	CBO	unpriv_cbo_zero, 4

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
	/* csrr a0, number; ret; csrw number, a0; ret */
.macro CSR_STUBS number, count
	.set	csr_n, \number
	.rept	\count
	.word	(csr_n << 20) | (2 << 12) | (10 << 7) | 0x73
	ret
	.word	(csr_n << 20) | (10 << 15) | (1 << 12) | 0x73
	ret
	.set	csr_n, csr_n + 1
	.endr
.endm
#define CSR_HW(name, number, count)	CSR_STUBS number, count;
#include <arch/csr.def>
	/* PMP: pmpcfg0-15, then pmpaddr0-63 (csr.c counts on this order). */
	CSR_STUBS 0x3a0, 16
	CSR_STUBS 0x3b0, 64

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
