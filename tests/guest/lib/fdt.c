// SPDX-License-Identifier: BSD-2-Clause
/* A minimal reader of flattened device trees. */
#include "guest.h"

enum { FDT_BEGIN = 1, FDT_END, FDT_PROP, FDT_NOP, FDT_STOP = 9 };
#define MAX_DEPTH 16

static u32 be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static u64 be64(const void *p)
{
	return (u64)be32(p) << 32 | be32((const u8 *)p + 4);
}

static unsigned int length(const char *s)
{
	unsigned int n = 0;

	while (s[n])
		n++;
	return n;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool contains(const char *s, unsigned int n, const char *word)
{
	unsigned int w = length(word);

	for (unsigned int i = 0; i + w <= n; i++) {
		unsigned int j = 0;

		while (j < w && s[i + j] == word[j])
			j++;
		if (j == w)
			return true;
	}
	return false;
}

/* One property, with the names of the nodes above it. */
struct prop {
	unsigned int depth;
	const char *node[MAX_DEPTH];
	const char *name;
	const void *value;
	u32 len;
};

typedef bool (*visit_t)(const struct prop *p, void *arg);

/* Call visit for each property (and with no name at the end of each node). */
static bool walk(visit_t visit, void *arg)
{
	const u8 *fdt = (const u8 *)hart_of(0)->fdt;
	const u8 *p = fdt + be32(fdt + 8);
	const char *strings = (const char *)fdt + be32(fdt + 12);
	struct prop prop = { .depth = 0 };

	if (be32(fdt) != 0xd00dfeed)
		die("no device tree at %lx", (u64)fdt);
	for (;;) {
		u32 token = be32(p);

		p += 4;
		switch (token) {
		case FDT_BEGIN:
			prop.node[prop.depth++] = (const char *)p;
			p += (length((const char *)p) + 4) & ~3u;
			break;
		case FDT_END:
			prop.name = "";
			if (visit(&prop, arg))
				return true;
			prop.depth--;
			break;
		case FDT_PROP:
			prop.len = be32(p);
			prop.name = strings + be32(p + 4);
			prop.value = p + 8;
			p += 8 + ((prop.len + 3) & ~3u);
			if (visit(&prop, arg))
				return true;
			break;
		case FDT_NOP:
			break;
		default:
			return false;
		}
	}
}

struct monitor_search {
	struct range range;
	bool named;
};

static bool visit_monitor(const struct prop *p, void *arg)
{
	struct monitor_search *s = arg;

	if (p->depth != 3 || !same(p->node[1], "reserved-memory"))
		return false;
	if (same(p->name, "reg")) {
		s->range.base = be64(p->value);
		s->range.size = be64((const u8 *)p->value + 8);
	}
	if (same(p->name, "compatible") &&
	    contains(p->value, p->len, "cordon"))
		s->named = true;
	if (!*p->name) {
		if (contains(p->node[2], length(p->node[2]), "cordon"))
			s->named = true;
		if (s->named && s->range.size)
			return true;
		*s = (struct monitor_search){ .named = false };
	}
	return false;
}

/** fdt_monitor() - Find the memory reserved for the monitor, if any */
bool fdt_monitor(struct range *r)
{
	struct monitor_search s = { .named = false };

	if (!walk(visit_monitor, &s))
		return false;
	*r = s.range;
	return true;
}

static bool visit_memory(const struct prop *p, void *arg)
{
	struct range *r = arg;

	if (p->depth != 2 || !same(p->name, "reg") ||
	    !contains(p->node[1], 7, "memory@"))
		return false;
	r->base = be64(p->value);
	r->size = be64((const u8 *)p->value + 8);
	return true;
}

/** fdt_memory() - Find the first range of RAM */
bool fdt_memory(struct range *r)
{
	return walk(visit_memory, r);
}

static bool visit_cpu(const struct prop *p, void *arg)
{
	unsigned int *n = arg;

	if (p->depth == 3 && same(p->node[1], "cpus") &&
	    contains(p->node[2], 4, "cpu@") && !*p->name)
		(*n)++;
	return false;
}

/** fdt_harts() - Number of cpu nodes */
unsigned int fdt_harts(void)
{
	unsigned int n = 0;

	walk(visit_cpu, &n);
	return n;
}

static bool visit_isa(const struct prop *p, void *arg)
{
	const char **isa = arg;

	if (p->depth != 3 || !same(p->name, "riscv,isa"))
		return false;
	*isa = p->value;
	return true;
}

/** fdt_isa() - The ISA string of the first hart */
bool fdt_isa(char *buf, unsigned int size)
{
	const char *isa;
	unsigned int i;

	if (!walk(visit_isa, &isa))
		return false;
	for (i = 0; isa[i] && i + 1 < size; i++)
		buf[i] = isa[i];
	buf[i] = 0;
	return true;
}
