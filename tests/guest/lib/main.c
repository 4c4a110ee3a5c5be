// SPDX-License-Identifier: BSD-2-Clause
/* C entry of each hart: hart 0 tests, the others wait for work. */
#include "guest.h"

bool has_h, has_s, has_f, has_v, monitored;
extern char harts[];

/** hart_of() - The data of a hart */
struct hart *hart_of(unsigned int id)
{
	return (struct hart *)(harts + (u64)id * H_SIZE);
}

static bool misa_has(char letter)
{
	return csr_read(misa) >> (letter - 'A') & 1;
}

static void announce(void)
{
	struct range r;

	print("\nGUEST %s\n", test_name);
	monitored = fdt_monitor(&r);
	if (monitored)
		print("# monitor 0x%lx 0x%lx\n", r.base, r.size);
	else
		print("# monitor none\n");
}

void hart_main(u64 id, u64 fdt);
void hart_main(u64 id, u64 fdt)
{
	struct hart *h = this_hart();

	h->id = id;
	h->fdt = fdt;
	if (id) {
		for (;;) {
			void (*fn)(void *arg) = h->work;

			if (!fn)
				continue;
			__asm__ volatile("fence rw, rw" ::: "memory");
			fn(h->work_arg);
			__asm__ volatile("fence rw, rw" ::: "memory");
			h->work = NULL;
		}
	}
	has_h = misa_has('H');
	has_s = misa_has('S');
	has_f = misa_has('F');
	has_v = misa_has('V');
	announce();
	/* reset may leave any value: 0 on QEMU, ~0 elsewhere */
	for (unsigned int i = 0; i < nr_harts(); i++)
		write64(MTIMECMP(i), ~0ul);
	test();
	finish();
}
