// SPDX-License-Identifier: BSD-2-Clause
/* Encoding of PMP entries, and probing of a hart's. */
#include <unit.h>
#include <pmp-model.h>

#include <arch/csr.h>
#include <arch/pmp.h>
#include <cordon/errno.h>

/* A hart with some entries. CSR numbers from @csrs up trap. */
static struct {
	ulong reg[PMP_MAX];
	ulong cfg[8];
	unsigned int wired;	/* entries that are not read-only zero */
	unsigned int csrs;	/* address registers that exist */
	unsigned int grain;
	ulong mask;
	unsigned int cfg_writes;
} hw;

ulong fake_csr_read(unsigned int num)
{
	ulong value = 0;

	assert_int_equal(csr_hw_read(num, &value), 0);
	return value;
}

void fake_csr_write(unsigned int num, ulong value)
{
	assert_int_equal(csr_hw_write(num, value), 0);
}

int csr_hw_read(unsigned int num, ulong *value)
{
	unsigned int i = num - CSR_pmpaddr;
	ulong low = BIT(hw.grain) - 1;
	u8 cfg;

	if (num < CSR_pmpaddr) {
		assert_true(num >= CSR_pmpcfg && num % 2 == 0);
		*value = hw.cfg[(num - CSR_pmpcfg) / 2];
		return hw.csrs ? 0 : -ENXIO;
	}
	if (i >= hw.csrs)
		return -ENXIO;
	cfg = (u8)(hw.cfg[i / 8] >> i % 8 * 8);
	*value = cfg & 0x10 ? hw.reg[i] | low >> 1 : hw.reg[i] & ~low;
	if (i >= hw.wired)
		*value = 0;
	return 0;
}

int csr_hw_write(unsigned int num, ulong value)
{
	unsigned int i = num - CSR_pmpaddr;

	if (num < CSR_pmpaddr) {
		assert_true(num >= CSR_pmpcfg && num % 2 == 0);
		hw.cfg[(num - CSR_pmpcfg) / 2] = value;
		hw.cfg_writes++;
		return hw.csrs ? 0 : -ENXIO;
	}
	if (i >= hw.csrs)
		return -ENXIO;
	if (i < hw.wired)
		hw.reg[i] = value & hw.mask;
	return 0;
}

static void set_hw(unsigned int wired, unsigned int csrs, unsigned int grain,
		   ulong mask)
{
	memset(&hw, 0, sizeof(hw));
	hw.wired = wired;
	hw.csrs = csrs;
	hw.grain = grain;
	hw.mask = mask;
}

static void probes_count(void **state)
{
	static const struct { unsigned int wired, csrs, count; } t[] = {
		{ 0, 0, 0 }, { 0, 16, 0 }, { 8, 16, 8 }, { 16, 16, 16 },
		{ 8, 64, 8 }, { 64, 64, 64 }, { 1, 64, 1 },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		set_hw(t[i].wired, t[i].csrs, 0, PMP_ADDR_MASK);
		hw.reg[0] = 0x1234;
		assert_int_equal(pmp_probe_count(), t[i].count);
		assert_int_equal(hw.reg[0], 0x1234);
	}
}

static void probes_granularity_and_mask(void **state)
{
	(void)state;
	for (unsigned int grain = 0; grain <= 12; grain++) {
		for (unsigned int bits = 30; bits <= 54; bits++) {
			set_hw(16, 16, grain, GENMASK(bits - 1, 0));
			hw.reg[1] = 0x15555555;
			hw.cfg[0] = (PMP_A_NAPOT | PMP_R) << 8 | 0x1f;
			assert_int_equal(pmp_probe_granularity(), grain + 2);
			assert_int_equal(pmp_probe_addr_mask(),
					 GENMASK(bits - 1, 0));
			assert_int_equal(hw.reg[1] | (BIT(grain) - 1) >> 1,
					 0x15555555 | (BIT(grain) - 1) >> 1);
			assert_int_equal(hw.cfg[0],
					 (PMP_A_NAPOT | PMP_R) << 8 | 0x1f);
		}
	}
	set_hw(0, 16, 0, 0);
	assert_int_equal(pmp_probe_granularity(), 0);
	set_hw(0, 0, 0, 0);
	assert_int_equal(pmp_probe_granularity(), 0);
}

static void writes_whole_registers(void **state)
{
	u8 cfg[PMP_MAX] __aligned(8);
	unsigned int n, i, regs;

	(void)state;
	for (i = 0; i < PMP_MAX; i++)
		cfg[i] = (u8)(i + 1);
	for (n = 0; n <= PMP_MAX; n++) {
		set_hw(64, 64, 0, PMP_ADDR_MASK);
		pmp_write_cfg(cfg, n);
		regs = n <= 8 ? 1 : (n + 7) / 8;
		assert_int_equal(hw.cfg_writes, regs);
		assert_memory_equal(hw.cfg, cfg, regs * 8);
	}
	for (i = 0; i < PMP_MAX; i++) {
		pmp_write_addr(i, 1000 + i);
		assert_int_equal(hw.reg[i], 1000 + i);
	}
}

/* Bytes near both ends of a range, inside and outside, against the model. */
static void check_range(u8 cfg, u64 addr, u64 prev)
{
	struct pmp_model m = { .reg = { prev, addr }, .cfg = { 0, cfg }, .count = 2 };
	struct range r = pmp_decode(cfg, addr, prev);
	u64 byte;

	assert_true(r.end <= PMP_SPACE_END);
	if (r.start >= r.end)
		r = (struct range){ 0, 0 };
	for (unsigned int i = 0; i < 32; i++) {
		byte = (i & 1 ? r.start : r.end) + i / 2 - 8;
		if (byte < PMP_SPACE_END)
			assert_int_equal(range_has(&r, byte),
					 model_matches(&m, 1, byte));
	}
}

static void decodes_as_the_model(void **state)
{
	u64 seed = 1;

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		u64 rnd = unit_random(&seed), bits = rnd >> 8 & 63;
		u64 addr = unit_random(&seed) & PMP_ADDR_MASK;
		u64 prev = unit_random(&seed) & PMP_ADDR_MASK;

		if (rnd & 32)
			addr |= BIT(bits) - 1;
		if (rnd & 64)
			prev = addr - (prev & 15) + 7;
		check_range((u8)(rnd & 0x1f), addr & PMP_ADDR_MASK,
			    prev & PMP_ADDR_MASK);
	}
	check_range(PMP_A_NAPOT, PMP_ADDR_MASK, 0);
	check_range(PMP_A_NAPOT, PMP_ADDR_MASK >> 1, 0);
	check_range(PMP_A_TOR, PMP_ADDR_MASK, 0);
}

static void napot_round_trip(void **state)
{
	u64 seed = 2;

	(void)state;
	for (unsigned int bits = 2; bits <= 56; bits++) {
		for (unsigned int i = 0; i < 100; i++) {
			u64 size = BIT(bits), start;
			struct range r;

			start = unit_random(&seed) & (PMP_SPACE_END - 1) & -size;
			r = pmp_decode(bits == 2 ? PMP_A_NA4 : PMP_A_NAPOT,
				       pmp_encode_napot(start, size), 0);
			assert_int_equal(r.start, start);
			assert_int_equal(r.end, start + size);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_as_the_model),
		cmocka_unit_test(napot_round_trip),
		cmocka_unit_test(probes_count),
		cmocka_unit_test(probes_granularity_and_mask),
		cmocka_unit_test(writes_whole_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
