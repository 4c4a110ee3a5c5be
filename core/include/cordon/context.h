/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The third world: a guest of a policy's beside the payload, on the payload's
 * hart and in its S-mode, that neither payload nor firmware can look into.
 * Option ENCLAVE_WORLD builds this in.
 *
 * While h->world is WORLD_ENCLAVE, every trap goes to the policy hook
 * enclave_trap. Interrupts that belong to the payload or the firmware trap too,
 * as nothing is delegated but the enclave's own exceptions; once the policy has
 * left the enclave they take their usual way, so it has nothing to do for them.
 */
#ifndef CORDON_CONTEXT_H
#define CORDON_CONTEXT_H

#include <arch/csr.h>
#include <cordon/fpstate.h>
#include <cordon/hart.h>

/* Rows of csr.def that are switched: what S-mode can write, but other names
   of bits in hvip. mip's S bits stay: they are the payload's, and hidden. */
#define CONTEXT_HAS(number)						\
	(((number) & 0x300) && ((number) & 0x300) != 0x300 &&		\
	 (number) >> 10 != 3 && (number) != CSR_vsip && (number) != CSR_hip)
#define CONTEXT_FIRST	CSR_HW_stvec
#define CONTEXT_ROWS	(CSR_HW_LAST_hgeip - CONTEXT_FIRST + 1)
static_assert(CONTEXT_ROWS <= 64, "h->context_rows has a bit for each");

enum { CONTEXT_ENCLAVE, CONTEXT_HOST };

/**
 * The state of an enclave, or of its host while the enclave runs: what is in
 * force is in struct hart and in the hart, the other is here.
 */
struct context {
	ulong x[32];
	ulong pc;
	ulong status;			/* mstatus */
	ulong satp;
	ulong mie;			/* of the enclave: hie alone */
	ulong menvcfg;			/* the firmware's, while it is cut */
	ulong stateen;
	ulong countinhibit;
	ulong csr[CONTEXT_ROWS];
	struct fpstate ext[2];		/* [CONTEXT_ENCLAVE, CONTEXT_HOST] */
};

/** A new enclave: all registers 0, S-mode at @pc. No timer. */
void context_reset(struct context *c, ulong pc);

/** @name's value in the context, a row of csr.def. */
#define context_csr(c, name)	((c)->csr[CSR_HW_##name - CONTEXT_FIRST])

struct enclave_pmp;

/** Boot, every hart. < 0: it has state that would not be switched. */
int context_init_hart(struct hart *h);

/**
 * From the payload, whose call has trapped with all of x[] saved, into the
 * enclave: swap the registers, and open the memory of @p alone. h->pc is where
 * the payload goes on one day.
 *
 * @closed: take no interrupts but the monitor's own until world_open_enclave()
 */
void world_to_enclave(struct hart *h, struct context *c,
		      const struct enclave_pmp *p, bool closed);
/** Interrupts that the payload has enabled trap from now on. */
void world_open_enclave(struct hart *h, const struct context *c);
/** The other way. The payload's registers are in h->x again. */
void world_from_enclave(struct hart *h, struct context *c);

/* arch/riscv/context.S */
/** Exchange x[1] to x[31]. */
void context_swap_x(ulong *a, ulong *b);

#endif
