// SPDX-License-Identifier: BSD-2-Clause
// Parameters of the trace: Kconfig's defaults, then the words of cordon,trace
// in /chosen.

#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/log.h>
#include <cordon/string.h>

#include "parameters.h"
#include "trace.h"

/* Written only before guests run. */
struct trace_settings trace_settings = {
	.on = IS_ENABLED(CONFIG_TRACE_AT_BOOT),
	.stop = IS_ENABLED(CONFIG_TRACE_STOP_WHEN_FULL),
	.filter = { .kinds = EVERY, .harts = EVERY, .code_size = EVERY },
};

static const struct {
	char name[11];
	u8 number;
} kind[] = {
#define TRACE_KIND(number, name, ...)	{ #name, number },
#include "kind.def"
#undef TRACE_KIND
};

/*
 * Parse digits of @base at *s and advance *s past them. Return: false if there
 * are none
 */
static bool parse_number(const char **s, unsigned int base, u64 *value)
{
	const char *start = *s;

	for (*value = 0; ; (*s)++) {
		unsigned int c = (unsigned char)**s;
		unsigned int digit = c - '0' < 10 ? c - '0' :
				     (c | 32) - 'a' < 6 ? (c | 32) - 'a' + 10 : base;

		if (digit >= base)
			return *s > start;
		*value = *value * base + digit;
	}
}

static bool is_word_end(const char *s)
{
	return !*s || *s == ' ';
}

/* Parse start+size up to the end of a word: bytes, at least one, that do not wrap. */
static bool parse_range(const char *s, u64 *start, u64 *size)
{
	return parse_number(&s, 16, start) && *s++ == '+' &&
	       parse_number(&s, 16, size) && is_word_end(s) &&
	       *start + *size > *start;
}

static bool add_watch(const char *s)
{
	struct range *r = &trace_settings.watch[trace_settings.watches];
	u64 size;

	if (trace_settings.watches == WATCHES_MAX || !parse_range(s, &r->start, &size))
		return false;
	r->end = r->start + size;
	trace_settings.watches++;
	return true;
}

static bool add_payload_watch(const char *s)
{
	trace_settings.payload |= (u32)BIT(trace_settings.watches);
	return add_watch(s);
}

/*
 * Parse names separated by commas. A name selects one kind or several ("csr"
 * selects two).
 */
static bool add_kinds(const char *s)
{
	trace_settings.filter.kinds = BIT(TRACE_mark);
	for (;;) {
		size_t len = 0;
		u64 found = 0;

		while (!is_word_end(s + len) && s[len] != ',')
			len++;
		for (unsigned int i = 0; i < ARRAY_SIZE(kind); i++)
			if (len && !strncmp(kind[i].name, s, len))
				found |= BIT(kind[i].number);
		if (!found)
			return false;
		trace_settings.filter.kinds |= found;
		if (is_word_end(s + len))
			return true;
		s += len + 1;
	}
}

static bool add_hart(u64 n)
{
	trace_settings.filter.harts |= n < 64 ? BIT(n) : 0;
	return n < 64;
}

static bool add_eid(u64 n)
{
	struct trace_filter *f = &trace_settings.filter;

	if (f->eids == TRACE_EIDS)
		return false;
	f->eid[f->eids++] = n;
	return true;
}

/* Parse numbers separated by commas. */
static bool add_numbers(const char *s, unsigned int base, bool (*add)(u64 n))
{
	u64 n;

	for (;;) {
		if (!parse_number(&s, base, &n) || !add(n))
			return false;
		if (is_word_end(s))
			return true;
		if (*s++ != ',')
			return false;
	}
}

static bool is_word(const char *s, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(s, word, len) && (is_word_end(s + len) || word[len - 1] == '=');
}

static bool apply_word(const char *s)
{
	struct trace_filter *f = &trace_settings.filter;
	bool start = is_word(s, "start"), stop = is_word(s, "stop");

	if (is_word(s, "watch="))
		return add_watch(s + 6);
	if (is_word(s, "watch-payload="))
		return add_payload_watch(s + 14);
	if (is_word(s, "kinds="))
		return add_kinds(s + 6);
	if (is_word(s, "harts=")) {
		f->harts = 0;
		return add_numbers(s + 6, 10, add_hart);
	}
	if (is_word(s, "eids=")) {
		f->eids = 0;
		return add_numbers(s + 5, 16, add_eid);
	}
	if (is_word(s, "code="))
		return parse_range(s + 5, &f->code, &f->code_size);
	if (start || is_word(s, "off"))
		trace_settings.on = start;
	else if (stop || is_word(s, "overwrite"))
		trace_settings.stop = stop;
	else
		return false;
	return true;
}

static int apply_words(const char *s, bool (*apply)(const char *), const char *from)
{
	while (*s) {
		if (*s != ' ' && !apply(s)) {
			log_err("%s: unknown word: %s", from, s);
			return -EINVAL;
		}
		while (!is_word_end(s))
			s++;
		while (*s == ' ')
			s++;
	}
	return 0;
}

int trace_parameters(void)
{
	const char *words = fdt_parameter(fdt_at_boot, "trace");
	int rc = 0;

	/* The usual empty text leaves no code. */
	if (*CONFIG_TRACE_WATCH)
		rc = apply_words(CONFIG_TRACE_WATCH, add_watch, "TRACE_WATCH");
	return rc || !words ? rc : apply_words(words, apply_word, "cordon,trace");
}
