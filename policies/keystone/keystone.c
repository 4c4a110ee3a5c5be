// SPDX-License-Identifier: BSD-2-Clause
// Keystone's host interface: the payload's calls.

#include <arch/csr_bits.h>
#include <cordon/cache.h>
#include <cordon/compiler.h>
#include <cordon/log.h>
#include <cordon/ownership-map.h>
#include <cordon/policy.h>
#include <cordon/sbi.h>
#include <cordon/service-stats.h>
#include <cordon/trap.h>

#include "attest.h"
#include "build.h"
#include "platform.h"
#include "run.h"
#include "serve.h"

struct enclaves enclaves = { .map = &ownership_map };
struct run runs[ENCLAVES_MAX];

/** The host's calls. RUN and RESUME need all registers, and have them: CALL_FULL. */
enum trap_result keystone_host_call(struct hart *h)
{
	ulong fid = h->x[REG_A6];
	enum keystone_error err = enclave_call_allowed(fid, false);

	if (err)
		return keystone_answer(h, err, 0);
	switch (fid) {
	case KEYSTONE_CREATE:
		return keystone_create(h);
	case KEYSTONE_DESTROY:
		return keystone_destroy(h);
	default:
		return keystone_enter(h, fid == KEYSTONE_RESUME);
	}
}

/** Cordon's own calls: this policy's, and those common to all policies. */
enum trap_result keystone_cordon(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	ulong fid = h->x[REG_A6];
	struct sbi_ret r;

	if (fid == SBI_CORDON_attest_platform)
		r = platform_call(h, a[0], a[1], a[2]);
	else
		r = service_extension(fid, a[0], a[1]);
	return keystone_answer(h, (ulong)r.error, r.value);
}

/*
 * Before the harts' init, so that no cache line of the handover secret remains.
 */
static int keystone_init(void)
{
	cache_init_hart(hart_self());
	return attest_init();
}

static int keystone_hart_init(struct hart *h)
{
	cache_init_hart(h);
	return 0;
}

static void keystone_dump(void)
{
	static const char *const state[] = {
		"none", "creating", "fresh", "running", "stopped", "exited",
		"destroying",
	};

	/* NULL in a panic during early boot. */
	const struct hart *h = hart_self();
	const char *by = h ? cache_flushed_by(h) : NULL;

	log_raw("caches of enclaves' memory: flushed by %s\n", by ? by : "nothing");
	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		const struct enclave *e = &enclaves.slot[i];

		if (e->state != ENCLAVE_NONE)
			log_raw("enclave %u: %s, %lx-%lx, %lu interrupts\n", i,
				state[e->state], (ulong)e->epm.start,
				(ulong)e->epm.end, (ulong)e->interrupts);
	}
}

const struct policy_ops policy_keystone = {
	.name		= "keystone",
	.init		= keystone_init,
	.hart_init	= keystone_hart_init,
	.enclave_trap	= keystone_enclave_trap,
	.dump		= keystone_dump,
};
