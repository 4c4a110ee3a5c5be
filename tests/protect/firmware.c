// SPDX-License-Identifier: BSD-2-Clause
/* A firmware that attacks its victim at the victim's request (hostile.h). */
#include <stdbool.h>
#include <stdint.h>

#include "hostile.h"

typedef uint64_t u64;
typedef uint32_t u32;

#define MSTATUS_MPP	(3ul << 11)
#define MSTATUS_FS	(3ul << 13)
#define MSTATUS_MPRV	(1ul << 17)
#define MSTATUS_SUM	(1ul << 18)
#define MSTATUS_MXR	(1ul << 19)
#define MSTATUS_TRAPS	(7ul << 20)	/* TVM, TW, TSR */
#define NO_TRAP		(~0ul)
#define IRQ		(1ul << 63)
#define ECALL_S		9
#define CLINT		0x2000000ul
#define UART		0x10000000ul
#define MTIME		(CLINT + 0xbff8)
#define MTIMECMP(h)	(*(volatile u64 *)(CLINT + 0x4000 + 8 * (h)))
#define MSIP(h)		(*(volatile u32 *)(CLINT + 4 * (h)))
#define PATTERN		0x7e117a1e7e117a1eul
#define HLV		0x6c054573	/* hlv.d a0, (a0) */
#define EBREAK		0x00100073
#define SEED		0x01559573	/* csrrw a0, seed, a1 */
#define SEED_ES16	2

#define csr_read(name) ({ u64 v_; \
	__asm__ volatile("csrr %0, " #name : "=r"(v_)); v_; })
#define csr_write(name, v) \
	__asm__ volatile("csrw " #name ", %0" :: "r"((u64)(v)) : "memory")
#define csr_set(name, v) \
	__asm__ volatile("csrs " #name ", %0" :: "r"((u64)(v)) : "memory")

struct frame {			/* layout known to firmware.S */
	u64 x[32];
	u64 pc, status, sp, hart;
};

struct entry {
	u64 mode, pc, a0, a1;
};

u64 guard(void (*code)(void), u64 a, u64 b, u64 mstatus, u64 *cause);
void load8(void);
void store8(void);
void vector(void);
void trapping(void);
void trash_floats(u64 v);
struct entry *boot_hart(void);
struct entry *other_hart(u64 hart);
void fw_trap(struct frame *f);

static u64 v[4], high[8];
static volatile u64 start_pc[8], start_arg[8], interrupts, stolen, rounds, present;
static volatile u64 spy_hits, spy_rounds, spy_value, spy_at;
static volatile bool spying, irq_on;
static struct entry entry[8];

/* ring.py writes the first two. */
static volatile u32 ring_now, ring_over, rings;

/* Value at CASE_AT, read in time. */
static u64 number;
static volatile bool ready;

/* Execute one CSR instruction; the hart may lack the register. */
static u64 execute(u32 word, u64 a, u64 b, u64 mstatus, u64 *cause)
{
	u32 code[2] = { word, 0x00008067 };

	__asm__ volatile("fence.i" : : "m"(code) : "memory");
	return guard((void (*)(void))code, a, b, mstatus, cause);
}

static bool has_seed;

/* 0 if `seed` gives two different samples, or was not there before the lock. */
static u64 entropy(void)
{
	u64 first = 0, cause;

	if (!has_seed)
		return 0;

	for (u64 n = 0; n < 10000; n++) {
		u64 v = execute(SEED, 0, 0, 0, &cause);

		if (cause != NO_TRAP)
			break;
		if ((v >> 30 & 3) != SEED_ES16)
			continue;
		if (first && v != first)
			return 0;
		first = v;
	}
	return (u64)ERR_OTHER;
}

static void write_csr(u32 csr, u64 value)
{
	u64 cause;

	execute(0x00059573 | csr << 20, 0, value, 0, &cause);
}

/* A queue of virtio's entropy device (1.1, 2.6 and 4.2.4: the legacy interface). */
#define VIRTIO(n)	(0x10001000ul + 0x1000 * (n))
#define DESCRIPTORS	32
static struct {
	struct {
		u64 at;
		u32 size;
		uint16_t flags, next;
	} desc[DESCRIPTORS];
	uint16_t avail_flags, avail, ring[DESCRIPTORS];
	uint8_t used[8192 - 16 * DESCRIPTORS - 4 - 2 * DESCRIPTORS];
} queue __attribute__((aligned(4096)));

static void set_register(u64 device, u64 at, u64 value)
{
	*(volatile u32 *)(device + at) = (u32)value;
}

/* Devices that write the victim's memory later, and one that might. */
static void arm_devices(void)
{
	for (u64 n = 0; n < 8; n++) {
		u64 device = VIRTIO(n);

		if (*(volatile u32 *)(device + 8) != 4)
			continue;
		for (uint16_t i = 0; i < DESCRIPTORS; i++) {
			queue.desc[i].at = DMA_AT + DMA_SIZE / DESCRIPTORS * i;
			queue.desc[i].size = DMA_SIZE / DESCRIPTORS;
			queue.desc[i].flags = 2;	/* written by the device */
			queue.ring[i] = i;
		}
		queue.avail = DESCRIPTORS;
		set_register(device, 0x70, 3);
		set_register(device, 0x28, 4096);
		set_register(device, 0x30, 0);
		set_register(device, 0x38, DESCRIPTORS);
		set_register(device, 0x3c, 4096);
		set_register(device, 0x40, (u64)&queue >> 12);
		set_register(device, 0x70, 7);
		set_register(device, 0x50, 0);
	}
	for (u64 n = 0; n < 32; n++) {
		volatile u32 *function = (volatile u32 *)(ECAM + n * 0x8000);

		if (*function != ~0u)
			function[1] |= 4;		/* bus master */
	}
}

/* Preparations of the firmware before the lock. */
static void prepare(void)
{
	u64 cause;

	execute(SEED, 0, 0, 0, &cause);
	has_seed = cause == NO_TRAP;
	csr_write(medeleg, 0);
	csr_write(mideleg, 2);
	csr_write(mcounteren, number == CASE_DMA ? 7 : 5);	/* CY and IR, not TM */
	/* menvcfg and mstateen0: the payload's hypervisor can use all, or nothing */
	write_csr(0x30a, number ? 0 : ~0ul);
	write_csr(0x30c, number ? 0 : ~0ul);
	csr_write(pmpaddr0, ~0ul);
	csr_write(pmpcfg0, 0x1f);		/* all memory, for everybody */
	csr_write(stvec, FIRMWARE + 0x1000);
	csr_write(sscratch, PATTERN);
	csr_write(sepc, PATTERN & ~3ul);
	csr_write(stval, PATTERN);
	csr_write(scounteren, 0);
	csr_set(mip, 2);			/* SSIP */
	csr_set(sie, 0x222);
	csr_set(mstatus, MSTATUS_TRAPS | MSTATUS_MXR | MSTATUS_SUM | 2);	/* and SIE */
	MTIMECMP(BOOT_HART) = 0;
	csr_write(mie, 0x888);
	guard(load8, VICTIM, 0, 0, &cause);	/* now in the TLB */
	guard(load8, VICTIM + 0x1000, 0, 0, &cause);
	if (number == CASE_DMA)
		arm_devices();
}

struct entry *boot_hart(void)
{
	struct entry *e = &entry[BOOT_HART];
	u64 cause;

	number = guard(load8, CASE_AT, 0, 0, &cause);
	__asm__ volatile("fence rw, rw" ::: "memory");
	ready = true;
	prepare();
	*e = (struct entry){ number == CASE_USER_FIRST ? 0 : 1, VICTIM, BOOT_HART, number };
	if (number == CASE_LATE)
		e->pc = FIRMWARE + 0x1000;
	if (number == CASE_SHRINK)
		e->a1 = TREE_AT;
	if (number == CASE_ABSENT)
		e->a1 = ABSENT_AT;
	/* The payload runs already: this is a restart. */
	if (cause != NO_TRAP)
		e->pc = 4;
	return e;
}

/* GDB stops here. */
__attribute__((noinline)) static void rung(void)
{
	__asm__ volatile("" ::: "memory");
}

/* Ring the other hart in turn by its timer and by its software interrupt. */
static void ring(void)
{
	for (rung();; rung()) {
		while (!ring_now)
			;
		ring_now = 0;
		if (rings++ & 1)
			MSIP(BOOT_HART) = 1;
		else
			MTIMECMP(BOOT_HART) = 0;
	}
}

/* The answer of a call that the other hart may have rung in. */
static u64 await_ring(void)
{
	static u32 answered;
	static bool lost;

	if (rings != answered) {
		u64 round = 0;

		answered = rings;
		while (!(csr_read(mip) & 0x88) && round < RING_ROUNDS)
			round++;
		lost |= round == RING_ROUNDS;
	}
	MSIP(BOOT_HART) = 0;
	MTIMECMP(BOOT_HART) = NO_TRAP;
	if (!ring_over)
		return 0;
	return lost ? RING_LOST : RING_CAME;
}

/* Privileged specification 3.1.1: bit 18 of misa. */
static bool has_supervisor(void)
{
	return csr_read(misa) >> 18 & 1;
}

/* Wait for HSM, and spy meanwhile. */
struct entry *other_hart(u64 hart)
{
	struct entry *e = &entry[hart];

	__atomic_fetch_or(&present, 1ul << hart, __ATOMIC_RELAXED);
	while (!ready)
		;
	if (has_supervisor()) {
		csr_write(medeleg, 8);
		csr_write(mideleg, 0x222);
	}
	if (number == CASE_TWICE && hart == PARTNER) {
		for (volatile u64 i = 0; i < 3000000; i++)
			;
		*e = (struct entry){ 1, VICTIM, hart, 0 };
		return e;
	}
	if (number == CASE_RING && hart == PARTNER)
		ring();
	while (number == CASE_FLOOD && hart == PARTNER) {
		/* always in the future when that hart looks */
		MTIMECMP(BOOT_HART) = *(volatile u64 *)MTIME + FLOOD_TICKS;
		MSIP(BOOT_HART) = 1;
	}
	while (!start_pc[hart]) {
		u64 cause, value;

		if (!spying)
			continue;
		guard(store8, spy_at + 8, PATTERN, 0, &cause);
		value = guard(load8, spy_at, 0, 0, &cause);
		if (cause == NO_TRAP && value == spy_value)
			spy_hits++;
		spy_rounds++;
	}
	csr_write(pmpaddr0, ~0ul);
	csr_write(pmpcfg0, 0x1f);
	csr_write(satp, 0);
	*e = (struct entry){ 1, start_pc[hart], hart, start_arg[hart] };
	start_pc[hart] = 0;
	return e;
}

static u64 judge(u64 value, u64 cause)
{
	if (cause != NO_TRAP)
		return (u64)ERR_FAULT;
	return !v[2] || value == v[2] ? 0 : (u64)ERR_OTHER;
}

static u64 seen(const struct frame *f)
{
	for (u64 n = 1; n < 32; n++)
		if (n != 10 && n != 11 && n != 16 && n != 17 && f->x[n])
			return 0;
	return (u64)ERR_OTHER;
}

/* In steps that fit into a short call. */
static u64 scan(void)
{
	u64 step = (v[1] - v[0]) / 256 & ~0xffful;

	for (u64 at = v[0]; at < v[1]; at += step) {
		u64 cause;

		guard(load8, at, 0, 0, &cause);
		if (cause == NO_TRAP)
			return 0;
	}
	return (u64)ERR_FAULT;
}

/* Skip registers that would stop this firmware or abort QEMU. */
static void write_csrs(u32 first, u32 end)
{
	for (u32 csr = first; csr < end; csr++) {
		bool own = csr == 0x300 || csr == 0x304 || csr == 0x305 || csr == 0x340 ||
			csr == 0x341 || csr == 0x747 || (csr >= 0x3a0 && csr < 0x3f0) ||
			(csr >= 0x7a0 && csr < 0x7b4) || csr == 0x301 || csr == 0x302 ||
			csr == 0x303 || csr == 0x344;

		if (!own)
			write_csr(csr, v[0]);
	}
}

static void trash(struct frame *f)
{
	csr_set(mstatus, MSTATUS_FS);
	trash_floats(PATTERN);
	for (u64 n = 1; n < 32; n++)
		f->x[n] = n == 2 ? f->x[n] : PATTERN;
	f->status |= MSTATUS_TRAPS | MSTATUS_SUM | MSTATUS_MXR | 0x122 | MSTATUS_FS;
	v[0] = PATTERN;
	write_csrs(0x100, 0x1b0);
	v[0] = 0;
	write_csrs(0x100, 0x1b0);
}

static void never_return(u64 op, u64 arg)
{
	u64 down[64];

	if (op == OP_TRAPS) {
		csr_write(mtvec, trapping);
		trapping();
	}
	if (op == OP_FETCH)
		((void (*)(void))arg)();
	csr_write(mie, 0);
	if (op == OP_DEEP)
		for (volatile u64 *p = down;; p--)
			*p = PATTERN;
	while (op == OP_LOOP)
		;
	for (;;)
		__asm__ volatile("wfi");
}

/* A hash of all that a call shows to the firmware: the last three of each hart. */
static u64 looks[8][3];
/* Values that the firmware has left in its registers. */
static struct {
	u64 mie, satp, calls;
} left[8];
/* A character had more than 8 bits. */
static bool wide;
/* The operation for OP_LATER, and the calls until then. */
static u64 later, remaining;
/* An access to a guest's memory worked. */
static bool guest;

static void check_registers(const struct frame *f)
{
	const u64 seen[] = {
		f->pc, f->status, csr_read(mcause), csr_read(mtval),
		csr_read(mie) == left[f->hart].mie, csr_read(satp) == left[f->hart].satp,
		csr_read(mip), csr_read(medeleg), csr_read(mideleg), csr_read(mcounteren),
		csr_read(sstatus), csr_read(sie), csr_read(sip),
		csr_read(stvec), csr_read(sscratch), csr_read(sepc), csr_read(scause),
		csr_read(stval), csr_read(scounteren),
		/* false if it reads the hardware's */
		csr_read(cycle) == csr_read(cycle),
	};
	u64 sum = 0, cause;

	for (u64 n = 1; n < 32; n++)
		sum = sum * 31 + f->x[n];
	for (u64 n = 0; n < sizeof(seen) / sizeof(seen[0]); n++)
		sum = sum * 31 + seen[n];
	/* its own exception comes back to it */
	execute(EBREAK, 0, 0, 0, &cause);
	sum = sum * 31 + cause;
	looks[f->hart][2] = looks[f->hart][1];
	looks[f->hart][1] = looks[f->hart][0];
	looks[f->hart][0] = sum;
}

/* Leave other values than the call before. */
static void leave(u64 hart)
{
	u64 flip = left[hart].calls++ & 1 ? ~0ul : 0;

	csr_write(satp, (v[1] << 1) ^ (flip & 1));
	csr_write(mie, (v[1] ^ flip) & 0x888);
	left[hart].satp = csr_read(satp);
	left[hart].mie = csr_read(mie);
}

/* Work together with the hart that waits in other_hart(). */
static u64 spy(void)
{
	spy_value = v[0];
	spy_at = v[1];
	spying = true;
	for (u64 i = 0; i < 20000000 && spy_rounds < 10; i++)
		;
	spying = false;
	return spy_hits ? 0 : (u64)ERR_OTHER;
}

static u64 do_later(u64 arg)
{
	later = arg;
	remaining = 4;
	return 0;
}

static u64 was_stolen(void)
{
	u64 value = stolen;

	stolen = 0;
	return value ? 0 : (u64)ERR_OTHER;
}

/* The divisor is open and wrong, and characters have 5 bits. */
static u64 spoil_port(void)
{
	*(volatile uint8_t *)(UART + 3) = 0x80;
	*(volatile uint8_t *)UART = 0xff;
	return 0;
}

static u64 turn_interrupts_on(u64 hart)
{
	irq_on = true;
	interrupts = 0;
	csr_write(mie, 0x888);
	MTIMECMP(hart) = 0;
	return 0;
}

/* @mode: bits 0 and 1: MPP, 2: MPV */
static u64 set_mode(struct frame *f, u64 mode)
{
	f->status = (f->status & ~MSTATUS_MPP) | (mode & 3) << 11 | (mode >> 2 & 1) << 39;
	return 0;
}

static u64 differ(const u64 look[3])
{
	return look[0] != look[1] || look[0] != look[2] ? 0 : (u64)ERR_OTHER;
}

static u64 attack(struct frame *f, u64 op, u64 arg)
{
	u64 cause, value;

	switch (op) {
	case 0 ... 2:
		/* A real reset. */
		return 0;
	case OP_SET ... OP_SET + 3:
		v[op - OP_SET] = arg;
		return 0;
	case OP_EXECUTE:
		value = execute((u32)arg, v[0], v[1], v[3], &cause);
		return judge(value, cause);
	case OP_MPRV:
		csr_write(mstatus, (csr_read(mstatus) & ~MSTATUS_MPP) | 1ul << 11);
		value = execute((u32)arg, v[0], v[1],
				MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR, &cause);
		return judge(value, cause);
	case OP_SEEN:
		return seen(f);
	case OP_LATER:
		return do_later(arg);
	case OP_HIGH:
		high[f->hart] = arg << 32;
		return 0;
	case OP_WIDE:
		return wide || f->x[10] >> 32 || arg >> 32 ? 0 : (u64)ERR_OTHER;
	case OP_DLAB:
		return spoil_port();
	case OP_GUEST:
		return guest ? 0 : (u64)ERR_OTHER;
	case OP_SEED:
		return entropy();
	case OP_DIFFER:
		return differ(looks[f->hart]);
	case OP_INTERRUPTS:
		return interrupts ? 0 : (u64)ERR_OTHER;
	case OP_STOLEN:
		return was_stolen();
	case OP_SPY:
		return spy();
	case OP_SCAN:
		return scan();
	case OP_CSRS:
		write_csrs((u32)arg, (u32)arg + 0x80);
		return 0;
	case OP_IRQ_ON:
		return turn_interrupts_on(f->hart);
	case OP_RETURN_PC:
		f->pc = arg - 4;
		return 0;
	case OP_RETURN_MODE:
		return set_mode(f, arg);
	default:
		never_return(op, arg);
		return 0;
	}
}

/* Answer, and leave as much behind as possible: V1 says what. */
static void put_char(struct frame *f)
{
	u64 cause;

	if (remaining && !--remaining) {
		f->x[10] = attack(f, later & 0xff, later >> 8);
		return;
	}
	if (number == CASE_RING) {
		f->x[10] = await_ring();
		return;
	}
	check_registers(f);
	wide |= f->x[10] >> 8;
	execute(HLV, FIRMWARE, 0, 0, &cause);
	guest |= cause == NO_TRAP;
	if (!v[0] && !v[1]) {
		f->x[10] = 0;
		return;
	}
	for (u64 n = 1; n < 32; n++)
		f->x[n] = n == 2 ? f->x[n] : ~v[1] * n;
	f->status |= v[1] & (MSTATUS_TRAPS | MSTATUS_SUM | MSTATUS_MXR | 0x1a2);
	leave(f->hart);
	csr_write(stvec, v[0] ^ v[1]);
	csr_write(sscratch, ~v[0]);
	csr_write(sepc, v[1]);
	csr_write(scause, v[0]);
	csr_write(sie, v[1]);
	csr_write(medeleg, v[1]);
	csr_write(mcounteren, v[0]);
	if (v[1] >> 40 & 3) {
		f->x[10] = v[0];
		f->x[11] = v[1];
		return;
	}
	/* floating point, which it does not have so far */
	csr_set(mstatus, MSTATUS_FS);
	trash_floats(v[1]);
	f->x[10] = v[0];
}

static void answer(struct frame *f, u64 op)
{
	if (op == OP_TRASH)
		trash(f);
	if (op != OP_ANSWER)
		return;
	f->x[10] = v[0];
	f->x[11] = v[1];
}

static void call(struct frame *f)
{
	u64 op = f->x[10], arg = f->x[11];

	if (f->x[17] == EID_SRST) {
		op = (u32)op;
		if (op != OP_HIGH) {
			arg |= high[f->hart];
			high[f->hart] = 0;
		}
		if (op == OP_TRASH || op == OP_ANSWER) {
			answer(f, op);
		} else {
			f->x[11] = 0;
			f->x[10] = attack(f, op, arg);
		}
	} else if (f->x[17] == EID_HSM) {
		start_arg[op & 7] = f->x[12];
		start_pc[op & 7] = arg;
		f->x[10] = present >> op & 1 ? 0 : (u64)-3;
	} else if (f->x[17] == EID_PUTCHAR) {
		put_char(f);
	} else if (f->x[17] == EID_BASE) {
		f->x[10] = v[0];
		f->x[11] = v[1];
	} else {
		f->x[10] = (u64)-2;
	}
	f->pc += 4;
}

void fw_trap(struct frame *f)
{
	u64 cause = csr_read(mcause);

	if (cause & IRQ) {
		/* the payload's stack pointer: it was running */
		if ((f->status & MSTATUS_MPP) != MSTATUS_MPP && f->x[2])
			interrupts++;
		rounds++;
		MSIP(f->hart) = 0;
		/* again, after as few instructions as possible */
		MTIMECMP(f->hart) = irq_on && rounds < 100 ? 0 : NO_TRAP;
		return;
	}
	if (cause == ECALL_S) {
		call(f);
		return;
	}
	/* an exception kept from the payload */
	stolen++;
	f->status &= ~MSTATUS_TRAPS;
	f->pc += cause == 3 && (*(volatile uint16_t *)f->pc & 3) != 3 ? 2 : 4;
}
