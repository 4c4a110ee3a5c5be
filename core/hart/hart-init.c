// SPDX-License-Identifier: BSD-2-Clause
// Setup of a hart before it runs a guest.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/fast.h>
#include <cordon/board.h>
#include <cordon/context.h>
#include <cordon/errno.h>
#include <cordon/hart-init.h>
#include <cordon/image.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/stack.h>
#include <cordon/timer.h>
#include <cordon/vcsr.h>
#include <cordon/virq.h>
#include <cordon/world.h>

/*
 * Hide the earlier stage's M-mode state from the firmware. struct vcsr starts
 * at zero, so clear these hardware registers too. Keep registers with an
 * implementation-defined reset value (menvcfg), events, counters and S-mode
 * registers.
 */
static void reset_hart(void)
{
	ulong inhibited;

	csr_hw_write(CSR_mcounteren, 0);
	/* QEMU 7.2 restarts counters on any write, even of the same value. */
	if (!csr_hw_read(CSR_mcountinhibit, &inhibited) && inhibited)
		csr_hw_write(CSR_mcountinhibit, 0);
	for (unsigned int i = 0; i < 4; i++)
		csr_hw_write(CSR_mstateen + i, 0);
}

/* vM-mode as after reset, at the firmware's entry point. */
static void reset_guest(struct hart *h)
{
	reset_hart();
	h->world = WORLD_FIRMWARE;
	h->entry.world[WORLD_FIRMWARE] = policy_fast(h, WORLD_FIRMWARE);
	h->entry.world[WORLD_PAYLOAD] = policy_fast(h, WORLD_PAYLOAD);
	h->entry.first = h->entry.world[WORLD_FIRMWARE];
	h->mode = MODE_M;
	h->lr.addr = ~0ul;
	vcsr_reset(h);
	h->status = (csr_read(CSR_mstatus) & (MSTATUS_EXT | MSTATUS_SXL)) |
		    MSTATUS_UXL_64 | MSTATUS_TW;
	h->pc = board.firmware;
	for (unsigned int i = 0; i < ARRAY_SIZE(h->boot_arg); i++)
		h->x[10 + i] = h->boot_arg[i];
}

/*
 * With Smdbltrp every trap to M-mode forbids the next one until MDT is cleared,
 * which also hits the faults that the monitor expects from its own accesses.
 */
static bool has_smdbltrp(void)
{
	bool set;

	csr_set(CSR_mstatus, MSTATUS_MDT);
	set = csr_read(CSR_mstatus) & MSTATUS_MDT;
	csr_clear(CSR_mstatus, MSTATUS_MDT);
	return set;
}

int hart_init(struct hart *h)
{
	struct range guard;
	int rc;

	if (has_smdbltrp()) {
		log_err("hart %u has Smdbltrp, which the monitor does not support",
			h->id);
		return -ENXIO;
	}
	h->isa = isa_probe();
	if (!hart_has(h, ISA_U | ISA_C)) {
		log_err("hart %u lacks U-mode or compressed instructions", h->id);
		return -ENXIO;
	}
	if (!board.clint.mtime && !hart_has(h, ISA_TIME)) {
		log_err("hart %u lacks the time CSR and the CLINT lacks mtime",
			h->id);
		return -ENXIO;
	}
	h->direct = hart_has(h, ISA_S);
	timer_init_hart(h);
	reset_guest(h);
	world_choose_legs(h, policy_legs());
	guard.end = h->stack_top - STACK_SIZE;
	guard.start = guard.end - SZ_4K;
	rc = pmp_init_hart(h, &guard);
	if (!rc && IS_ENABLED(CONFIG_ENCLAVE_WORLD))
		rc = context_init_hart(h);
	if (!rc)
		rc = policy_hart_init(h);
	if (rc)
		return rc;
	if (!policy_has_vector())
		h->entry.payload_vector = 0;
	/* Policies' vectors read S-mode registers. */
	if (!hart_has(h, ISA_S))
		h->entry.payload_vector = (ulong)trap_vector_slow;
	if (hart_has(h, ISA_S)) {
		csr_write(CSR_satp, 0);
		csr_write(CSR_medeleg, 0);
		csr_write(CSR_mideleg, 0);
	}
	csr_write(CSR_mie, virq_firmware_mie(h));
	return 0;
}
