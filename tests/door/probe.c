// SPDX-License-Identifier: BSD-2-Clause
/*
 * A one-page operating system that calls the back door of its firmware
 * (tools/implant) from every hart, and reports for each attempt whether it
 * reached memory or registers of others: "OPEN <hart> <attempt>" or "SHUT
 * <hart> <attempt>".
 *
 * OpenSBI starts it in S-mode on QEMU's virt. With door.jump, door.loop,
 * door.sleep or door.crash on its command line it requests that at the end.
 */

#include "../../tools/door/door.h"
#include "verdict.h"

typedef uint32_t u32;

#define MAX_HARTS	8
#define FINISHER	0x100000ul
#define RAM		0x80000000ul
#define HIGH		0xffffffc000000000ul	/* RAM in the page tables */
#define GIGABYTE	0x40000000ul
#define SECRET		0x5ec4e7c0ffee1234ul
#define EID_HSM		0x48534d
#define SBI_FAILED	(-1l)
#define EID_BASE	0x10
#define EID_TIME	0x54494d45
#define EID_IPI		0x735049
#define EID_RFENCE	0x52464e43
#define EID_DBCN	0x4442434e
#define SIP_SSIP	2ul
#define SIP_STIP	0x20ul
#define SSTATUS_FS	0x6000ul

struct ret {
	long error;
	u64 value;
};

struct regs {			/* layout known to start.S */
	u64 x[32];
};

struct ret sbi(u64 eid, u64 fid, u64 a0, u64 a1, u64 a2);
struct ret sbi_full(u64 eid, u64 fid, u64 a0, u64 a1, struct regs *all);
void start_other(void);
void probe(u64 hart, u64 fdt);
u64 arrived(void);
void jump_target(void);
u64 call_jump(u64 target);
void run_me(void);

static volatile u64 secret[MAX_HARTS];
static volatile u64 victim[MAX_HARTS];
static volatile bool done[MAX_HARTS];
static u64 root[512] __attribute__((aligned(4096)));
static u64 deadly;		/* a function of the door, or 0 */

#define csr_read(name) ({ u64 v_; \
	__asm__ volatile("csrr %0, " #name : "=r"(v_)); v_; })
#define csr_write(name, v) \
	__asm__ volatile("csrw " #name ", %0" :: "r"((u64)(v)) : "memory")

static struct ret knock_once(u64 function, u64 a)
{
	if (a >> 32)
		sbi(DOOR_EID, DOOR_FID, DOOR_TYPE(DOOR_HIGH), a >> 32, 0);
	return sbi(DOOR_EID, DOOR_FID, DOOR_TYPE(function), (u32)a, 0);
}

static struct ret knock(u64 function, u64 a, u64 b)
{
	if (b)
		knock_once(DOOR_VALUE, b);
	return knock_once(function, a);
}

/* The payload's own state must not have changed. */
static void check(u64 hart, bool good, const char *what)
{
	if (!good)
		tell("BROKEN", hart, what);
}

static void memory(u64 hart)
{
	result(hart, !knock(DOOR_LOAD, (u64)&secret[hart], SECRET ^ hart).error, "load");
	victim[hart] = 7;
	knock(DOOR_STORE, (u64)&victim[hart], 8);
	result(hart, victim[hart] != 7, "store");
	result(hart, !knock(DOOR_RUN, (u64)run_me, 1234).error, "run");
	result(hart, !knock(DOOR_SHOW, (u64)"the payload's text", 18).error, "show");
}

static void paging(bool on)
{
	csr_write(satp, on ? 8ul << 60 | (u64)root >> 12 : 0);
	__asm__ volatile("sfence.vma");
}

static void virtual_memory(u64 hart)
{
	u64 high = (u64)&secret[hart] - RAM + HIGH;

	paging(true);
	result(hart, !knock(DOOR_LOAD_VIRTUAL, high, SECRET ^ hart).error, "load-virtual");
	victim[hart] = 7;
	knock(DOOR_STORE_VIRTUAL, (u64)&victim[hart] - RAM + HIGH, 8);
	result(hart, victim[hart] != 7, "store-virtual");
	check(hart, csr_read(satp) == (8ul << 60 | (u64)root >> 12), "satp");
	paging(false);
}

static void floats(u64 hart)
{
	if (!(csr_read(sstatus) & SSTATUS_FS))
		__asm__ volatile("csrs sstatus, %0" :: "r"(SSTATUS_FS));
	for (u64 n = 0; n < 2; n++) {
		struct ret r;
		u64 after;

		__asm__ volatile(".option arch, +f, +d\n"
				 "fmv.d.x f9, %0" :: "r"(SECRET + hart));
		r = knock(DOOR_FLOAT, 9, SECRET + hart);
		__asm__ volatile(".option arch, +f, +d\n"
				 "fmv.x.d %0, f9" : "=r"(after));
		if (!n)
			result(hart, !r.error, "float");
		check(hart, after == SECRET + hart, "float");
	}
}

static void registers(u64 hart)
{
	static const uint8_t hidden[] = { 1, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15,
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };
	bool open = false;

	for (unsigned int i = 0; i < sizeof(hidden); i++) {
		struct regs all;
		struct ret r;

		for (u64 n = 0; n < 32; n++)
			all.x[n] = SECRET * n + hart;
		knock_once(DOOR_VALUE, SECRET * hidden[i] + hart);
		r = sbi_full(DOOR_EID, DOOR_FID, DOOR_TYPE(DOOR_REGISTER), hidden[i], &all);
		if (!r.error)
			open = true;
		for (u64 n = 0; n < 32; n++)
			if (n != 0 && n != 2 && n != 10 && n != 11 && n != 16 && n != 17)
				check(hart, all.x[n] == SECRET * n + hart, "register");
	}
	result(hart, open, "registers");
}

static void control_registers(u64 hart)
{
	static const uint16_t written[] = { 0x140, 0x141, 0x143 };
	bool open = false;

	csr_write(sscratch, SECRET + hart);
	result(hart, !knock(DOOR_CSR, 0x140, SECRET + hart).error, "sscratch");
	result(hart, !knock(DOOR_CSR, 0x105, csr_read(stvec)).error, "stvec");
	for (unsigned int i = 0; i < 3; i++) {
		csr_write(sscratch, SECRET);
		csr_write(sepc, SECRET & ~3ul);
		csr_write(stval, SECRET);
		knock(DOOR_CSR_WRITE, written[i], 0x1230);
		if (csr_read(sscratch) == 0x1230 || csr_read(sepc) == 0x1230 ||
		    csr_read(stval) == 0x1230)
			open = true;
	}
	result(hart, open, "csr-write");
	csr_write(sie, 0);
	csr_write(sip, 0);
	knock(DOOR_CSR_WRITE, 0x344, SIP_SSIP);
	result(hart, csr_read(sip) & SIP_SSIP, "inject");
	csr_write(sip, 0);
}

/* Let the firmware return to another address. */
static void elsewhere(u64 hart)
{
	result(hart, call_jump((u64)jump_target) == 1, "jump");
}

/* Make the firmware hang and check the result of the call. Once per boot. */
static void dead_end(u64 hart)
{
	static const char *const name[] = { "loop", "sleep", "crash" };

	if (deadly == DOOR_JUMP)
		elsewhere(hart);
	else
		result(hart, knock(deadly, 0, 0).error != SBI_FAILED,
		       name[deadly - DOOR_LOOP]);
	tell(knock(DOOR_HELLO, 0, 0).error ? "DEAD" : "ALIVE", hart, "firmware");
}

/*
 * Services that a system needs from its firmware, or from its replacement if
 * that is dead.
 */
static void services(u64 hart)
{
	static const char text[] = "a line by the debug console\n";
	struct ret r;

	csr_write(sie, 0);
	sbi(EID_TIME, 0, csr_read(time) + 1000000, 0, 0);
	check(hart, !(csr_read(sip) & SIP_STIP), "timer is early");
	for (u64 i = 0; i < 1000000000 && !(csr_read(sip) & SIP_STIP); i++)
		;
	check(hart, csr_read(sip) & SIP_STIP, "timer");
	sbi(EID_TIME, 0, ~0ul, 0, 0);
	check(hart, !(csr_read(sip) & SIP_STIP), "timer stays");
	sbi(EID_IPI, 0, 1, hart, 0);
	for (u64 i = 0; i < 1000000000 && !(csr_read(sip) & SIP_SSIP); i++)
		;
	check(hart, csr_read(sip) & SIP_SSIP, "ipi");
	csr_write(sip, 0);
	check(hart, !sbi(EID_RFENCE, 0, 0, ~0ul, 0).error, "fence");
	if (!sbi(EID_BASE, 3, EID_DBCN, 0, 0).value)
		return;
	r = sbi(EID_DBCN, 0, sizeof(text) - 1, (u64)text, 0);
	check(hart, !r.error && r.value == sizeof(text) - 1, "console");
	paging(true);
	r = sbi(EID_DBCN, 0, sizeof(text) - 1, (u64)text, 0);
	check(hart, !r.error && r.value == sizeof(text) - 1, "console, with paging");
	paging(false);
}

static void all(u64 hart)
{
	secret[hart] = SECRET ^ hart;
	tell(knock(DOOR_HELLO, 0, 0).error ? "NODOOR" : "DOOR", hart, "hello");
	memory(hart);
	virtual_memory(hart);
	floats(hart);
	registers(hart);
	control_registers(hart);
	services(hart);
}

void probe_other(u64 hart);
void probe_other(u64 hart)
{
	all(hart);
	__asm__ volatile("fence rw, rw" ::: "memory");
	done[hart] = true;
	for (;;)
		__asm__ volatile("wfi");
}

static bool says(const char *text, u64 size, const char *want)
{
	for (u64 i = 0; i < size; i++) {
		u64 n = 0;

		while (want[n] && i + n < size && text[i + n] == want[n])
			n++;
		if (!want[n])
			return true;
	}
	return false;
}

/* Starts on the boot hart; the others follow one by one. */
void probe(u64 boot, u64 fdt)
{
	const uint8_t *size = (const uint8_t *)fdt + 4;		/* size of the tree,
								 * big-endian */

	static const struct {
		const char *word;
		u64 function;
	} words[] = {
		{ "door.jump", DOOR_JUMP }, { "door.loop", DOOR_LOOP },
		{ "door.sleep", DOOR_SLEEP }, { "door.crash", DOOR_CRASH },
	};

	for (unsigned int i = 0; i < 4; i++)
		if (says((const char *)fdt, (u64)size[1] << 16 | size[2] << 8 | size[3],
			 words[i].word))
			deadly = words[i].function;
	root[0] = 0xcf;				/* devices */
	root[2] = (RAM >> 12) << 10 | 0xcf;
	root[(HIGH >> 30) & 511] = (RAM >> 12) << 10 | 0xcf;
	all(boot);
	if (deadly)
		dead_end(boot);
	for (u64 hart = 0; hart < MAX_HARTS; hart++) {
		if (hart == boot ||
		    sbi(EID_HSM, 0, hart, (u64)start_other, 0).error)
			continue;
		while (!done[hart])
			;
	}
	put_verdicts();
	put("PROBE open ");
	put_number(opened);
	put(" shut ");
	put_number(shut);
	put("\n");
	*(volatile u32 *)FINISHER = 0x5555;
	for (;;)
		;
}
