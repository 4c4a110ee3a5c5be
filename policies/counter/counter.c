// SPDX-License-Identifier: BSD-2-Clause
// Example policy: counts the exits of both guests by cause.

#include <arch/csr_bits.h>
#include <cordon/log.h>
#include <cordon/panic.h>
#include <cordon/policy.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

#define CAUSES		24	/* standard exceptions */
#define INTERRUPTS	14

/** Counters of one hart; only that hart writes them. */
struct counts {
	u64 exception[CAUSES];
	u64 interrupt[INTERRUPTS];
	u64 other;
};

static struct counts counts[CONFIG_NR_HARTS_MAX][2];

static void count_trap(const struct hart *h)
{
	struct counts *c = &counts[h->index][h->world];
	ulong cause = h->trap.cause;
	ulong number = cause & ~CAUSE_INTERRUPT;

	if (cause & CAUSE_INTERRUPT && number < INTERRUPTS)
		c->interrupt[number]++;
	else if (!(cause & CAUSE_INTERRUPT) && number < CAUSES)
		c->exception[number]++;
	else
		c->other++;
}

/*
 * A second call for the same trap (a later policy's TRAP_FULL) does not count.
 */
static enum trap_result counter_firmware(struct hart *h)
{
	if (!h->full)
		count_trap(h);
	return TRAP_PASS;
}

static enum trap_result counter_payload(struct hart *h)
{
	if (policy_asked_first(h))
		count_trap(h);
	return TRAP_PASS;
}

/** SBI calls of the policy: print the counters. */
enum trap_result counter_call(struct hart *h)
{
	if (policy_asked_first(h))
		count_trap(h);
	dump_monitor();
	return policy_call_answer(h, (struct sbi_ret){ SBI_SUCCESS, 0 });
}

static void dump_row(const char *what, unsigned int number, const u64 *n)
{
	if (n[WORLD_FIRMWARE] || n[WORLD_PAYLOAD])
		log_raw("  %s %2u  firmware %lu  payload %lu\n", what, number,
			(ulong)n[WORLD_FIRMWARE], (ulong)n[WORLD_PAYLOAD]);
}

static void counter_dump(void)
{
	const struct hart *h;

	for_each_hart(h) {
		const struct counts *c = counts[h->index];

		log_raw("exits of hart %u\n", h->id);
		for (unsigned int n = 0; n < CAUSES; n++)
			dump_row("exception", n, (u64[]){
				c[0].exception[n], c[1].exception[n] });
		for (unsigned int n = 0; n < INTERRUPTS; n++)
			dump_row("interrupt", n, (u64[]){
				c[0].interrupt[n], c[1].interrupt[n] });
	}
}

const struct policy_ops policy_counter = {
	.name		= "counter",
	.firmware_trap	= counter_firmware,
	.payload_trap	= counter_payload,
	.dump		= counter_dump,
};
