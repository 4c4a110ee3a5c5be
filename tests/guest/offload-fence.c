// SPDX-License-Identifier: BSD-2-Clause
/* Remote fences: no stale translation is left when the call returns. */
/* GUEST: world=offload smp=1,3 cpu=rv64;rv64,h=off,sstc=off timeout=100 */
#include "offload.h"

enum { FENCE_I, SFENCE, SFENCE_ASID, GVMA_VMID, GVMA, VVMA_ASID, VVMA };

#define WINDOW		0x2000000000ul	/* virtual, mapped a page at a time */
#define NR_PAGES	8
#define HGATP		0x680
#define VSATP		0x280

static u64 frames[2][512] __attribute__((aligned(PAGE_SIZE)));
static u64 *root;

/* The answer of every function, with one hart present. */
static void answers(void)
{
	for (u64 fid = FENCE_I; fid <= VVMA; fid++) {
		bool h_needed = fid >= GVMA_VMID;
		long want = h_needed && !has_h ? SBI_NOT_SUPPORTED : 0;
		struct sbi r = sbi(SBI_RFENCE, fid, 1, 0, 0x1000, 0x3000, 5);

		CHECK_EQ(r.error, want);
		CHECK(r.error || !r.value);
		r = sbi(SBI_RFENCE, fid, 0, ALL_HARTS, 0, 0, 5);
		CHECK_EQ(r.error, want);
		r = sbi(SBI_RFENCE, fid, 1, 0, 0x1000, ~0ul, 5);
		CHECK_EQ(r.error, want);
		r = sbi(SBI_RFENCE, fid, 1, 0, ~0ul, ~0ul - 1, ~0ul);
		CHECK_EQ(r.error, want);
		r = sbi(SBI_RFENCE, fid, 1, 0, ~0xffful, 0x1000, 0);
		CHECK_EQ(r.error, want);
		want = h_needed && !has_h ? SBI_NOT_SUPPORTED :
					    SBI_INVALID_PARAM;
		r = sbi(SBI_RFENCE, fid, 1ul << 60, 0, 0, 0, 0);
		CHECK_EQ(r.error, want);
	}
}

static void forwarded(void)
{
	struct trap t = run(MODE_S, (code_t)sbi, SBI_RFENCE, 7, 1);

	EXPECT_TRAP(t, CAUSE_ECALL_S, 0, ANY);
	t = run(MODE_S, (code_t)sbi, SBI_RFENCE, 1ul << 32, 1);
	EXPECT_TRAP(t, CAUSE_ECALL_S, 0, ANY);
}

/* Make fence.i's effect visible: new code runs after it. */
static void own_code(void)
{
	u32 *code = (u32 *)code_buffer();

	code[1] = 0x00008067;				/* ret */
	for (u32 i = 0; i < 20; i++) {
		code[0] = i << 20 | 0x513;		/* li a0, i */
		CHECK_EQ(sbi(SBI_RFENCE, FENCE_I, 1, 0, 0, 0, 0).error, 0);
		CHECK_EQ(((u64 (*)(void))code)(), i);
	}
}

static u64 *pte(unsigned int page)
{
	return pt_walk(root, WINDOW + page * PAGE_SIZE, 0);
}

static volatile u64 *at(unsigned int page)
{
	return (volatile u64 *)(WINDOW + page * PAGE_SIZE);
}

static void map(unsigned int page, unsigned int frame)
{
	*(volatile u64 *)pte(page) = (u64)frames[frame] >> 2 | PTE_KERNEL;
}

/* The other hart reads the page when asked. */
static volatile u64 asked, answered, page_asked, value;
static volatile bool quit;

static u64 read_page(u64 page)
{
	return *at((unsigned int)page);
}

static void reader(void)
{
	u64 done = asked;

	answered = done;
	while (!quit) {
		if (asked == done)
			continue;
		value = read_page(page_asked);
		done = asked;
		answered = done;
	}
}

static u64 ask(unsigned int page)
{
	page_asked = page;
	asked++;
	while (answered != asked)
		;
	return value;
}

static void reader_hart(void *arg)
{
	(void)arg;
	firmware_init();
	satp_on(root);
	in_s_mode(reader);
	satp_off();
}

/* The call flips the page's frame; the reader must see the new one. */
static void flip(u64 fid, u64 mask, u64 base, u64 start, u64 size, u64 id)
{
	for (unsigned int page = 0; page < NR_PAGES; page++) {
		struct sbi r;
		u64 old = ask(page);

		map(page, !old);
		r = sbi(SBI_RFENCE, fid, mask, base,
			size && size != ~0ul ? start + page * PAGE_SIZE : start,
			size, id);
		CHECK_EQ(r.error, 0);
		CHECK_EQ(ask(page), !old);
	}
}

static void remote(void)
{
	for (unsigned int i = 0; i < 10; i++) {
		flip(SFENCE, 2, 0, 0, 0, 0);
		flip(SFENCE, 1, 1, 0, ~0ul, 0);
		flip(SFENCE, 2, 0, WINDOW, PAGE_SIZE, 0);
		flip(SFENCE, 3, 0, WINDOW + 5, 1, 0);
		flip(SFENCE, 0, ALL_HARTS, WINDOW, PAGE_SIZE * 100, 0);
		flip(SFENCE_ASID, 2, 0, 0, 0, 0);
		flip(SFENCE_ASID, 2, 0, WINDOW, PAGE_SIZE, 0);
	}
}

/*
 * * Hart 2 has not started and needs no fence; hart 40 does not exist, which is
 * an error. In both cases hart 1 has flushed its translations.
 */
static void mask_with_absent_harts(void)
{
	static const u64 fids[] = { SFENCE, SFENCE_ASID };

	for (unsigned int i = 0; i < 8; i++) {
		unsigned int page = i % NR_PAGES;
		u64 old = ask(page);
		struct sbi r;

		map(page, !old);
		r = sbi(SBI_RFENCE, fids[i & 1], i & 2 ? 6 : 1ul << 40 | 2, 0,
			0, i & 4 ? ~0ul : 0, 0);
		CHECK_EQ(r.error, i & 2 ? 0 : SBI_INVALID_PARAM);
		CHECK_EQ(ask(page), !old);
	}
}

/* Many ranges at once, more than a queue holds. */
static void many(void)
{
	for (unsigned int i = 0; i < 200; i++) {
		unsigned int page = i % NR_PAGES;
		u64 old = ask(page);

		map(page, !old);
		for (unsigned int k = 0; k < NR_PAGES; k++)
			sbi(SBI_RFENCE, SFENCE_ASID, 2, 0,
			    (u64)at((page + k) % NR_PAGES), PAGE_SIZE, k % 2);
		CHECK_EQ(ask(page), !old);
	}
}

/* Second stage: hart 1 reads guest physical memory through hlv. */
static u64 gpt[4][512] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 g1[512] __attribute__((aligned(PAGE_SIZE)));
static u64 g0[512] __attribute__((aligned(PAGE_SIZE)));

static u64 hlv(u64 addr)
{
	register u64 a0 __asm__("a0") = addr;

	__asm__ volatile(".word 0x6c054573" : "+r"(a0) :: "memory");
	return a0;
}

static void guest_reader(void)
{
	u64 done = asked;

	answered = done;
	while (!quit) {
		if (asked == done)
			continue;
		value = hlv(page_asked * PAGE_SIZE);
		done = asked;
		answered = done;
	}
}

static void guest_reader_hart(void *arg)
{
	(void)arg;
	firmware_init();
	csr_w(HSTATUS, HSTATUS_SPVP);
	csr_w(VSATP, 0);
	csr_w(HGATP, SATP_SV39 | 3ul << 44 | (u64)gpt >> 12);
	run_word(MODE_M, 0x62000073, 0, 0, 0);		/* hfence.gvma */
	in_s_mode(guest_reader);
	CHECK_EQ(csr_r(HGATP), SATP_SV39 | 3ul << 44 | (u64)gpt >> 12);
	csr_w(HGATP, 0);
}

static void guest_map(unsigned int page, unsigned int frame)
{
	*(volatile u64 *)&g0[page] = (u64)frames[frame] >> 2 | PTE_USER;
}

static void guest_pages(void)
{
	for (unsigned int i = 0; i < 40; i++) {
		unsigned int page = i % NR_PAGES;
		u64 old = ask(page);

		guest_map(page, !old);
		if (i & 1)
			sbi(SBI_RFENCE, GVMA, 2, 0, page * PAGE_SIZE, PAGE_SIZE,
			    0);
		else
			sbi(SBI_RFENCE, GVMA_VMID, 2, 0, 0, 0, 3);
		CHECK_EQ(ask(page), !old);
		CHECK_EQ(sbi(SBI_RFENCE, VVMA, 2, 0, 0, 0, 0).error, 0);
		CHECK_EQ(sbi(SBI_RFENCE, VVMA_ASID, 3, 0, 0x1000, 0x2000,
			     7).error, 0);
	}
}

static void make_guest_tables(void)
{
	gpt[0][0] = (u64)g1 >> 2 | PTE_V;
	g1[0] = (u64)g0 >> 2 | PTE_V;
	for (unsigned int page = 0; page < NR_PAGES; page++)
		guest_map(page, 0);
}

static void with(void (*hart1)(void *arg), void (*here)(void))
{
	quit = false;
	answered = ~0ul;
	hart_run(1, hart1, NULL);
	while (answered == ~0ul)
		;
	in_s_mode(here);
	quit = true;
	hart_wait(1);
}

/*
 * * A hart that ran a payload and is now in its firmware with interrupts masked
 * still answers. The payload has not stopped it.
 */
static volatile u64 silent;

static void nothing(void)
{
}

static void busy(void)
{
	while (!quit)
		;
}

static void asleep(void)
{
	csr_write(mie, MIP_MSIP);
	while (!quit)
		__asm__ volatile("wfi");
	csr_write(mie, 0);
	write32(MSIP(1), 0);
}

/* These loads trap, and the monitor performs them. */
static void with_mprv(void)
{
	while (!quit)
		__asm__ volatile("csrs mstatus, %0\n\tld t0, (%1)\n\t"
				 "csrc mstatus, %0" :
				 : "r"(MSTATUS_MPRV), "r"(frames) : "t0");
}

/*
 * Loads that the bus refuses, at virtual addresses that are the monitor's physical
 * ones: QEMU 7.2 keeps their translation, which the fence's interrupt must not meet.
 */
static volatile u64 refused;
static struct range monitor;

static void with_mprv_refused(void)
{
	u64 at = 0;

	satp_on(root);
	while (!quit) {
		struct trap t;

		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S));
		t = run(MODE_M, mprv_ld, monitor.base + at + 64, 0,
			MSTATUS_MPRV);
		CHECK(t.taken && t.cause == CAUSE_LOAD_ACCESS);
		at = (at + PAGE_SIZE) % monitor.size;
		refused++;
	}
	satp_off();
}

static void map_monitor_nowhere(void)
{
	CHECK(fdt_monitor(&monitor));
	for (u64 at = 0; at < monitor.size; at += PAGE_SIZE)
		pt_map(root, monitor.base + at, HOLE, 0, PTE_KERNEL);
}

static void silent_hart(void *arg)
{
	firmware_init();
	in_s_mode(nothing);
	csr_clear(mstatus, MSTATUS_MIE | MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	silent = 1;
	((void (*)(void))arg)();
	silent = 0;
}

static void fence_it(void)
{
	for (unsigned int i = 0; i < 100; i++) {
		CHECK_EQ(sbi(SBI_RFENCE, FENCE_I, 2, 0, 0, 0, 0).error, 0);
		CHECK_EQ(sbi(SBI_RFENCE, SFENCE, 3, 0, 0, 0, 0).error, 0);
	}
}

static void fence_each_page(void)
{
	u64 end = refused + monitor.size / PAGE_SIZE;

	while (refused < end)
		fence_it();
}

static void in_firmware(void)
{
	static void (*const ways[])(void) = {
		busy, asleep, with_mprv, with_mprv_refused,
	};

	map_monitor_nowhere();
	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++) {
		quit = false;
		hart_run(1, silent_hart, (void *)ways[i]);
		while (!silent)
			;
		in_s_mode(fence_it);
		CHECK(silent);
		if (ways[i] == with_mprv_refused)
			in_s_mode(fence_each_page);
		quit = true;
		write32(MSIP(1), 1);
		hart_wait(1);
		write32(MSIP(1), 0);
	}
}

TEST()
{
	firmware_init();
	frames[1][0] = 1;
	root = pt_default();
	for (unsigned int page = 0; page < NR_PAGES; page++)
		map(page, 0);
	if (nr_harts() == 1) {
		in_s_mode(answers);
		forwarded();
		in_s_mode(own_code);
		return;
	}
	with(reader_hart, remote);
	with(reader_hart, mask_with_absent_harts);
	with(reader_hart, many);
	if (has_h) {
		make_guest_tables();
		with(guest_reader_hart, guest_pages);
	}
	in_firmware();
}
