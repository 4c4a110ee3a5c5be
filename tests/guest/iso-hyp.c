// SPDX-License-Identifier: BSD-2-Clause
/* HLV, HSV, VS mode and second stages do not reach the monitor either. */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64 */
#include "iso.h"

#define HSTATUS_HU	(1ul << 9)

static u64 gpt[4][512] __attribute__((aligned(4 * PAGE_SIZE)));

/* QEMU 7.2 calls what PMP denies after two stages a guest page fault. */
static void denied(struct trap t, u64 cause, u64 tval, u64 epc)
{
	EXPECT_TRAP(t, ANY, tval, epc);
	CHECKF(t.cause == cause || t.cause == cause + 16 ||
	       (cause == CAUSE_FETCH_ACCESS && t.cause == CAUSE_FETCH_GUEST),
	       "cause %lx, not %lx", t.cause, cause);
}

/* hlv and hsv of all widths, from M, S and (HU) U. */
static void hlv_hsv(u64 address)
{
	static const u32 loads[] = {
		0x60054573, 0x60154573, 0x64054573, 0x64154573, 0x68054573,
		0x68154573, 0x6c054573, 0x64354573, 0x68354573,
	};
	static const u32 stores[] = {
		0x62b54073, 0x66b54073, 0x6ab54073, 0x6eb54073,
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };
	struct trap t;

	for (unsigned int m = 0; m < 3; m++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(loads); i++) {
			t = run_word(modes[m], loads[i], address, 0, 0);
			denied(t, CAUSE_LOAD_ACCESS, address,
			       code_buffer());
		}
		for (unsigned int i = 0; i < ARRAY_SIZE(stores); i++) {
			t = run_word(modes[m], stores[i], address, 0x77, 0);
			denied(t, CAUSE_STORE_ACCESS, address,
			       code_buffer());
		}
	}
}

static void guest(u64 address)
{
	static const enum mode modes[] = { MODE_VS, MODE_VU };

	for (unsigned int m = 0; m < 2; m++) {
		struct trap t = run(modes[m], stub_ld, address, 0, 0);

		denied(t, CAUSE_LOAD_ACCESS, address, (u64)at_ld);
		t = run(modes[m], stub_sw, address, 0, 0);
		denied(t, CAUSE_STORE_ACCESS, address, (u64)at_sw);
		t = run(modes[m], (code_t)address, 0, 0, 0);
		denied(t, CAUSE_FETCH_ACCESS, address, address);
	}
}

/* MPRV with MPV; QEMU 7.2 may forget the second stage, PMP never. */
static void mprv_mpv(u64 address)
{
	for (unsigned int mpp = 0; mpp < 2; mpp++) {
		struct trap t;

		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(mpp) | MSTATUS_MPV);
		t = run(MODE_M, mprv_ld, address, 0, MSTATUS_MPRV);
		CHECK(t.taken);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(mpp) | MSTATUS_MPV);
		t = run(MODE_M, mprv_sd, address, 0, MSTATUS_MPRV);
		CHECK(t.taken);
		csr_clear(mstatus, MSTATUS_MPV);
	}
}

static void all(u64 address)
{
	hlv_hsv(address);
	guest(address);
	mprv_mpv(address);
}

/* Tables of either stage in the monitor: no access gets through. */
static void as_tables(u64 table)
{
	static const u16 csrs[] = { 0x680, 0x280 };	/* hgatp, vsatp */

	for (unsigned int i = 0; i < 2; i++) {
		struct trap t;

		csr_w(csrs[i], SATP_SV39 | (table & ~0x3ffful) >> 12);
		hfence();
		t = run_word(MODE_M, 0x6c054573, RAM_BASE, 0, 0);
		CHECKF(t.taken && (t.cause == CAUSE_LOAD_ACCESS ||
				   t.cause == CAUSE_LOAD_GUEST ||
				   t.cause == CAUSE_LOAD_PAGE), "%lx", t.cause);
		t = run(MODE_VS, stub_ld, RAM_BASE, 0, 0);
		CHECK(t.taken);
		CHECK_EQ(t.epc, stub_ld);
		mprv_mpv(RAM_BASE);
		csr_w(csrs[i], 0);
	}
	hfence();
}

TEST()
{
	iso_init();
	if (!has_h)
		skip("no hypervisor extension");
	pmp_open();
	csr_write(mideleg, 0);
	csr_w(0x600, HSTATUS_HU | HSTATUS_SPVP);
	for (unsigned int i = 0; i < NR_TARGETS; i++)
		all(targets[i]);
	/* the second stage maps everything to itself */
	for (u64 i = 0; i < 512; i++)
		gpt[0][i] = i << 28 | PTE_USER;
	csr_w(0x680, SATP_SV39 | (u64)gpt >> 12);
	hfence();
	for (unsigned int i = 0; i < NR_TARGETS; i++)
		all(targets[i]);
	csr_w(0x680, 0);
	hfence();
	for (unsigned int i = 0; i < NR_TARGETS; i++)
		as_tables(targets[i]);
}
