// SPDX-License-Identifier: BSD-2-Clause
/* No load, store or AMO reaches the monitor: any width, mode, MPRV, hart. */
/* GUEST: world=monitor,pmp8,cache,offload smp=1,4 cpu=rv64;sifive-u54 timeout=40 */
#include "iso.h"

static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

static void direct(const struct stub *s)
{
	for (unsigned int i = 0; i < NR_TARGETS; i++) {
		for (unsigned int m = 0; m < 3; m++) {
			iso_denied(s, modes[m], -1, targets[i]);
			iso_denied(s, MODE_M, modes[m], targets[i]);
		}
	}
}

/* Misaligned inside, and across the first byte: nothing is written. */
static void misaligned(const struct stub *s)
{
	u64 *below = (u64 *)(monitor.base - 8);

	if (s->access == ACC_AMO || s->name[1] == 'r')
		return;			/* may be misaligned-address exceptions */
	for (unsigned int off = 1; off < s->size; off++) {
		*below = 0x1122334455667788;
		for (unsigned int m = 0; m < 3; m++) {
			iso_denied(s, modes[m], -1, monitor.base - off);
			iso_denied(s, MODE_M, modes[m], monitor.base - off);
			iso_denied(s, modes[m], -1, monitor.base + off);
		}
		CHECK_EQ(*below, 0x1122334455667788);
	}
}

/* Immediately below the monitor everything works. */
static void below(const struct stub *s)
{
	struct trap t;

	for (unsigned int m = 0; m < 3; m++) {
		t = run(modes[m], s->code, monitor.base - s->size, 0, 0);
		EXPECT_NO_TRAP(t);
	}
}

static void on_hart(void *arg)
{
	(void)arg;
	csr_set(mstatus, MSTATUS_FS);
	pmp_open();
	for (unsigned int i = 0; i < nr_stubs; i++)
		direct(&stubs[i]);
}

TEST()
{
	iso_init();
	hart_run_all(on_hart, NULL);
	for (unsigned int i = 0; i < nr_stubs; i++) {
		misaligned(&stubs[i]);
		below(&stubs[i]);
	}
	/* and with no PMP entry of the firmware at all */
	pmp_close();
	for (unsigned int i = 0; i < nr_stubs; i++)
		for (unsigned int j = 0; j < NR_TARGETS; j++)
			iso_denied(&stubs[i], MODE_M, -1, targets[j]);
}
