// SPDX-License-Identifier: BSD-2-Clause
/* Formatted text for the log: a subset of ISO C's printf. */
#include <cordon/printf.h>
#include <cordon/string.h>

/** State of one format_text() call and its current conversion. */
struct format {
	put_fn put;
	void *ctx;
	size_t len;		/* characters output so far */
	va_list ap;

	unsigned int width;
	unsigned int precision;	/* %s only */
	unsigned int longs;	/* number of l; z counts as one */
	bool left;		/* flag - */
	bool zero;		/* flag 0 */
};

static void put(struct format *f, char c)
{
	f->put(f->ctx, c);
	f->len++;
}

static void pad(struct format *f, char c, size_t used)
{
	for (; used < f->width; used++)
		put(f, c);
}

static void put_text(struct format *f, const char *s, size_t len)
{
	if (!f->left)
		pad(f, ' ', len);
	for (size_t i = 0; i < len; i++)
		put(f, s[i]);
	if (f->left)
		pad(f, ' ', len);
}

/* @sign: prefix of the digits, "" for none. */
static void put_number(struct format *f, u64 v, unsigned int base,
		       const char *sign)
{
	static const char digits[] = "0123456789abcdef";
	char buf[24];		/* 2^64 has 20 decimal digits */
	char *p = buf + sizeof(buf);
	size_t sign_len = strlen(sign);

	do {
		*--p = digits[v % base];
		v /= base;
	} while (v);

	if (f->zero && !f->left) {
		size_t len = (size_t)(buf + sizeof(buf) - p) + sign_len;

		while (*sign)
			put(f, *sign++);
		pad(f, '0', len);
		f->width = 0;
	} else {
		p = (char *)memcpy(p - sign_len, sign, sign_len);
	}
	put_text(f, p, (size_t)(buf + sizeof(buf) - p));
}

static s64 next_signed(struct format *f)
{
	return f->longs ? va_arg(f->ap, long) : va_arg(f->ap, int);
}

static u64 next_unsigned(struct format *f)
{
	return f->longs ? va_arg(f->ap, ulong) : va_arg(f->ap, unsigned int);
}

/* Output conversion @c. Return: false if @c is unknown. */
static bool convert(struct format *f, char c)
{
	const char *s;
	char ch;
	s64 v;

	switch (c) {
	case 'd':
		v = next_signed(f);
		put_number(f, v < 0 ? -(u64)v : (u64)v, 10, v < 0 ? "-" : "");
		return true;
	case 'u':
		put_number(f, next_unsigned(f), 10, "");
		return true;
	case 'x':
		put_number(f, next_unsigned(f), 16, "");
		return true;
	case 'p':
		put_number(f, (uintptr_t)va_arg(f->ap, void *), 16, "0x");
		return true;
	case 's':
		s = va_arg(f->ap, const char *);
		if (!s)
			s = "(null)";
		put_text(f, s, strnlen(s, f->precision));
		return true;
	case 'c':
		ch = (char)va_arg(f->ap, int);
		put_text(f, &ch, 1);
		return true;
	case '%':
		put(f, '%');
		return true;
	default:
		return false;
	}
}

/* Parse a decimal number. Return: the rest of the format. */
static const char *parse_number(const char *p, unsigned int *value)
{
	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++)
		*value = *value * 10 + (unsigned int)(*p - '0');
	return p;
}

/* Parse flags, width, precision and length. Return: the conversion letter. */
static const char *parse_spec(struct format *f, const char *p)
{
	f->left = f->zero = false;
	f->longs = 0;
	f->precision = ~0u;

	for (;; p++) {
		if (*p == '-')
			f->left = true;
		else if (*p == '0')
			f->zero = true;
		else
			break;
	}
	p = parse_number(p, &f->width);
	if (*p == '.')
		p = parse_number(p + 1, &f->precision);
	for (; *p == 'l' || *p == 'z'; p++)
		f->longs++;
	return p;
}

size_t format_text(put_fn put_char, void *ctx, const char *fmt, va_list ap)
{
	struct format f = { .put = put_char, .ctx = ctx };

	va_copy(f.ap, ap);
	while (*fmt) {
		const char *p;

		if (*fmt != '%') {
			put(&f, *fmt++);
			continue;
		}
		p = parse_spec(&f, fmt + 1);
		if (convert(&f, *p))
			fmt = p + 1;
		else
			put(&f, *fmt++);
	}
	va_end(f.ap);
	return f.len;
}

/** Output buffer of vsnprintf(). */
struct buffer {
	char *text;
	size_t size;
	size_t len;
};

static void buffer_put(void *ctx, char c)
{
	struct buffer *b = ctx;

	/* Reserve the last byte for the NUL. */
	if (b->len + 1 < b->size)
		b->text[b->len++] = c;
}

int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt,
	      va_list ap)
{
	struct buffer b = { .text = buf, .size = size };
	size_t len = format_text(buffer_put, &b, fmt, ap);

	if (size)
		buf[b.len] = '\0';
	return (int)len;
}

/**
 * Format into @buf: at most @size bytes, including the NUL, which is always
 * written.
 * Return: the length of the text without the limit.
 */
int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
