// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: the cost of enclaves for their host.

#include "bench.h"

#define KEYSTONE	0x08424b45ul
#define CREATE		2001
#define DESTROY		2002
#define RUN		2003
#define EDGE_CALL	100011

#define EPM		0x82000000ul
#define EPM_SIZE	0x100000ul
#define UTM		0x83000000ul
#define TURNS		256

ulong loop_resume(ulong count, ulong eid), empty_resume(ulong count, ulong eid);
extern ulong enclave_start[], enclave_end[];

struct answer {
	ulong error, value, cycles;
};

static struct answer call(ulong fid, ulong x0)
{
	register ulong a0 __asm__("a0") = x0;
	register ulong a1 __asm__("a1");
	register ulong a6 __asm__("a6") = fid;
	register ulong a7 __asm__("a7") = KEYSTONE;
	ulong from, to;

	__asm__ volatile("rdcycle %2\n\tecall\n\trdcycle %3"
			 : "+r"(a0), "=r"(a1), "=&r"(from), "=&r"(to)
			 : "r"(a6), "r"(a7) : "memory");
	return (struct answer){ a0, a1, to - from };
}

void bench_main(void);

/** bench_main() - called by the entry code, in S-mode on the SBI */
void bench_main(void)
{
	ulong create[8] = {
		EPM, EPM_SIZE, UTM, 4096, EPM + 4096, EPM + 8192, EPM + EPM_SIZE,
	};
	volatile ulong *to = (ulong *)EPM;
	struct answer made, run, end;

	for (ulong *from = enclave_start; from < enclave_end;)
		*to++ = *from++;
	made = call(CREATE, (ulong)create);
	run = call(RUN, made.value);
	if (!made.error && run.error == EDGE_CALL) {
		print_bench("enclave-create", made.cycles, 0, EPM_SIZE);
		loop_resume(4, made.value);
		print_bench("enclave-turn", loop_resume(TURNS, made.value),
			    empty_resume(TURNS, made.value), TURNS);
		end = call(DESTROY, made.value);
		if (!end.error)
			print_bench("enclave-destroy", end.cycles, 0, EPM_SIZE / 8);
	}
	power_off();
}
