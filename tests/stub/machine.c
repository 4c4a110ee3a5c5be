// SPDX-License-Identifier: BSD-2-Clause
/* A small model of a hart and its CLINT: see machine.h. */
#include <machine.h>

#include <unit.h>

#include <arch/barrier.h>
#include <arch/fast.h>
#include <arch/hart.h>
#include <arch/io.h>
#include <arch/pmp.h>
#include <arch/vendor.h>
#include <cordon/board.h>
#include <cordon/context.h>
#include <cordon/hart-init.h>
#include <cordon/log.h>
#include <cordon/ipi.h>
#include <cordon/panic.h>
#include <cordon/service.h>

struct machine hw;
struct hart *fake_hart;
static struct hart the_hart;

static const struct vendor_csr vendor_csrs[] = {
	{ 0x7c0, 0xf0, 0x0f },
	{ 0x7c1, ~0ul, ~0ul },
	{ 0 },
};

static bool vendor_insn(u32 insn)
{
	return insn == 0x30500073;
}

BOARD_CONST struct board board = {
	.name		= "test",
	.firmware	= RAM_BASE,
	.ram		= { RAM_BASE, RAM_BASE + RAM_SIZE },
	.timebase	= 1000000,
	.clint		= {
		.mswi		= MSIP_BASE,
		.mtimecmp	= MTIMECMP_BASE,
		.mtime		= MTIME_ADDR,
		.window		= { { CLINT_BASE, CLINT_BASE + SZ_64K } },
	},
	.vendor_csr	= vendor_csrs,
	.vendor_insn	= vendor_insn,
};

/* CSRs */

#define MIP_SOFT	(MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP)

static bool has(ulong isa)
{
	return (hw.isa & isa) == isa;
}

static ulong if_has(ulong isa, ulong bits)
{
	return has(isa) ? bits : 0;
}

/* Writable bits of mstatus, except MPP. */
static ulong mstatus_bits(void)
{
	return MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPRV | MSTATUS_TW |
	       if_has(ISA_S, MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP |
			     MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM |
			     MSTATUS_TSR) |
	       if_has(ISA_F, MSTATUS_FS) | if_has(ISA_V, MSTATUS_VS) |
	       if_has(ISA_H, MSTATUS_MPV | MSTATUS_GVA);
}

static ulong legal_mstatus(ulong old, ulong value)
{
	ulong bits = mstatus_bits();
	ulong mpp = FIELD_GET(MSTATUS_MPP, value);
	ulong new;

	if (mpp != 2 && (mpp != MODE_S || has(ISA_S)))
		bits |= MSTATUS_MPP;
	new = (old & ~bits) | (value & bits);
	new &= ~MSTATUS_SD;
	if ((new & MSTATUS_FS) == MSTATUS_FS || (new & MSTATUS_VS) == MSTATUS_VS)
		new |= MSTATUS_SD;
	return new;
}

static ulong legal_satp(ulong old, ulong value)
{
	ulong mode = FIELD_GET(SATP_MODE, value);

	return mode == 0 || (mode >= 8 && mode <= 10) ? value : old;
}

/* Writable bits of registers with plain masks. */
static ulong mask_of(unsigned int num)
{
	switch (num) {
	case CSR_mie:
		return MIP_M | if_has(ISA_S, MIP_SOFT) | if_has(ISA_H, MIP_HS);
	case CSR_medeleg:
		return 0xcb3ff | if_has(ISA_H, 0xf00400);
	case CSR_mideleg:
		return MIP_SOFT;
	case CSR_hideleg:
	case CSR_hvip:
		return MIP_VS;
	case CSR_sepc:
	case CSR_vsepc:
		return ~1ul;
	case CSR_mcounteren:
	case CSR_scounteren:
	case CSR_hcounteren:
		return 0xffffffff;
	case CSR_hstatus:
		return 0x7003c0 | HSTATUS_SPV | HSTATUS_SPVP;
	case CSR_menvcfg:
		return 0xf1 | if_has(ISA_SSTC, MENVCFG_STCE);
	case CSR_senvcfg:
		return 0xf1;
	case CSR_pmpaddr ... CSR_pmpaddr + 63:
		if (num - CSR_pmpaddr >= hw.pmp)
			return 0;
		return PMP_ADDR_MASK & ~(hw.grain ? BIT(hw.grain - 2) - 1 : 0);
	case CSR_misa:
	case CSR_hgeie:
		return 0;
	default:
		return num >> 10 == 3 ? 0 : ~0ul;
	}
}

/* PMM becomes only a length of masks that the hart has. */
static ulong legal_senvcfg(ulong old, ulong value)
{
	ulong mask = mask_of(CSR_senvcfg);

	if (hw.pmm >> FIELD_GET(SENVCFG_PMM, value) & 1)
		mask |= SENVCFG_PMM;
	return (old & ~mask) | (value & mask);
}

/* Bytes of a locked entry keep their values (Priv. 3.7.1). */
static ulong legal_pmpcfg(ulong old, ulong value)
{
	ulong locked = (old >> 7 & 0x0101010101010101ul) * 0xff;

	return (old & locked) | (value & ~locked);
}

ulong machine_legal(unsigned int num, ulong old, ulong value)
{
	ulong mask = mask_of(num);

	switch (num) {
	case CSR_mstatus:
		return legal_mstatus(old, value);
	case CSR_mideleg:
		return (value & mask) | if_has(ISA_H, MIP_HS);
	case CSR_senvcfg:
		return legal_senvcfg(old, value);
	case CSR_stvec:
	case CSR_vstvec:
		return value & 2 ? (value & ~3ul) | (old & 3) : value;
	case CSR_satp:
	case CSR_vsatp:
		return legal_satp(old, value);
	case CSR_pmpcfg ... CSR_pmpcfg + 15:
		return legal_pmpcfg(old, value);
	default:
		return (old & ~mask) | (value & mask);
	}
}

bool machine_has(unsigned int num)
{
	if ((num == CSR_stimecmp || num == CSR_vstimecmp) && !has(ISA_SSTC))
		return false;
	if (num == CSR_sctrctl || num == CSR_vsctrctl)
		return hw.optional[num];
	switch (num) {
	case CSR_time:
		return has(ISA_TIME);
	case 0x100 ... 0x1ff:
	case CSR_medeleg:
	case CSR_mideleg:
	case CSR_scountovf:
		return has(ISA_S);
	case 0x200 ... 0x2ff:
	case 0x600 ... 0x6ff:
	case CSR_hgeip:
	case CSR_mtinst:
	case CSR_mtval2:
		return has(ISA_H);
	case CSR_mstateen ... CSR_mstateen + 3:
	case CSR_mctrctl:
	case CSR_jvt:
	case CSR_seed:
	case VENDOR_CSRS ... VENDOR_CSRS + 7:
		return hw.optional[num];
	default:
		return true;
	}
}

static bool stce(void)
{
	return hw.csr[CSR_menvcfg] & MENVCFG_STCE;
}

static ulong mip_now(void)
{
	ulong v = hw.csr[CSR_mip];

	if (hw.seip)
		v |= MIP_SEIP;
	if (hw.meip)
		v |= MIP_MEIP;
	if (hw.mtime >= hw.mtimecmp[hw.hart])
		v |= MIP_MTIP;
	if (hw.msip[hw.hart] & 1)
		v |= MIP_MSIP;
	if (stce())
		v = (v & ~MIP_STIP) |
		    (hw.mtime >= hw.csr[CSR_stimecmp] ? MIP_STIP : 0);
	return v;
}

static void change_mip(ulong set, ulong clear)
{
	ulong bits = MIP_SOFT & ~(stce() ? MIP_STIP : 0);

	if (!has(ISA_S))
		bits = 0;
	hw.csr[CSR_mip] = (hw.csr[CSR_mip] & ~(clear & bits)) | (set & bits);
}

ulong fake_csr_read(unsigned int num)
{
	assert_true(num < 4096 && machine_has(num));
	return num == CSR_mip ? mip_now() : hw.csr[num];
}

void fake_csr_write(unsigned int num, ulong value)
{
	assert_true(num < 4096 && machine_has(num));
	if (num == CSR_mip)
		change_mip(value, ~value);
	else
		hw.csr[num] = machine_legal(num, hw.csr[num], value);
}

void fake_csr_set(unsigned int num, ulong bits)
{
	if (num == CSR_mip)
		change_mip(bits, 0);
	else
		fake_csr_write(num, fake_csr_read(num) | bits);
}

void fake_csr_clear(unsigned int num, ulong bits)
{
	if (num == CSR_mip)
		change_mip(0, bits);
	else
		fake_csr_write(num, fake_csr_read(num) & ~bits);
}

/* CSR number of a stub index of unpriv.S. */
static unsigned int number_of(unsigned int index)
{
#define CSR_HW(name, number, count, ...)				\
	if (index - CSR_HW_##name < (count))				\
		return (number) + index - CSR_HW_##name;
#define CSR_PART(name, number, ...)					\
	if (index == CSR_HW_##name)					\
		return (number);
#include <arch/csr.def>
	index -= CSR_HW_COUNT;
	if (index < 16)
		return CSR_pmpcfg + index;
	index -= 16;
	if (index < 64)
		return CSR_pmpaddr + index;
	assert_in_range(index - 64, 0, 7);
	return VENDOR_CSRS + index - 64;
}

struct csr_hw_result csr_hw_read_index(unsigned int index)
{
	unsigned int num = number_of(index);

	/* csrr a0, num */
	if (!machine_has(num))
		return (struct csr_hw_result){
			hw.illegal_mtval ? hw.illegal_mtval(num << 20 | 0x2573) : 0,
			CAUSE_ILLEGAL_INSN,
		};
	return (struct csr_hw_result){ fake_csr_read(num), 0 };
}

struct csr_hw_result csr_hw_write_index(unsigned int index, ulong value)
{
	unsigned int num = number_of(index);

	if (!machine_has(num) || num >> 10 == 3)
		return (struct csr_hw_result){ 0, CAUSE_ILLEGAL_INSN };
	fake_csr_write(num, value);
	return (struct csr_hw_result){ 0, 0 };
}

/* The CLINT */

/* The register byte at an address, or NULL. */
static u8 *clint_byte(u64 addr)
{
	if (addr - MTIME_ADDR < 8)
		return (u8 *)&hw.mtime + (addr - MTIME_ADDR);
	if (addr - MTIMECMP_BASE < sizeof(hw.mtimecmp))
		return (u8 *)hw.mtimecmp + (addr - MTIMECMP_BASE);
	if (addr - MSIP_BASE < sizeof(hw.msip))
		return (u8 *)hw.msip + (addr - MSIP_BASE);
	return NULL;
}

u64 fake_io_read(u64 addr, unsigned int size)
{
	const u8 *p = clint_byte(addr);
	u64 v = 0;

	assert_int_equal(addr % size, 0);
	assert_true(addr - CLINT_BASE < SZ_64K);
	if (p)
		memcpy(&v, p, size);
	return v;
}

void fake_io_write(u64 addr, unsigned int size, u64 value)
{
	u8 *p = clint_byte(addr);

	assert_int_equal(addr % size, 0);
	assert_non_null(p);
	hw.io_writes++;
	memcpy(p, &value, size);
}

/* Guest memory */

u64 machine_ram_read(ulong addr, unsigned int size)
{
	u64 v = 0;

	assert_true(addr - RAM_BASE <= RAM_SIZE - size);
	memcpy(&v, &hw.ram[addr - RAM_BASE], size);
	return v;
}

void machine_ram_write(ulong addr, unsigned int size, u64 value)
{
	assert_true(addr - RAM_BASE <= RAM_SIZE - size);
	memcpy(&hw.ram[addr - RAM_BASE], &value, size);
}

/* Return: cause of the access's fault, or 0 */
static ulong try(ulong addr, ulong status, unsigned int size, bool store,
		 bool atomic)
{
	ulong cause = 0;

	hw.last = (struct machine_access){ addr, size, store, status,
		has(ISA_S) ? hw.csr[CSR_satp] : 0 };
	hw.accesses++;
	if (addr % size && (atomic || !hw.misaligned))
		return store ? CAUSE_STORE_MISALIGNED : CAUSE_LOAD_MISALIGNED;
	if (hw.check)
		cause = hw.check(&hw.last);
	if (cause)
		return cause;
	if (addr - CLINT_BASE < SZ_64K && (hw.clint_widths & size))
		return 0;
	if (addr < RAM_BASE || addr - RAM_BASE > RAM_SIZE - size)
		return store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
	return 0;
}

static struct unpriv load(ulong addr, ulong status, unsigned int size)
{
	ulong cause = try(addr, status, size, false, false);

	if (cause)
		return (struct unpriv){ addr, cause };
	if (addr < RAM_BASE)
		return (struct unpriv){ fake_io_read(addr, size), 0 };
	return (struct unpriv){ machine_ram_read(addr, size), 0 };
}

static struct unpriv store(ulong addr, ulong status, ulong value,
			   unsigned int size)
{
	ulong cause = try(addr, status, size, true, false);

	if (cause)
		return (struct unpriv){ addr, cause };
	machine_ram_write(addr, size, value);
	return (struct unpriv){ 0, 0 };
}

static struct unpriv load_bytes(ulong addr, ulong status, unsigned int size)
{
	struct unpriv all = { 0, 0 };

	for (unsigned int i = 0; i < size; i++) {
		struct unpriv r = load(addr + i, status, 1);

		if (r.cause)
			return r;
		all.value |= r.value << 8 * i;
	}
	return all;
}

static struct unpriv store_bytes(ulong addr, ulong status, ulong value,
				 unsigned int size)
{
	struct unpriv r = { 0, 0 };

	for (unsigned int i = 0; i < size && !r.cause; i++)
		r = store(addr + i, status, value >> 8 * i & 0xff, 1);
	return r;
}

static struct unpriv cas(ulong addr, ulong status, ulong old, ulong new,
			 unsigned int size)
{
	ulong cause = try(addr, status, size, false, true);
	ulong seen;

	if (cause)
		return (struct unpriv){ addr, cause };
	seen = machine_ram_read(addr, size);
	if (size == 4)
		seen = (ulong)sign_extend(seen, 32);
	if (seen != old)
		return (struct unpriv){ seen, 0 };
	cause = try(addr, status, size, true, true);
	if (cause)
		return (struct unpriv){ addr, cause };
	if (hw.between) {
		void (*once)(void) = hw.between;

		/* The SC fails regardless of memory. */
		hw.between = NULL;
		once();
		return (struct unpriv){ ~old, 0 };
	}
	machine_ram_write(addr, size, new);
	return (struct unpriv){ seen, 0 };
}

#define ACCESSES(size)							\
struct unpriv unpriv_load##size(ulong addr, ulong status)		\
{									\
	return load(addr, status, size);				\
}									\
									\
struct unpriv unpriv_store##size(ulong addr, ulong status, ulong value)	\
{									\
	return store(addr, status, value, size);			\
}									\
									\
struct unpriv unpriv_load_bytes##size(ulong addr, ulong status)	\
{									\
	return load_bytes(addr, status, size);				\
}									\
									\
struct unpriv unpriv_store_bytes##size(ulong addr, ulong status, ulong value) \
{									\
	return store_bytes(addr, status, value, size);			\
}

/* Unused: single bytes need no loop. Defining it is harmless. */
#define unpriv_load_bytes1	unused_load_bytes1
#define unpriv_store_bytes1	unused_store_bytes1
struct unpriv unused_load_bytes1(ulong addr, ulong status);
struct unpriv unused_store_bytes1(ulong addr, ulong status, ulong value);
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)

struct unpriv unpriv_cas4(ulong addr, ulong status, ulong old, ulong new)
{
	return cas(addr, status, old, new, 4);
}

struct unpriv unpriv_cas8(ulong addr, ulong status, ulong old, ulong new)
{
	return cas(addr, status, old, new, 8);
}

/* Computed like the hart does; @index: see <arch/unpriv.h>. */
static ulong amo_result(unsigned int n, ulong old, ulong src)
{
	switch (n) {
	case 0:
		return old + src;
	case 1:
		return old ^ src;
	case 2:
		return old | src;
	case 3:
		return old & src;
	case 4:
		return (long)old < (long)src ? old : src;
	case 5:
		return (long)old > (long)src ? old : src;
	case 6:
		return old < src ? old : src;
	case 7:
		return old > src ? old : src;
	default:
		return src;
	}
}

struct unpriv unpriv_amo(ulong addr, ulong status, ulong value,
			 unsigned int index)
{
	unsigned int size = index & 1 ? 8 : 4;
	ulong cause = try(addr, status, size, true, true);
	ulong old;

	if (cause)
		return (struct unpriv){ addr, cause };
	old = machine_ram_read(addr, size);
	if (size == 4) {
		old = (ulong)sign_extend(old, 32);
		value = (ulong)sign_extend(value, 32);
	}
	machine_ram_write(addr, size, amo_result(index / 2, old, value));
	return (struct unpriv){ old, 0 };
}

static struct unpriv answer(ulong addr)
{
	return hw.answer_by ? hw.answer_by(addr) : hw.answer;
}

static struct unpriv cbo(unsigned int op, ulong addr, ulong status)
{
	hw.cbo = op;
	hw.cbos++;
	hw.cbo_addr = addr;
	hw.cbo_status = status;
	return answer(addr);
}

struct unpriv unpriv_cbo_inval(ulong addr, ulong status)
{
	return cbo(0, addr, status);
}

struct unpriv unpriv_cbo_clean(ulong addr, ulong status)
{
	return cbo(1, addr, status);
}

struct unpriv unpriv_cbo_flush(ulong addr, ulong status)
{
	return cbo(2, addr, status);
}

struct unpriv unpriv_cbo_zero(ulong addr, ulong status)
{
	return cbo(4, addr, status);
}

struct unpriv unpriv_hlv(ulong addr, ulong status, ulong value,
			 unsigned int form)
{
	(void)status;
	hw.hlv_form = form;
	hw.hlv_addr = addr;
	hw.hlv_value = value;
	hw.hlvs++;
	return answer(addr);
}

u64 fpr_read(unsigned int i)
{
	assert_true(hw.csr[CSR_mstatus] & MSTATUS_FS);
	return hw.f[i];
}

void fpr_write(unsigned int i, u64 bits)
{
	assert_true(hw.csr[CSR_mstatus] & MSTATUS_FS);
	hw.f[i] = bits;
}

/* Fences and waiting */

struct unpriv unpriv_fence(enum fence_kind kind, unsigned int form, ulong rs1,
			   ulong rs2)
{
	if (hw.no_fence & BIT(kind))
		return (struct unpriv){ 0, CAUSE_ILLEGAL_INSN };
	hw.fence = (struct machine_fence){ kind, form, rs1, rs2 };
	hw.fences++;
	if (hw.on_fence)
		hw.on_fence();
	return (struct unpriv){ 0, 0 };
}

void fence_i(void)
{
	hw.fences_i++;
}

void sfence_vma_all(void)
{
	hw.fences_all++;
}

void wait_for_interrupt(void)
{
	hw.waits++;
	if (hw.wait)
		hw.wait();
}

void cpu_relax(void)
{
	if (hw.wait)
		hw.wait();
}

/* The rest of the monitor */

void trap_other(void)
{
}

void fast_firmware(void)
{
}

void fast_firmware_read(void)
{
}

void fast_call(void)
{
}

void switch_call(void)
{
}

void switch_illegal(void)
{
}

void switch_call_here(void)
{
}

void switch_illegal_here(void)
{
}

void switch_mret(void)
{
}

void trap_slow_saved(void)
{
}

/* Vectors: only their addresses matter. */
void trap_vector(void);
void trap_vector(void)
{
}

void trap_vector_slow(void);
void trap_vector_slow(void)
{
}

void log_print(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint_error(fmt, ap);
	va_end(ap);
	fail_msg(" panic");
	abort();
}

void panic_stop(void)
{
	if (hw.stop)
		longjmp(*hw.stop, 1);
	fail_msg("stopped");
	abort();
}

static void stop_on_request(struct hart *h)
{
	(void)h;
	panic_stop();
}
IPI_HANDLER(STOP, stop_on_request);

/* Parts of the enclaves' world, where a test does without them. */
__attribute__((weak)) void service_prepare_payload(struct hart *h)
{
	(void)h;
}

__attribute__((weak)) int context_init_hart(struct hart *own)
{
	(void)own;
	return 0;
}

void machine_reset(ulong isa)
{
	static const struct {
		ulong isa;
		char letter;
	} letters[] = {
		{ ISA_S, 'S' }, { ISA_H, 'H' }, { ISA_F, 'F' }, { ISA_D, 'D' },
		{ ISA_V, 'V' }, { ISA_U, 'U' }, { ISA_C, 'C' },
	};

	memset(&hw, 0, sizeof(hw));
	hw.isa = isa;
	hw.pmp = 16;
	hw.csr[CSR_misa] = BIT(63) | BIT('I' - 'A') | BIT('M' - 'A') | BIT(0);
	for (unsigned int i = 0; i < ARRAY_SIZE(letters); i++)
		if (has(letters[i].isa))
			hw.csr[CSR_misa] |= BIT(letters[i].letter - 'A');
	hw.csr[CSR_mstatus] = BIT(33) | if_has(ISA_S, BIT(35)) | MSTATUS_MPP;
	hw.csr[CSR_mideleg] = if_has(ISA_H, MIP_HS);
	hw.csr[CSR_stimecmp] = ~0ul;
	hw.clint_widths = 1 + 2 + 4 + 8;
	for (unsigned int i = 0; i < MACHINE_HARTS; i++)
		hw.mtimecmp[i] = ~0ull;
}

struct hart *machine_hart(void)
{
	static char stack[2 * SZ_4K];
	struct hart *h = &the_hart;

	memset(h, 0, sizeof(*h));
	h->stack_top = (ulong)stack + sizeof(stack);
	h->cbo_block = 64;
	memset(harts_by_id, 0, sizeof(harts_by_id));
	hart_add(h);
	nr_harts = 1;
	fake_hart = h;
	assert_int_equal(hart_init(h), 0);
	return h;
}
