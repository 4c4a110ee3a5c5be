/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses to guest memory, with the guest's rights and translation. */
#ifndef CORDON_VMEM_H
#define CORDON_VMEM_H

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/hart.h>

struct insn;

/** True if the firmware accesses memory as another mode (MPRV). */
static inline bool vmem_mprv(const struct hart *h)
{
	return (h->csr.mstatus & MSTATUS_MPRV) &&
	       (h->csr.mstatus & MSTATUS_MPP) != MSTATUS_MPP;
}
/** Apply the payload's translation and PMP view to accesses with MPRV. */
void vmem_begin(struct hart *h);
void vmem_end(struct hart *h);
/**
 * Load or store @size bytes (1, 2, 4, 8) at once, with the rights and translation of
 * @status (arch/unpriv.h). The caller handles faults.
 */
struct unpriv vmem_load(ulong addr, ulong status, unsigned int size);
struct unpriv vmem_store(ulong addr, ulong status, unsigned int size, ulong value);
/*
 * On a hart with few entries, one access may need more ranges at once,
 * including page tables, than fit. It gets an access fault after this many
 * refills.
 */
#define VMEM_REFILLS	128
/**
 * An access on a guest's behalf faulted with @cause at @va: load its range if
 * it was missing. @status gives the translation, as in vmem_access().
 * Return: true if the range is loaded now and the access should be retried
 */
bool vmem_refill(struct hart *h, ulong cause, ulong va, ulong status);
/** Set @r, a struct unpriv, by @access, and repeat that after each refill. */
#define VMEM_RETRY(h, status, r, access)				\
	do {								\
		unsigned int left_ = VMEM_REFILLS;			\
									\
		do							\
			(r) = (access);					\
		while (vmem_refill(h, (r).cause, (r).value, status) && --left_); \
	} while (0)
/**
 * Perform the load, store or atomic @in for the guest with the rights and
 * translation in @status. Registers change only on success.
 * Return: 0, or the exception cause, with *tval
 */
ulong vmem_access(struct hart *h, const struct insn *in, ulong addr,
		  ulong status, ulong *tval);
/**
 * Like vmem_access(), for a plain misaligned load or store of the payload that
 * the hart does not support: works byte by byte from the start.
 */
ulong vmem_misaligned(struct hart *h, const struct insn *in, ulong addr,
		      ulong status, ulong *tval);
/**
 * Read eight bytes at any address of the payload.
 * Return: 0 and *value, or the exception cause with tval in *value
 */
ulong vmem_read8(struct hart *h, ulong addr, ulong status, ulong *value);
/**
 * Copy from or to the trapped payload or enclave, with its rights.
 * Return: 0, or -EFAULT after a possibly partial copy
 */
int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len);
int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len);
/**
 * True if the trapped payload code has 64-bit registers. The monitor does not
 * emulate narrower modes, which have other instructions and addresses.
 */
bool vmem_is_64(const struct hart *h);
/**
 * True if @in uses no f register, or if the guest has them and they are on (for
 * V = 1 too). If false, @in did not cause the trap.
 */
bool vmem_has_fpr(const struct hart *h, const struct insn *in);
/**
 * Complete a load: write @value, extended as @in says, to its x or f register;
 * the latter makes FS dirty.
 */
void vmem_loaded(struct hart *h, const struct insn *in, ulong value);
/** Value of a store, from its x or f register. */
ulong vmem_stored(const struct hart *h, const struct insn *in);
/**
 * mtinst for the guest whose access has faulted here: a pseudoinstruction (Priv. 15.6.3)
 * describes the access of a page table and stays true. Anything else describes the
 * monitor's own load or store, so it becomes 0.
 */
ulong vmem_tinst(void);
/**
 * Fetch the instruction at the payload's pc, by loads with the payload's rights. Return: 0,
 * -EFAULT if the instruction is no longer there, or -EINVAL if loads of its mode are big
 * endian, because no caller can repeat its accesses.
 */
int vmem_fetch_payload(struct hart *h, u32 *insn);
/**
 * Translate @va of a payload access that hit an access fault, so the hardware
 * has already accepted its translation: through @satp, or vsatp and hgatp if
 * @status has MPV. Reads page tables with the payload's rights.
 * Return: 0; -EAGAIN to retry the access, because a range was loaded
 * (pmp_refill()); -EFAULT if there is no such translation
 */
int vmem_translate(struct hart *h, u64 va, ulong satp, ulong status, u64 *pa);

#endif
