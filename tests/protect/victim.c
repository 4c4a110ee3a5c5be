// SPDX-License-Identifier: BSD-2-Clause
/*
 * The operating system that the hostile firmware attacks. It reports each
 * attack as "OPEN <hart> <attack>" or "SHUT <hart> <attack>", and BROKEN if its
 * own state has changed. tests/door/start.S is its entry.
 */

#include "hostile.h"
#include "../door/verdict.h"

typedef uint32_t u32;

#define MTIME		0x200bff8ul
#define PLIC_PRIORITY	0xc000028ul	/* of source 10 */
#define HIGH		0xffffffc000000000ul
#define PATTERN		0x7e117a1e7e117a1eul
#define SECRET		0x5ec4e7c0ffee1234ul
#define SSTATUS_FS	0x6000ul
#define SBI_FAILED	(-1l)
#define COUNT_MTIMER	(12 * 3 + 1)	/* service_hart.h: timer interrupts, served in C */
#define COUNT_MSOFT	(13 * 3 + 1)	/* soft interrupts */
#define HSM_STOPPED	1

#define CONSOLE_TICKS	100000	/* counted by instructions: 10 million */

#define LD		0x00053503	/* ld a0, 0(a0) */
#define SD		0x00b53023	/* sd a1, 0(a0) */
#define AMOADD		0x00b5352f	/* amoadd.d a0, a1, (a0) */
#define LR		0x1005352f	/* lr.d a0, (a0) */
#define LW		0x00052503
#define SW		0x00b52023
#define LBU		0x00054503
#define SB		0x00b50023
#define JR		0x00050067	/* jr a0 */
#define HLV		0x6c054573	/* hlv.d a0, (a0) */
#define HSV		0x6eb54073	/* hsv.d a1, (a0) */
#define VMV		0x42902557	/* vmv.x.s a0, v9 */
#define MSTATUS_VS	0x600ul
#define HSTATUS		0x600
#define HSTATUS_HU	0x200
#define HVIP_VSTIP	0x40ul	/* in QEMU 10 M-mode cannot clear it */
#define CSRR(n)		(0x00002573 | (u32)(n) << 20)
#define CSRW(n)		(0x00059573 | (u32)(n) << 20)	/* csrrw a0, n, a1 */
#define CSRS(n)		(0x0005a573 | (u32)(n) << 20)	/* csrrs a0, n, a1 */

struct ret {
	long error;
	u64 value;
};

struct regs {
	u64 x[32];
};

struct ret sbi(u64 eid, u64 fid, u64 a0, u64 a1, u64 a2);
struct ret sbi_full(u64 eid, u64 fid, u64 a0, u64 a1, struct regs *all);
void call_with(struct regs *all);
void start_other(void);
void probe(u64 hart, u64 number);
void probe_other(u64 hart);
void run_me(void);
void catch(void);

/* The last hart began with these bits in registers other than a0 and a1. */
extern volatile u64 begin_x;
static volatile u64 secret[8], done[8], spied[2];
static u64 root[512] __attribute__((aligned(4096)));
volatile u64 caught[2];

#define csr_read(name) ({ u64 v_; \
	__asm__ volatile("csrr %0, " #name : "=r"(v_)); v_; })
#define csr_write(name, v) \
	__asm__ volatile("csrw " #name ", %0" :: "r"((u64)(v)) : "memory")

/* Count and skip exceptions of 4-byte instructions. */
__asm__(".balign 4\n"
	"catch:	csrw	sscratch, t0\n"
	"	la	t0, caught\n"
	"	sd	t1, 8(t0)\n"
	"	ld	t1, 0(t0)\n"
	"	addi	t1, t1, 1\n"
	"	sd	t1, 0(t0)\n"
	"	csrr	t1, sepc\n"
	"	addi	t1, t1, 4\n"
	"	csrw	sepc, t1\n"
	"	ld	t1, 8(t0)\n"
	"	csrr	t0, sscratch\n"
	"	sret\n");

/*
 * Call with all registers of *a0, and write all of them back. sscratch has its address,
 * so the call must leave that alone.
 */
__asm__(".macro	for_saved op\n"
	"	.irp	n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27\n"
	"	\\op	x\\n, 8 * \\n(sp)\n"
	"	.endr\n"
	"	.endm\n"
	".macro	for_most op\n"
	"	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
	"	\\op	x\\n, 8 * \\n(x31)\n"
	"	.endr\n"
	"	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30\n"
	"	\\op	x\\n, 8 * \\n(x31)\n"
	"	.endr\n"
	"	.endm\n"
	"call_with: addi sp, sp, -256\n"
	"	for_saved sd\n"
	"	sd	sp, (a0)\n"
	"	csrw	sscratch, a0\n"
	"	mv	x31, a0\n"
	"	for_most ld\n"
	"	ld	x31, 8 * 31(x31)\n"
	"	ecall\n"
	"	csrrw	x31, sscratch, x31\n"
	"	for_most sd\n"
	"	csrrw	t0, sscratch, x31\n"
	"	sd	t0, 8 * 31(x31)\n"
	"	ld	sp, (x31)\n"
	"	for_saved ld\n"
	"	addi	sp, sp, 256\n"
	"	ret\n");

static void check(u64 hart, bool good, const char *what)
{
	if (!good)
		tell("BROKEN", hart, what);
}

/* The call has 32 bits for the argument. */
static struct ret ask(u64 op, u64 arg)
{
	if (arg >> 32)
		sbi(EID_SRST, 0, OP_HIGH, arg >> 32, 0);
	return sbi(EID_SRST, 0, op, (u32)arg, 0);
}

static long with(u64 op, u64 word, u64 a, u64 b, u64 expected)
{
	ask(OP_SET, a);
	ask(OP_SET + 1, b);
	ask(OP_SET + 2, expected);
	return ask(op, word).error;
}

/* Execute one CSR instruction, on which a0 stays if the hart lacks the register. */
static u64 csr_execute(u32 word, u64 a1)
{
	static u32 code[2];

	code[0] = word;
	code[1] = 0x00008067;			/* ret */
	__asm__ volatile("fence.i" ::: "memory");
	return ((u64 (*)(u64, u64))code)(0, a1);
}

/*
 * CSRs that S-mode can write and that the monitor resets; but those that catch() or the
 * test itself uses.
 */
static bool is_swept(u64 number)
{
	static const uint16_t not[] = {
		0x100, 0x104, 0x105, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180,
		/* kept: ssp, sctrstatus, sctrdepth, siselect, vsiselect, hvien, hvictl, hviprio */
		0x011, 0x14f, 0x15f, 0x150, 0x250, 0x608, 0x609, 0x646, 0x647,
	};

	for (u64 i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (number == not[i])
			return false;
	return (number & 0x300) != 0x300 && number >> 10 != 3;
}

static void paging(bool on)
{
	csr_write(satp, on ? 8ul << 60 | (u64)root >> 12 : 0);
	__asm__ volatile("sfence.vma");
}

/* 0 if the firmware skips the instruction. */
static u64 get_time(void)
{
	u64 v = 0;

	__asm__ volatile("csrr %0, time" : "+r"(v));
	return v;
}

/*
 * The difference wraps as time does: while another hart stores 0 in mtime, QEMU may read a
 * value just below 0.
 */
static bool is_before(u64 end)
{
	return (long)(get_time() - end) < 0;
}

/*
 * A system that does not write scounteren lets programs read time, as OpenSBI
 * does.
 */
static void user_time(u64 hart)
{
	result(hart, !(csr_read(scounteren) & 2), "user-time");
}

/*
 * Check what the firmware prepared before the payload began (firmware.c,
 * prepare()).
 */
static void begin(u64 hart)
{
	u64 before;

	result(hart, begin_x, "begin-x");
	result(hart, csr_read(sscratch) == PATTERN || csr_read(sepc) == (PATTERN & ~3ul) ||
	       csr_read(stval) == PATTERN, "begin-registers");
	result(hart, csr_read(sie) || csr_read(sip) & 0x222, "begin-interrupts");
	result(hart, csr_read(sstatus) & 0xc0002, "begin-status");
	csr_write(stvec, catch);
	csr_write(satp, 0);				/* TVM */
	__asm__ volatile("sfence.vma");
	before = caught[0];
	__asm__ volatile(".word 0");			/* illegal */
	result(hart, caught[0] != before + 1, "illegal");
	before = caught[0];
	__asm__ volatile(".option push\n.option norvc\nebreak\n.option pop");
	result(hart, caught[0] != before + 1, "breakpoint");
	result(hart, !get_time(), "time");
	user_time(hart);
	__asm__ volatile("csrci sstatus, 2");
	csr_write(sip, 0);
	csr_write(sie, 0x222);
	result(hart, csr_read(sie) != 0x222, "begin-mideleg");
	csr_write(sie, 0);
	result(hart, !ask(OP_STOLEN, 0).error, "stolen");
}

static void memory(u64 hart)
{
	static const struct {
		const char *name;
		u32 word;
	} access[] = {
		{ "ld", LD }, { "lw", LW }, { "lbu", LBU }, { "lr", LR },
		{ "sd", SD }, { "sw", SW }, { "sb", SB }, { "amo", AMOADD },
	};
	u64 at = (u64)&secret[hart];

	for (unsigned int i = 0; i < sizeof(access) / sizeof(access[0]); i++) {
		secret[hart] = SECRET;
		result(hart, !with(OP_EXECUTE, access[i].word, at, 1, 0), access[i].name);
		if (!(csr_read(satp)))
			check(hart, i < 4 || opened || secret[hart] == SECRET, "secret");
	}
	result(hart, !with(OP_EXECUTE, JR, (u64)run_me, 0, 0), "fetch");
	result(hart, !with(OP_EXECUTE, LD, FIRMWARE_END, 0, 0), "ld-edge");
	result(hart, !with(OP_EXECUTE, LD, FIRMWARE_END - 4, 0, 0), "ld-across");
	result(hart, !with(OP_EXECUTE, SD, FIRMWARE_END - 4, 0, 0), "sd-across");
	result(hart, !with(OP_EXECUTE, LD, VICTIM, 0, 0), "tlb");
	ask(OP_SET, FIRMWARE_END);
	ask(OP_SET + 1, RAM_END);
	result(hart, !ask(OP_SCAN, 0).error, "scan");
}

static void virtual_memory(u64 hart)
{
	u64 at = (u64)&secret[hart];

	paging(true);
	for (int high = 0; high < 2; high++) {
		secret[hart] = SECRET;
		result(hart, !with(OP_MPRV, LD, at, 0, SECRET), high ? "mprv-ld-high" : "mprv-ld");
		result(hart, !with(OP_MPRV, SD, at, 0, 0), high ? "mprv-sd-high" : "mprv-sd");
		at += HIGH - (FIRMWARE & ~0x3ffffffful);
	}
	check(hart, csr_read(satp) == (8ul << 60 | (u64)root >> 12), "satp");
	paging(false);
	secret[hart] = SECRET;
	result(hart, !with(OP_MPRV, LD, (u64)&secret[hart], 0, SECRET), "mprv-bare");
}

/*
 * The view of a hypervisor's guest: without translation, physical memory. HU permits
 * these instructions in U-mode, where a monitor may run the firmware.
 */
static void guest_memory(u64 hart)
{
	u64 at = (u64)&secret[hart];

	csr_execute(CSRW(HSTATUS), HSTATUS_HU);
	result(hart, !with(OP_EXECUTE, HLV, FIRMWARE, 0, 0), "hlv-own");
	ask(OP_SET, 0);
	ask(OP_SET + 1, 0);
	for (int i = 0; i < 2; i++)
		sbi(EID_PUTCHAR, 0, 0, 0, 0);
	result(hart, !ask(OP_GUEST, 0).error, "hlv-call");
	secret[hart] = SECRET;
	result(hart, !with(OP_EXECUTE, HLV, at, 0, SECRET), "hlv");
	with(OP_EXECUTE, HSV, at, PATTERN, 0);
	result(hart, secret[hart] != SECRET, "hsv");
	csr_execute(CSRW(HSTATUS), 0);
}

static void triggers(u64 hart)
{
	result(hart, !with(OP_EXECUTE, CSRR(0x7a0), 0, 0, 0), "triggers");
}

static u64 get_vector(void)
{
	register u64 a0 __asm__("a0");

	__asm__ volatile("li a0, 0\n"
			 ".word 0xc180f057\n"		/* vsetivli x0, 1, e64 */
			 ".word 0x42902557" : "=r"(a0));
	return a0;
}

static void vectors(u64 hart)
{
	register u64 a0 __asm__("a0") = SECRET + hart;

	__asm__ volatile("csrs sstatus, %1\n"
			 ".word 0xc180f057\n"
			 ".word 0x420564d7"		/* vmv.s.x v9, a0 */
			 : : "r"(a0), "r"(MSTATUS_VS) : "memory");
	/* QEMU 7.2 lets VS be set without vectors; whoever has the trap skips them. */
	if (get_vector() != SECRET + hart)
		return;
	ask(OP_SET + 3, MSTATUS_VS);
	with(OP_EXECUTE, 0xc180f057, 0, 0, 0);
	result(hart, !with(OP_EXECUTE, VMV, 0, 0, SECRET + hart), "vector");
	ask(OP_SET + 3, 0);
	check(hart, get_vector() == SECRET + hart, "vector");
}

static u64 get_float(void)
{
	u64 v;

	__asm__ volatile(".option push\n.option arch, +f, +d\n"
			 "fmv.x.d %0, f9\n.option pop" : "=r"(v));
	return v;
}

static void set_float(u64 v)
{
	__asm__ volatile("csrs sstatus, %1\n.option push\n.option arch, +f, +d\n"
			 "fmv.d.x f9, %0\nfsrm zero\n.option pop" :: "r"(v), "r"(SSTATUS_FS));
}

static u64 get_fcsr(void)
{
	u64 v;

	__asm__ volatile(".option push\n.option arch, +f, +d\n"
			 "frcsr %0\n.option pop" : "=r"(v));
	return v;
}

/*
 * Fill the registers with values that the firmware must neither see nor change.
 */
static struct ret guarded_call(u64 hart, u64 eid, u64 op, u64 arg, const char *what)
{
	struct regs all;
	struct ret r;

	for (u64 n = 0; n < 32; n++)
		all.x[n] = SECRET * n + hart;
	r = sbi_full(eid, 0, op, arg, &all);
	for (u64 n = 1; n < 32; n++)
		if (n != 2 && n != 10 && n != 11 && n != 16 && n != 17 &&
		    all.x[n] != SECRET * n + hart) {
			tell("BROKEN", hart, what);
			break;
		}
	return r;
}

static struct ret guarded(u64 hart, u64 op, u64 arg, const char *what)
{
	return guarded_call(hart, EID_SRST, op, arg, what);
}

static void set_controls(u64 v)
{
	csr_write(sstatus, csr_read(sstatus) & ~0xc0122ul);
	csr_write(sscratch, v);
	csr_write(sepc, v & ~3ul);
	csr_write(stval, v);
	csr_write(scause, v & 15);
	csr_write(sie, 0x20);
	csr_write(scounteren, 3);
}

static bool has_controls(u64 v)
{
	return csr_read(sscratch) == v && csr_read(sepc) == (v & ~3ul) &&
		csr_read(stval) == v && csr_read(scause) == (v & 15) &&
		csr_read(sie) == 0x20 && csr_read(scounteren) == 3 &&
		csr_read(stvec) == (u64)catch && !csr_read(satp) && !(csr_read(sip) & 0x22) &&
		!(csr_read(sstatus) & 0xc0122);
}

static u64 get_cycle(void)
{
	u64 v = 0;

	__asm__ volatile("csrr %0, cycle" : "+r"(v));
	return v;
}

/* The payload's counters and triggers are its own once it has them. */
static void counters(u64 hart)
{
	u64 before = get_cycle();

	with(OP_EXECUTE, CSRW(0xb00), 0, 0, 0);		/* mcycle */
	result(hart, get_cycle() < before || !before, "mcycle");
	with(OP_EXECUTE, CSRW(0x320), 0, ~0ul, 0);	/* mcountinhibit */
	before = get_cycle();
	for (volatile int i = 0; i < 1000; i++)
		;
	result(hart, get_cycle() == before, "mcountinhibit");
	with(OP_EXECUTE, CSRW(0x320), 0, 0, 0);
	with(OP_EXECUTE, CSRW(0x306), 0, 0, 0);		/* mcounteren */
	result(hart, !get_cycle(), "mcounteren");
	with(OP_EXECUTE, CSRW(0x306), 0, 7, 0);
	with(OP_EXECUTE, CSRW(0x14d), 0, 0, 0);		/* stimecmp */
	result(hart, csr_read(sip) & 0x20, "stimecmp");
	with(OP_EXECUTE, CSRW(0x14d), 0, ~0ul, 0);
}

static void registers(u64 hart)
{
	static const uint16_t numbers[] = {
		0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143,
	};
	u64 read = 0;

	result(hart, !guarded(hart, OP_SEEN, 0, "registers").error, "seen");
	result(hart, !sbi(EID_SRST, 0, OP_WIDE | SECRET << 32, SECRET << 32, 0).error, "wide");
	set_float(SECRET + hart);
	result(hart, !with(OP_EXECUTE, 0xe2048553, 0, 0, SECRET + hart), "float-read");
	check(hart, get_float() == SECRET + hart, "float");
	set_controls(SECRET);
	for (unsigned int i = 0; i < sizeof(numbers) / 2; i++)
		read += !with(OP_EXECUTE, CSRR(numbers[i]), 0, 0,
			      i == 4 || i == 7 ? SECRET : i == 5 ? (SECRET & ~3ul) :
			      i == 6 ? (SECRET & 15) : i == 2 ? (u64)catch :
			      i == 3 ? 3 : i == 1 ? 0x20 : ~0ul);
	result(hart, read, "csr-read");
	for (u64 v = 0; v < 2; v++) {
		set_controls(SECRET);
		ask(OP_SET, v ? ~0ul : 0);
		for (u64 csr = 0x100; csr < 0xc00; csr += 0x80)
			ask(OP_CSRS, csr);
		result(hart, !has_controls(SECRET), v ? "csr-ones" : "csr-zeros");
		csr_write(stvec, catch);
		csr_write(satp, 0);
	}
	set_controls(SECRET);
	set_float(SECRET);
	guarded(hart, OP_TRASH, 0, "trash");
	result(hart, !has_controls(SECRET), "trash-csrs");
	result(hart, get_float() != SECRET || get_fcsr() & 0xe0, "trash-floats");
	csr_write(stvec, catch);
	csr_write(satp, 0);
	set_controls(0);
	csr_write(sie, 0);
}

static void interrupts(u64 hart)
{
	csr_write(sip, 0);
	with(OP_EXECUTE, CSRS(0x344), 0, 2, 0);
	result(hart, csr_read(sip) & 2, "inject");
	csr_write(sip, 0);
	/* medeleg: is a breakpoint still delegated? */
	with(OP_EXECUTE, 0x30259573, 0, 0, 0);
	__asm__ volatile(".option push\n.option norvc\nebreak\n.option pop");
	result(hart, !ask(OP_STOLEN, 0).error, "undelegate");
	with(OP_EXECUTE, 0x30259573, 0, 8, 0);
	/* mideleg: are interrupts still delegated? */
	with(OP_EXECUTE, 0x30359573, 0, 0, 0);
	csr_write(sie, 0x222);
	result(hart, csr_read(sie) != 0x222, "undelegate-irq");
	csr_write(sie, 0);
	with(OP_EXECUTE, 0x30359573, 0, 0x222, 0);
	ask(OP_IRQ_ON, 0);
	for (volatile int i = 0; i < 1000000; i++)
		;
	result(hart, !ask(OP_INTERRUPTS, 0).error, "interrupts");
	check(hart, !(csr_read(sip) & 2), "SSIP");
}

/* A device that the firmware has lost reads as 0 and ignores what it writes. */
static void device(u64 hart, const char *name, volatile u32 *at)
{
	u32 before = *at;
	bool open = before && !with(OP_EXECUTE, LW, (u64)at, 0, (u64)(int)before);

	with(OP_EXECUTE, SW, (u64)at, ~before, 0);
	result(hart, open || *at != before, name);
	*at = before;
}

static void devices(u64 hart)
{
	static const struct {
		const char *name;
		u64 at;
	} other[] = { DEVICES };
	u64 before = get_time();

	*(volatile u32 *)PLIC_S_ENABLE = 0x400;
	*(volatile u32 *)PLIC_PRIORITY = 3;
	with(OP_EXECUTE, SW, PLIC_S_ENABLE, 0, 0);
	result(hart, *(volatile u32 *)PLIC_S_ENABLE != 0x400, "plic-enable");
	with(OP_EXECUTE, SW, PLIC_PRIORITY, 0, 0);
	result(hart, *(volatile u32 *)PLIC_PRIORITY != 3, "plic-priority");
	for (unsigned int i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		device(hart, other[i].name, (volatile u32 *)other[i].at);
	with(OP_EXECUTE, SD, MTIME, 0, 0);
	result(hart, get_time() < before || !before, "mtime");
}

/* The firmware lies; check what the payload gets. */
static void answers(u64 hart)
{
	static const u64 lies[] = { 5, ~0ul << 63, (u64)-15, (u64)-1000, 1ul << 32 };
	bool open = false;
	u64 version;

	for (unsigned int i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct ret r;

		ask(OP_SET, lies[i]);
		ask(OP_SET + 1, PATTERN);
		r = ask(OP_ANSWER, 0);
		open |= r.error > 0 || r.error < -14 || r.value == PATTERN;
	}
	result(hart, open, "errors");
	ask(OP_SET, 0);
	ask(OP_SET + 1, ~0ul);
	result(hart, sbi(EID_BASE, 0, 0, 0, 0).value >> 31, "version");
	ask(OP_SET + 1, 0x1000000 + hart);
	version = sbi(EID_BASE, 0, 0, 0, 0).value;
	ask(OP_SET + 1, 0x2000000);
	result(hart, sbi(EID_BASE, 0, 0, 0, 0).value != version, "constant");
}

static void spy(u64 hart, u64 other)
{
	if (done[other])
		return;
	spied[0] = SECRET;
	spied[1] = SECRET;
	ask(OP_SET, SECRET);
	ask(OP_SET + 1, (u64)spied);
	result(hart, !ask(OP_SPY, 0).error, "spy");
	result(hart, spied[1] != SECRET, "spy-store");
}

/* The payload calls with memory of others. Only if it has a filter. */
static void misuse(u64 hart)
{
	/* The first three belong to others, the rest is not memory. */
	static const u64 at[] = { FIRMWARE, FIRMWARE_END - 1, RAM_END - 0x1000,
		RAM_END, UART, 0, ~0ul };
	/* SUSP, CPPC, NACL, STA, SSE, FWFT, DBTR, MPXY. */
	static const u64 denied[] = { 0x53555350, 0x43505043, 0x4e41434c, 0x535441,
		0x535345, 0x46574654, 0x44425452, 0x4d505859 };
	static const u64 partner = 1ul << PARTNER;

	if (opened)
		return;
	for (unsigned int i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		check(hart, sbi(EID_DBCN, 0, 16, at[i], 0).error, "console-address");
		check(hart, sbi(EID_DBCN, 1, 16, at[i], 0).error ||
		      !sbi(EID_DBCN, 1, 16, at[i], 0).value, "console-read");
		if (i >= 3)
			continue;
		check(hart, sbi(EID_HSM, 0, hart ^ 1, at[i], 0).error, "start-address");
		check(hart, sbi(EID_HSM, 3, 0x80000000, at[i], 0).error, "resume-address");
	}
	check(hart, sbi(EID_DBCN, 0, ~0ul, VICTIM, 0).error, "console-size");
	check(hart, sbi(EID_DBCN, 0, 16, VICTIM, 1).error, "console-high");
	check(hart, sbi(EID_HSM, 0, hart, VICTIM, 0).error, "start-started");
	check(hart, sbi(EID_HSM, 0, 4711, VICTIM, 0).error, "start-nobody");
	for (long n = 0; n < BOOT_HART; n++)
		check(hart, sbi(EID_HSM, 0, (u64)n, VICTIM, 0).error, "start-without-supervisor");
	check(hart, sbi(EID_HSM, 0, hart ^ 1, VICTIM + 1, 0).error, "start-odd");
	check(hart, sbi(EID_HSM, 3, 5, VICTIM, 0).error, "suspend-type");
	for (unsigned int i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
		check(hart, !sbi(EID_BASE, 3, denied[i], 0, 0).value, "probe");
		for (u64 fid = 0; fid < 12; fid++)
			check(hart, sbi(denied[i], fid, VICTIM, 0, 0).error == -2, "denied");
	}
	/* Legacy calls change a0 alone: this one is denied until that hart has started. */
	check(hart, sbi(EID_SEND_IPI, 0, (u64)&partner, PATTERN, 0).value == PATTERN,
	      "legacy-a1");
	check(hart, sbi(0x0a000000, 0, 1, 2, 0).error == -2, "unknown");
	check(hart, sbi(~0ul, ~0ul, 1, 2, 0).error == -2, "unknown");
}

static u64 any(void)
{
	static u64 state = 0x5eed;

	state = state * 6364136223846793005ul + 1442695040888963407ul;
	return state >> 31 ^ state << 17;
}

/* The state of a hart after a call of EID_PUTCHAR. */
struct after {
	struct regs x;
	u64 csr[10], cycle, f9, fcsr;
};

static struct after after_call(const struct after *before)
{
	struct after a = *before;
	u64 fs = before->csr[0] & SSTATUS_FS;

	set_float(before->f9);
	csr_write(sstatus, before->csr[0]);
	csr_write(sie, before->csr[1]);
	csr_write(sip, before->csr[2]);
	csr_write(sepc, before->csr[3]);
	csr_write(scause, before->csr[4]);
	csr_write(stval, before->csr[5]);
	csr_write(scounteren, before->csr[6]);
	paging(before->csr[7]);
	call_with(&a.x);
	a.csr[0] = csr_read(sstatus);
	a.csr[1] = csr_read(sie);
	a.csr[2] = csr_read(sip);
	a.csr[3] = csr_read(sepc);
	a.csr[4] = csr_read(scause);
	a.csr[5] = csr_read(stval);
	a.csr[6] = csr_read(scounteren);
	a.csr[7] = csr_read(satp);
	a.csr[8] = csr_read(stvec);
	a.csr[9] = csr_read(sscratch) == (u64)&a.x;
	a.cycle = !!get_cycle();
	csr_write(sie, 0);
	csr_write(sip, 0);
	paging(false);
	__asm__ volatile("csrs sstatus, %0" :: "r"(fs ? 0 : SSTATUS_FS));
	a.f9 = get_float();
	a.fcsr = get_fcsr();
	return a;
}

static bool same(const struct after *a, const struct after *b)
{
	const u64 *p = (const u64 *)a, *q = (const u64 *)b;

	/* x0's place holds a stack pointer, and a6 is not the same. */
	for (u64 n = 1; n < sizeof(*a) / sizeof(u64); n++)
		if (n != 16 && p[n] != q[n])
			return false;
	return a->x.x[16] == 1 && !b->x.x[16];
}

/* The call leaves all but a0 as it was: a character, or an error of SBI. */
static bool unchanged(const struct after *a, const struct after *before, u64 answer)
{
	long error = (long)answer < -14 ? SBI_FAILED : (long)answer;

	if (a->x.x[10] != (error < 0 ? (u64)error : answer & 0xff))
		return false;
	for (u64 n = 1; n < 32; n++)
		if (n != 10 && n != 16 && a->x.x[n] != before->x.x[n])
			return false;
	return a->csr[0] << 1 == before->csr[0] << 1 && a->csr[1] == before->csr[1] &&
		a->csr[2] == before->csr[2] && a->csr[4] == before->csr[4] &&
		a->csr[5] == before->csr[5] && a->csr[6] == before->csr[6] &&
		!a->csr[7] == !before->csr[7] && a->csr[8] == (u64)catch && a->csr[9] && a->cycle &&
		a->f9 == before->f9;
}

/*
 * The monitor serves a call that comes again in assembly, and others in C. The legacy
 * console is one whatever a6 says, but 0 is what it looks for. With random states on
 * both sides the firmware must see the same, and the payload get the same.
 */
static void switches(u64 hart)
{
	struct after before, c, assembly, again;
	bool good = true;
	u64 answer;

	if (opened)
		return;
	for (u64 round = 0; round < 300 && good; round++) {
		answer = any() & 1 ? any() : -(any() & 31);
		ask(OP_SET, answer);
		ask(OP_SET + 1, any());
		for (u64 n = 1; n < 32; n++)
			before.x.x[n] = any();
		before.x.x[17] = EID_PUTCHAR;
		before.csr[0] = (csr_read(sstatus) & ~0xc0122ul & ~SSTATUS_FS) |
			(any() & (0xc0122ul | SSTATUS_FS));
		before.csr[1] = any() & 0x222;
		/* SSIP, where it does not interrupt */
		before.csr[2] = before.csr[0] & 2 ? 0 : any() & 2;
		before.csr[3] = any() & ~3ul;
		before.csr[4] = any() & 15;
		before.csr[5] = any();
		before.csr[6] = any() & 7;
		before.csr[7] = any() & 1;
		before.f9 = any();
		before.x.x[16] = 1;
		/* so that the firmware's own registers are the same at the next two */
		after_call(&before);
		c = after_call(&before);
		before.x.x[16] = 0;
		assembly = after_call(&before);
		/* the firmware's own registers after assembly, not C */
		again = after_call(&before);
		again.x.x[16] = 1;
		good = same(&c, &assembly) && same(&again, &assembly) &&
			unchanged(&c, &before, answer) && ask(OP_DIFFER, 0).error;
	}
	check(hart, good, "switch");
	csr_write(sstatus, csr_read(sstatus) & ~0xc0122ul);
}

/*
 * Registers of S, VS and HS-mode that no call may change, in an order in which they can
 * be written: what makes others writable, or pending, first. The hart may lack some.
 */
static const struct {
	uint16_t number;
	u64 value;
} kept_csrs[] = {
	{ 0x60a, ~0ul },		/* henvcfg */
	{ 0x60c, ~0ul },		/* hstateen0 */
	{ 0x10c, ~0ul },		/* sstateen0 */
	{ 0x10a, ~0ul },		/* senvcfg */
	{ 0x106, 5 },			/* scounteren */
	{ 0x606, 5 },			/* hcounteren */
	{ 0x602, ~0ul },		/* hedeleg */
	{ 0x603, ~0ul },		/* hideleg */
	{ 0x604, 0x444 },		/* hie */
	{ 0x645, 0x444 },		/* hvip */
	{ 0x204, 0x222 },		/* vsie */
	{ 0x605, PATTERN },		/* htimedelta */
	{ 0x607, ~0ul },		/* hgeie */
	{ HSTATUS, HSTATUS_HU | 0x700100 },	/* VTSR, VTW, VTVM, SPVP */
	{ 0x643, PATTERN },		/* htval */
	{ 0x64a, PATTERN },		/* htinst */
	{ 0x680, 8ul << 60 | VICTIM >> 12 },	/* hgatp */
	{ 0x280, 8ul << 60 | VICTIM >> 12 },	/* vsatp */
	{ 0x200, 0xc0122 },		/* vsstatus */
	{ 0x205, PATTERN & ~3ul },	/* vstvec */
	{ 0x240, PATTERN },		/* vsscratch */
	{ 0x241, PATTERN & ~3ul },	/* vsepc */
	{ 0x242, 15 },			/* vscause */
	{ 0x243, PATTERN },		/* vstval */
	{ 0x24d, PATTERN },		/* vstimecmp */
	{ 0x14d, PATTERN },		/* stimecmp */
	{ 0x150, 0x30 },		/* siselect */
	{ 0x250, 0x30 },		/* vsiselect */
};
#define NR_KEPT		(sizeof(kept_csrs) / sizeof(kept_csrs[0]))

static void read_kept(u64 *values)
{
	for (u64 i = 0; i < NR_KEPT; i++)
		values[i] = csr_execute(CSRR(kept_csrs[i].number), 0);
}

/* Two calls: the monitor serves the first in C and the second in assembly (switches()). */
static void kept(u64 hart)
{
	u64 before[NR_KEPT], after[NR_KEPT];

	if (opened)
		return;
	for (u64 i = 0; i < NR_KEPT; i++)
		csr_execute(CSRW(kept_csrs[i].number), kept_csrs[i].value);
	read_kept(before);
	ask(OP_SET, 0);
	ask(OP_SET + 1, PATTERN);
	for (u64 call = 0; call < 4; call++) {
		check(hart, !sbi(EID_PUTCHAR, call < 2, 0, 0, 0).error, "kept");
		read_kept(after);
		for (u64 i = 0; i < NR_KEPT; i++) {
			if (before[i] == after[i])
				continue;
			tell("BROKEN", hart, call < 2 ? "kept-C" : "kept-assembly");
			tell("CSR", kept_csrs[i].number, "is not kept");
		}
	}
	for (u64 i = NR_KEPT; i-- > 0;)
		csr_execute(CSRW(kept_csrs[i].number),
			    kept_csrs[i].number == 0x14d || kept_csrs[i].number == 0x24d ?
			    ~0ul : 0);
}

static void soft(u64 hart)
{
	check(hart, !ask(OP_SEED, 0).error, "seed");
	misuse(hart);
	switches(hart);
	kept(hart);
	memory(hart);
	virtual_memory(hart);
	guest_memory(hart);
	triggers(hart);
	vectors(hart);
	interrupts(hart);
	devices(hart);
	counters(hart);
	answers(hart);
	/* last, because little works afterwards on an unprotected hart */
	registers(hart);
}

static void services(u64 hart)
{
	csr_write(sie, 0);
	sbi(EID_TIME, 0, csr_read(time) + 100000, 0, 0);
	for (u64 i = 0; i < 1000000000 && !(csr_read(sip) & 0x20); i++)
		;
	check(hart, csr_read(sip) & 0x20, "timer");
}

/*
 * Check that the monitor does not attend to this hart again and again for
 * another. After each interrupt of its own it looks at the hart's timer.
 */
static void flood(u64 hart)
{
	static const u64 counts[] = { COUNT_MSOFT, COUNT_MTIMER }, rounds = 10;
	u64 before[2], end;

	for (u64 n = 0; n < 2; n++)
		before[n] = sbi(EID_CORDON, 3, hart, counts[n], 0).value;
	for (u64 n = 0; n < rounds; n++) {
		end = csr_read(time) + 5 * FLOOD_TICKS;
		sbi(EID_TIME, 0, csr_read(time) + 1000, 0, 0);
		while (csr_read(time) < end)
			;
	}
	for (u64 n = 0; n < 2; n++)
		result(hart, sbi(EID_CORDON, 3, hart, counts[n], 0).value - before[n] >
		       2 * rounds, n ? "timer-flood" : "flood");
}

/* The firmware tells at the end whether an interrupt of another hart's was lost in a call. */
static void rung(u64 hart)
{
	long answer;

	do
		answer = sbi(EID_PUTCHAR, 0, 'x', 0, 0).error;
	while (!answer);
	result(hart, answer != RING_CAME, "rung");
}

/* Print the monitor's log of measurements. */
static void print_log(void)
{
	for (u64 n = 0; !sbi(EID_CORDON, 9, n, 0, 0).error; n++) {
		put("LOG ");
		put_number(sbi(EID_CORDON, 9, n, 0, 0).value);
		put("\n");
	}
}

/* Does the payload's tree still have the seed <1 2 3 4>, which the firmware put there? */
static bool knows_seed(void)
{
	const volatile u32 *cell = (const volatile u32 *)TREE_AT;

	for (u64 i = 0; i < 1024; i++)
		if (cell[i] == 0x01000000 && cell[i + 1] == 0x02000000 &&
		    cell[i + 2] == 0x03000000 && cell[i + 3] == 0x04000000)
			return true;
	return false;
}

/* The firmware gives up memory, dies, and is restored: not to where it was. */
static void shrink(u64 hart)
{
	volatile u64 *given = (volatile u64 *)(FIRMWARE + 0x1000);
	u64 end;

	result(hart, knows_seed(), "seed");
	print_log();
	*given = '\n';
	check(hart, !sbi(EID_DBCN, 0, 1, (u64)given, 0).error, "given-text");
	*given = SECRET;
	ask(OP_LOOP, 0);
	end = csr_read(time) + 5000000;
	while (csr_read(time) < end && *given == SECRET)
		;
	result(hart, *given != SECRET, "shrink");
}

/* Devices that the firmware has set up before: do they write what is ours now? */
static void armed(u64 hart)
{
	volatile u64 *at = (volatile u64 *)DMA_AT;
	u64 end = csr_read(time) + 10000000, n = DMA_SIZE / sizeof(*at);
	bool master = false, written = false;

	for (u64 i = 0; i < 32; i++) {
		u32 command = ((volatile u32 *)(ECAM + i * 0x8000))[1];

		master |= command != ~0u && command & 4;
	}
	result(hart, master, "bus-master");
	for (u64 i = 0; i < n; i++)
		at[i] = 0;
	while (csr_read(time) < end)
		for (u64 i = 0; i < n; i++)
			written |= at[i];
	result(hart, written, "armed");
}

static void put_x(u64 hart)
{
	check(hart, !(sbi(EID_PUTCHAR, 0, 'x', 0, 0).error >> 8), "put-char");
}

/* Instructions of a call that the monitor serves without C, with these interrupts in sie. */
static u64 call_cost(u64 hart, u64 enabled)
{
	u64 before;

	put_x(hart);
	csr_write(sie, enabled);
	before = get_cycle();
	put_x(hart);
	before = get_cycle() - before;
	csr_write(sie, 0);
	return before;
}

/* No interrupt of the payload's, pending and enabled here, traps in the firmware. */
static void pending(u64 hart)
{
	u64 cost;

	csr_write(sip, 2);
	cost = call_cost(hart, 0);
	result(hart, call_cost(hart, 2) > cost + 100, "pending");
	csr_write(sip, 0);
}

static bool write_console(const char *text, u64 len)
{
	struct ret r = sbi(EID_DBCN, 0, len, (u64)text, 0);

	return !r.error && r.value == len;
}

/* The divisor, and above it the line's format. */
static u64 port_settings(void)
{
	volatile uint8_t *port = (volatile uint8_t *)UART;
	u64 format = port[3], divisor;

	port[3] = (uint8_t)(format | 0x80);
	divisor = port[0] | port[1] << 8;
	port[3] = (uint8_t)(format & 0x7f);
	return format << 16 | divisor;
}

/*
 * The firmware leaves the port so that it cannot send. The monitor does not wait for it
 * long, and makes it work again: after a text that is lost, and when the firmware is dead.
 */
static void console(u64 hart)
{
	static const char lives[] = "CONSOLE lives\n", remains[] = "CONSOLE remains\n";
	u64 before = csr_read(time), settings = port_settings(), ticks;
	bool sent;

	pending(hart);
	for (u64 n = 0; n < 20; n++) {
		ask(OP_DLAB, 0);
		write_console(lives, sizeof(lives) - 1);
	}
	ticks = csr_read(time) - before;
	sent = write_console(lives, sizeof(lives) - 1);
	ask(OP_DLAB, 0);
	ask(OP_LOOP, 0);
	sent &= write_console(remains, sizeof(remains) - 1);
	sent &= port_settings() == settings;
	result(hart, ticks > CONSOLE_TICKS, "console-time");
	result(hart, !sent, "console");
}

/* Power-off when there is no firmware any more. */
static void stay(u64 hart)
{
	/* SBI gives the type 32 bits, and the reason: what is above does not count. */
	put_verdicts();
	put("VICTIM open 0 asks for power-off\n");
	sbi(EID_SRST, 0, SECRET << 32, SECRET << 32, 0);
	tell("BROKEN", hart, "power-off");
}

static void off(u64 hart)
{
	check(hart, sbi(EID_SRST, 0, OP_LOOP, 0, 0).error == SBI_FAILED, "error");
	check(hart, sbi(EID_SRST, 0, 3, 0, 0).error == SBI_FAILED, "type");
	stay(hart);
}

/*
 * The monitor serves all but the first call without C. When one has returned, its budget
 * is over. The fourth is the last.
 */
static struct ret last_call(u64 hart, u64 later)
{
	u64 end;

	/* no floating point, which C would have to switch */
	ask(OP_SET, 0);
	ask(OP_SET + 1, 3ul << 40);
	ask(OP_LATER, later);
	put_x(hart);
	put_x(hart);
	end = get_time() + BUDGET_TICKS;
	while (is_before(end))
		;
	put_x(hart);
	return guarded_call(hart, EID_PUTCHAR, 'x', 0, "registers");
}

static volatile u64 deadly;

/* Harts below the one that boots have no S-mode. */
static bool start(u64 boot, u64 hart)
{
	return hart > boot && !sbi(EID_HSM, 0, hart, (u64)start_other, 0).error;
}

/* Wait by the clock, because a busy host may run this hart far ahead of the other. */
static void wait_for(u64 hart)
{
	u64 end = get_time() + 40 * BUDGET_TICKS;

	while (!done[hart] && is_before(end))
		;
	check(hart, done[hart], "hart");
}

/* Add to both in turn until the time. An instruction that is skipped makes them differ. */
static bool counts_evenly(u64 end)
{
	u64 a = 0, b = 0, now;

	do {
		for (u64 n = 0; n < 1000 && a == b; n++)
			__asm__ volatile(".option push\n.option norvc\n"
					 "addi %0, %0, 1\naddi %1, %1, 1\n"
					 "addi %0, %0, 1\naddi %1, %1, 1\n"
					 ".option pop" : "+r"(a), "+r"(b));
		now = get_time();
	} while (a == b && now < end);
	return a == b;
}

/*
 * The firmware dies, although another hart has stopped after a call in assembly, and is
 * restarted. In its slices it returns from a call that was not made.
 */
static void again(u64 hart)
{
	bool even = true, served = false;

	start(hart, PARTNER);
	for (u64 n = 0; n < 100 && sbi(EID_HSM, 2, PARTNER, 0, 0).value != HSM_STOPPED; n++)
		counts_evenly(get_time() + CONSOLE_TICKS);
	result(hart, last_call(hart, OP_LOOP).error != SBI_FAILED, "end");
	for (u64 n = 0; n < 500 && even && !served; n++) {
		even = counts_evenly(get_time() + CONSOLE_TICKS);
		served = !ask(OP_SET, 0).error;
	}
	result(hart, !even, "skip");
	result(hart, !served, "again");
}

static bool is_served(void)
{
	u64 end = get_time() + 40 * BUDGET_TICKS;

	while (ask(OP_SET + 3, 0).error && is_before(end))
		;
	return is_before(end);
}

/* The first time it stops again. */
static void comes_again(u64 hart)
{
	static volatile u64 stopped;

	if (!stopped) {
		stopped = 1;
		sbi(EID_HSM, 1, 0, 0, 0);
	}
	result(hart, !is_served(), "comes");
}

/*
 * The payload starts a hart after a restart of the firmware, and makes no call on any
 * other. The firmware comes up there, too.
 */
static void comes(u64 hart)
{
	u64 end;

	check(hart, start(hart, PARTNER), "start");
	while (sbi(EID_HSM, 2, PARTNER, 0, 0).value != HSM_STOPPED)
		;
	ask(OP_LOOP, 0);
	check(hart, is_served(), "restart");
	/* The budget of the last call is over, and nothing is left to do here. */
	end = get_time() + BUDGET_TICKS;
	while (is_before(end))
		;
	check(hart, start(hart, PARTNER), "start");
	wait_for(PARTNER);
}

/*
 * The payload is suspended most of the time after the firmware's death, but the firmware
 * comes back: its slices end the suspension.
 */
static void idle(u64 hart)
{
	u64 end, wakes = 0;

	ask(OP_LOOP, 0);
	end = get_time() + 2 * BUDGET_TICKS;
	sbi(EID_TIME, 0, end, 0, 0);
	csr_write(sie, 0x20);
	while (is_before(end)) {
		sbi(EID_HSM, 3, 0, 0, 0);
		wakes++;
	}
	csr_write(sie, 0);
	result(hart, wakes < 2, "wakes");
	result(hart, ask(OP_SET + 3, 0).error, "idle");
}

/* The firmware does not start that hart, and is dead when the start's budget is over. */
static void start_alone(u64 boot)
{
	start(boot, PARTNER);
	wait_for(PARTNER);
}

/*
 * Change all that S-mode can write, and stop. What a hart finds when it is started again
 * is what it found the first time. Return: false the first time
 */
static bool begins_the_same(u64 hart)
{
	static u64 first[0xc00], swept_by = ~0ul;

	csr_write(sstatus, csr_read(sstatus) | SSTATUS_FS | MSTATUS_VS);
	for (u64 n = 0; n < sizeof(first) / sizeof(u64); n++) {
		u64 value = is_swept(n) ? csr_execute(CSRR(n), 0) : 0;

		if (swept_by != hart) {
			first[n] = value;
		} else if (value != first[n]) {
			tell("BROKEN", hart, "begin-csr");
			tell("CSR", n, "begins otherwise");
		}
	}
	if (swept_by == hart)
		return true;
	for (u64 n = 0; n < sizeof(first) / sizeof(u64); n++)
		if (is_swept(n))
			csr_execute(CSRW(n), ~HVIP_VSTIP);
	for (u64 n = 0; n < sizeof(first) / sizeof(u64); n++)
		if (is_swept(n) && csr_execute(CSRR(n), 0) == first[n])
			csr_execute(CSRW(n), PATTERN);
	swept_by = hart;
	return false;
}

void probe_other(u64 hart)
{
	csr_write(stvec, catch);
	if (!deadly && !opened && !begins_the_same(hart))
		sbi(EID_HSM, 1, 0, 0, 0);
	if (deadly == CASE_AGAIN) {
		/* the monitor serves the second one without C */
		put_x(hart);
		put_x(hart);
		sbi(EID_HSM, 1, 0, 0, 0);
	}
	check(hart, hart < 8 && !csr_read(satp) && !(csr_read(sstatus) & 2), "start");
	if (deadly == CASE_FLOOD) {
		services(hart);
	} else if (deadly == CASE_COMES) {
		comes_again(hart);
	} else if (deadly) {
		/*
		 * this hart is in the firmware, or on the way there, when it
		 * dies elsewhere
		 */
		while (!ask(OP_SET + 3, 0).error)
			;
		check(hart, ask(OP_SET + 3, 0).error == SBI_FAILED, "error");
		services(hart);
	} else {
		result(hart, begin_x, "begin-x");
		user_time(hart);
		soft(hart);
	}
	__asm__ volatile("fence rw, rw" ::: "memory");
	done[hart] = 1;
	for (;;)
		__asm__ volatile("wfi");
}

static void map_memory(void)
{
	root[0] = 0xcf;
	root[FIRMWARE >> 30] = ((u64)FIRMWARE >> 12) << 10 | 0xcf;
	root[(HIGH >> 30) & 511] = ((u64)FIRMWARE >> 12) << 10 | 0xcf;
}

static void flood_and_start(u64 boot)
{
	flood(boot);
	start_alone(boot);
}

static void uncalled(u64 boot)
{
	csr_write(stvec, catch);
	for (u64 i = 0; i < 20000000; i++)
		__asm__ volatile("" ::: "memory");
	result(boot, boot != BOOT_HART, "uncalled");
}

static void absent(u64 boot)
{
	result(boot, 0, "absent");
}

/* Attacks that the firmware survives, on all harts. */
static void survive(u64 boot)
{
	begin(boot);
	spy(boot, PARTNER);
	soft(boot);
	for (u64 hart = 0; hart < NR_HARTS; hart++) {
		if (!start(boot, hart))
			continue;
		if (!opened) {
			/* it stops once: begins_the_same() */
			while (sbi(EID_HSM, 2, hart, 0, 0).value != HSM_STOPPED)
				;
			start(boot, hart);
		}
		wait_for(hart);
	}
}

/* An attack that it does not survive. */
static void kill(u64 boot, u64 op, u64 arg)
{
	struct ret r;

	csr_write(stvec, catch);
	/* one hart before the firmware's death, the others after */
	start(boot, PARTNER);
	if (op == OP_LATER)
		r = last_call(boot, arg);
	else
		r = guarded(boot, op, arg ? arg : (u64)run_me, "registers");
	result(boot, r.error != SBI_FAILED, "end");
	result(boot, ask(OP_SET + 3, 0).error != SBI_FAILED, "alive");
	services(boot);
	for (u64 hart = 0; hart < NR_HARTS; hart++)
		if (start(boot, hart) || hart == PARTNER)
			wait_for(hart);
}

/* By the number in CASE_AT, or the address of the tree. */
static const struct {
	u64 number;
	void (*run)(u64 boot);
} cases[] = {
	{ 0, survive }, { CASE_FLOOD, flood_and_start }, { CASE_AGAIN, again },
	{ CASE_COMES, comes }, { CASE_IDLE, idle }, { CASE_DLAB, console }, { CASE_OFF, off },
	{ CASE_STAY, stay }, { CASE_DMA, armed }, { TREE_AT, shrink },
	{ ABSENT_AT, absent }, { CASE_RING, rung }, { CASE_TWICE, uncalled },
};

void probe(u64 boot, u64 number)
{
	const u64 last = sizeof(cases) / sizeof(cases[0]);
	u64 i = 0;

	deadly = number;
	map_memory();
	while (i < last && cases[i].number != number)
		i++;
	if (i < last)
		cases[i].run(boot);
	else
		kill(boot, number & 0xff, number >> 8);
	put_verdicts();
	put("VICTIM open ");
	put_number(opened);
	put(" shut ");
	put_number(shut);
	put("\n");
	*(volatile u32 *)FINISHER = 0x5555;
	for (;;)
		;
}
