/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses to guests' memory, with the rights and the translation of the guest. */
#ifndef CORDON_VMEM_H
#define CORDON_VMEM_H

#include <arch/csr.h>
#include <cordon/hart.h>

struct insn;

/** Does the firmware access memory with another mode's eyes (MPRV)? */
static inline bool vmem_mprv(const struct hart *h)
{
	return (h->csr.mstatus & MSTATUS_MPRV) &&
	       (h->csr.mstatus & MSTATUS_MPP) != MSTATUS_MPP;
}
/** Let the payload's translation and PMP view hold for accesses with MPRV. */
void vmem_begin(struct hart *h);
void vmem_end(struct hart *h);
/*
 * A hart with few entries may need more ranges at once for one access, page
 * tables included, than they hold. It gets the access fault after this many.
 */
#define VMEM_REFILLS	128
/**
 * An access made for a guest met @cause at @va: was it only that a range was
 * not loaded? @status gives the translation, as in vmem_access().
 * Return: true if it is loaded now, and the access should be tried again.
 */
bool vmem_refill(struct hart *h, ulong cause, ulong va, ulong status);
/**
 * Perform the load, store or atomic @in for the guest with the rights and
 * the translation that @status gives; registers change on success alone.
 * Return: 0, or the cause of the exception it met, with *tval.
 */
ulong vmem_access(struct hart *h, const struct insn *in, ulong addr,
		  ulong status, ulong *tval);
/**
 * The same for a plain load or store of the payload that the hart would not
 * do: byte by byte, without trying.
 */
ulong vmem_misaligned(struct hart *h, const struct insn *in, ulong addr,
		      ulong status, ulong *tval);
/**
 * Read eight bytes at any address of the payload.
 * Return: 0, or the cause; *value is what was read, or the tval
 */
ulong vmem_read8(struct hart *h, ulong addr, ulong status, ulong *value);
/**
 * Copy bytes from or to the payload or enclave that trapped, with its rights.
 * Return: 0 or -EFAULT: a part may have been copied
 */
int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len);
int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len);
/**
 * Has the payload's code that trapped registers of 64 bits? Narrower ones make
 * other instructions and addresses, which the monitor does not emulate.
 */
bool vmem_is_64(const struct hart *h);
/**
 * Is @in no access of an f register, or are these there and on, for a guest of
 * the payload's (V = 1) too? If not, it is not what has trapped.
 */
bool vmem_has_fpr(const struct hart *h, const struct insn *in);
/**
 * Complete a load: @value, extended as @in says, to its x or f register, which
 * makes FS dirty.
 */
void vmem_loaded(struct hart *h, const struct insn *in, ulong value);
/** The value that a store stores, from its x or f register. */
ulong vmem_stored(const struct hart *h, const struct insn *in);
/** The instruction at the payload's pc. Return: 0 or -EFAULT. */
int vmem_fetch_payload(struct hart *h, u32 *insn);
/**
 * Where the payload's access to @va goes that has met an access fault, so after
 * the hardware let its translation pass: by @satp, or by vsatp and hgatp if @status
 * has MPV. Page tables are read with the payload's rights.
 * Return: 0; -EAGAIN if a range was loaded (pmp_refill()): try the access again;
 * -EFAULT: no such translation
 */
int vmem_translate(struct hart *h, u64 va, ulong satp, ulong status, u64 *pa);

#endif
