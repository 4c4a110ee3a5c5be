// SPDX-License-Identifier: BSD-2-Clause
/*
 * Firmware events of the PMU extension (SBI 3.0, 11.4). One that can be configured
 * counts. With the offload policy (-DREFUSED=mask) those that the firmware does not see
 * any more are not supported; all others are as on the bare machine.
 */
#include "payload.h"

#ifndef REFUSED
#define REFUSED		0ul
#endif
#define EVENT(code)	(15ul << 16 | (code))
#define NR_EVENTS	22
#define SET_TIMER	5
#define NOT_SUPPORTED	(-2l)
#define CLEAR_AND_START	6	/* flags of counter_config_matching */

enum { NUM_COUNTERS, GET_INFO, CONFIG_MATCHING, START, STOP, FW_READ };
#define RESET_ON_STOP	1

static bool counts(u64 counter)
{
	struct sbi r;

	for (u64 i = 0; i < 3; i++)
		sbi(SBI_TIME, 0, ~0ul, 0, 0, 0, 0);
	r = sbi(SBI_PMU, FW_READ, counter, 0, 0, 0, 0);
	if (r.error || r.value < 3) {
		say("set_timer: read %x, error %x", r.value, (u64)r.error);
		return false;
	}
	return true;
}

static bool event(u64 code, u64 counters)
{
	bool refused = REFUSED >> code & 1, good = true;
	struct sbi r = sbi(SBI_PMU, CONFIG_MATCHING, 0, counters, CLEAR_AND_START,
			   EVENT(code), 0);

	if (refused ? r.error != NOT_SUPPORTED : r.error != 0) {
		say("event %x: error %x", code, (u64)r.error);
		return false;
	}
	if (!r.error && code == SET_TIMER)
		good = counts(r.value);
	if (!r.error)
		sbi(SBI_PMU, STOP, r.value, 1, RESET_ON_STOP, 0, 0);
	return good;
}

void boot(u64 hart, const u8 *fdt)
{
	u64 counters = (1ul << sbi(SBI_PMU, NUM_COUNTERS, 0, 0, 0, 0, 0).value) - 1;
	bool good = true;

	(void)hart;
	(void)fdt;
	for (u64 code = 0; code < NR_EVENTS; code++)
		good &= event(code, counters);
	finish(good);
}

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)hart;
	(void)opaque;
	(void)again;
}
