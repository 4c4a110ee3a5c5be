/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Levelled log on the board's console. Each line carries the level and the
 * hart: "[cordon 2] warn: ...". A file may define LOG_TAG, a string put before
 * its messages, before including this header. Arguments are always
 * type-checked; a level above CONFIG_LOG_LEVEL costs no code. What is longer
 * than a line of 190 characters is cut.
 */
#ifndef CORDON_LOG_H
#define CORDON_LOG_H

#include <cordon/compiler.h>
#include <cordon/types.h>

#ifndef LOG_TAG
#define LOG_TAG ""
#endif

#define LOG_ERR		1	/* we cannot go on, or not as configured */
#define LOG_WARN	2	/* works, but somebody should look at it */
#define LOG_INFO	3	/* once per boot: what was found and chosen */
#define LOG_DEBUG	4	/* rare events: what the firmware was refused */
#define LOG_TRACE	5	/* every trap that assembly does not serve */

/** Set up the board's console; on the boot hart, before the first line. */
void log_init(void);

/**
 * Print one line with the prefix "[cordon <hart id>] "; a newline is added. Safe on
 * every hart.
 * @level: decides the word before the text, not whether it is printed
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

/** Print without prefix, level or newline (dumps, tables). */
void log_raw(const char *fmt, ...) __printf(1, 2);

/** Bytes as they are, from a guest that is entitled to the console. */
void log_bytes(const char *text, size_t len);

/**
 * From now on print without taking the log's lock: a panic is under way, and its
 * holder may be stopped.
 */
void log_force(void);

#endif
