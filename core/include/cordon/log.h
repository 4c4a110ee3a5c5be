/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Levelled log on the board's console, on another machine's (uart_elsewhere), or on a
 * port of its own (CONFIG_LOG_UART). Each line carries the hart and the level: "[cordon 2]
 * warn: ...". A file may define LOG_TAG, a string prefix for its messages, before it
 * includes this header. Arguments are always type-checked; a level above CONFIG_LOG_LEVEL
 * costs no code. Lines longer than 190 characters are cut.
 */
#ifndef CORDON_LOG_H
#define CORDON_LOG_H

#include <cordon/compiler.h>
#include <cordon/types.h>

#ifndef LOG_TAG
#define LOG_TAG ""
#endif

#define LOG_ERR		1	/* cannot continue, or not as configured */
#define LOG_WARN	2	/* works, but needs attention */
#define LOG_INFO	3	/* once per boot: findings and choices */
#define LOG_DEBUG	4	/* rare events, such as refused requests of the
				 * firmware */
#define LOG_TRACE	5	/* every trap that assembly does not serve */

/** Set up the console. Call on the boot hart before the first line. */
void log_init(void);

/**
 * The only hart of the boot has trapped: if that was on the way to CONFIG_LOG_UART, let the
 * log go to the console from now on. Return: true then
 */
bool log_lost_port(void);

/**
 * Lines above this level do not go to the console: property cordon,log of the device
 * tree's /chosen, or a debugger. Those above CONFIG_LOG_LEVEL are not compiled in.
 */
extern int log_level;

#define LOG_MAGIC	"CORDONLG"

/** The newest lines of all levels: byte n of the log is text[n % 4096]. */
struct log_kept {
	char magic[8];
	u64 written;
	char text[4096];
};
extern struct log_kept log_kept;

/**
 * Print one line with the prefix "[cordon <hart id>] " and a newline. Safe on
 * every hart.
 * @level: selects the word before the text, and whether the console shows it
 */
void log_print(int level, const char *fmt, ...) __printf(2, 3);

#define log_at(level, ...)						\
	do {								\
		if ((level) <= CONFIG_LOG_LEVEL)			\
			log_print(level, LOG_TAG __VA_ARGS__);			\
	} while (0)

#define log_err(...)	log_at(LOG_ERR, __VA_ARGS__)
#define log_warn(...)	log_at(LOG_WARN, __VA_ARGS__)
#define log_info(...)	log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	log_at(LOG_DEBUG, __VA_ARGS__)
#define log_trace(...)	log_at(LOG_TRACE, __VA_ARGS__)

/** Print without prefix, level or newline, for dumps and tables. */
void log_raw(const char *fmt, ...) __printf(1, 2);

/**
 * Print like log_raw(), but keep no copy in memory, for data that would push the messages
 * out. Return: false if the port has not taken all of it
 */
bool log_send(const char *fmt, ...) __printf(1, 2);

/**
 * Print raw bytes, for a guest that may use the console. Gives up a port that stays busy.
 * Return: how many it has taken
 */
size_t log_bytes(const char *text, size_t len);
/**
 * Put back the settings that the console's port had before any guest ran, with option
 * CONFINE, for a guest that must not suffer from another one's.
 */
void log_restore_console(void);

/**
 * Print without the log's lock from now on, because during a panic its holder
 * may have been stopped.
 */
void log_force(void);

#endif
