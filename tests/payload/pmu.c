// SPDX-License-Identifier: BSD-2-Clause
/*
 * Firmware events of the PMU extension (SBI 3.0, 11). A line has the answers of
 * configuring, starting, reading and stopping a counter for one event with one
 * combination of flags. The test compares them with the bare machine's. With
 * -DREFUSED=mask, those events are not supported; one that is supported counts.
 */
#include "payload.h"

#ifndef REFUSED
#define REFUSED		0ul
#endif
#define EVENT(type, code)	((u64)(type) << 16 | (code))
#define FIRMWARE	15
#define NR_EVENTS	22
#define SET_TIMER	5
#define NOT_SUPPORTED	(-2l)

enum { NUM_COUNTERS, GET_INFO, CONFIG_MATCHING, START, STOP, FW_READ, FW_READ_HI,
       SET_SHMEM, EVENT_INFO };
/* Flags of counter_config_matching; bits 3 to 7 inhibit modes. */
enum { SKIP_MATCH = 1, CLEAR_VALUE = 2, AUTO_START = 4 };
/* Flags of counter_start and counter_stop. */
enum { INIT_SNAPSHOT = 2, RESET = 1, TAKE_SNAPSHOT = 2 };

static u64 counters;
static u64 page[512] __attribute__((aligned(4096)));
static bool good = true;

static struct sbi pmu(u64 fid, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4)
{
	return sbi(SBI_PMU, fid, a0, a1, a2, a3, a4);
}

static bool is_refused(u64 event)
{
	u64 code = event & 0xffff;

	return (event >> 16 & 15) == FIRMWARE && code < 64 && (REFUSED >> code & 1);
}

/* A firmware counter's value is compared only in that it counts. */
static bool counts(u64 counter)
{
	u64 before = pmu(FW_READ, counter, 0, 0, 0, 0).value;

	for (u64 i = 0; i < 3; i++)
		sbi(SBI_TIME, 0, ~0ul, 0, 0, 0, 0);
	return pmu(FW_READ, counter, 0, 0, 0, 0).value - before >= 3;
}

static void one(u64 event, u64 flags)
{
	struct sbi r = pmu(CONFIG_MATCHING, 0, counters, flags, event, 0);
	u64 counter = r.value;
	long start, read, high, stop;

	if (is_refused(event)) {
		if (r.error != NOT_SUPPORTED)
			say("event %x flags %x: error %x", event, flags, (u64)r.error);
		good &= r.error == NOT_SUPPORTED;
		return;
	}
	if (r.error) {
		say("= event %x flags %x: error %x", event, flags, (u64)r.error);
		return;
	}
	start = pmu(START, counter, 1, 0, 0, 0).error;
	if (event == EVENT(FIRMWARE, SET_TIMER) && !counts(counter)) {
		say("event %x flags %x stands still", event, flags);
		good = false;
	}
	read = pmu(FW_READ, counter, 0, 0, 0, 0).error;
	high = pmu(FW_READ_HI, counter, 0, 0, 0, 0).error;
	stop = pmu(STOP, counter, 1, RESET, 0, 0).error;
	say("= event %x flags %x: counter %x, start %x read %x high %x stop %x", event, flags,
	    counter, (u64)start, (u64)read, (u64)high, (u64)stop);
}

/*
 * Configure again, by SKIP_MATCH, a counter of another event. Not with CLEAR_VALUE,
 * for which OpenSBI 1.6 dies, bare, too.
 */
static void again(u64 event, u64 flags)
{
	u64 counter = pmu(CONFIG_MATCHING, 0, counters, 0, EVENT(FIRMWARE, 2), 0).value;
	long error = pmu(CONFIG_MATCHING, counter, 1, SKIP_MATCH | flags, event, 0).error;

	if (!is_refused(event))
		say("= event %x flags %x again: error %x", event, flags, (u64)error);
	else if (error != NOT_SUPPORTED)
		say("event %x flags %x again: error %x", event, flags, (u64)error);
	good &= !is_refused(event) || error == NOT_SUPPORTED;
	pmu(STOP, counter, 1, RESET, 0, 0);
}

static void all_flags(u64 event)
{
	again(event, 0);
	again(event, AUTO_START);
	one(event, 0);
	one(event, CLEAR_VALUE);
	one(event, AUTO_START);
	one(event, CLEAR_VALUE | AUTO_START);
	one(event, CLEAR_VALUE | 0xf8);
	/* Bits above the 20 of an event are none of it. */
	one(event | 1ul << 20, CLEAR_VALUE);
}

static void all_events(void)
{
	static const u64 others[] = {
		22, 63, 64, 255, 256, 0xfffe, 0xffff, EVENT(0, 0), EVENT(0, 1),
		EVENT(0, 2), EVENT(1, 0), EVENT(2, 0), EVENT(3, 0), EVENT(14, 5),
	};

	for (u64 code = 0; code < NR_EVENTS; code++)
		all_flags(EVENT(FIRMWARE, code));
	for (u64 i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		all_flags(i < 7 ? EVENT(FIRMWARE, others[i]) : others[i]);
}

/* Calls for counters that have no event, and such as do not exist. */
static void without_event(void)
{
	for (u64 i = 0; i < 34; i++)
		say("= counter %x: info %x start %x stop %x read %x", i,
		    (u64)pmu(GET_INFO, i, 0, 0, 0, 0).error,
		    (u64)pmu(START, i, 1, 0, 0, 0).error,
		    (u64)pmu(STOP, i, 1, 0, 0, 0).error,
		    (u64)pmu(FW_READ, i, 0, 0, 0, 0).error);
}

/* Values by shared memory, for an event that no one serves but the firmware. */
static void snapshot(void)
{
	u64 event = EVENT(FIRMWARE, 2), counter;
	long set = pmu(SET_SHMEM, (u64)page, 0, 0, 0, 0).error;
	struct sbi r = pmu(CONFIG_MATCHING, 0, counters, CLEAR_VALUE, event, 0);
	long start, stop;

	counter = r.value;
	start = pmu(START, counter, 1, INIT_SNAPSHOT, 0, 0).error;
	stop = pmu(STOP, counter, 1, TAKE_SNAPSHOT, 0, 0).error;
	say("= snapshot: set %x config %x start %x stop %x, overflow %x value %x", (u64)set,
	    (u64)r.error, (u64)start, (u64)stop, page[0], page[1]);
	pmu(STOP, counter, 1, RESET, 0, 0);
	say("= snapshot: unset %x", (u64)pmu(SET_SHMEM, ~0ul, ~0ul, 0, 0, 0).error);
}

/* event_get_info writes bit 32 of an event's first doubleword if it is supported. */
static void info(void)
{
	u64 supported = 0;
	long error;

	for (u64 code = 0; code < NR_EVENTS; code++) {
		page[2 * code] = EVENT(FIRMWARE, code);
		page[2 * code + 1] = 0;
	}
	error = pmu(EVENT_INFO, (u64)page, 0, NR_EVENTS, 0, 0).error;
	for (u64 code = 0; code < NR_EVENTS; code++)
		supported |= (page[2 * code] >> 32 & 1) << code;
	good &= !(supported & REFUSED);
	say("= event_get_info: error %x, events %x", (u64)error, supported & ~REFUSED);
}

void boot(u64 hart, const u8 *fdt)
{
	(void)hart;
	(void)fdt;
	counters = (1ul << pmu(NUM_COUNTERS, 0, 0, 0, 0, 0).value) - 1;
	say("= counters %x", counters);
	without_event();
	all_events();
	snapshot();
	info();
	finish(good);
}

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)hart;
	(void)opaque;
	(void)again;
}
