// SPDX-License-Identifier: BSD-2-Clause
/* Work on other harts, locks, delays. */
#include "guest.h"

void lock(volatile u32 *l)
{
	while (__atomic_exchange_n(l, 1, __ATOMIC_ACQUIRE))
		;
}

void unlock(volatile u32 *l)
{
	__atomic_store_n(l, 0, __ATOMIC_RELEASE);
}

/** nr_harts() - Harts in the device tree */
unsigned int nr_harts(void)
{
	unsigned int n = fdt_harts();

	return n < MAX_HARTS ? n : MAX_HARTS;
}

/** hart_run() - Let another hart call a function */
void hart_run(unsigned int id, void (*fn)(void *arg), void *arg)
{
	struct hart *h = hart_of(id);

	h->work_arg = arg;
	__asm__ volatile("fence rw, rw" ::: "memory");
	h->work = fn;
}

/** hart_wait() - Wait until the hart is idle */
void hart_wait(unsigned int id)
{
	while (hart_of(id)->work)
		;
	__asm__ volatile("fence rw, rw" ::: "memory");
}

/** hart_run_all() - Let every hart call the function, and wait */
void hart_run_all(void (*fn)(void *arg), void *arg)
{
	for (unsigned int i = 1; i < nr_harts(); i++)
		hart_run(i, fn, arg);
	fn(arg);
	for (unsigned int i = 1; i < nr_harts(); i++)
		hart_wait(i);
}

/** delay() - Spin for some ticks of mtime */
void delay(u64 ticks)
{
	u64 start = read64(MTIME);

	while (read64(MTIME) - start < ticks)
		;
}

/** rand64() - xorshift64*, the same sequence everywhere */
u64 rand64(u64 *state)
{
	u64 x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dul;
}
