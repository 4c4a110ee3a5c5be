// SPDX-License-Identifier: BSD-2-Clause
/* Several interrupts at once: MEI, MSI, MTI, SEI, SSI, STI, in that order. */
#include "guest.h"

#define PLIC_PRIORITY(n)	(PLIC_BASE + 4 * (n))
#define PLIC_PENDING		(PLIC_BASE + 0x1000)
#define PLIC_ENABLE(ctx)	(PLIC_BASE + 0x2000 + 0x80 * (ctx))
#define PLIC_THRESHOLD(ctx)	(PLIC_BASE + 0x200000 + 0x1000 * (ctx))
#define PLIC_CLAIM(ctx)		(PLIC_THRESHOLD(ctx) + 4)
#define UART_IRQ		10
#define UART_IER		(UART_BASE + 1)

static u64 order[16], delegated;
static unsigned int taken;

static u64 csr_level(unsigned int irq)
{
	return delegated >> irq & 1 ? MODE_S : MODE_M;
}

/* Note the interrupt and mask it, so that the next can come. */
static bool note(struct frame *f)
{
	u64 n = f->cause & 63;

	if (!(f->cause >> 63))
		return false;
	if (taken < ARRAY_SIZE(order))
		order[taken++] = f->cause | f->level << 32;
	if (f->level == MODE_M)
		csr_clear(mie, BIT(n));
	else
		csr_clear(sie, BIT(n));
	return true;
}

static void raise_all(void)
{
	/* the UART's empty transmitter: always an interrupt if enabled */
	write32(PLIC_PRIORITY(UART_IRQ), 1);
	write32(PLIC_ENABLE(0), BIT(UART_IRQ));
	write32(PLIC_THRESHOLD(0), 0);
	write8(UART_IER, 2);
	write32(MSIP(0), 1);
	write64(MTIMECMP(0), 0);
	csr_set(mip, MIP_SEIP | MIP_SSIP | MIP_STIP);
	while ((csr_read(mip) & 0xaaa) != 0xaaa)
		;
}

static void lower_all(void)
{
	write8(UART_IER, 0);
	write32(PLIC_ENABLE(0), 0);
	write32(MSIP(0), 0);
	write64(MTIMECMP(0), ~0ul);
	csr_clear(mip, MIP_SEIP | MIP_SSIP | MIP_STIP);
}

/*
 * QEMU 7.2 takes the lowest number first (no AIA). A monitor that takes them
 * in the order of the specification is right, and only it decides on those
 * for M-mode; what S-mode gets is the hardware's choice.
 */
static bool follows(unsigned int i, u8 spec, const u8 *irqs, unsigned int n)
{
	u64 level = order[i] >> 32 & 3, irq = order[i] & 63;
	u8 lowest = 64;

	if (irq == spec)
		return true;
	if (monitored && level == MODE_M)
		return false;
	for (unsigned int j = 0; j < n; j++) {
		bool gone = false;

		for (unsigned int k = 0; k < i; k++)
			gone |= (order[k] & 63) == irqs[j];
		if (!gone && irqs[j] < lowest &&
		    (csr_level(irqs[j]) == level))
			lowest = irqs[j];
	}
	return irq == lowest;
}

static void expect(const u8 *irqs, const u8 *levels, unsigned int n)
{
	CHECK_EQ(taken, n);
	for (unsigned int i = 0; i < n && i < taken; i++) {
		CHECKF(follows(i, irqs[i], irqs, n),
		       "number %u was %lu, not %u", i, order[i] & 63, irqs[i]);
		CHECK_EQ(order[i] >> 32 & 3, levels[i]);
	}
}

static void run_mode(enum mode mode, u64 mideleg)
{
	u64 stop = 0;

	taken = 0;
	csr_write(mideleg, mideleg);
	delegated = mideleg;
	csr_write(mie, 0);
	raise_all();
	this_hart()->hook = note;
	csr_write(mie, 0xaaa);
	if (mode == MODE_M)
		csr_set(mstatus, MSTATUS_MIE);
	else
		csr_clear(mstatus, MSTATUS_MIE);
	if (mode == MODE_S)
		csr_set(mstatus, MSTATUS_SIE);
	else
		csr_clear(mstatus, MSTATUS_SIE);
	run_word(mode, 0x13, stop, 0, 0);
	csr_clear(mstatus, MSTATUS_MIE | MSTATUS_SIE);
	this_hart()->hook = NULL;
	csr_write(mie, 0);
	lower_all();
}

TEST()
{
	static const u8 all[] = { 11, 3, 7, 9, 1, 5 };
	static const u8 in_m[] = { 3, 3, 3, 3, 3, 3 };
	static const u8 split[] = { 3, 3, 3, 1, 1, 1 };
	static const u8 ssi_only[] = { 11, 3, 7, 9, 5, 1 };
	static const u8 ssi_level[] = { 3, 3, 3, 3, 3, 1 };

	pmp_open();
	write64(MTIMECMP(0), ~0ul);
	run_mode(MODE_M, 0);
	expect(all, in_m, 6);
	run_mode(MODE_S, 0);
	expect(all, in_m, 6);
	run_mode(MODE_U, 0);
	expect(all, in_m, 6);
	run_mode(MODE_M, 0x222);		/* S-level ones wait for S */
	expect(all, in_m, 3);
	run_mode(MODE_S, 0x222);
	expect(all, split, 6);
	run_mode(MODE_U, 0x222);
	expect(all, split, 6);
	run_mode(MODE_S, 0x002);		/* all M-level before any S */
	expect(ssi_only, ssi_level, 6);
}
