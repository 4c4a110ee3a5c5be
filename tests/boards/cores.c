// SPDX-License-Identifier: BSD-2-Clause
/*
 * A firmware that probes a core and prints one fact per line: PMP entries,
 * misaligned accesses that trap, CSRs, translation, CEASE.
 *
 * HART probes, OTHER is the hart that it stops, UART a DesignWare one, CLINT
 * SiFive's; STATUS, if not 0, the register that tells which harts of an
 * EIC7700X have ceased.
 */

typedef unsigned long u64;
typedef unsigned int u32;

#define S_(x)	#x
#define S(x)	S_(x)
#define NONE	-1L

/*
 * The trap handler of start.S leaves the cause in t6 and skips the instruction.
 */
#define TRY(insn, ...) ({						\
	long cause_;							\
	asm volatile(".option push\n.option norvc\nli t6, -1\n"		\
		     insn "\nmv %0, t6\n.option pop"			\
		     : "=r"(cause_) : __VA_ARGS__			\
		     : "t5", "t6", "memory");				\
	cause_; })

/* Write and read back; NONE if either traps. */
#define SWAP(csr, value) ({						\
	long cause_;							\
	u64 new_ = 0;							\
	asm volatile(".option push\n.option norvc\nli t6, -1\n"		\
		     "csrw " S(csr) ", %2\ncsrr %1, " S(csr) "\n"	\
		     "mv %0, t6\n.option pop"				\
		     : "=r"(cause_), "=&r"(new_) : "r"(value)		\
		     : "t6", "memory");					\
	cause_ == NONE ? (long)new_ : NONE; })

#define READ(csr) ({ u64 v_; asm volatile("csrr %0, " S(csr) : "=r"(v_)); v_; })

void lower(void (*fn)(void), u64 mpp);

/* Loaded with the image, because nobody clears memory here. */
#define LOADED	__attribute__((section(".data")))

static u64 results[3] LOADED;
static volatile u32 alive LOADED, order LOADED;
static u64 area[4] LOADED;
static u64 table[512] LOADED __attribute__((aligned(4096)));

static void put(char c)
{
	volatile u32 *uart = (volatile u32 *)UART;

	while (!(uart[5] & 0x20))
		;
	uart[0] = (u32)c;
}

static void text(const char *s)
{
	while (*s)
		put(*s++);
}

static void hex(u64 v)
{
	int shift = 60;

	while (shift && !(v >> shift & 15))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[v >> shift & 15]);
}

static void fact(const char *name, long v)
{
	text(name);
	put(' ');
	if (v == NONE)
		text("none");
	else
		hex((u64)v);
	put('\n');
}

static void identity(void)
{
	fact("vendor", (long)READ(mvendorid));
	fact("arch", (long)READ(marchid));
	fact("imp", (long)READ(mimpid));
	fact("misa", (long)READ(misa));
}

/* Implemented bits of an entry's address; 0 if there is no such entry. */
static void pmp_entries(void)
{
	u64 all = 0, n = 0;

#define ENTRY(i) do {							\
		u64 v = (u64)SWAP(pmpaddr##i, ~0UL);			\
		n += v != 0;						\
		all |= v;						\
		(void)SWAP(pmpaddr##i, 0UL);				\
	} while (0)
	ENTRY(0); ENTRY(1); ENTRY(2); ENTRY(3);
	ENTRY(4); ENTRY(5); ENTRY(6); ENTRY(7);
	ENTRY(8); ENTRY(9); ENTRY(10); ENTRY(11);
	ENTRY(12); ENTRY(13); ENTRY(14); ENTRY(15);
	fact("pmp-entries", (long)n);
	fact("pmp-address", (long)all);
	fact("pmp-cfg0", SWAP(pmpcfg0, 0x6060606060606060UL));
	fact("pmp-cfg2", SWAP(pmpcfg2, 0x1f1f1f1f1f1f1f1fUL));
	/* NA4 requires a granularity of 4 bytes. */
	fact("pmp-na4", SWAP(pmpcfg0, 0x10UL));
	(void)SWAP(pmpcfg0, 0UL);
	/* OFF and NAPOT with all bits clear. */
	fact("pmp-off", SWAP(pmpaddr0, 0x5555UL));
	(void)SWAP(pmpcfg0, 0x18UL);
	fact("pmp-napot", (long)READ(pmpaddr0));
	(void)SWAP(pmpcfg0, 0UL);
	/* Give the lower modes all memory. */
	(void)SWAP(pmpaddr0, ~0UL);
	(void)SWAP(pmpcfg0, 0x1fUL);
}

static void misaligned(void)
{
	u64 p = (u64)area + 1;

	fact("lh", TRY("lh t5, 0(%1)", "r"(p)));
	fact("lw", TRY("lw t5, 0(%1)", "r"(p)));
	fact("ld", TRY("ld t5, 0(%1)", "r"(p)));
	fact("sh", TRY("sh zero, 0(%1)", "r"(p)));
	fact("sd", TRY("sd zero, 0(%1)", "r"(p)));
	fact("amo", TRY("amoadd.d t5, zero, (%1)", "r"(p)));
	fact("aligned", TRY("ld t5, -1(%1)", "r"(p)));
}

/* fa0 is free, because this is compiled without floating point. */
static void misaligned_fp(void)
{
	u64 p = (u64)area + 1;

	if (!(READ(misa) & 1 << 3))
		return;
	asm volatile("csrs mstatus, %0" : : "r"(1UL << 13));
	fact("flw", TRY(".option arch, +d\nflw fa0, 0(%1)", "r"(p)));
	fact("fld", TRY(".option arch, +d\nfld fa0, 0(%1)", "r"(p)));
	fact("fsd", TRY(".option arch, +d\nfsd fa0, 0(%1)", "r"(p)));
}

/* Runs in a lower mode; ends with an ecall into start.S. */
static void misaligned_lower(void)
{
	u64 p = (u64)area + 1;

	results[0] = (u64)TRY("lw t5, 0(%1)", "r"(p));
	results[1] = (u64)TRY("sd zero, 0(%1)", "r"(p));
	results[2] = (u64)TRY("csrr t5, time", "r"(p));
}

/* CSRs of privileged 1.12, which none of these cores has. */
static void newer_csrs(void)
{
	fact("menvcfg", TRY("csrr t5, 0x30a", "r"(0)));
	fact("mconfigptr", TRY("csrr t5, 0xf15", "r"(0)));
}

static void counters(void)
{
	fact("time", TRY("csrr t5, time", "r"(0)));
	fact("cycle", TRY("csrr t5, cycle", "r"(0)));
	fact("hpm3", SWAP(mhpmcounter3, 5UL) == NONE ? NONE : 0);
}

static void vendor_csrs(void)
{
	fact("7c0", TRY("csrr t5, 0x7c0", "r"(0)));
	fact("7c1", TRY("csrr t5, 0x7c1", "r"(0)));
	fact("7c2", TRY("csrr t5, 0x7c2", "r"(0)));
	fact("7c3", TRY("csrr t5, 0x7c3", "r"(0)));
	fact("7c4", TRY("csrr t5, 0x7c4", "r"(0)));
	fact("7c5", TRY("csrr t5, 0x7c5", "r"(0)));
	fact("7c1-first", (long)READ(0x7c1));
	fact("7c1-clear", SWAP(0x7c1, 0UL));
}

static void translation(void)
{
	if (!(READ(misa) & 1 << 18)) {
		fact("satp", TRY("csrr t5, satp", "r"(0)));
		return;
	}
	fact("medeleg", SWAP(medeleg, ~0UL));
	(void)SWAP(medeleg, 0UL);
	fact("asid", SWAP(satp, 8UL << 60 | 0xffffUL << 44) >> 44 & 0xffff);
	fact("sv39", SWAP(satp, 8UL << 60) >> 60 & 15);
	(void)SWAP(satp, 0UL);
	fact("sv48", SWAP(satp, 9UL << 60) >> 60 & 15);
	(void)SWAP(satp, 0UL);
	fact("sv57", SWAP(satp, 10UL << 60) >> 60 & 15);
	(void)SWAP(satp, 0UL);
}

/* With MPRV as S-mode, through one 1 GiB page without A or D. */
static void paging(void)
{
	u64 p = (u64)area, *entry = &table[p >> 30], status = 1UL << 17 | 1 << 11;

	if (!(READ(misa) & 1 << 18))
		return;
#define MAP(flags) do {							\
		*entry = p >> 30 << 28 | (flags);			\
		asm volatile("csrc mstatus, %0\nsfence.vma"		\
			     : : "r"(3UL << 11) : "memory");		\
	} while (0)
#define AS_S(insn)							\
	TRY("csrs mstatus, %2\n" insn "\ncsrc mstatus, %2",		\
	    "r"(p), "r"(status))
	(void)SWAP(satp, 8UL << 60 | (u64)table >> 12);
	MAP(0x0f);
	fact("a-clear", AS_S("ld t5, 0(%1)"));
	MAP(0x4f);
	fact("a-set", AS_S("ld t5, 0(%1)"));
	MAP(0x4f);
	fact("d-clear", AS_S("sd zero, 0(%1)"));
	MAP(0xcf);
	fact("d-set", AS_S("sd zero, 0(%1)"));
	(void)SWAP(satp, 0UL);
}

static void wait(u32 wanted)
{
	while (alive < wanted)
		;
}

static void ring(void)
{
	asm volatile("fence rw, rw" : : : "memory");
	((volatile u32 *)CLINT)[OTHER] = 1;
}

static int ceased(void)
{
	return STATUS && *(volatile u32 *)STATUS & 1u << (15 - OTHER);
}

/*
 * The other hart answers, is told to cease, and stops answering. The end can
 * only wait for a while: too short a wait may miss a mistake, but never reports
 * a false one.
 */
static void cease(void)
{
	ring();
	wait(1);
	fact("other", alive);
	fact("ceased", ceased());
	order = 1;
	ring();
	wait(2);
	while (STATUS && !ceased())
		;
	fact("ceased", ceased());
	ring();
	for (u32 i = 0; i < 20000000; i++)
		asm volatile("" : : : "memory");
	fact("after", alive);
}

void other(void);
void run_all(void);

/* Runs on the other hart when its software interrupt is pending. */
void other(void)
{
	((volatile u32 *)CLINT)[OTHER] = 0;
	alive++;
	asm volatile("fence rw, rw" : : : "memory");
	if (order) {
		asm volatile("csrw 0x7c1, zero");
		asm volatile(".word 0x30500073");
		alive = 99;
	}
}

void run_all(void)
{
	identity();
	pmp_entries();
	misaligned();
	misaligned_fp();
	newer_csrs();
	counters();
	vendor_csrs();
	translation();
	paging();
	lower(misaligned_lower, READ(misa) & 1 << 18 ? 1 : 0);
	fact("lower-lw", (long)results[0]);
	fact("lower-sd", (long)results[1]);
	fact("lower-time", (long)results[2]);
	cease();
	text("end\n");
}
