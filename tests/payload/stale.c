// SPDX-License-Identifier: BSD-2-Clause
/*
 * Legacy calls whose mask is at virtual addresses that are the monitor's physical
 * ones, in pages that the bus refuses. QEMU 7.2 keeps such a translation, also for
 * M-mode's fetches: each call must still end here, while another hart asks for
 * fences. With the two devices that the test adds there is a page that can be executed
 * and refuses a misaligned load; in M-mode it would say so.
 */
#include "payload.h"

#define RAM		0x80000000ul
#define RAM_END		(RAM + (256ul << 20))
#define PAGE		4096ul
#define HOLE		0x18000000ul
#define RTC		0x101000ul
#define FW_CFG		0x10100000ul

#define ECAM		0x30000000ul
#define BOCHS_DISPLAY	0x11111234
#define ROOT_PORT	0x000c1b36
#define VRAM		0x41000000ul
#define PORT		(VRAM + 0x10000)

#define PTE_TABLE	1ul
#define PTE_LEAF	0xcful		/* D A X W R V */
#define SATP_SV39	(8ul << 60)
#define LEGACY_SEND_IPI	4

static u64 root[512] __attribute__((aligned(4096)));
static u64 middle[512] __attribute__((aligned(4096)));
static u64 last[2][512] __attribute__((aligned(4096)));
static volatile u64 fences, calls;
static volatile bool over;

/* legacy(address): return -1 - scause of the trap, or what the call returned. */
long legacy(u64 address);
void catch(void);
__asm__(".globl legacy, catch\n"
	".balign 4\n"
"legacy:\n"
	"la t0, catch\n"
	"csrw stvec, t0\n"
	"li a7, 4\n"
	"ecall\n"
	"ret\n"
	".balign 4\n"
"catch:\n"
	"csrr a0, scause\n"
	"not a0, a0\n"
	"ret\n");

/* M-mode alone gets here, and has the payload's translation at most. */
void in_m_mode(void);
__asm__(".globl in_m_mode\n"
	".balign 8\n"
"in_m_mode:\n"
	"li t1, 1 << 17\n"
	"csrc mstatus, t1\n"
	"li t0, 0x10000000\n"
	"la t1, 2f\n"
"1:	lbu t2, 0(t1)\n"
	"beqz t2, 3f\n"
	"sb t2, 0(t0)\n"
	"addi t1, t1, 1\n"
	"j 1b\n"
"2:	.asciz \"RESULT FAIL: the payload's code runs in M-mode\\n\"\n"
	".balign 4\n"
"3:	j 3b\n");

/* The lowest page of the monitor, by the name of its node; 0: there is none. */
static u64 home_in(const u8 *fdt)
{
	static const char name[] = "cordon@";
	u64 size = (u64)fdt[4] << 24 | fdt[5] << 16 | fdt[6] << 8 | fdt[7];

	for (u64 i = 0; i + 32 < size; i++) {
		u64 home = 0, n = 0;

		while (n < sizeof(name) - 1 && fdt[i + n] == (u8)name[n])
			n++;
		if (n < sizeof(name) - 1)
			continue;
		for (const u8 *p = fdt + i + n; *p; p++)
			home = home << 4 | (*p <= '9' ? *p - '0' : *p - 'a' + 10);
		return home;
	}
	return 0;
}

static volatile u32 *config_of(u32 id)
{
	for (u64 d = 1; d < 16; d++) {
		volatile u32 *config = (volatile u32 *)(ECAM + d * 0x8000);

		if (config[0] == id)
			return config;
	}
	return NULL;
}

static void place(volatile u32 *config, u64 address)
{
	config[4] = (u32)address;
	config[1] = 2;				/* memory */
}

/*
 * The port's registers lie over the display's memory, where they are not: a page of
 * memory with two registers in it. Return: is there one?
 */
static bool make_page(void)
{
	volatile u32 *display = config_of(BOCHS_DISPLAY), *port = config_of(ROOT_PORT);
	volatile u32 *code = (volatile u32 *)PORT;
	u64 to = (u64)in_m_mode;

	if (!display || !port)
		return false;
	place(display, VRAM);
	place(port, PORT);
	for (u64 i = 8; i < 0x3f8; i++)
		if (i < 0x200 || i > 0x203)
			code[i] = 0x00010001;		/* c.nop twice */
	code[0x3f8] = 0x00000297;			/* auipc t0, 0 */
	code[0x3f9] = 0x0102b283;			/* ld t0, 16(t0) */
	code[0x3fa] = 0x00028067;			/* jr t0 */
	code[0x3fc] = (u32)to;
	code[0x3fd] = (u32)(to >> 32);
	return true;
}

static void make_tables(u64 home)
{
	u64 first = (home - RAM) >> 21;

	root[0] = PTE_LEAF;
	root[1] = 0x40000000ul >> 2 | PTE_LEAF;
	root[2] = (u64)middle >> 2 | PTE_TABLE;
	for (u64 i = 0; i < 512; i++)
		middle[i] = (RAM + (i << 21)) >> 2 | PTE_LEAF;
	for (u64 t = 0; t < 2 && first + t < 512; t++) {
		middle[first + t] = (u64)last[t] >> 2 | PTE_TABLE;
		for (u64 i = 0; i < 512; i++)
			last[t][i] = (RAM + ((first + t) << 21) + i * PAGE) >> 2 | PTE_LEAF;
	}
	csr_write(satp, SATP_SV39 | (u64)root >> 12);
	__asm__ volatile("sfence.vma" ::: "memory");
}

static void map(u64 va, u64 home, u64 pa)
{
	u64 n = (va - (home & ~0x1ffffful)) >> 12;

	last[n >> 9][n & 511] = pa >> 2 | PTE_LEAF;
	__asm__ volatile("sfence.vma" ::: "memory");
}

static bool each_page(u64 home, u64 pa, u64 offset)
{
	for (u64 va = home; va < RAM_END; va += PAGE) {
		long r;

		map(va, home, pa);
		r = legacy(va + offset);
		map(va, home, va);
		calls++;
		/* Firmware may read in any way from devices that refuse. */
		if (pa == HOLE && r != ~5l) {
			say("mask at %x: %x, no load access fault", va + offset, (u64)r);
			return false;
		}
	}
	return true;
}

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)again;
	(void)opaque;
	while (!over) {
		if (sbi(SBI_RFENCE, 1, 3, 0, 0, 0, 0).error)
			finish(false);
		fences++;
	}
	(void)hart;
	hart_stop();
}

void boot(u64 hart, const u8 *fdt)
{
	u64 monitor = home_in(fdt), home = monitor ? monitor : RAM_END - 32 * PAGE;
	bool page = make_page(), good;
	u64 before;

	say("monitor at %x, executable page: %x", monitor, (u64)page);
	make_tables(home);
	if (sbi(SBI_HSM, 0, hart ^ 1, (u64)hart_start, 0, 0, 0).error)
		finish(false);
	while (!fences)
		;
	good = each_page(home, HOLE, 65) && each_page(home, HOLE, 64) &&
	       each_page(home, RTC, 17) && each_page(home, FW_CFG, 0x13) &&
	       (!page || each_page(home, PORT, 1));
	before = fences;
	while (fences < before + 2)
		;
	say("%x calls, %x fences", calls, fences);
	finish(good);
}
