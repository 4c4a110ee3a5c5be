/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses to guest memory, which may fault. Besides the fast paths, unpriv.S
 * is the only code of the monitor that may trap; it turns the trap into a
 * cause.
 */
#ifndef ARCH_UNPRIV_H
#define ARCH_UNPRIV_H

#include <arch/csr_bits.h>

struct unpriv {
	ulong value;		/* loaded value, or mtval after a fault */
	ulong cause;		/* 0, or mcause of the fault */
};

/**
 * @status is mstatus during the access: with MPRV set, the access has the
 * rights and translation of its MPP (and MPV, SUM, MXR). Each performs one
 * naturally sized access; loads zero-extend.
 */
struct unpriv unpriv_load1(ulong addr, ulong status);
struct unpriv unpriv_load2(ulong addr, ulong status);
struct unpriv unpriv_load4(ulong addr, ulong status);
struct unpriv unpriv_load8(ulong addr, ulong status);
struct unpriv unpriv_store1(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store2(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store4(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store8(ulong addr, ulong status, ulong value);
/** For any address: byte by byte, in ascending order. */
struct unpriv unpriv_load_bytes2(ulong addr, ulong status);
struct unpriv unpriv_load_bytes4(ulong addr, ulong status);
struct unpriv unpriv_load_bytes8(ulong addr, ulong status);
struct unpriv unpriv_store_bytes2(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store_bytes4(ulong addr, ulong status, ulong value);
struct unpriv unpriv_store_bytes8(ulong addr, ulong status, ulong value);
/**
 * Compare and swap by LR/SC: stores @new if memory holds @old and the SC
 * succeeds.
 * Return: value = the old contents (4 bytes: sign-extended); if the SC failed,
 * a value other than @old
 */
struct unpriv unpriv_cas4(ulong addr, ulong status, ulong old, ulong new);
struct unpriv unpriv_cas8(ulong addr, ulong status, ulong old, ulong new);
/**
 * One AMO. @index: 2 * n, + 1 for 8 bytes, where n is funct5 / 4, or 8 for
 * amoswap. Return: value = the old contents (4 bytes: sign-extended)
 */
struct unpriv unpriv_amo(ulong addr, ulong status, ulong value,
			 unsigned int index);
/** Cache-block operations (Zicbom, Zicboz), with the monitor's envcfg. */
struct unpriv unpriv_cbo_inval(ulong addr, ulong status);
struct unpriv unpriv_cbo_clean(ulong addr, ulong status);
struct unpriv unpriv_cbo_flush(ulong addr, ulong status);
struct unpriv unpriv_cbo_zero(ulong addr, ulong status);

/**
 * Zero physical memory, as M-mode: @addr and @size are multiples of 1 KiB,
 * @size is not 0. (CONFIG_ENCLAVE_WORLD)
 */
struct unpriv unpriv_zero(ulong addr, ulong size);
/** Zero with cbo.zero, or flush with cbo.flush, in blocks of @block bytes. */
struct unpriv unpriv_zero_blocks(ulong addr, ulong size, ulong block);
struct unpriv unpriv_flush_blocks(ulong addr, ulong size, ulong block);

/** Read fcsr and vlenb, if the hart has them. (CONFIG_FPSTATE) */
struct unpriv unpriv_fcsr(void);
struct unpriv unpriv_vlenb(void);

/**
 * Execute the HLV, HLVX or HSV instruction of @form: (funct7 & 7) * 4 + (rs2 &
 * 3). Loads return the value extended as by the instruction.
 */
struct unpriv unpriv_hlv(ulong addr, ulong status, ulong value,
			 unsigned int form);

/** (@a rotated right by 1) & ~@b with Zbb instructions, or their trap. */
struct unpriv unpriv_zbb(ulong a, ulong b);

/** Read or write the raw bits of f register @i (needs mstatus.FS on). */
u64 fpr_read(unsigned int i);
void fpr_write(unsigned int i, u64 bits);

/* Hypervisor and supervisor fences, with the given operand registers. */
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
 * Execute one fence. @form bit 0: rs1 is not x0, bit 1: rs2 is not x0.
 * Return: cause 0, or 2 if the hart lacks the instruction
 */
struct unpriv unpriv_fence(enum fence_kind kind, unsigned int form, ulong rs1,
			   ulong rs2);

#endif
