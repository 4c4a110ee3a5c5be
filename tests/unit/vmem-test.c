// SPDX-License-Identifier: BSD-2-Clause
/*
 * Loads, stores and atomics for a guest against a plain model of memory and
 * registers; page-table walks against tables made here.
 */
#include <machine.h>
#include <unit.h>

#include <arch/insn.h>
#include <cordon/errno.h>
#include <cordon/pmp.h>
#include <cordon/view.h>
#include <cordon/vmem.h>
#include <cordon/vpmp.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_H | ISA_F | ISA_D)
#define AREA	(RAM_BASE + 0x8000)
#define STATUS	(MSTATUS_MPRV | FIELD_PREP(MSTATUS_MPP, MODE_S) | MSTATUS_SUM)

static u64 seed = 5;
static struct hart *h;

/* Every access uses the payload's rights. */
static ulong as_payload(const struct machine_access *a)
{
	assert_int_equal(a->status, STATUS);
	assert_int_equal(a->satp, h->csr.satp);
	assert_int_equal(h->pmp.view, VIEW_PAYLOAD);
	return 0;
}

static void start(void)
{
	machine_reset(ISA);
	h = machine_hart();
	hw.check = as_payload;
	hw.csr[CSR_mstatus] |= MSTATUS_FS;
	h->status |= MSTATUS_FS;
	h->csr.satp = BIT(63) | 0x12345;
	for (unsigned int i = 1; i < 32; i++) {
		h->x[i] = unit_random(&seed);
		hw.f[i] = unit_random(&seed);
	}
	for (unsigned int i = 0; i < 64; i += 8)
		machine_ram_write(AREA + i, 8, unit_random(&seed));
}

static ulong access_memory(u32 word, ulong addr, ulong *tval)
{
	struct insn in;
	ulong cause;

	insn_decode(word, &in);
	assert_int_not_equal(in.kind, INSN_OTHER);
	cause = vmem_access(h, &in, addr, STATUS, tval);
	/* The firmware's world is restored. */
	assert_int_equal(hw.csr[CSR_satp], 0);
	assert_int_equal(h->attn & ATTN_VIEW, ATTN_VIEW);
	return cause;
}

/* Registers and memory in the model. */
struct model {
	ulong x[32];
	u64 f[32];
	u8 ram[64];
};

static struct model snapshot(void)
{
	struct model m;

	memcpy(m.x, h->x, sizeof(m.x));
	memcpy(m.f, hw.f, sizeof(m.f));
	memcpy(m.ram, &hw.ram[AREA - RAM_BASE], sizeof(m.ram));
	return m;
}

static void compare(const struct model *m)
{
	assert_memory_equal(m->x, h->x, sizeof(m->x));
	assert_memory_equal(m->f, hw.f, sizeof(m->f));
	assert_memory_equal(m->ram, &hw.ram[AREA - RAM_BASE], sizeof(m->ram));
}

static u64 model_get(const struct model *m, unsigned int at, unsigned int size)
{
	u64 v = 0;

	for (unsigned int i = size; i-- > 0;)
		v = v << 8 | m->ram[at + i];
	return v;
}

static void model_put(struct model *m, unsigned int at, unsigned int size, u64 v)
{
	for (unsigned int i = 0; i < size; i++)
		m->ram[at + i] = (u8)(v >> 8 * i);
}

static u64 extend(u64 v, unsigned int size)
{
	return size == 8 ? v : (u64)((s64)(v << (64 - 8 * size)) >>
				     (64 - 8 * size));
}

static void put_x(struct model *m, unsigned int rd, ulong v)
{
	if (rd)
		m->x[rd] = v;
}

enum { LOAD = 0x03, LOAD_FP = 0x07, STORE = 0x23, STORE_FP = 0x27, AMO = 0x2f };

static u32 encode_load(unsigned int opcode, unsigned int funct3, unsigned int rd)
{
	return rd << 7 | funct3 << 12 | opcode;
}

static u32 encode_store(unsigned int opcode, unsigned int funct3,
			unsigned int rs2)
{
	return rs2 << 20 | funct3 << 12 | opcode;
}

static void model_load(struct model *m, unsigned int funct3, unsigned int rd,
		       unsigned int at, bool fp)
{
	unsigned int size = 1 << (funct3 & 3);
	u64 v = model_get(m, at, size);

	if (fp)
		m->f[rd] = size == 8 ? v : v | ~0ull << 8 * size;
	else
		put_x(m, rd, funct3 & 4 ? v : extend(v, size));
}

/* One load or store of x or f registers, aligned or not. */
static void plain_one(void)
{
	bool fp = unit_random(&seed) & 1, store = unit_random(&seed) & 1;
	unsigned int funct3 = unit_random(&seed) % (store ? 4 : 7);
	unsigned int reg = unit_random(&seed) % 32;
	unsigned int at = unit_random(&seed) % 56;
	struct model m = snapshot();
	ulong tval;
	u32 word;

	if (fp)
		funct3 = 1 + funct3 % 3;
	hw.misaligned = unit_random(&seed) & 1;
	if (store) {
		word = encode_store(fp ? STORE_FP : STORE, funct3, reg);
		model_put(&m, at, 1 << funct3, fp ? m.f[reg] : m.x[reg]);
	} else {
		word = encode_load(fp ? LOAD_FP : LOAD, funct3, reg);
		model_load(&m, funct3, reg, at, fp);
	}
	assert_int_equal(access_memory(word, AREA + at, &tval), 0);
	compare(&m);
}

static void loads_and_stores(void **state)
{
	(void)state;
	for (unsigned int round = 0; round < 200; round++) {
		start();
		for (unsigned int i = 0; i < 100; i++)
			plain_one();
	}
}

/* A load to an f register makes FS dirty. */
static void fp_load_dirties(void **state)
{
	ulong clean = FIELD_PREP(MSTATUS_FS, 2);
	ulong tval;

	(void)state;
	start();
	h->status = (h->status & ~MSTATUS_FS) | clean;
	assert_int_equal(access_memory(encode_load(LOAD, 3, 1), AREA, &tval), 0);
	assert_int_equal(h->status & MSTATUS_FS, clean);
	assert_int_equal(access_memory(encode_store(STORE_FP, 3, 1), AREA,
				       &tval), 0);
	assert_int_equal(h->status & MSTATUS_FS, clean);
	assert_int_equal(access_memory(encode_load(LOAD_FP, 3, 1), AREA,
				       &tval), 0);
	assert_int_equal(h->status & MSTATUS_FS, MSTATUS_FS);
}

static u32 encode_amo(unsigned int op, unsigned int size, unsigned int rd,
		      unsigned int rs2)
{
	return op << 27 | rs2 << 20 | (size == 4 ? 2 : 3) << 12 | rd << 7 | AMO;
}

static u64 amo_model(unsigned int op, u64 a, u64 b, bool is_signed_less)
{
	switch (op) {
	case 0: return a + b;
	case 1: return b;
	case 4: return a ^ b;
	case 8: return a | b;
	case 12: return a & b;
	case 16: return is_signed_less ? a : b;
	case 20: return is_signed_less ? b : a;
	case 24: return a < b ? a : b;
	default: return a < b ? b : a;
	}
}

static void one_amo(unsigned int op, unsigned int size)
{
	unsigned int rd = unit_random(&seed) % 32, rs2 = unit_random(&seed) % 32;
	u64 mask = size == 4 ? 0xffffffff : ~0ull;
	u64 old, src = h->x[rs2] & mask;
	struct model m;
	ulong tval;

	/* Values that compare differently with and without sign. */
	if (unit_random(&seed) % 4 == 0)
		machine_ram_write(AREA, 8, extend(h->x[rs2] & mask, size));
	m = snapshot();
	assert_int_equal(access_memory(encode_amo(op, size, rd, rs2), AREA,
				       &tval), 0);
	old = model_get(&m, 0, size);
	model_put(&m, 0, size,
		  amo_model(op, old, src, (s64)extend(old, size) <
					  (s64)extend(src, size)));
	put_x(&m, rd, extend(old, size));
	compare(&m);
}

static void atomics(void **state)
{
	static const u8 ops[] = { 0, 1, 4, 8, 12, 16, 20, 24, 28 };

	(void)state;
	for (unsigned int round = 0; round < 500; round++) {
		start();
		for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
			one_amo(ops[i], 4);
			one_amo(ops[i], 8);
		}
	}
}

/* amocas and byte AMOs get an access fault, as documented. */
static void unknown_atomics_fault(void **state)
{
	ulong tval;

	(void)state;
	start();
	assert_int_equal(access_memory(encode_amo(5, 8, 1, 2), AREA, &tval),
			 CAUSE_STORE_ACCESS);
	assert_int_equal(tval, AREA);
	assert_int_equal(access_memory(0x0000002f | 2 << 20, AREA, &tval),
			 CAUSE_STORE_ACCESS);
}

enum { LR = 2, SC = 3 };

static ulong sc_after_lr(unsigned int size, ulong to)
{
	ulong tval;

	assert_int_equal(access_memory(encode_amo(SC, size, 6, 5), to, &tval), 0);
	return h->x[6];
}

static void load_reserve(unsigned int size, ulong from)
{
	struct model m = snapshot();
	ulong tval;

	assert_int_equal(access_memory(encode_amo(LR, size, 7, 0), from, &tval),
			 0);
	put_x(&m, 7, extend(model_get(&m, from - AREA, size), size));
	compare(&m);
}

static void other_hart_writes(void)
{
	machine_ram_write(AREA, 8, 0x1234567812345678);
}

static void reservations(unsigned int size)
{
	ulong mask = size == 4 ? 0xffffffff : ~0ul, old, tval;

	start();
	/* Without a reservation. */
	assert_int_equal(sc_after_lr(size, AREA), 1);
	/* Misaligned, without and with a reservation, which stays. */
	assert_int_equal(access_memory(encode_amo(SC, size, 6, 5), AREA + 2, &tval),
			 CAUSE_STORE_MISALIGNED);
	assert_int_equal(tval, AREA + 2);
	load_reserve(size, AREA);
	assert_int_equal(access_memory(encode_amo(SC, size, 6, 5), AREA + 2, &tval),
			 CAUSE_STORE_MISALIGNED);
	assert_int_equal(sc_after_lr(size, AREA), 0);
	/* With a reservation, once. */
	load_reserve(size, AREA);
	assert_int_equal(sc_after_lr(size, AREA), 0);
	assert_int_equal(machine_ram_read(AREA, size), h->x[5] & mask);
	h->x[5]++;
	assert_int_equal(sc_after_lr(size, AREA), 1);
	assert_int_equal(machine_ram_read(AREA, size), (h->x[5] - 1) & mask);
	/* At another address, which also ends it. */
	load_reserve(size, AREA);
	assert_int_equal(sc_after_lr(size, AREA + 8), 1);
	assert_int_equal(sc_after_lr(size, AREA), 1);
	/* A foreign write between the monitor's own LR and SC. */
	load_reserve(size, AREA);
	hw.between = other_hart_writes;
	assert_int_equal(sc_after_lr(size, AREA), 1);
	assert_int_equal(machine_ram_read(AREA, 8), 0x1234567812345678);
	/* A foreign write before them. */
	load_reserve(size, AREA + 16);
	old = machine_ram_read(AREA + 16, size);
	machine_ram_write(AREA + 16, size, old ^ 0x80000000);
	assert_int_equal(sc_after_lr(size, AREA + 16), 1);
	assert_int_equal(machine_ram_read(AREA + 16, size),
			 (old ^ 0x80000000) & mask);
}

static void load_reserve_store_conditional(void **state)
{
	(void)state;
	reservations(4);
	reservations(8);
	/* A negative word is sign-extended, and found again. */
	start();
	machine_ram_write(AREA, 4, 0x80000001);
	load_reserve(4, AREA);
	assert_int_equal(sc_after_lr(4, AREA), 0);
}

/* Faults */

static ulong bad_byte, fault_load, fault_store;

static ulong bad_at(const struct machine_access *a)
{
	if (bad_byte - a->addr >= a->size)
		return 0;
	return a->store ? fault_store : fault_load;
}

static const u8 causes[][2] = {
	{ CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE },
	{ CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS },
	{ CAUSE_LOAD_GUEST, CAUSE_STORE_GUEST },
};

static void expect_fault(u32 word, ulong addr, ulong cause, ulong at)
{
	struct model m = snapshot();
	ulong tval = 0, status = h->status;

	assert_int_equal(access_memory(word, addr, &tval), cause);
	assert_int_equal(tval, at);
	assert_int_equal(h->status, status);
	compare(&m);
}

static void faults_change_nothing(void **state)
{
	(void)state;
	start();
	h->csr.satp = 0;
	hw.check = bad_at;
	for (unsigned int i = 0; i < ARRAY_SIZE(causes); i++) {
		fault_load = causes[i][0];
		fault_store = causes[i][1];
		bad_byte = AREA + 3;
		h->status = (h->status & ~MSTATUS_FS) | FIELD_PREP(MSTATUS_FS, 2);
		expect_fault(encode_load(LOAD, 3, 1), AREA, fault_load, AREA);
		expect_fault(encode_load(LOAD_FP, 3, 1), AREA, fault_load, AREA);
		expect_fault(encode_store(STORE, 3, 1), AREA, fault_store, AREA);
		/* A fault of an AMO's load is a store fault. */
		expect_fault(encode_amo(0, 8, 1, 2), AREA, fault_store, AREA);
		expect_fault(encode_amo(LR, 8, 1, 0), AREA, fault_load, AREA);
		/* Bytes: the first faulting one is reported. */
		expect_fault(encode_load(LOAD, 3, 1), AREA + 1, fault_load,
			     AREA + 3);
		bad_byte = AREA + 9;
		expect_fault(encode_store(STORE, 1, 0), AREA + 9, fault_store,
			     AREA + 9);
	}
}

static void sc_faults_as_a_store(void **state)
{
	(void)state;
	start();
	h->csr.satp = 0;
	load_reserve(8, AREA);
	hw.check = bad_at;
	bad_byte = AREA;
	fault_load = 0;
	fault_store = CAUSE_STORE_PAGE;
	expect_fault(encode_amo(SC, 8, 1, 2), AREA, CAUSE_STORE_PAGE, AREA);
	h->lr.addr = AREA;
	fault_load = CAUSE_LOAD_PAGE;
	expect_fault(encode_amo(SC, 8, 1, 2), AREA, CAUSE_STORE_PAGE, AREA);
}

static void misaligned_atomics_fault(void **state)
{
	(void)state;
	start();
	expect_fault(encode_amo(LR, 8, 1, 0), AREA + 4, CAUSE_LOAD_MISALIGNED,
		     AREA + 4);
	expect_fault(encode_amo(0, 4, 1, 2), AREA + 2, CAUSE_STORE_MISALIGNED,
		     AREA + 2);
	h->lr.addr = AREA + 4;
	expect_fault(encode_amo(SC, 8, 1, 2), AREA + 4, CAUSE_STORE_MISALIGNED,
		     AREA + 4);
}

/* The instruction has become one on f registers that are off or missing. */
static void no_f_registers(void **state)
{
	(void)state;
	start();
	h->trap.cause = CAUSE_LOAD_ACCESS;
	h->status &= ~MSTATUS_FS;
	expect_fault(encode_load(LOAD_FP, 3, 1), AREA, CAUSE_LOAD_ACCESS, AREA);
	h->status |= MSTATUS_FS;
	h->isa &= ~ISA_D;
	expect_fault(encode_store(STORE_FP, 3, 1), AREA, CAUSE_LOAD_ACCESS,
		     AREA);
}

/* Page tables */

#define TABLE(n)	(RAM_BASE + 0x10000 + 0x1000ul * (n))
#define PTE_LEAF	0xcful
#define PTE_TABLE	0x01ul

static u64 pte(u64 pa, ulong bits)
{
	return pa >> 12 << 10 | bits;
}

/* Memory is the payload's, and page tables are in RAM. */
static void start_paging(void)
{
	start();
	hw.check = NULL;
	vpmp_write_addr(&h->vpmp, 0, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
	pmp_rebuild(h);
}

static u64 index_at(u64 va, unsigned int level)
{
	return va >> (12 + 9 * level) & 511;
}

/* Map a path of tables to a leaf at @leaf (0: 4 KiB), from table @first on. */
static void map(unsigned int first, unsigned int levels, unsigned int leaf,
		u64 va, u64 pa, ulong bits)
{
	for (unsigned int level = levels - 1; level > leaf; level--, first++)
		machine_ram_write(TABLE(first) + 8 * index_at(va, level), 8,
				  pte(TABLE(first + 1), PTE_TABLE));
	machine_ram_write(TABLE(first) + 8 * index_at(va, leaf), 8,
			  pte(pa, bits));
}

static ulong atp(unsigned int levels, unsigned int first)
{
	return (levels + 5ul) << 60 | TABLE(first) >> 12;
}

static u64 random_va(unsigned int levels)
{
	return (u64)sign_extend(unit_random(&seed), 12 + 9 * levels);
}

static void translates_all_levels(void **state)
{
	(void)state;
	for (unsigned int levels = 3; levels <= 5; levels++) {
		for (unsigned int leaf = 0; leaf < levels; leaf++) {
			u64 size = BIT(12 + 9 * leaf), va = random_va(levels);
			u64 base = unit_random(&seed) & GENMASK(55, 12) & -size;
			u64 pa = 0;

			start_paging();
			map(0, levels, leaf, va, base, PTE_LEAF);
			assert_int_equal(vmem_translate(h, va, atp(levels, 0),
							STATUS, &pa), 0);
			assert_int_equal(pa, base | (va & (size - 1)));
			/* The neighbour is not mapped. */
			assert_int_equal(vmem_translate(h, va ^ size,
							atp(levels, 0), STATUS,
							&pa), -EFAULT);
		}
	}
}

static void bare_and_reserved_modes(void **state)
{
	u64 pa = 0;

	(void)state;
	start_paging();
	assert_int_equal(vmem_translate(h, 0x123456789, 0x5555, STATUS, &pa), 0);
	assert_int_equal(pa, 0x123456789);
	for (ulong mode = 1; mode < 16; mode++)
		if (mode < 8 || mode > 10)
			assert_int_equal(vmem_translate(h, 0, mode << 60, STATUS,
							&pa), -EFAULT);
}

/* Svnapot: 64 KiB by sixteen equal entries with N. */
static void translates_napot(void **state)
{
	u64 base = 0x123450000, va = 0x40000000, pa = 0;

	(void)state;
	start_paging();
	for (u64 i = 0; i < 16; i++)
		map(0, 3, 0, va + i * 0x1000, base | 0x8000, PTE_LEAF | BIT(63));
	for (u64 at = 0; at < 0x10000; at += 0xabc) {
		assert_int_equal(vmem_translate(h, va + at, atp(3, 0), STATUS,
						&pa), 0);
		assert_int_equal(pa, base + at);
	}
}

/* Tables that are missing, not RAM, or not the payload's. */
static void broken_tables(void **state)
{
	u64 va = 0x40201000, pa;

	(void)state;
	start_paging();
	map(0, 3, 0, va, 0x90000000, 0);
	assert_int_equal(vmem_translate(h, va, atp(3, 0), STATUS, &pa), -EFAULT);
	/* A pointer at the last level. */
	map(0, 3, 0, va, 0x90000000, PTE_TABLE);
	assert_int_equal(vmem_translate(h, va, atp(3, 0), STATUS, &pa), -EFAULT);
	/* To an address without memory. */
	map(0, 3, 2, va, 0x10000000, PTE_TABLE);
	assert_int_equal(vmem_translate(h, va, atp(3, 0), STATUS, &pa), -EFAULT);
	/* PMP denies the payload the second table. */
	map(0, 3, 0, va, 0x90000000, PTE_LEAF);
	assert_int_equal(vmem_translate(h, va, atp(3, 0), STATUS, &pa), 0);
	vpmp_write_cfg(&h->vpmp, 0, 0);
	vpmp_write_addr(&h->vpmp, 0, TABLE(1) >> 2 | 0x1ff);
	vpmp_write_addr(&h->vpmp, 1, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, (PMP_A_NAPOT | PMP_RWX) << 8 | PMP_A_NAPOT);
	pmp_rebuild(h);
	hw.accesses = 0;
	assert_int_equal(vmem_translate(h, va, atp(3, 0), STATUS, &pa), -EFAULT);
	assert_int_equal(hw.accesses, 1);
}

/*
 * Two stages: VS-stage tables are at guest physical addresses. The G-stage maps
 * all of them with one 1 GiB page, and its top level has 2 more bits.
 */
static void translates_two_stages(void **state)
{
	u64 gpa_base = 0x2a5ul << 39 | 0x40000000, pa = 0;
	u64 va = 0x12345678, data = gpa_base + 0x8765000;
	ulong virt = STATUS | MSTATUS_MPV;

	(void)state;
	start_paging();
	/* Sv48x4 in tables 0-3 (16 KiB), 4: gpa_base -> RAM_BASE. */
	machine_ram_write(TABLE(0) + 8 * (gpa_base >> 39), 8,
			  pte(TABLE(4), PTE_TABLE));
	machine_ram_write(TABLE(4) + 8, 8, pte(RAM_BASE, PTE_LEAF | 0x10));
	hw.csr[CSR_hgatp] = atp(4, 0);
	/* Sv39 in tables 5, 6, 7, whose entries hold guest addresses. */
	map(5, 3, 0, va, data, PTE_LEAF);
	for (unsigned int i = 5; i < 7; i++) {
		ulong at = TABLE(i) + 8 * index_at(va, 7 - i);

		machine_ram_write(at, 8, pte(TABLE(i + 1) - RAM_BASE + gpa_base,
					     PTE_TABLE));
	}
	hw.csr[CSR_vsatp] = 8ul << 60 | (TABLE(5) - RAM_BASE + gpa_base) >> 12;
	assert_int_equal(vmem_translate(h, va, 0, virt, &pa), 0);
	assert_int_equal(pa, RAM_BASE + 0x8765000 + 0x678);
	/* G-stage alone. */
	hw.csr[CSR_vsatp] = 0;
	assert_int_equal(vmem_translate(h, gpa_base + 5, 0, virt, &pa), 0);
	assert_int_equal(pa, RAM_BASE + 5);
	assert_int_equal(vmem_translate(h, 0x40000005, 0, virt, &pa), -EFAULT);
	/* Both bare. */
	hw.csr[CSR_hgatp] = 0;
	assert_int_equal(vmem_translate(h, 0x40000005, 0, virt, &pa), 0);
	assert_int_equal(pa, 0x40000005);
}

/* A leaf that the hart would not have passed, in either stage. */
static void leaves_that_have_changed(void **state)
{
	ulong virt = STATUS | MSTATUS_MPV;
	u64 va = 0x12345678, pa;

	(void)state;
	for (int guest = 0; guest < 2; guest++) {
		start_paging();
		/*
		 * Writable, then not. The G-stage is bare, then a 1 GiB page.
		 */
		map(0, 3, 0, va, RAM_BASE, PTE_LEAF);
		hw.csr[CSR_vsatp] = atp(3, 0);
		hw.csr[CSR_hgatp] = 0;
		h->trap.cause = CAUSE_STORE_ACCESS;
		assert_int_equal(vmem_translate(h, va, atp(3, 0),
						guest ? virt : STATUS, &pa), 0);
		map(0, 3, 0, va, RAM_BASE, PTE_LEAF & ~0x4ul);
		assert_int_equal(vmem_translate(h, va, atp(3, 0),
						guest ? virt : STATUS, &pa),
				 -EFAULT);
		h->trap.cause = CAUSE_LOAD_ACCESS;
		assert_int_equal(vmem_translate(h, va, atp(3, 0),
						guest ? virt : STATUS, &pa), 0);
	}
	machine_ram_write(TABLE(4), 8, pte(RAM_BASE, PTE_LEAF & ~0x4ul));
	hw.csr[CSR_vsatp] = 0;
	hw.csr[CSR_hgatp] = atp(3, 4);
	assert_int_equal(vmem_translate(h, 5, 0, virt, &pa), 0);
	assert_int_equal(pa, RAM_BASE + 5);
	h->trap.cause = CAUSE_STORE_ACCESS;
	assert_int_equal(vmem_translate(h, 5, 0, virt, &pa), -EFAULT);
}

static void fetches_from_the_payload(void **state)
{
	u32 insn = 0;

	(void)state;
	start();
	hw.check = NULL;
	h->world = WORLD_PAYLOAD;
	h->pc = AREA + 2;
	machine_ram_write(AREA + 2, 4, 0x12345673);
	assert_int_equal(vmem_fetch_payload(h, &insn), 0);
	assert_int_equal(insn, 0x12345673);
	assert_int_equal(hw.last.status & (MSTATUS_MPRV | MSTATUS_MXR),
			 MSTATUS_MPRV | MSTATUS_MXR);
	machine_ram_write(AREA + 2, 2, 0x4501);
	hw.accesses = 0;
	assert_int_equal(vmem_fetch_payload(h, &insn), 0);
	assert_int_equal(insn, 0x4501);
	assert_int_equal(hw.accesses, 1);
	h->pc = RAM_BASE + RAM_SIZE - 2;
	machine_ram_write(h->pc, 2, 0x0013);
	assert_int_equal(vmem_fetch_payload(h, &insn), -EFAULT);
	/* Repeating a fetch that can never succeed would not end. */
	h->status |= MSTATUS_UBE;
	assert_int_equal(vmem_fetch_payload(h, &insn), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_and_stores),
		cmocka_unit_test(fp_load_dirties),
		cmocka_unit_test(atomics),
		cmocka_unit_test(unknown_atomics_fault),
		cmocka_unit_test(load_reserve_store_conditional),
		cmocka_unit_test(faults_change_nothing),
		cmocka_unit_test(sc_faults_as_a_store),
		cmocka_unit_test(misaligned_atomics_fault),
		cmocka_unit_test(no_f_registers),
		cmocka_unit_test(translates_all_levels),
		cmocka_unit_test(bare_and_reserved_modes),
		cmocka_unit_test(translates_napot),
		cmocka_unit_test(broken_tables),
		cmocka_unit_test(translates_two_stages),
		cmocka_unit_test(leaves_that_have_changed),
		cmocka_unit_test(fetches_from_the_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
