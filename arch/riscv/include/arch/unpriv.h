/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses to guests' memory. They may fault: unpriv.S is the only code of
 * the monitor that may trap, but for the fast paths, and turns the trap into a cause.
 */
#ifndef ARCH_UNPRIV_H
#define ARCH_UNPRIV_H

#include <arch/csr_bits.h>

struct unpriv {
	ulong value;		/* loaded value, or mtval after a fault */
	ulong cause;		/* 0, or mcause of the fault */
};

/*
 * @status is what mstatus holds during the access: with MPRV set, the rights
 * and the translation are those of its MPP (and MPV, SUM, MXR). One naturally
 * sized access each; loads zero-extend.
 */
struct unpriv unpriv_load1(ulong addr, ulong status);
struct unpriv unpriv_load2(ulong addr, ulong status);
struct unpriv unpriv_load4(ulong addr, ulong status);
struct unpriv unpriv_load8(ulong addr, ulong status);
struct unpriv unpriv_store1(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store2(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store4(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store8(ulong addr, ulong status, ulong value);
/** The same for any address: byte by byte, in the order of addresses. */
struct unpriv unpriv_load_bytes2(ulong addr, ulong status);
struct unpriv unpriv_load_bytes4(ulong addr, ulong status);
struct unpriv unpriv_load_bytes8(ulong addr, ulong status);
struct unpriv unpriv_store_bytes2(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store_bytes4(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store_bytes8(ulong addr, ulong status, ulong value);
/**
 * Compare and swap by LR/SC. Stores @new if memory holds @old and the SC
 * succeeds.
 * Return: value = what memory held (4: sign-extended); if the SC failed,
 * something else than @old
 */
struct unpriv unpriv_cas4(ulong addr, ulong status, ulong old, ulong new);
struct unpriv unpriv_cas8(ulong addr, ulong status, ulong old, ulong new);
/**
 * One AMO. @index: 2 * n, + 1 for 8 bytes, where n is funct5 / 4, or 8 for
 * amoswap. Return: value = what memory held (4 bytes: sign-extended)
 */
struct unpriv unpriv_amo(ulong addr, ulong status, ulong value,
			 unsigned int index);
/** Cache-block operations (Zicbom, Zicboz), with the monitor's envcfg. */
struct unpriv unpriv_cbo_inval(ulong addr, ulong status);
struct unpriv unpriv_cbo_clean(ulong addr, ulong status);
struct unpriv unpriv_cbo_flush(ulong addr, ulong status);
struct unpriv unpriv_cbo_zero(ulong addr, ulong status);

/**
 * Write zeros to physical memory, as M-mode: @addr and @size are multiples of
 * 1 KiB, @size is not 0. (CONFIG_ENCLAVE_WORLD)
 */
struct unpriv unpriv_zero(ulong addr, ulong size);
/** The same by cbo.zero, and cbo.flush, a block of @block bytes each. */
struct unpriv unpriv_zero_blocks(ulong addr, ulong size, ulong block);
struct unpriv unpriv_flush_blocks(ulong addr, ulong size, ulong block);

/** The registers fcsr and vlenb, if the hart has them. (CONFIG_FPSTATE) */
struct unpriv unpriv_fcsr(void);
struct unpriv unpriv_vlenb(void);

/**
 * The HLV, HLVX or HSV instruction that @form names: (funct7 & 7) * 4 + (rs2 &
 * 3). Loads come back extended as the instruction does it.
 */
struct unpriv unpriv_hlv(ulong addr, ulong status, ulong value,
			 unsigned int form);

/** (@a rotated right by 1) & ~@b by instructions of Zbb, or their trap. */
struct unpriv unpriv_zbb(ulong a, ulong b);

/** Raw bits of f register @i, and back (needs mstatus.FS on). */
u64 fpr_read(unsigned int i);
void fpr_write(unsigned int i, u64 bits);

/* Hypervisor and supervisor fences, executed as the operand registers say. */
enum fence_kind {
	FENCE_SFENCE_VMA,
	FENCE_SINVAL_VMA,
	FENCE_SFENCE_W_INVAL,
	FENCE_SFENCE_INVAL_IR,
	FENCE_HFENCE_VVMA,
	FENCE_HFENCE_GVMA,
	FENCE_HINVAL_VVMA,
	FENCE_HINVAL_GVMA,
	FENCE_KINDS
};

/**
 * One fence instruction. @form bit 0: rs1 is not x0, bit 1: rs2 is not x0.
 * Return: cause 0, or 2 where the hart does not know the instruction.
 */
struct unpriv unpriv_fence(enum fence_kind kind, unsigned int form, ulong rs1,
			   ulong rs2);

#endif
