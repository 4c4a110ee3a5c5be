// SPDX-License-Identifier: BSD-2-Clause
/*
 * Check every boards/<vendor>/<board>/board.c for contradictory facts, and for
 * facts that the monitor cannot work with. The Makefile lists them in BOARDS
 * and renames each.
 */
#include <unit.h>

#include <cordon/board.h>
#include <cordon/ipi.h>
#include <drivers/uart.h>

#define UART(symbol, driver)	const struct uart_ops driver;
#include <drivers/uart.def>

/* For vendor instructions that stop a hart. */
struct hart *fake_hart;

void ipi_leave(struct hart *h)
{
	(void)h;
}

#define BOARD(name) extern const struct board name;
BOARDS
#undef BOARD

static const struct board *const boards[] = {
#define BOARD(name) &name,
	BOARDS
#undef BOARD
};

#define FOR_EACH_BOARD(b)						\
	for (size_t i_ = 0; i_ < ARRAY_SIZE(boards); i_++)		\
		for (const struct board *b = boards[i_]; b; b = NULL)

/* cmocka's own message does not name the board. */
#define check(b, condition)						\
	do {								\
		if (!(condition))					\
			fail_msg("%s: not true: %s", (b)->name, #condition); \
	} while (0)

static bool is_empty(const struct range *r)
{
	return r->start == r->end;
}

static bool is_paged(const struct range *r)
{
	return r->start <= r->end && !(r->start % SZ_4K) && !(r->end % SZ_4K);
}

/* True if @size bytes at @addr are hidden from guests. */
static bool in_window(const struct clint_desc *c, u64 addr, u64 size)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->window); i++) {
		if (addr >= c->window[i].start &&
		    addr + size <= c->window[i].end)
			return true;
	}
	return false;
}

static void test_memory(void **state)
{
	(void)state;
	FOR_EACH_BOARD(b) {
		check(b, b->name[0] && memchr(b->name, 0, sizeof(b->name)));
		check(b, b->compatible[0] &&
		      memchr(b->compatible, 0, sizeof(b->compatible)));
		check(b, !is_empty(&b->ram) && is_paged(&b->ram));
		check(b, range_has(&b->ram, b->firmware));
		check(b, !(b->firmware % SZ_4K));
		check(b, b->timebase >= 1000);
	}
}

/* The alias of DRAM: complete, elsewhere, and of whole pages. */
static void test_alias(void **state)
{
	(void)state;
	FOR_EACH_BOARD(b) {
		check(b, is_paged(&b->alias_of));
		check(b, is_empty(&b->alias_of) == !b->alias_offset[0]);
		if (is_empty(&b->alias_of))
			continue;
		check(b, b->alias_of.start <= b->ram.start &&
		      b->alias_of.end >= b->ram.end);
		for (int i = 0; i < BOARD_ALIASES && b->alias_offset[i]; i++) {
			struct range seen = {
				b->alias_of.start + b->alias_offset[i],
				b->alias_of.end + b->alias_offset[i],
			};

			check(b, is_paged(&seen));
			check(b, !range_overlaps(&b->alias_of, &seen));
		}
	}
}

static void test_console(void **state)
{
	(void)state;
	FOR_EACH_BOARD(b) {
		const struct uart_desc *u = &b->console;
		struct range regs = { u->base, u->base + SZ_4K };
		u64 divisor;

		/* A board without console has no address either. */
		check(b, u->ops || !u->base);
		if (!u->ops)
			continue;
		check(b, !range_overlaps(&regs, &b->ram));
		check(b, !in_window(&b->clint, u->base, 1));
		if (u->ops == &uart_ns16550) {
			check(b, u->reg_width == 1 || u->reg_width == 2 ||
			      u->reg_width == 4);
			check(b, (1u << u->reg_shift) >= u->reg_width);
			check(b, u->reg_shift <= 3);
		}
		/* Skip ports without setup or without a baud rate. */
		if (u->keep || u->ops == &uart_htif)
			continue;
		check(b, u->clock && u->baud);
		divisor = (u->clock + 8ul * u->baud) / (16ul * u->baud);
		if (u->ops == &uart_ns16550)
			check(b, divisor >= 1 && divisor <= 0xffff);
	}
}

static void test_clint(void **state)
{
	(void)state;
	FOR_EACH_BOARD(b) {
		const struct clint_desc *c = &b->clint;

		for (size_t i = 0; i < ARRAY_SIZE(c->window); i++) {
			check(b, is_paged(&c->window[i]));
			check(b, is_empty(&c->window[i]) ||
			      !range_overlaps(&c->window[i], &b->ram));
		}
		check(b, !(c->mswi % 4) && in_window(c, c->mswi, 4));
		check(b, !(c->mtime % 8) && in_window(c, c->mtime, 8));
		/* Registers for at least four harts. */
		check(b, !(c->mtimecmp % 8) && in_window(c, c->mtimecmp, 32));
		check(b, c->mswi != c->mtimecmp && c->mtime != c->mtimecmp);
		check(b, !range_has(&b->ram, b->plic));
		check(b, !in_window(c, b->plic, 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_alias),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_clint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
