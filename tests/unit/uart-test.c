// SPDX-License-Identifier: BSD-2-Clause
/* The serial port drivers against small models of the ports. */
#include <unit.h>

/* Device accesses go to this fake. */
#define ARCH_IO_H

static u64 io_access(u64 addr, unsigned int width, bool write, u64 v);

#define FAKE_IO(bits)							\
static inline u##bits io_read##bits(u64 addr)				\
{									\
	return (u##bits)io_access(addr, bits / 8, false, 0);		\
}									\
									\
static inline void io_write##bits(u64 addr, u##bits v)			\
{									\
	io_access(addr, bits / 8, true, v);				\
}

FAKE_IO(8)
FAKE_IO(16)
FAKE_IO(32)

#include <drivers/uart/ns16550.c>
#include <drivers/uart/sifive.c>

#define BASE 0x10000000ul

static const struct uart_desc *port;	/* the port under test */
static u8 reg[8], divisor[2];		/* 16550 */
static u32 txctrl, div_reg;		/* SiFive */
static unsigned int busy;		/* status reads until there is room */
static char sent[64];
static size_t nr_sent, nr_writes;
static u64 nr_reads;
static unsigned int strays;	/* bytes that a guest sends while DLAB is set */
static unsigned int polls;	/* that are left */

/* The 16550's registers, with DesignWare's rule for LCR. */
static u64 ns16550_model(unsigned int r, bool write, u8 v)
{
	bool dlab = reg[LCR] & LCR_DLAB;

	assert_true(r < 8);
	if (!write) {
		nr_reads++;
		if (r < 2 && dlab)
			return divisor[r];
		if (r != LSR)
			return reg[r];
		if (!busy)
			return LSR_THRE | LSR_TEMT;
		busy--;
		return 0;
	}
	nr_writes++;
	if (r < 2 && dlab) {
		divisor[r] = v;
		if (r == DLM && strays) {
			strays--;
			divisor[0] = '#';
		}
	} else if (r == THR) {
		assert_int_equal(busy, 0);
		sent[nr_sent++] = (char)v;
	} else {
		if (r == FCR && (v & 0x04))
			busy = 0;
		if (r != LCR || !busy)
			reg[r] = v;
	}
	return 0;
}

static u64 sifive_model(u64 offset, bool write, u32 v)
{
	if (!write) {
		nr_reads++;
		if (offset != TXDATA)
			return offset == TXCTRL ? txctrl : div_reg;
		return busy ? busy--, TXDATA_FULL : 0;
	}
	nr_writes++;
	if (offset == TXDATA)
		sent[nr_sent++] = (char)v;
	else if (offset == TXCTRL)
		txctrl = v;
	else if (offset == DIV)
		div_reg = v;
	else
		fail();
	return 0;
}

static u64 io_access(u64 addr, unsigned int width, bool write, u64 v)
{
	u64 offset = addr - BASE;

	if (port->ops == &uart_sifive) {
		assert_int_equal(width, 4);
		return sifive_model(offset, write, (u32)v);
	}
	assert_int_equal(width, port->reg_width);
	assert_int_equal(offset & ((1u << port->reg_shift) - 1), 0);
	return ns16550_model((unsigned int)(offset >> port->reg_shift), write,
			     (u8)v);
}

static void use(const struct uart_desc *u)
{
	port = u;
	memset(reg, 0, sizeof(reg));
	memset(divisor, 0, sizeof(divisor));
	memset(sent, 0, sizeof(sent));
	txctrl = div_reg = 0;
	busy = 0;
	nr_sent = nr_writes = 0;
	nr_reads = 0;
	polls = UART_POLLS;
}

static void test_ns16550(void **state)
{
	static const u8 shapes[][2] = { { 0, 1 }, { 2, 1 }, { 2, 4 }, { 1, 2 } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct uart_desc u = {
			.ops = &uart_ns16550,
			.base = BASE,
			.reg_shift = shapes[i][0],
			.reg_width = shapes[i][1],
			.clock = 24000000,
			.baud = 115200,
		};

		use(&u);
		busy = 1000;	/* earlier characters are still being sent */
		u.ops->init(&u);
		assert_int_equal(divisor[0] | divisor[1] << 8, 13);
		assert_int_equal(reg[LCR], LCR_8N1);
		assert_int_equal(reg[IER], 0);
		assert_int_equal(reg[FCR], FCR_ENABLE_CLEAR);
		busy = 3;
		assert_true(u.ops->putc(&u, 'x', &polls));
		assert_true(u.ops->putc(&u, 'y', &polls));
		assert_string_equal(sent, "xy");
	}
}

static void test_ns16550_keep(void **state)
{
	struct uart_desc u = {
		.ops = &uart_ns16550, .base = BASE, .reg_width = 1, .keep = true,
		.clock = 24000000, .baud = 115200,
	};

	(void)state;
	use(&u);
	u.ops->init(&u);
	assert_int_equal(nr_writes, 0);
}

/* Divisor access is open: a character would change the divisor. */
static void test_ns16550_divisor_open(void **state)
{
	struct uart_desc u = {
		.ops = &uart_ns16550, .base = BASE, .reg_width = 1, .keep = true,
	};

	(void)state;
	use(&u);
	reg[LCR] = LCR_DLAB;
	assert_false(u.ops->putc(&u, 'x', &polls));
	assert_int_equal(nr_writes, 0);
}

static void test_sifive(void **state)
{
	struct uart_desc u = {
		.ops = &uart_sifive, .base = BASE, .clock = 500000000,
		.baud = 115200,
	};

	(void)state;
	use(&u);
	u.ops->init(&u);
	assert_int_equal(txctrl, TXCTRL_TXEN);
	assert_int_equal(div_reg, 4340);
	busy = 3;
	assert_true(u.ops->putc(&u, 'x', &polls));
	assert_true(u.ops->putc(&u, 'y', &polls));
	assert_string_equal(sent, "xy");

	u.keep = true;
	use(&u);
	u.ops->init(&u);
	assert_int_equal(nr_writes, 0);
}

static void test_stuck(void **state)
{
	static const struct uart_desc ports[] = {
		{ .ops = &uart_ns16550, .base = BASE, .reg_width = 1 },
		{ .ops = &uart_sifive, .base = BASE },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		use(&ports[i]);
		busy = ~0u;
		assert_false(port->ops->putc(port, 'x', &polls));
		assert_int_equal(nr_sent, 0);
		assert_int_equal(nr_reads, UART_POLLS);
		assert_int_equal(polls, 0);
	}
}

/* Restore what a guest has changed, except for bits of another guest's driver. */
static void test_ns16550_restore(void **state)
{
	struct uart_desc u = {
		.ops = &uart_ns16550, .base = BASE, .reg_width = 1,
		.clock = 24000000, .baud = 115200,
	};
	struct uart_settings settings;

	(void)state;
	use(&u);
	u.ops->init(&u);
	busy = 1000;
	u.ops->save(&u, &settings);
	assert_int_equal(reg[LCR], LCR_8N1);
	for (unsigned int stays = 0; stays < 2; stays++) {
		reg[LCR] = LCR_DLAB | 0x40;
		reg[MCR] = 0x3b;
		reg[IER] = 5;
		divisor[0] = 0xff;
		divisor[1] = 0xff;
		busy = stays ? ~0u : 0;
		strays = 2;
		u.ops->restore(&u, &settings);
		assert_int_equal(reg[LCR], LCR_8N1);
		assert_int_equal(reg[MCR], 0x0b);
		assert_int_equal(reg[IER], 5);
		assert_int_equal(divisor[0] | divisor[1] << 8, 13);
		assert_true(u.ops->putc(&u, 'x', &polls));
	}
}

static void test_sifive_restore(void **state)
{
	struct uart_desc u = {
		.ops = &uart_sifive, .base = BASE, .clock = 500000000, .baud = 115200,
	};
	struct uart_settings settings;

	(void)state;
	use(&u);
	u.ops->init(&u);
	u.ops->save(&u, &settings);
	txctrl = 0x30000;
	div_reg = 0xffff;
	u.ops->restore(&u, &settings);
	assert_int_equal(txctrl, 0x30000 | TXCTRL_TXEN);
	assert_int_equal(div_reg, 4340);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ns16550),
		cmocka_unit_test(test_ns16550_keep),
		cmocka_unit_test(test_ns16550_divisor_open),
		cmocka_unit_test(test_sifive),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_ns16550_restore),
		cmocka_unit_test(test_sifive_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
