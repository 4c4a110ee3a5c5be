// SPDX-License-Identifier: BSD-2-Clause
/* The log: whole lines to the board's console. */
#include <arch/spinlock.h>
#include <cordon/board.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/printf.h>
#include <cordon/string.h>
#include <drivers/uart.h>

#define LINE_MAX	192	/* on the stack; longer lines are cut */

/* Keeps lines whole. Harts print in the order in which they get the lock. */
static struct spinlock log_lock;
/* Set once by the hart that panics; never cleared. */
static bool log_forced;
int log_level = CONFIG_LOG_LEVEL;
/* True on the way to a port; read where a trap on that way ends. */
static bool sending;
/* CONFIG_LOG_UART does not answer. Written once at boot. */
static bool own_absent;
/* Under log_lock: the base of a port that took nothing of the last text, or 0. */
static u64 stuck;
/* The settings of the port at this base when no guest had run; written once. */
static struct uart_settings settings;
static u64 settings_of;
/* Written under log_lock. */
struct log_kept log_kept = { .magic = LOG_MAGIC };

static void keep_text(const char *text, size_t len)
{
	struct log_kept *k = &log_kept;

	for (size_t i = 0; i < len; i++)
		k->text[(k->written + i) % sizeof(k->text)] = text[i];
	k->written += len;
}

static bool uses_board_console(void)
{
	return !IS_ENABLED(CONFIG_CONSOLE_OF_TREE) || !uart_elsewhere.base;
}

/*
 * The port of the log: the guests' console, or one of its kind that they do not have; on
 * a machine that is not the board, the console that the tree names.
 */
static const struct uart_desc *log_port(struct uart_desc *own)
{
	if (!uses_board_console())
		return &uart_elsewhere;
	if (!CONFIG_LOG_UART || own_absent)
		return &board.console;
	*own = board.console;
	own->base = CONFIG_LOG_UART;
	return own;
}

static size_t send_chars(const struct uart_desc *u, const char *text, size_t len,
			 unsigned int polls)
{
	size_t n;

	for (n = 0; n < len; n++) {
		if (text[n] == '\n' && !u->ops->putc(u, '\r', &polls))
			break;
		if (!u->ops->putc(u, text[n], &polls))
			break;
	}
	return n;
}

/*
 * Firmware can leave a port slow, or unable to send: do not wait for each character
 * anew, and hardly for a port of which the last text got nothing.
 */
static size_t send_text(const struct uart_desc *u, const char *text, size_t len,
			unsigned int polls)
{
	size_t n = 0;

	if (!len)
		return 0;
	if (stuck == u->base) {
		n = send_chars(u, text, 1, UART_STUCK_POLLS);
		if (!n)
			return 0;
	}
	n += send_chars(u, text + n, len - n, polls);
	if (!n)
		stuck = u->base;
	else if (stuck == u->base)
		stuck = 0;
	return n;
}

static bool lock_log(void)
{
	bool locked = !READ_ONCE(log_forced);

	if (locked)
		spin_lock(&log_lock);
	return locked;
}

static size_t send_locked(const struct uart_desc *u, const char *text, size_t len,
			  unsigned int polls)
{
	bool locked = lock_log();
	size_t sent = u->ops ? send_text(u, text, len, polls) : len;

	if (locked)
		spin_unlock(&log_lock);
	return sent;
}

size_t log_bytes(const char *text, size_t len)
{
	return send_locked(&board.console, text, len, UART_POLLS);
}

bool log_send(const char *fmt, ...)
{
	char line[LINE_MAX];
	struct uart_desc own;
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	len = strlen(line);
	return send_locked(log_port(&own), line, len, UART_LINE_POLLS) == len;
}

/* @u: where to show it, or NULL */
static void log_put(const char *text, size_t len, const struct uart_desc *u)
{
	bool locked = lock_log();

	keep_text(text, len);
	if (u && u->ops) {
		WRITE_ONCE(sending, true);
		send_text(u, text, len, UART_LINE_POLLS);
		WRITE_ONCE(sending, false);
	}
	if (locked)
		spin_unlock(&log_lock);
}

void log_init(void)
{
	struct uart_desc own;
	const struct uart_desc *u = log_port(&own), *console = &board.console;

	if (u->ops && u->ops->init) {
		WRITE_ONCE(sending, true);
		u->ops->init(u);
		WRITE_ONCE(sending, false);
	}
	if (IS_ENABLED(CONFIG_CONFINE) && uses_board_console() && console->ops &&
	    console->ops->save) {
		console->ops->save(console, &settings);
		settings_of = console->base;
	}
}

bool log_lost_port(void)
{
	if (!CONFIG_LOG_UART || !uses_board_console() || !READ_ONCE(sending))
		return false;
	own_absent = true;
	/* The line that trapped holds the lock. */
	log_force();
	return true;
}

void log_restore_console(void)
{
	const struct uart_desc *u = &board.console;
	bool locked;

	if (!u->ops || !u->ops->restore || settings_of != u->base)
		return;
	locked = lock_log();
	u->ops->restore(u, &settings);
	if (locked)
		spin_unlock(&log_lock);
}

void log_print(int level, const char *fmt, ...)
{
	const char *word = level == LOG_ERR ? "error: " :
			   level == LOG_WARN ? "warn: " : "";
	char line[LINE_MAX];
	struct uart_desc own;
	size_t len, room;
	va_list ap;

	len = (size_t)snprintf(line, sizeof(line), "[cordon %u] %s",
			       hart_id_here(), word);
	room = sizeof(line) - len - 1;		/* keep a byte for the newline */
	va_start(ap, fmt);
	len += MIN((size_t)vsnprintf(line + len, room, fmt, ap), room - 1);
	va_end(ap);
	line[len] = '\n';
	line[len + 1] = '\0';
	log_put(line, strlen(line), level <= READ_ONCE(log_level) ? log_port(&own) : NULL);
}

void log_raw(const char *fmt, ...)
{
	char line[LINE_MAX];
	struct uart_desc own;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_put(line, strlen(line), log_port(&own));
}

void log_force(void)
{
	WRITE_ONCE(log_forced, true);
}
