// SPDX-License-Identifier: BSD-2-Clause
/* The log: prefix, levels, cutting, the lock, and a busy port. */
#include <unit.h>

/* Fakes of the two headers that need a RISC-V hart. */
#define ARCH_SPINLOCK_H
#define CORDON_HART_H

struct spinlock {
	int held;
};

static int nr_locked;

static void spin_lock(struct spinlock *l)
{
	assert_int_equal(l->held, 0);
	l->held = 1;
	nr_locked++;
}

static void spin_unlock(struct spinlock *l)
{
	assert_int_equal(l->held, 1);
	l->held = 0;
}

static unsigned int hart_id_here(void)
{
	return 42;
}

#define snprintf mon_snprintf
#define vsnprintf mon_vsnprintf
#include <core/lib/printf.c>
#include <core/lib/log.c>

static char sent[1024];
static size_t nr_sent;
static size_t nr_tried;
static size_t capacity;		/* characters until the port is stuck */
static unsigned int cost;	/* polls for a character */
static unsigned int nr_polls;
static int nr_init, nr_restored;

static void fake_init(const struct uart_desc *u)
{
	assert_ptr_equal(u, &board.console);
	nr_init++;
}

static bool fake_putc(const struct uart_desc *u, char c, unsigned int *polls)
{
	assert_ptr_equal(u, &board.console);
	if (!log_forced)
		assert_int_equal(log_lock.held, 1);
	nr_tried++;
	if (nr_sent >= capacity || *polls < cost) {
		nr_polls += *polls;
		*polls = 0;
		return false;
	}
	*polls -= cost;
	nr_polls += cost;
	sent[nr_sent++] = c;
	return true;
}

static void fake_save(const struct uart_desc *u, struct uart_settings *s)
{
	assert_ptr_equal(u, &board.console);
	s->reg[0] = 4711;
}

static void fake_restore(const struct uart_desc *u, const struct uart_settings *s)
{
	assert_ptr_equal(u, &board.console);
	assert_int_equal(s->reg[0], 4711);
	assert_int_equal(log_lock.held, 1);
	nr_restored++;
}

static const struct uart_ops fake_ops = {
	.init = fake_init,
	.save = fake_save,
	.restore = fake_restore,
	.putc = fake_putc,
};

BOARD_CONST struct board board = {
	.console = { .ops = &fake_ops, .base = 0x10000000 },
};

static int reset(void **state)
{
	(void)state;
	memset(sent, 0, sizeof(sent));
	nr_sent = nr_tried = 0;
	cost = nr_polls = 0;
	stuck = 0;
	nr_locked = 0;
	capacity = sizeof(sent) - 1;
	log_kept.written = 0;
	log_forced = false;
	return 0;
}

static void test_lines(void **state)
{
	(void)state;
	log_info("home %lx, %d harts", 0xbff00000ul, 4);
	log_warn("w");
	log_err("e");
	log_debug("not at this level");
	assert_string_equal(sent,
			    "[cordon 42] home bff00000, 4 harts\r\n"
			    "[cordon 42] warn: w\r\n"
			    "[cordon 42] error: e\r\n");
	assert_int_equal(nr_locked, 3);
	assert_int_equal(log_lock.held, 0);
}

static void test_raw(void **state)
{
	(void)state;
	log_raw("a%d\nb", 1);
	assert_string_equal(sent, "a1\r\nb");
	assert_int_equal(nr_locked, 1);
}

/* A line of any length ends in one line break and stays in its buffer. */
static void test_cut(void **state)
{
	char text[301] = "";

	(void)state;
	for (int i = 0; i < 300; i++) {
		reset(NULL);
		log_info("%s", text);
		assert_memory_equal(sent, "[cordon 42] ", 12);
		assert_string_equal(sent + nr_sent - 2, "\r\n");
		assert_int_equal(nr_sent, 14 + (i < LINE_MAX - 14 ? i : LINE_MAX - 14));
		text[i] = 'x';
	}
	reset(NULL);
	log_raw("%s", text);
	assert_int_equal(nr_sent, LINE_MAX - 1);
}

static void test_forced(void **state)
{
	(void)state;
	log_lock.held = 1;		/* by a stopped hart */
	log_force();
	log_err("panic");
	log_lock.held = 0;
	assert_string_equal(sent, "[cordon 42] error: panic\r\n");
	assert_int_equal(nr_locked, 0);
}

static void test_stuck(void **state)
{
	(void)state;
	capacity = 5;
	log_info("hello");
	assert_string_equal(sent, "[cord");
	/* It waited for one character, not for each of the line. */
	assert_int_equal(nr_tried, 6);
	assert_int_equal(log_lock.held, 0);
}

static void test_init(void **state)
{
	(void)state;
	log_init();
	assert_int_equal(nr_init, 1);
	log_restore_console();
	assert_int_equal(nr_restored, 1);
	assert_int_equal(log_lock.held, 0);
}

/* However slow a guest has made the port, a text takes no longer than this. */
static void test_slow(void **state)
{
	char text[100] = "";

	(void)state;
	memset(text, 'x', sizeof(text));
	cost = UART_POLLS / 10;
	assert_int_equal(log_bytes(text, sizeof(text)), 10);
	assert_int_equal(nr_polls, UART_POLLS);
	/* It is slow, not stuck: the next one has the same time. */
	assert_int_equal(log_bytes(text, sizeof(text)), 10);
	nr_polls = 0;
	log_raw("%.100s", text);
	assert_int_equal(nr_polls, UART_LINE_POLLS);
}

/* After a text of which nothing was sent the others wait briefly, until one is. */
static void test_stuck_twice(void **state)
{
	(void)state;
	capacity = 0;
	assert_int_equal(log_bytes("lost", 4), 0);
	assert_int_equal(nr_polls, UART_POLLS);
	for (int i = 0; i < 3; i++) {
		nr_polls = 0;
		assert_int_equal(log_bytes("lost", 4), 0);
		assert_int_equal(nr_polls, UART_STUCK_POLLS);
		nr_polls = 0;
		log_raw("lost");
		assert_int_equal(nr_polls, UART_STUCK_POLLS);
	}
	capacity = sizeof(sent) - 1;
	cost = UART_STUCK_POLLS;
	assert_int_equal(log_bytes("sent", 4), 4);
	assert_int_equal(log_bytes("sent", 4), 4);
	assert_string_equal(sent, "sentsent");
}

static void test_levels_at_run_time(void **state)
{
	u64 before = log_kept.written;

	(void)state;
	log_level = LOG_WARN;
	log_print(LOG_INFO, "kept alone");
	assert_int_equal(nr_sent, 0);
	log_print(LOG_WARN, "shown");
	assert_non_null(strstr(sent, "shown"));
	assert_null(strstr(sent, "kept alone"));
	log_level = CONFIG_LOG_LEVEL;
	assert_int_equal(log_kept.written - before,
			 strlen("[cordon 42] kept alone\n[cordon 42] warn: shown\n"));
	assert_memory_equal(log_kept.text + before, "[cordon 42] kept", 16);
}

static void test_kept_goes_round(void **state)
{
	size_t size = sizeof(log_kept.text);

	(void)state;
	log_kept.written = 2 * size - 3;
	log_raw("abcdef");
	assert_memory_equal(log_kept.text + size - 3, "abc", 3);
	assert_memory_equal(log_kept.text, "def", 3);
	log_kept.written = 0;
}

/* A guest's bytes are none of the monitor's. */
static void test_guests_bytes_are_not_kept(void **state)
{
	u64 before = log_kept.written;

	(void)state;
	log_bytes("guest", 5);
	assert_string_equal(sent, "guest");
	assert_int_equal(log_kept.written, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lines, reset),
		cmocka_unit_test_setup(test_raw, reset),
		cmocka_unit_test_setup(test_cut, reset),
		cmocka_unit_test_setup(test_forced, reset),
		cmocka_unit_test_setup(test_stuck, reset),
		cmocka_unit_test_setup(test_init, reset),
		cmocka_unit_test_setup(test_slow, reset),
		cmocka_unit_test_setup(test_stuck_twice, reset),
		cmocka_unit_test_setup(test_levels_at_run_time, reset),
		cmocka_unit_test_setup(test_kept_goes_round, reset),
		cmocka_unit_test_setup(test_guests_bytes_are_not_kept, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
