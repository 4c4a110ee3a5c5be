/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The third world: a policy's guest beside the payload, on its hart and in
 * S-mode, whose state neither payload nor firmware can read. Option
 * ENCLAVE_WORLD builds this in.
 *
 * While h->world is WORLD_ENCLAVE, every trap goes to the policy hook
 * enclave_trap. Only the enclave's own exceptions are delegated, so interrupts
 * of payload and firmware trap too. The policy just leaves the enclave; then
 * they take their usual way.
 */
#ifndef CORDON_CONTEXT_H
#define CORDON_CONTEXT_H

#include <arch/csr.h>
#include <cordon/fpstate.h>
#include <cordon/hart.h>

/*
 * Rows of csr.def to switch: registers that S-mode can write, except aliases of
 * hvip. The S bits of mip stay: they belong to the payload, and the enclave
 * does not see them.
 */
#define CONTEXT_HAS(number)						\
	(((number) & 0x300) && ((number) & 0x300) != 0x300 &&		\
	 (number) >> 10 != 3 && (number) != CSR_vsip && (number) != CSR_hip)
#define CONTEXT_FIRST	CSR_HW_stvec
#define CONTEXT_ROWS	(CSR_HW_LAST_hgeip - CONTEXT_FIRST + 1)
static_assert(CONTEXT_ROWS <= 64, "h->enclave.context_rows has a bit for each");

/** The registers that control what S-mode reaches. */
struct context_limits {
	ulong menvcfg;
	ulong stateen;
	ulong countinhibit;
	ulong counteren;
};

/** The same for rows of CSR_PART, which few harts have; numbered in their order. */
#define CONTEXT_HAS_PART(number)	(((number) & 0x300) != 0x300)
enum context_part {
#define CSR_PART(name, number, ...)	CONTEXT_PART_##name,
#include <arch/csr.def>
	CONTEXT_PARTS
};

/**
 * State of an enclave, or of its host while the enclave runs. struct hart and
 * the hardware hold the active one, this the other.
 */
struct context {
	ulong x[32];
	ulong pc;
	ulong status;			/* mstatus */
	ulong satp;
	ulong mie;			/* of the enclave: only hie */
	struct context_limits limits;	/* the firmware's, while restricted */
	ulong csr[CONTEXT_ROWS];
	ulong part[CONTEXT_PARTS];
	struct fpstate ext;		/* the enclave's, also while it runs */
};

/** Create an enclave: all registers 0, S-mode at @pc, no timer. */
void context_reset(struct context *c, ulong pc);

/** Value of CSR @name, a row of csr.def, in the context. */
#define context_csr(c, name)	((c)->csr[CSR_HW_##name - CONTEXT_FIRST])

struct enclave_pmp;

/**
 * Boot, every hart, with PMP in force and mideleg 0. < 0: S-mode reaches state that
 * would be neither switched nor shut off, as the log says.
 */
int context_init_hart(struct hart *h);

/**
 * Switch from the payload, whose call trapped with all of x[] saved, to the
 * enclave: swap the registers and open only the memory of @p. The payload
 * resumes at h->pc later.
 *
 * @closed: take no interrupts but the machine timer's until world_open_enclave(). Requests
 * of other harts wait, too.
 */
void world_to_enclave(struct hart *h, struct context *c,
		      const struct enclave_pmp *p, bool closed);
/** Trap on requests and on interrupts that the payload has enabled, from now on. */
void world_open_enclave(struct hart *h, const struct context *c);
/** Switch back. The payload's registers are in h->x again. */
void world_from_enclave(struct hart *h, struct context *c);

/* arch/riscv/context.S */
/**
 * Read a CSR in S-mode, with all that decides about it as it is now. @code: room
 * for two instructions, where S-mode can fetch. mie, mideleg and medeleg are 0.
 * Return: mcause; CAUSE_ECALL_S: there was no trap
 */
ulong context_try_read(unsigned int number, u32 *code);
/** Swap x[1] to x[31]. */
void context_swap_x(ulong *a, ulong *b);

#endif
