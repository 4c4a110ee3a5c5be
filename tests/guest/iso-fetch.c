// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pages that S-mode still executes after their entry has changed, at virtual
 * addresses that are the monitor's physical ones: when the monitor reads the
 * instruction that trapped, the bus refuses. And what the monitor reads and writes
 * for S-mode otherwise: masks of legacy calls, misaligned accesses. All is as
 * at other addresses.
 */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64;rv64,h=off */
#include "iso.h"

#define ELSEWHERE	0x3000000000ul
#define FW_CFG		0x10100000ul	/* ends at 0x18 */
#define RTC		0x101000ul	/* refuses all but 4 bytes */
#define WARM		16		/* where "jr t1" is in each page */

static u64 *root;
static u8 code[2 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u64 data[512] __attribute__((aligned(PAGE_SIZE)));

/*
 * stale(entry, value, va): have both pages of the code at va in the TLB, change
 * the entry, go to va. What is there finds mtime's address in a3, data in a5.
 */
void stale(void);
__asm__(".pushsection .stubs, \"ax\"\n"
	".balign 4\n"
	".globl stale\n"
"stale:\n"
	"srli t0, a2, 12\n"
	"slli t0, t0, 12\n"
	"jalr t1, 16(t0)\n"
	"lui t2, 1\n"
	"add t0, t0, t2\n"
	"jalr t1, 16(t0)\n"
	"li a3, 0x200bff8\n"
	"la a5, data\n"
	"sd a1, 0(a0)\n"
	"jr a2\n"
	".popsection\n");

static void flush(void)
{
	__asm__ volatile("sfence.vma; fence.i" ::: "memory");
}

static void put(u64 offset, u32 v, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		code[offset + i] = (u8)(v >> 8 * i);
}

#define JR_T1	0x8302
#define RET	0x8082
#define MARKER	0x0000000b	/* treat the next as a misaligned one (offload) */

/* rd = 0, because their results differ between runs. */
static const u32 words[][2] = {
	{ 0xc0102073 },				/* csrr x0, time */
	{ 0x0006b003 },				/* ld x0, 0(a3): the CLINT */
	{ 0x00068003 },				/* lb x0, 0(a3) */
	{ 0x30200073 },				/* mret */
	{ MARKER, 0x0017b503 },			/* ld a0, 1(a5) */
	{ MARKER, 0x00e7a0a3 },			/* sw a4, 1(a5) */
};

static void write_code(const u32 *w, u64 offset)
{
	u64 at = offset;

	put(WARM, JR_T1, 2);
	put(PAGE_SIZE + WARM, JR_T1, 2);
	for (unsigned int i = 0; i < 2; i++) {
		if (w[i]) {
			put(at, w[i], 4);
			at += 4;
		}
	}
	put(at, RET, 2);
	__asm__ volatile("fence.i" ::: "memory");
}

/* @which: the page remapped to @pa after its first run; 2: none. */
static struct trap run_stale(u64 page, u64 offset, unsigned int which, u64 pa)
{
	static u64 dummy;
	u64 *entry;

	pt_map(root, page, (u64)code, 0, PTE_KERNEL);
	pt_map(root, page + PAGE_SIZE, (u64)code + PAGE_SIZE, 0, PTE_KERNEL);
	entry = which == 2 ? &dummy :
			     pt_walk(root, page + which * PAGE_SIZE, 0);
	flush();
	data[0] = 0x1122334455667788;
	data[1] = 0x99aabbccddeeff00;
	return run(MODE_S, stale, (u64)entry, pa >> 2 | PTE_KERNEL,
		   page + offset);
}

static bool same(u64 here, u64 va, u64 there, u64 twin)
{
	return here == there || here - va == there - twin;
}

/* For an illegal instruction, tval may be 0 or its bits. */
static bool same_tval(const struct trap *here, u64 va, const struct trap *there,
		      u64 twin)
{
	return same(here->tval, va, there->tval, twin) ||
	       (here->cause == CAUSE_ILLEGAL && (!here->tval || !there->tval));
}

static void expect(const struct trap *here, u64 va, const struct trap *there,
		   u64 twin, const char *what, u64 which)
{
	bool marker = which == MARKER;

	/* The fast path may end in either of two traps at the marker. */
	CHECKF(here->taken == there->taken &&
	       (marker || (here->cause == there->cause &&
			   here->level == there->level &&
			   same_tval(here, va, there, twin) &&
			   same(here->epc, va, there->epc, twin))),
	       "%s %lx at %lx: %d %lx %lx, elsewhere %d %lx %lx", what, which,
	       va, here->taken, here->cause, here->tval, there->taken,
	       there->cause, there->tval);
}

static void fetches(u64 page)
{
	static const u16 offsets[] = { 0x40, 0x42, 0xffc, 0xffe, 0xffa };
	static const u64 pa[] = { HOLE, RTC };
	struct trap here, there;

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned int o = 0; o < ARRAY_SIZE(offsets); o++) {
			write_code(words[i], offsets[o]);
			for (unsigned int n = 0; n < 5; n++) {
				there = run_stale(ELSEWHERE, offsets[o], n / 2,
						  pa[n & 1]);
				here = run_stale(page, offsets[o], n / 2,
						 pa[n & 1]);
				expect(&here, page, &there, ELSEWHERE, "word",
				       words[i][0]);
			}
		}
	}
}

/* A legacy call: a7 = number, a0 = the mask's address. */
void legacy(void);
__asm__(".pushsection .stubs, \"ax\"\n"
	".balign 4\n"
	".globl legacy, misaligned_ld, misaligned_sd\n"
"legacy:\n"
	"mv a7, a1\n"
	"ecall\n"
	"ret\n"
"misaligned_ld:\n"
	".word 0x0000000b\n"
	"ld a0, 0(a0)\n"
	"ret\n"
"misaligned_sd:\n"
	".word 0x0000000b\n"
	".option push\n.option norvc\n"
	"sd a1, 0(a0)\n"
	".option pop\n"
	"ret\n"
	".popsection\n");
void misaligned_ld(void);
void misaligned_sd(void);

static void one(code_t f, u64 page, u64 pa, u64 offset, u64 a1)
{
	struct trap here, there;

	pt_map(root, page, pa, 0, PTE_KERNEL);
	pt_map(root, ELSEWHERE, pa, 0, PTE_KERNEL);
	flush();
	there = run(MODE_S, f, ELSEWHERE + offset, a1, 0);
	here = run(MODE_S, f, page + offset, a1, 0);
	expect(&here, page, &there, ELSEWHERE, "for S-mode", a1);
}

static void data_accesses(u64 page)
{
	static const struct {
		u64 pa, offset;
	} at[] = {
		{ HOLE, 64 }, { HOLE, 65 }, { RTC, 8 }, { RTC, 11 },
		{ FW_CFG, 0x10 }, { FW_CFG, 0x14 }, { FW_CFG, 0x13 },
		{ (u64)data, 8 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		data[1] = 0;
		for (u64 call = 4; call <= 7; call++)
			one(legacy, page, at[i].pa, at[i].offset, call);
		one(misaligned_ld, page, at[i].pa, at[i].offset | 1, 0);
		if (at[i].pa != FW_CFG && at[i].pa != RTC)
			one(misaligned_sd, page, at[i].pa,
			    at[i].offset | 1, 0);
	}
}

TEST()
{
	iso_init();
	pmp_open();
	csr_write(mcounteren, 0);
	csr_write(mideleg, MIP_SSIP);
	root = pt_default();
	satp_on(root);
	for (u64 at = 0; at < monitor.size; at += PAGE_SIZE) {
		fetches(monitor.base + at);
		data_accesses(monitor.base + at);
	}
	satp_off();
}
