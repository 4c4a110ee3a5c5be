/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime of the test guests: printing, checks, traps, harts, paging. */
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "asm.h"
#include "csr.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1ul << (n))
#define PAGE_SIZE	4096ul
#define SZ_2M		0x200000ul
#define SZ_1G		0x40000000ul

/* QEMU virt */
#define TEST_BASE	0x100000ul
#define CLINT_BASE	0x2000000ul
#define PLIC_BASE	0xc000000ul
#define UART_BASE	0x10000000ul
#define RAM_BASE	0x80000000ul
/* An address without a device on QEMU virt: accesses fault. */
#define HOLE		0x18000000ul

enum mode {
	MODE_U = 0, MODE_S = 1, MODE_M = 3,
	MODE_VU = 4, MODE_VS = 5,
};

/* A saved trap; the layout is known to crt0.S. */
struct frame {
	u64 x[32];
	u64 sp, epc, cause, tval, status, level;
	struct hart *hart;
	u64 pad;
};

/* Result of a guarded call. */
struct trap {
	bool taken;		/* ended by a trap instead of a return */
	u64 level;		/* the mode that took it: MODE_M or MODE_S */
	u64 cause, epc, tval, status, tval2, tinst, hstatus;
	u64 a0, a1, a2;		/* at the trap, or what the code returned */
	u64 x[32];		/* at the trap; not set if the code returned */
};

struct hart {
	struct frame m, s;
	u64 guard_sp;
	u64 ret[3];		/* a0-a2 of a call that returned */
	u64 id, fdt;
	u64 in_trap;
	u64 escaping;		/* the S handler is escaping to M-mode */
	u64 escape_illegal;	/* ... by an illegal instruction instead of ecall */
	struct trap last;
	/* Called first on each trap; true: resume at f->epc. */
	bool (*hook)(struct frame *f);
	void (*volatile work)(void *arg);
	void *work_arg;
	u64 traps;
};

_Static_assert(sizeof(struct frame) == F_SIZE, "frame");
_Static_assert(offsetof(struct frame, hart) == F_HART, "frame");
_Static_assert(offsetof(struct hart, guard_sp) == H_GUARD_SP, "hart");
_Static_assert(offsetof(struct hart, ret) == H_RET, "hart");
_Static_assert(sizeof(struct hart) <= H_SIZE, "hart");

static inline struct hart *this_hart(void)
{
	struct hart *h;

	__asm__ volatile("mv %0, tp" : "=r"(h));
	return h;
}

struct hart *hart_of(unsigned int id);

/* Defined by every test; runs on hart 0 in M-mode. */
void test(void);
extern const char test_name[];
#define TEST() \
	const char test_name[] = TEST_NAME; \
	void test(void)

/* print.c */
void putch(char c);
void vprint(const char *fmt, va_list ap);
void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void __attribute__((noreturn)) finish(void);
void __attribute__((noreturn)) die(const char *fmt, ...);
void check_failed(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void skip(const char *why) __attribute__((noreturn));
extern u64 checks, failures;

#define CHECK(cond) do { \
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED); \
	if (!(cond)) \
		check_failed(__FILE__, __LINE__, "%s", #cond); \
} while (0)

#define CHECK_EQ(got, want) do { \
	u64 got__ = (u64)(got), want__ = (u64)(want); \
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED); \
	if (got__ != want__) \
		check_failed(__FILE__, __LINE__, "%s is 0x%lx, not 0x%lx", \
			     #got, got__, want__); \
} while (0)

/* CHECK with a formatted message. */
#define CHECKF(cond, ...) do { \
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED); \
	if (!(cond)) { \
		check_failed(__FILE__, __LINE__, "%s", #cond); \
		print("     "); \
		print(__VA_ARGS__); \
		print("\n"); \
	} \
} while (0)

/* trap.c */
typedef void (*code_t)(void);
struct trap run(enum mode mode, code_t code, u64 a0, u64 a1, u64 a2);
void trap_expect(const char *file, int line, const struct trap *t,
		 u64 cause, u64 tval, u64 epc);
void trap_none(const char *file, int line, const struct trap *t);
struct trap run_word(enum mode mode, u32 insn, u64 a0, u64 a1, u64 a2);
struct trap run_words(enum mode mode, const u32 *insns, unsigned int n,
		      u64 a0, u64 a1, u64 a2);
u64 code_buffer(void);
u64 guard_enter(struct hart *h, u64 mode, code_t code, const u64 *args);

#define ANY	0xdeadbeefcafef00dul

/* Check that trap @t has this cause, tval and epc (ANY: any value). */
#define EXPECT_TRAP(t, cause, tval, epc) \
	trap_expect(__FILE__, __LINE__, &(t), cause, (u64)(tval), (u64)(epc))
#define EXPECT_NO_TRAP(t) trap_none(__FILE__, __LINE__, &(t))

/* True if this CSR number can be read without a trap. */
bool csr_exists(unsigned int number);
/* M-mode's access to a register whose name the assembler may not know. */
u64 csr_r(u32 number);
void csr_w(u32 number, u64 value);
extern bool has_h, has_s, has_f, has_v, monitored;

/* pmp.c */
void pmp_set(unsigned int entry, u64 addr, u8 cfg);
u8 pmp_cfg(unsigned int entry);
u64 pmp_addr(unsigned int entry);
void pmp_open(void);
void pmp_close(void);
unsigned int pmp_count(void);
u64 pmp_napot(u64 base, u64 size);
#define PMP_R		1
#define PMP_W		2
#define PMP_X		4
#define PMP_RWX		7
#define PMP_TOR		0x08
#define PMP_NA4		0x10
#define PMP_NAPOT	0x18
#define PMP_L		0x80

/* paging.c */
#define PTE_V	BIT(0)
#define PTE_R	BIT(1)
#define PTE_W	BIT(2)
#define PTE_X	BIT(3)
#define PTE_U	BIT(4)
#define PTE_G	BIT(5)
#define PTE_A	BIT(6)
#define PTE_D	BIT(7)
#define PTE_KERNEL	(PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define PTE_USER	(PTE_KERNEL | PTE_U)
/* RAM seen by U mode: the same memory at this offset, with PTE_U. */
#define USER_ALIAS	0x1000000000ul
#define SATP_SV39	(8ul << 60)
u64 *pt_page(void);
u64 *pt_walk(u64 *root, u64 va, unsigned int level);
void pt_map(u64 *root, u64 va, u64 pa, unsigned int level, u64 flags);
u64 *pt_default(void);
void satp_on(const u64 *root);
void satp_off(void);
void hfence(void);
static inline u64 satp_of(const u64 *root)
{
	return SATP_SV39 | ((u64)root >> 12);
}

/* smp.c */
unsigned int nr_harts(void);
void hart_run(unsigned int id, void (*fn)(void *arg), void *arg);
void hart_wait(unsigned int id);
void hart_run_all(void (*fn)(void *arg), void *arg);
void lock(volatile u32 *l);
void unlock(volatile u32 *l);
void delay(u64 ticks);
/*
 * Wait with interrupts masked, then take those that are pending. If they were open, one could
 * be taken between the caller's check and the WFI, which would then wait for ever.
 */
#define wait_and_take(status, enable) do {	\
	__asm__ volatile("wfi");		\
	csr_set(status, enable);		\
	csr_clear(status, enable);		\
} while (0)
u64 rand64(u64 *state);

/* fdt.c */
struct range {
	u64 base, size;
};
bool fdt_monitor(struct range *r);
bool fdt_memory(struct range *r);
unsigned int fdt_harts(void);
bool fdt_isa(char *buf, unsigned int size);

/* devices */
static inline u8 read8(u64 a) { return *(volatile u8 *)a; }
static inline u16 read16(u64 a) { return *(volatile u16 *)a; }
static inline u32 read32(u64 a) { return *(volatile u32 *)a; }
static inline u64 read64(u64 a) { return *(volatile u64 *)a; }
static inline void write8(u64 a, u8 v) { *(volatile u8 *)a = v; }
static inline void write16(u64 a, u16 v) { *(volatile u16 *)a = v; }
static inline void write32(u64 a, u32 v) { *(volatile u32 *)a = v; }
static inline void write64(u64 a, u64 v) { *(volatile u64 *)a = v; }

#define MSIP(h)		(CLINT_BASE + 4 * (u64)(h))
#define MTIMECMP(h)	(CLINT_BASE + 0x4000 + 8 * (u64)(h))
#define MTIME		(CLINT_BASE + 0xbff8)

/*
 * Memory accesses to call with run(): stub_x, with at_x the instruction that
 * accesses a0 (storing a1), and the same under mstatus.MPRV in mprv_x.
 */
#define STUB(n, kind, size, before, insn, after) \
	extern void stub_##n(void), at_##n(void); \
	extern void mprv_##n(void), mprv_at_##n(void);
#include "stubs.def"
#undef STUB

enum access { ACC_LOAD, ACC_STORE, ACC_AMO };
struct stub {
	const char *name;
	code_t code, mprv;
	code_t at, mprv_at;
	enum access access;
	u8 size;
};
extern const struct stub stubs[];
extern const unsigned int nr_stubs;

extern char _start[], _end[], stubs_start[], stubs_end[];
void m_vector(void);
void s_vector(void);
void user_return(void);

#endif
