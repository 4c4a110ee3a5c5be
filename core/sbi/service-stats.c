// SPDX-License-Identifier: BSD-2-Clause
// The services' statistics, on the console and through an SBI extension.

#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/panic.h>
#include <cordon/policy.h>
#include <cordon/service-stats.h>

#define EXTENSION_VERSION	1

static const char *const event_name[NR_EVENTS] = {
	[EVENT_TIME] = "time", [EVENT_TIMER] = "set_timer",
	[EVENT_IPI] = "ipi", [EVENT_FENCE_I] = "fence.i",
	[EVENT_SFENCE] = "sfence", [EVENT_HFENCE] = "hfence",
	[EVENT_LOAD] = "misaligned load", [EVENT_STORE] = "misaligned store",
	[EVENT_REDIRECT] = "redirected", [EVENT_ECALL] = "other call",
	[EVENT_ILLEGAL] = "other illegal", [EVENT_FAULT] = "other exception",
	[EVENT_MTIMER] = "timer interrupt", [EVENT_MSOFT] = "soft interrupt",
	[EVENT_INTERRUPT] = "other interrupt", [EVENT_WORLD] = "world switch",
};

void service_dump(void)
{
	const struct hart *h;

	for_each_hart(h) {
		log_raw("service, hart %u:   assembly          C   forwarded\n",
			h->id);
		for (unsigned int e = 0; e < NR_EVENTS; e++) {
			const u64 *n = h->service.count[e];

			if (n[WAY_FAST] | n[WAY_C] | n[WAY_FORWARD])
				log_raw("  %16s %10lu %10lu %11lu\n",
					event_name[e], (ulong)n[WAY_FAST],
					(ulong)n[WAY_C], (ulong)n[WAY_FORWARD]);
		}
	}
}

bool service_counter(ulong hart_id, ulong which, u64 *value)
{
	const struct hart *h = hart_by_id(hart_id);

	if (!h || which >= NR_EVENTS * NR_WAYS)
		return false;
	*value = READ_ONCE(h->service.count[which / NR_WAYS][which % NR_WAYS]);
	return true;
}

static struct sbi_ret count_read(ulong hart_id, ulong which)
{
	struct sbi_ret r = { SBI_SUCCESS, 0 };

	if (!service_counter(hart_id, which, &r.value))
		r.error = SBI_ERR_INVALID_PARAM;
	return r;
}

static struct sbi_ret read_log(ulong word)
{
	struct sbi_ret r = { SBI_SUCCESS, 0 };

	if (!IS_ENABLED(CONFIG_MEASURE))
		r.error = SBI_ERR_NOT_SUPPORTED;
	else if (!measured_word(word, &r.value))
		r.error = SBI_ERR_INVALID_PARAM;
	return r;
}

struct sbi_ret service_extension(ulong fid, ulong a0, ulong a1)
{
	switch (fid) {
	case SBI_CORDON_get_version:
		return (struct sbi_ret){ SBI_SUCCESS, EXTENSION_VERSION };
	case SBI_CORDON_dump:
		dump_monitor();
		return (struct sbi_ret){ SBI_SUCCESS, 0 };
	case SBI_CORDON_count_shape:
		return (struct sbi_ret){ SBI_SUCCESS, (ulong)nr_harts << 32 |
					 NR_EVENTS << 16 | NR_WAYS };
	case SBI_CORDON_count_read:
		return count_read(a0, a1);
	case SBI_CORDON_get_features:
		return (struct sbi_ret){ SBI_SUCCESS, policy_features() };
	case SBI_CORDON_measured:
		return read_log(a0);
	default:
		return (struct sbi_ret){ SBI_ERR_NOT_SUPPORTED, 0 };
	}
}
