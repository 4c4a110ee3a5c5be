// SPDX-License-Identifier: BSD-2-Clause
/*
 * The device tree: what the monitor reads from it and writes to it.
 *
 * This file keeps no state, because fdt_find_home() runs before the monitor is
 * in its final place. A tree that we do not understand is an error and refuses
 * to boot: missing a reservation would be worse.
 */
#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/log.h>
#include <cordon/printf.h>
#include <cordon/string.h>
#include <drivers/clint.h>
#include <libfdt.h>

#define PAGE		SZ_4K
#define SIZE_MAX_FDT	SZ_2M		/* Linux accepts no larger one */
#define GROWTH		1024
#define SLACK		SZ_16K		/* after a copy, for what the firmware adds */
#define MAX_DEPTH	8		/* deeper nodes are skipped */
#define MAX_WALKS	64		/* over the whole tree, for one home */
#define MAX_RANGES	256		/* of a bus; further ones are ignored */

/* SiFive's CLINT (FU540-C000 manual, chapter 9). */
#define CLINT_MTIMECMP	0x4000
#define CLINT_MTIME	0xbff8

/* Interrupt numbers in a hart's interrupt controller node. */
#define IRQ_M_SOFT	3
#define IRQ_M_TIMER	7

/*
 * Extensions that the monitor does not virtualise. Firmware that used them
 * would get illegal instruction exceptions or no protection; the payload would
 * ask the firmware for them.
 */
static const char hidden_isa[][12] = {
	"smepmp",	/* mseccfg's M-mode rules belong to the monitor */
	"smaia",	/* no virtual IMSIC; miselect and mtopi trap */
	"ssaia",	/* needs smaia's delegation */
	"smcsrind",	/* miselect, mireg: access to hidden state */
	"sscsrind",
	"smcdeleg",	/* delegates counters through siselect */
	"ssccfg",
	"smcntrpmf",	/* mcyclecfg, minstretcfg: not in csr.def */
	"ssqosid",	/* srmcfg: not in csr.def */
	"smctr",	/* would record the monitor's branches too */
	"ssctr",
	"sdtrig",	/* triggers would fire inside the monitor */
	"smrnmi",	/* a second way into M-mode */
	"smdbltrp",	/* mstatus.MDT belongs to the monitor */
	"ssdbltrp",	/* its double traps go to M-mode */
	"ssnpm",	/* pointer masking would change addresses that we decode */
	"smnpm",
	"smmpm",
	"zicfilp",	/* the firmware in U-mode has no landing pads */
	"zicfiss",	/* nor a shadow stack */
};

/** The top-level node that the walk is in. */
enum section {
	OTHER,
	CPUS,
	RESERVED,
	CHOSEN,
};

/** Properties needed of many nodes, read once per node. */
enum known {
	ADDRESS_CELLS,
	SIZE_CELLS,
	COMPATIBLE,
	DEVICE_TYPE,
	RANGES,
	REG,
	STATUS,
	NR_KNOWN,
};

static const char known_name[NR_KNOWN][16] = {
	"#address-cells", "#size-cells", "compatible", "device_type", "ranges",
	"reg", "status",
};

/* Sizes of known_name, including the NUL. */
static const u8 known_size[NR_KNOWN] = { 15, 12, 11, 12, 7, 4, 7 };

struct prop {
	const void *data;	/* NULL if the node has none */
	int len;
};

/**
 * A walk over all nodes, parents first. We do not use libfdt's walk, which
 * rereads the header at every byte of a name; that took most of the boot time.
 */
struct walk {
	const void *fdt;
	const char *block;	/* the structure block */
	u32 end;		/* its size; in version 16, an upper bound */
	const char *strings;	/* the strings block */
	u32 strings_size;
	u32 next;		/* offset of the token after the properties */
	int node;		/* offset of the current node; < 0 on error */
	int depth;		/* the root has depth 0 */
	enum section section;	/* top-level node that we are in */
	struct prop prop[NR_KNOWN];
	/* Facts about the current node and its parents, by depth. */
	struct prop ranges[MAX_DEPTH];
	bool operational[MAX_DEPTH];
	/* Cell counts of a child's "reg". */
	int address_cells[MAX_DEPTH];
	int size_cells[MAX_DEPTH];
};

/* The list of reservations, with its end; fdt_num_mem_rsv() is not negative. */
static struct range reservation_block(const void *fdt)
{
	u64 start = fdt_off_mem_rsvmap(fdt);
	u64 entries = (u64)fdt_num_mem_rsv(fdt) + 1;

	return (struct range){ start, start + entries * sizeof(struct fdt_reserve_entry) };
}

/*
 * A change to a property's value would change names or tokens in a block that
 * shares its bytes. Version 16 does not give the structure block's size.
 */
static bool has_overlap(const void *fdt)
{
	u64 tree_at = fdt_off_dt_struct(fdt), strings_at = fdt_off_dt_strings(fdt);
	u64 tree_size = fdt_version(fdt) >= 17 ? fdt_size_dt_struct(fdt) : 0;
	struct range reservations = reservation_block(fdt);
	struct range tree = { tree_at, tree_at + tree_size };
	struct range strings = { strings_at, strings_at + fdt_size_dt_strings(fdt) };

	return range_overlaps(&reservations, &tree) || range_overlaps(&tree, &strings) ||
	       range_overlaps(&strings, &reservations);
}

/*
 * libfdt checks the alignment of the whole tree, but not of its blocks
 * (Devicetree Specification 5.6), nor that they are apart.
 */
const char *fdt_check(const void *fdt)
{
	if (!fdt)
		return "a1 is 0";
	if ((uintptr_t)fdt & 7)
		return "its address is not 8-byte aligned";
	if (fdt_magic(fdt) != FDT_MAGIC)
		return "no device tree magic";
	if (fdt_version(fdt) < 16 || fdt_last_comp_version(fdt) > 17)
		return "its version is neither 16 nor 17";
	if (fdt_check_header(fdt))
		return "its header is damaged";
	if (fdt_totalsize(fdt) > SIZE_MAX_FDT)
		return "it is larger than 2 MiB";
	if ((fdt_off_mem_rsvmap(fdt) & 7) || (fdt_off_dt_struct(fdt) & 3))
		return "its blocks are misaligned";
	if (fdt_num_mem_rsv(fdt) < 0)
		return "its reservation list does not end";
	if (has_overlap(fdt))
		return "its blocks overlap";
	return NULL;
}

/* Start before the root. */
static bool walk_begin(struct walk *w, const void *fdt)
{
	if (fdt_check(fdt))
		return false;
	w->fdt = fdt;
	w->block = (const char *)fdt + fdt_off_dt_struct(fdt);
	w->end = fdt_version(fdt) >= 17 ? fdt_size_dt_struct(fdt) :
		 fdt_totalsize(fdt) - fdt_off_dt_struct(fdt);
	w->strings = (const char *)fdt + fdt_off_dt_strings(fdt);
	w->strings_size = fdt_size_dt_strings(fdt);
	w->next = 0;
	w->node = -1;
	w->depth = -1;
	return true;
}

/* True if the node's name without its unit address is @name. */
static bool has_name(const struct walk *w, const char *name)
{
	const char *is = w->block + w->node + sizeof(u32);
	size_t len = strlen(name);

	return !strncmp(is, name, len) && (!is[len] || is[len] == '@');
}

static bool prop_is(const struct prop *p, const char *value)
{
	return p->data && (size_t)p->len == strlen(value) + 1 &&
	       !memcmp(p->data, value, (size_t)p->len);
}

static bool is_compatible(const struct walk *w, const char *name)
{
	const struct prop *p = &w->prop[COMPATIBLE];

	return p->data && fdt_stringlist_contains(p->data, p->len, name);
}

static u32 read_word(const struct walk *w, u32 at)
{
	return fdt32_ld((const fdt32_t *)(const void *)(w->block + at));
}

/* Read the token at *at and advance. Return: FDT_END past the end. */
static u32 read_token(const struct walk *w, u32 *at)
{
	u32 token;

	do {
		if (w->end < sizeof(token) || *at > w->end - sizeof(token))
			return FDT_END;
		token = read_word(w, *at);
		*at += sizeof(token);
	} while (token == FDT_NOP);
	return token;
}

/* Skip @size bytes and padding to the next word. Return: false past the end. */
static bool skip_token_data(const struct walk *w, u32 *at, u32 size)
{
	if (size > w->end - *at)
		return false;
	*at = MIN(ALIGN_UP(*at + size, 4u), w->end);
	return true;
}

/* Index in known_name of the string at offset @name; NR_KNOWN if none. */
static unsigned int find_known(const struct walk *w, u32 name)
{
	const char *s = w->strings + name;
	unsigned int i;

	if (name >= w->strings_size)
		return NR_KNOWN;
	for (i = 0; i < NR_KNOWN; i++)
		if (*s == *known_name[i] && known_size[i] <= w->strings_size - name &&
		    !memcmp(s, known_name[i], known_size[i]))
			break;
	return i;
}

/* Go from the node at *at to its first property. Return: false past the end. */
static bool enter_node(const struct walk *w, u32 *at)
{
	*at += sizeof(u32);
	return skip_token_data(w, at, (u32)strnlen(w->block + *at, w->end - *at) + 1);
}

/*
 * Read the property at *at and advance. @name: offset of its name
 * Return: 0 at another token, < 0 past the end
 */
static int next_prop(const struct walk *w, u32 *at, u32 *name, struct prop *p)
{
	if (read_token(w, at) != FDT_PROP)
		return 0;
	if (w->end - *at < 2 * sizeof(u32))
		return -FDT_ERR_TRUNCATED;
	p->len = (int)read_word(w, *at);
	*name = read_word(w, *at + 4);
	*at += 2 * sizeof(u32);
	p->data = w->block + *at;
	return skip_token_data(w, at, (u32)p->len) ? 1 : -FDT_ERR_TRUNCATED;
}

/* Like libfdt, take the first of duplicate properties. */
static bool read_props(struct walk *w)
{
	u32 at = (u32)w->node, name;
	struct prop p;
	unsigned int i;
	int found;

	memset(w->prop, 0, sizeof(w->prop));
	if (!enter_node(w, &at))
		return false;
	for (;;) {
		w->next = at;
		found = next_prop(w, &at, &name, &p);
		if (found <= 0)
			return !found;
		i = find_known(w, name);
		if (i < NR_KNOWN && !w->prop[i].data)
			w->prop[i] = p;
	}
}

/* Like fdt_getprop(), for a node that the walk has passed. */
static const void *read_prop(const struct walk *w, int node, const char *name, int *len)
{
	size_t size = strlen(name) + 1;
	u32 at = (u32)node, is;
	struct prop p;

	if (!enter_node(w, &at))
		return NULL;
	while (next_prop(w, &at, &is, &p) > 0) {
		if (is < w->strings_size && size <= w->strings_size - is &&
		    !memcmp(w->strings + is, name, size)) {
			*len = p.len;
			return p.data;
		}
	}
	return NULL;
}

/* Reread after a change to the current node or its children. */
static void walk_changed(struct walk *w)
{
	w->end = fdt_size_dt_struct(w->fdt);
	w->strings = (const char *)w->fdt + fdt_off_dt_strings(w->fdt);
	w->strings_size = fdt_size_dt_strings(w->fdt);
	read_props(w);
}

/*
 * Go to the next node and set w->node. Return: false at the end of the tree,
 * which keeps w->node, and at a malformed token, which sets it < 0.
 */
static bool find_node(struct walk *w)
{
	for (;;) {
		u32 at = w->next;

		switch (read_token(w, &at)) {
		case FDT_BEGIN_NODE:
			w->depth++;
			w->node = (int)(at - sizeof(u32));
			if (read_props(w))
				return true;
			w->node = -FDT_ERR_TRUNCATED;
			return false;
		case FDT_END_NODE:
			if (--w->depth < 0)
				return false;
			w->next = at;
			break;
		default:
			w->node = -FDT_ERR_BADSTRUCTURE;
			return false;
		}
	}
}

/* Return: the cell count, @other if absent, < 0 if invalid. */
static int read_cell_count(const struct prop *p, int other)
{
	u32 n;

	if (!p->data)
		return other;
	n = p->len == sizeof(n) ? fdt32_ld(p->data) : FDT_MAX_NCELLS + 1;
	return n <= FDT_MAX_NCELLS ? (int)n : -1;
}

/* Modules in /chosen use the root's cells unless /chosen has its own. */
static void read_cell_counts(struct walk *w)
{
	bool inherit = w->section == CHOSEN && w->depth > 0;
	int up = w->depth - 1;

	w->address_cells[w->depth] = read_cell_count(
		&w->prop[ADDRESS_CELLS], inherit ? w->address_cells[up] : 2);
	w->size_cells[w->depth] = read_cell_count(
		&w->prop[SIZE_CELLS], inherit ? w->size_cells[up] : 1);
}

static enum section section_of(const struct walk *w)
{
	return w->depth != 1 ? OTHER :
	       has_name(w, "cpus") ? CPUS :
	       has_name(w, "reserved-memory") ? RESERVED :
	       has_name(w, "chosen") ? CHOSEN : OTHER;
}

/* "ok" is the old spelling of "okay" (Devicetree 2.3.4). */
static bool status_is_okay(const struct walk *w)
{
	const struct prop *p = &w->prop[STATUS];

	return !p->data || prop_is(p, "okay") || prop_is(p, "ok");
}

static bool walk_next(struct walk *w)
{
	do {
		if (!find_node(w))
			return false;
	} while (w->depth >= MAX_DEPTH);

	w->ranges[w->depth] = w->prop[RANGES];
	if (w->depth < 2)
		w->section = section_of(w);
	read_cell_counts(w);
	w->operational[w->depth] =
		status_is_okay(w) && (!w->depth || w->operational[w->depth - 1]);
	return true;
}

/* After walk_next() returned false: true if it reached the end of the tree. */
static bool walk_complete(const struct walk *w)
{
	return w->node >= 0;
}

/* True if the node's name is @name, where a name without a unit address fits any. */
static bool name_fits(const struct walk *w, const char *name, size_t len)
{
	const char *is = w->block + w->node + sizeof(u32);

	return !strncmp(is, name, len) &&
	       (!is[len] || (is[len] == '@' && !memchr(name, '@', len)));
}

/*
 * Walk to the node at @path, as fdt_path_offset_namelen() finds it, or deeper than
 * MAX_DEPTH not at all.
 */
static bool walk_to(struct walk *w, const void *fdt, const char *path, size_t len)
{
	const char *end = path + len, *part = path;
	int depth = -1;

	if (!walk_begin(w, fdt))
		return false;
	while (walk_next(w) && w->depth > depth) {
		if (w->depth > depth + 1 ||
		    (depth >= 0 && !name_fits(w, part, (size_t)(path - part))))
			continue;
		depth++;
		while (path < end && *path == '/')
			path++;
		if (path == end)
			return true;
		part = path;
		while (path < end && *path != '/')
			path++;
	}
	return false;
}

/* True if the node and its parents are in use ("okay" or no status). */
static bool is_operational(const struct walk *w)
{
	return w->operational[w->depth];
}

static u64 read_cells(const fdt32_t *p, int cells)
{
	u64 v = 0;

	for (; cells > 0; cells--)
		v = v << 32 | fdt32_ld(p++);
	return v;
}

/* Read a property of one or two cells; @other if there is none. */
static u64 get_number_or(const struct walk *w, const char *name, u64 other)
{
	int len;
	const fdt32_t *p = read_prop(w, w->node, name, &len);

	return p && (len == 4 || len == 8) ? read_cells(p, len / 4) : other;
}

static u64 get_number(const struct walk *w, const char *name)
{
	return get_number_or(w, name, 0);
}

/* Entry @index of a list of ranges, with a saturated end. See get_reg(). */
static const fdt32_t *get_range(const struct prop *prop, int ac, int sc,
				int index, struct range *r)
{
	const fdt32_t *p = prop->data;

	if (!p || ac < 1 || ac > 2 || sc < 0 || sc > 2 ||
	    prop->len / (int)sizeof(*p) < (index + 1) * (ac + sc))
		return NULL;

	p += index * (ac + sc);
	r->start = read_cells(p, ac);
	r->end = r->start + read_cells(p + ac, sc);
	if (r->end < r->start)
		r->end = UINT64_MAX;
	return p + ac;
}

/*
 * Read entry @index of the node's "reg" as an address on the parent's bus, as
 * memory, harts and reservations use it.
 * Return: a pointer to its size cells, or NULL if there is no such entry.
 */
static const fdt32_t *get_reg(const struct walk *w, int index, struct range *r)
{
	if (w->depth < 1)
		return NULL;
	return get_range(&w->prop[REG], w->address_cells[w->depth - 1],
			 w->size_cells[w->depth - 1], index, r);
}

/*
 * Translate *r from the bus at @depth to its parent (Devicetree 2.3.8). Without
 * "ranges" the addresses are taken as identical, as OpenSBI does.
 */
static bool translate_once(const struct walk *w, int depth, struct range *r)
{
	int ac = w->address_cells[depth], sc = w->size_cells[depth];
	int up = w->address_cells[depth - 1];
	int step = ac + up + sc;
	const fdt32_t *p = w->ranges[depth].data;
	int len = w->ranges[depth].len;

	if (!p || !len)
		return true;
	if (ac < 1 || ac > 2 || up < 1 || up > 2 || sc < 1 || sc > 2)
		return false;
	for (int n = MIN(len / (step * (int)sizeof(*p)), MAX_RANGES); n > 0; n--, p += step) {
		u64 from = read_cells(p, ac), to = read_cells(p + ac, up);

		if (r->start < from ||
		    r->end - from > read_cells(p + ac + up, sc))
			continue;
		r->start += to - from;
		r->end += to - from;
		return r->start <= r->end;
	}
	return false;
}

/* Read entry @index of a device's "reg" as a CPU address. */
static bool get_device(const struct walk *w, int index, struct range *r)
{
	if (!get_reg(w, index, r))
		return false;
	for (int depth = w->depth - 1; depth > 0; depth--)
		if (!translate_once(w, depth, r))
			return false;
	return true;
}

static bool is_memory(const struct walk *w)
{
	return w->depth == 1 && prop_is(&w->prop[DEVICE_TYPE], "memory") &&
	       is_operational(w);
}

static bool is_cpu(const struct walk *w)
{
	return w->depth == 2 && w->section == CPUS &&
	       (prop_is(&w->prop[DEVICE_TYPE], "cpu") || has_name(w, "cpu"));
}

/*
 * True if this hart is broken or absent. A "disabled" hart exists, and software
 * could start it (Devicetree 3.8.1).
 */
static bool has_failed(const struct walk *w)
{
	const struct prop *p = &w->prop[STATUS];

	return p->data && (prop_is(p, "fail") ||
			   (p->len > 5 && !memcmp(p->data, "fail-", 5)));
}

static void add_memory(struct machine *m, const struct walk *w)
{
	struct range r;

	for (int i = 0; get_reg(w, i, &r); i++) {
		if (r.start >= r.end)
			continue;
		if (m->nr_memory == FDT_MAX_MEMORY)
			m->more_memory = true;
		else
			m->memory[m->nr_memory++] = r;
	}
}

/* Limit a block to one page. */
static void add_block(struct machine *m, const struct walk *w, const char *name)
{
	u64 size = get_number(w, name);

	if (size > PAGE || (size & (size - 1)))
		size = PAGE;
	m->cbo_block = MAX(m->cbo_block, (u16)size);
}

static int add_hart(struct machine *m, const struct walk *w)
{
	struct range r;

	if (!get_reg(w, 0, &r) || r.start > UINT32_MAX) {
		log_err("device tree has a cpu node without a 32-bit hart ID");
		return -EINVAL;
	}
	for (unsigned int i = 0; i < m->nr_harts; i++) {
		if (m->hart_id[i] == r.start) {
			log_err("device tree has hart %lu twice", (ulong)r.start);
			return -EINVAL;
		}
	}
	if (m->nr_harts >= CONFIG_NR_HARTS_MAX)
		return -ENOSPC;
	m->hart_id[m->nr_harts++] = (u32)r.start;
	add_block(m, w, "riscv,cbom-block-size");
	add_block(m, w, "riscv,cboz-block-size");
	return 0;
}

int fdt_read_machine(const void *fdt, struct machine *m)
{
	struct walk w;

	m->nr_harts = 0;
	m->nr_failed = 0;
	m->cbo_block = 0;
	m->nr_memory = 0;
	m->more_memory = false;
	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (is_memory(&w)) {
			add_memory(m, &w);
		} else if (is_cpu(&w) && has_failed(&w)) {
			m->nr_failed++;
		} else if (is_cpu(&w)) {
			int err = add_hart(m, &w);

			if (err)
				return err;
		}
	}
	if (!walk_complete(&w))
		return -EINVAL;
	return m->nr_harts && m->nr_memory ? 0 : -ENOENT;
}

/* Pages from the first that @a or @b touches to the last. */
static struct range page_range(const struct range *a, const struct range *b)
{
	return (struct range){
		.start = ALIGN_DOWN(MIN(a->start, b->start), PAGE),
		.end = ALIGN_UP(MAX(a->end, b->end), PAGE),
	};
}

/* The part of a CLINT that a node describes (clint.def). */
enum clint_part {
	NO_CLINT,
	WHOLE,
	WHOLE_NO_MTIME,
	MSWI,
	MTIMER,
	MTIMER_NARROW,
};

static enum clint_part clint_part(const struct walk *w)
{
	static const struct {
		char name[28];
		u8 part;
	} parts[] = {
#define CLINT(part, name)	{ name, part },
#include <drivers/clint.def>
	};

	if (!w->prop[COMPATIBLE].data || !is_operational(w))
		return NO_CLINT;
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++)
		if (is_compatible(w, parts[i].name))
			return parts[i].part;
	return NO_CLINT;
}

static bool read_whole_clint(const struct walk *w, struct clint_desc *c, bool mtime)
{
	struct range r;

	if (c->mswi || c->mtimecmp || !get_device(w, 0, &r) || !r.start)
		return false;
	c->mswi = r.start;
	c->mtimecmp = r.start + CLINT_MTIMECMP;
	c->mtime = mtime ? r.start + CLINT_MTIME : 0;
	c->narrow |= !mtime;
	r.end = MAX(r.end, r.start + CLINT_MTIME + sizeof(u64));
	c->window[0] = page_range(&r, &r);
	return true;
}

/* Two entries are mtime and mtimecmp; a single one is mtimecmp. */
static bool read_mtimer(const struct walk *w, struct clint_desc *c, bool narrow)
{
	struct range a, b;

	if (c->mtimecmp || !get_device(w, 0, &a) || !a.start)
		return false;
	if (!get_reg(w, 1, &b))
		b = a;
	else if (!get_device(w, 1, &b) || !b.start)
		return false;
	else
		c->mtime = a.start;
	c->mtimecmp = b.start;
	c->narrow |= narrow;
	c->window[1] = page_range(&a, &b);
	return true;
}

static bool read_mswi(const struct walk *w, struct clint_desc *c)
{
	struct range r;

	if (c->mswi || !get_device(w, 0, &r) || !r.start)
		return false;
	c->mswi = r.start;
	c->window[0] = page_range(&r, &r);
	return true;
}

/* True if registers are aligned, and no window reaches past all addresses. */
static bool clint_is_sound(const struct clint_desc *c)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(c->window); i++)
		if (c->window[i].start > c->window[i].end)
			return false;
	return !(c->mswi & 3) && !(c->mtimecmp & 7) && !(c->mtime & 7);
}

/*
 * Record the current node if it is a CLINT or ACLINT device.
 * Return: false for a duplicate or a malformed node.
 */
static bool read_clint_node(const struct walk *w, struct clint_desc *c)
{
	enum clint_part part = clint_part(w);

	if (part != NO_CLINT &&
	    fdt_getprop(w->fdt, w->node, "clint,has-no-64bit-mmio", NULL))
		c->narrow = true;
	switch (part) {
	case WHOLE:
	case WHOLE_NO_MTIME:
		return read_whole_clint(w, c, part == WHOLE) && clint_is_sound(c);
	case MSWI:
		return read_mswi(w, c) && clint_is_sound(c);
	case MTIMER:
	case MTIMER_NARROW:
		return read_mtimer(w, c, part == MTIMER_NARROW) && clint_is_sound(c);
	default:
		return true;
	}
}

/* True if the CLINT device at this node, if it is one, matches @c. */
static bool clint_agrees(const struct walk *w, const struct clint_desc *c)
{
	struct clint_desc is = { 0 };

	return read_clint_node(w, &is) && (!is.mswi || is.mswi == c->mswi) &&
	       (!is.mtimecmp || is.mtimecmp == c->mtimecmp) &&
	       (!is.mtime || is.mtime == c->mtime);
}

int fdt_read_handover(const void *fdt, struct range *r)
{
	struct walk w;
	int rc = -ENOENT;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (w.depth != 2 || w.section != RESERVED ||
		    !is_compatible(&w, "google,open-dice"))
			continue;
		if (!rc || !get_reg(&w, 0, r))
			return -EINVAL;
		rc = 0;
	}
	return walk_complete(&w) ? rc : -EINVAL;
}

u64 fdt_read_cbom(const void *fdt)
{
	struct walk w;
	u64 min = 0;

	if (!walk_begin(&w, fdt))
		return 0;
	while (walk_next(&w)) {
		u64 v = is_cpu(&w) ? get_number(&w, "riscv,cbom-block-size") : 0;

		if (v && (!min || v < min))
			min = v;
	}
	return min;
}

/* Visit the windows of a PCI host bridge, whose own addresses have 3 cells. */
static void each_window(const struct walk *w, void *arg,
			void (*each)(void *arg, int node, const struct range *r))
{
	int ac = w->address_cells[w->depth - 1], sc = w->size_cells[w->depth];
	int len, step = 3 + ac + sc;
	const fdt32_t *p = fdt_getprop(w->fdt, w->node, "ranges", &len);
	struct range r;

	if (!p || w->address_cells[w->depth] != 3 || ac < 1 || ac > 2 ||
	    sc < 1 || sc > 2)
		return;
	for (; len >= step * (int)sizeof(*p); len -= step * (int)sizeof(*p)) {
		r.start = read_cells(p + 3, ac);
		r.end = r.start + read_cells(p + 3 + ac, sc);
		each(arg, w->node, &r);
		p += step;
	}
}

int fdt_each_device(const void *fdt,
		    void (*each)(void *arg, int node, const struct range *r),
		    void *arg)
{
	bool mapped[MAX_DEPTH] = { true };
	struct walk w;
	struct range r;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (!w.depth || !mapped[w.depth - 1]) {
			mapped[w.depth] = !w.depth;
			continue;
		}
		/*
		 * A bus without "ranges" is not mapped (Devicetree 2.3.8), but
		 * readers take a simple-bus without it for mapped one to one.
		 */
		mapped[w.depth] = w.prop[RANGES].data || is_compatible(&w, "simple-bus");
		if (prop_is(&w.prop[DEVICE_TYPE], "memory") ||
		    w.section == RESERVED || w.section == CHOSEN)
			continue;
		for (int i = 0; get_reg(&w, i, &r); i++)
			if (get_device(&w, i, &r))
				each(arg, w.node, &r);
		each_window(&w, arg, each);
	}
	return walk_complete(&w) ? 0 : -EINVAL;
}

/* Registers follow the order of "interrupts-extended" (phandle and interrupt each). */
struct clint_order {
	const fdt32_t *list;
	int cells;
	u32 irq;
};

/* The register of the hart whose interrupt controller has this phandle; -1 if none. */
static s64 register_of(const struct clint_order *o, u32 phandle)
{
	s64 n = 0;

	for (int i = 0; i + 1 < o->cells && n < CLINT_HARTS; i += 2) {
		if (fdt32_ld(&o->list[i + 1]) != o->irq)
			continue;
		if (phandle && fdt32_ld(&o->list[i]) == phandle)
			return n;
		n++;
	}
	return -1;
}

/* True if no hart of the tree has a register that drivers/clint.h takes for another's. */
static bool is_in_hart_order(const struct walk *w)
{
	struct clint_order o = { .irq = clint_part(w) == MSWI ? IRQ_M_SOFT : IRQ_M_TIMER };
	int cpus = fdt_path_offset(w->fdt, "/cpus"), cpu, intc, len;
	const fdt32_t *reg;

	o.list = fdt_getprop(w->fdt, w->node, "interrupts-extended", &len);
	o.cells = o.list ? len / (int)sizeof(*o.list) : 0;
	fdt_for_each_subnode(cpu, w->fdt, cpus) {
		reg = fdt_getprop(w->fdt, cpu, "reg", &len);
		if (!reg || (len != 4 && len != 8))
			continue;
		fdt_for_each_subnode(intc, w->fdt, cpu) {
			s64 n = register_of(&o, fdt_get_phandle(w->fdt, intc));

			if (n >= 0 && (u64)n != read_cells(reg, len / 4))
				return false;
		}
	}
	return true;
}

int fdt_read_clint(const void *fdt, struct clint_desc *c)
{
	bool in_order = true;
	struct walk w;

	memset(c, 0, sizeof(*c));
	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (clint_part(&w) == NO_CLINT)
			continue;
		if (!read_clint_node(&w, c))
			return -EINVAL;
		in_order &= is_in_hart_order(&w);
	}
	if (!walk_complete(&w))
		return -EINVAL;
	return !c->mswi || !c->mtimecmp ? -ENOENT : in_order ? 0 : -ENXIO;
}

u32 fdt_read_timebase(const void *fdt)
{
	u64 hz = 0;
	struct walk w;

	if (!walk_begin(&w, fdt))
		return 0;
	/* timebase-frequency belongs to /cpus; old trees put it in each cpu. */
	while (!hz && walk_next(&w)) {
		if (w.section == CPUS && (w.depth == 1 || is_cpu(&w)))
			hz = get_number(&w, "timebase-frequency");
	}
	return hz <= UINT32_MAX ? (u32)hz : 0;
}

static bool walk_to_chosen(struct walk *w, const void *fdt)
{
	static const char path[] = "/chosen";

	return walk_to(w, fdt, path, strlen(path));
}

const char *fdt_parameter(const void *fdt, const char *name)
{
	char property[32];
	const char *text;
	struct walk w;
	int len;

	if (snprintf(property, sizeof(property), "cordon,%s", name) >=
	    (int)sizeof(property))
		return NULL;
	if (!walk_to_chosen(&w, fdt))
		return NULL;
	text = read_prop(&w, w.node, property, &len);
	if (text && (len <= 0 || memchr(text, 0, (size_t)len) != text + len - 1)) {
		log_warn("%s in /chosen is ignored: it is not one string", property);
		return NULL;
	}
	return text;
}

/* The node of /chosen's stdout-path; < 0 if none. */
static int find_console(const void *fdt)
{
	const char *path, *end;
	struct walk w;
	int node, len;

	if (!walk_to_chosen(&w, fdt))
		return -FDT_ERR_NOTFOUND;
	path = read_prop(&w, w.node, "stdout-path", &len);
	if (!path)
		return -FDT_ERR_NOTFOUND;
	/* Options such as the baud rate follow a colon. */
	end = memchr(path, ':', (size_t)len);
	if (!end)
		end = path + strnlen(path, (size_t)len);
	len = (int)(end - path);

	/* Resolve aliases here, because libfdt's search may recurse forever. */
	if (len > 0 && *path != '/') {
		node = fdt_path_offset(fdt, "/aliases");
		path = fdt_getprop_namelen(fdt, node, path, len, &len);
		if (!path)
			return -FDT_ERR_NOTFOUND;
		len = (int)strnlen(path, (size_t)len);
	}
	if (len <= 0 || *path != '/')
		return -FDT_ERR_NOTFOUND;
	return walk_to(&w, fdt, path, (size_t)len) ? w.node : -FDT_ERR_NOTFOUND;
}

int fdt_find_console(const void *fdt)
{
	return fdt_check(fdt) ? -FDT_ERR_BADSTRUCTURE : find_console(fdt);
}

/* Bytes that a driver reaches: eight registers of up to eight bytes. */
#define UART_SIZE	64

/* True if a driver could take memory for the port's registers. */
static bool is_in_memory(const void *fdt, const struct range *port)
{
	struct walk w;
	struct range r;

	if (!walk_begin(&w, fdt))
		return true;
	while (walk_next(&w))
		for (int i = 0; is_memory(&w) && get_reg(&w, i, &r); i++)
			if (range_overlaps(&r, port))
				return true;
	return false;
}

int fdt_read_uart(const void *fdt, int node, struct uart_desc *u)
{
	struct walk w;
	struct range r;
	u64 width, shift;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (w.node != node) {
		if (!walk_next(&w))
			return -EINVAL;
	}
	if (!is_operational(&w))
		return -ENOENT;
	width = get_number_or(&w, "reg-io-width", 1);
	shift = get_number(&w, "reg-shift");
	if (!get_device(&w, 0, &r) || shift > 3 ||
	    (width != 1 && width != 2 && width != 4))
		return -EINVAL;
	r.start += get_number(&w, "reg-offset");
	r.end = r.start + UART_SIZE;
	if (r.end < r.start || (r.start & 3) || is_in_memory(fdt, &r))
		return -EINVAL;
	u->base = r.start;
	u->reg_shift = (u8)shift;
	u->reg_width = (u8)width;
	u->keep = true;
	return 0;
}

static bool overlaps_alias(const struct board *b, const struct range *r)
{
	for (unsigned int i = 0; i < BOARD_ALIASES; i++) {
		struct range seen = {
			b->alias_of.start + b->alias_offset[i],
			b->alias_of.end + b->alias_offset[i],
		};

		if (b->alias_offset[i] && range_overlaps(r, &seen))
			return true;
	}
	return false;
}

/* True if a bank of this memory node is an alias of the board's memory. */
static bool is_alias(const struct walk *w, const struct board *b, struct range *r)
{
	if (is_memory(w))
		for (int i = 0; get_reg(w, i, r); i++)
			if (overlaps_alias(b, r))
				return true;
	return false;
}

#define ELSEWHERE	"device tree has its %s at %lx"

/*
 * Compare the node's address with the board's.
 * Return: -EINVAL for a mismatch that endangers isolation, else 0
 */
static int check_address(const struct walk *w, const struct board *b, int console)
{
	const char *wrong = NULL, *other = NULL;
	struct range r = { 0, 0 };

	if (!is_operational(w))
		return 0;
	get_device(w, 0, &r);
	if (!clint_agrees(w, &b->clint))
		wrong = "CLINT";
	else if (is_alias(w, b, &r))
		wrong = "memory";
	else if (b->plic && r.start != b->plic &&
		 is_compatible(w, "sifive,plic-1.0.0"))
		other = "PLIC";
	if (w->node == console && b->console.ops) {
		r.start += get_number(w, "reg-offset");
		other = r.start != b->console.base ? "console" : NULL;
	}

	if (wrong)
		log_err(ELSEWHERE, wrong, r.start);
	if (other)
		log_warn(ELSEWHERE, other, r.start);
	return wrong ? -EINVAL : 0;
}

/* Refuse machines whose guests need devices that the monitor lacks. */
static int check_supported(const void *fdt)
{
	unsigned int clints = 0, plics = 0, imsics = 0;
	struct walk w;
	int err = 0;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (!is_operational(&w))
			continue;
		clints += clint_part(&w) != NO_CLINT && clint_part(&w) != MSWI;
		plics += is_compatible(&w, "sifive,plic-1.0.0") ||
			 is_compatible(&w, "riscv,plic0");
		imsics += is_compatible(&w, "riscv,imsics");
	}
	if (clints > 1) {
		log_err("device tree has %u CLINTs, one per socket; the monitor supports one",
			clints);
		err = -EINVAL;
	}
	/*
	 * The monitor hides IMSICs from M-mode, and hides Ssaia, without which
	 * S-mode cannot use its own.
	 */
	if (imsics && !plics) {
		log_err("device tree has IMSICs but no PLIC; firmware cannot use IMSICs");
		err = -EINVAL;
	}
	return err;
}

int fdt_check_board(const void *fdt, const struct board *b)
{
	struct walk w;
	struct range r = { 0, 0 };
	int console;
	int err = 0;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	if (b->compatible[0] && fdt_node_check_compatible(fdt, 0, b->compatible))
		log_warn("device tree is not for %s", b->name);

	console = find_console(fdt);
	if (check_supported(fdt))
		err = -EINVAL;
	while (walk_next(&w)) {
		if (check_address(&w, b, console))
			err = -EINVAL;
		if (w.depth == 1 && w.section == CPUS) {
			u64 hz = get_number(&w, "timebase-frequency");

			if (hz && hz != b->timebase)
				log_warn("device tree has a timebase of %lu Hz", hz);
		}
	}
	if (!fdt_find_bank(fdt, b->firmware, &r)) {
		log_err(ELSEWHERE, "memory", r.start);
		err = -EINVAL;
	}
	return walk_complete(&w) ? err : -EINVAL;
}

/* Upper bound of the tree's size after fdt_patch(). */
static u32 grown_size(const void *fdt)
{
	u32 struct_end = fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt);
	u32 strings_end = fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);

	return MAX(fdt_totalsize(fdt), MAX(struct_end, strings_end) + GROWTH);
}

/**
 * A candidate range for the monitor: as high as the ranges allow that were seen so far.
 */
struct candidate {
	struct range range;
	u64 around;		/* ignore ranges that contain this, unless 0 */
	bool moved;
};

static void keep_clear(struct candidate *c, u64 start, u64 end)
{
	u64 size = c->range.end - c->range.start;
	struct range r = { start, end };

	if (start < end && range_overlaps(&c->range, &r) &&
	    !(c->around && range_has(&r, c->around))) {
		c->range.end = ALIGN_DOWN(start, PAGE);
		c->range.start = c->range.end - MIN(size, c->range.end);
		c->moved = true;
	}
}

/* Avoid ranges that the previous stage lists in /chosen. */
static void keep_clear_of_chosen(struct candidate *c, const struct walk *w)
{
	u64 map = get_number(w, "linux,uefi-mmap-start");
	static const char ranges[][24] = {
		"linux,elfcorehdr", "linux,ima-kexec-buffer",
	};
	struct prop p;
	struct range r;

	keep_clear(c, get_number(w, "linux,initrd-start"),
		   get_number(w, "linux,initrd-end"));
	keep_clear(c, map, map + get_number(w, "linux,uefi-mmap-size"));
	for (unsigned int i = 0; i < ARRAY_SIZE(ranges); i++) {
		p.data = read_prop(w, w->node, ranges[i], &p.len);
		if (get_range(&p, w->address_cells[0], w->size_cells[0], 0, &r))
			keep_clear(c, r.start, r.end);
	}
}

/*
 * Avoid a memory region of OpenSBI's domains. One that contains the firmware is
 * the root domain's, usually all addresses: ignore it.
 */
static void keep_clear_of_domain(struct candidate *c, const struct walk *w)
{
	u64 base = get_number(w, "base"), order = get_number(w, "order");
	struct range r = { base, base + BIT(MIN(order, (u64)63)) };

	if (r.end > r.start && !range_has(&r, board.firmware))
		keep_clear(c, r.start, r.end);
}

static void keep_clear_of_node(struct candidate *c, const struct walk *w)
{
	struct range r;

	if (w->section == CHOSEN && w->depth == 1) {
		keep_clear_of_chosen(c, w);
	} else if (is_compatible(w, "opensbi,domain,memregion")) {
		keep_clear_of_domain(c, w);
	} else if (w->section == CHOSEN || w->section == RESERVED) {
		/* Modules, framebuffers, reserved regions. */
		for (int i = 0; get_reg(w, i, &r); i++)
			keep_clear(c, r.start, r.end);
	} else if (is_compatible(w, "simple-framebuffer")) {
		for (int i = 0; get_device(w, i, &r); i++)
			keep_clear(c, r.start, r.end);
	}
}

/*
 * Check the candidate against all memory that the tree marks as in use. Return:
 * false if the tree is malformed.
 */
static bool check_candidate(const void *fdt, struct candidate *c)
{
	struct walk w;
	struct range r;
	int n;

	if (!walk_begin(&w, fdt))
		return false;
	n = fdt_num_mem_rsv(fdt);
	for (int i = 0; i < n; i++) {
		if (fdt_get_mem_rsv(fdt, i, &r.start, &r.end))
			return false;
		/* fdt_get_mem_rsv() has put the size in r.end. */
		r.end += r.start;
		keep_clear(c, r.start, r.end < r.start ? UINT64_MAX : r.end);
	}
	while (walk_next(&w))
		keep_clear_of_node(c, &w);
	return walk_complete(&w);
}

bool fdt_find_bank(const void *fdt, u64 addr, struct range *bank)
{
	struct walk w;

	if (!walk_begin(&w, fdt))
		return false;
	while (walk_next(&w)) {
		if (!is_memory(&w))
			continue;
		for (int i = 0; get_reg(&w, i, bank); i++) {
			if (range_has(bank, addr))
				return true;
		}
	}
	return false;
}

/*
 * True if the blocks are in fdt_open_into()'s order, which libfdt's write
 * functions require.
 */
static bool is_in_order(const void *fdt)
{
	struct range reservations = reservation_block(fdt);
	u32 tree = fdt_off_dt_struct(fdt);

	return fdt_version(fdt) >= 17 && reservations.start >= sizeof(struct fdt_header) &&
	       tree >= reservations.end &&
	       fdt_off_dt_strings(fdt) >= tree + fdt_size_dt_struct(fdt);
}

bool fdt_may_grow(const void *fdt, const struct range *avoid,
		  unsigned int nr_avoid)
{
	u64 self = (uintptr_t)fdt;
	/* A reservation around the tree is its own. */
	struct candidate c = { .around = self };
	struct range bank, all;

	if (!fdt_find_bank(fdt, self, &bank) || !is_in_order(fdt))
		return false;
	all = (struct range){ self, self + grown_size(fdt) };
	if (bank.end < all.end)
		return false;
	c.range = (struct range){ self + fdt_totalsize(fdt), all.end };
	for (unsigned int i = 0; i < nr_avoid; i++)
		if (range_overlaps(&avoid[i], &all))
			return false;
	return c.range.start == c.range.end ||
	       (check_candidate(fdt, &c) && !c.moved);
}

/* Bisect between present and absent memory. Return: the end of memory. */
static u64 end_of_memory(u64 there, u64 absent,
			 u64 (*find_absent)(const struct range *r))
{
	struct range page;

	while (there < absent && absent - there > PAGE) {
		page.start = ALIGN_DOWN(there + (absent - there) / 2, PAGE);
		page.end = page.start + PAGE;
		if (find_absent(&page))
			absent = page.start;
		else
			there = page.start;
	}
	return absent;
}

u64 fdt_find_home(const void *fdt, u64 size, u64 near,
		  const struct range *avoid, unsigned int nr_avoid,
		  u64 (*find_absent)(const struct range *r))
{
	u64 self = (uintptr_t)fdt, end, absent;
	unsigned int walks = 0;
	struct range bank;

	if (!fdt_find_bank(fdt, near, &bank))
		return 0;

	end = ALIGN_DOWN(bank.end, PAGE);
	while (end >= size && end - size >= bank.start && end > size) {
		struct candidate c = { .range = { end - size, end } };

		if (walks++ == MAX_WALKS) {
			log_err("device tree reserves too many ranges at the top of memory");
			return 0;
		}
		keep_clear(&c, self, self + grown_size(fdt));
		for (unsigned int i = 0; i < nr_avoid; i++)
			keep_clear(&c, avoid[i].start, avoid[i].end);
		if (!check_candidate(fdt, &c))
			return 0;
		if (c.moved) {
			end = c.range.end;
			continue;
		}
		absent = find_absent(&c.range);
		if (!absent)
			return c.range.start;
		end = end_of_memory(near, absent, find_absent);
	}
	return 0;
}

size_t fdt_room(const void *fdt)
{
	return ALIGN_UP(fdt_totalsize(fdt) + GROWTH + SLACK, PAGE);
}

int fdt_copy(const void *fdt, void *to)
{
	size_t room = fdt_room(fdt);

	memset(to, 0, room);
	return fdt_open_into(fdt, to, (int)(fdt_totalsize(fdt) + GROWTH)) ?
	       -EINVAL : 0;
}

/* True if @name is hidden. It may carry a version: "zba1p0". */
static bool is_hidden(const char *name, size_t len)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(hidden_isa); i++) {
		size_t n = strlen(hidden_isa[i]);

		if (len >= n && !memcmp(name, hidden_isa[i], n) &&
		    (len == n || (name[n] >= '0' && name[n] <= '9')))
			return true;
	}
	return false;
}

/*
 * Strip "riscv,isa", a single string such as rv64imac_zba_zbb. The first
 * multi-letter name (s, x or z...) may follow without an underscore.
 * Return: its new size, including the NUL.
 */
static size_t strip_isa_string(char *isa, size_t size)
{
	char *in = isa, *out, *end = isa + strnlen(isa, size);

	while (in < end && *in != '_' && *in != 's' && *in != 'x' && *in != 'z')
		in++;
	out = in;
	while (in < end) {
		char *start = in;
		char *name = in + (*in == '_');

		in = memchr(name, '_', (size_t)(end - name));
		if (!in)
			in = end;
		if (is_hidden(name, (size_t)(in - name)))
			continue;
		memmove(out, start, (size_t)(in - start));
		out += in - start;
	}
	if ((size_t)(out - isa) < size)
		*out++ = '\0';
	return (size_t)(out - isa);
}

/* Strip "riscv,isa-extensions", a string list. Return: its new size. */
static size_t strip_isa_list(char *list, size_t size)
{
	char *in = list, *out = list, *end = list + size;

	while (in < end) {
		size_t len = strnlen(in, (size_t)(end - in));
		size_t step = MIN(len + 1, (size_t)(end - in));

		if (!is_hidden(in, len)) {
			memmove(out, in, step);
			out += step;
		}
		in += step;
	}
	return (size_t)(out - list);
}

static int strip_isa(void *fdt, int node, const char *name,
		     size_t (*strip)(char *p, size_t size))
{
	int len;
	char *p = fdt_getprop_w(fdt, node, name, &len);
	void *unused;
	int new_len;

	if (!p || len <= 0)
		return 0;
	new_len = (int)strip(p, (size_t)len);
	if (new_len == len)
		return 0;
	/* Shrink the property in place; keeps the contents. */
	return fdt_setprop_placeholder(fdt, node, name, new_len, &unused);
}

static fdt32_t *write_cells(fdt32_t *p, int cells, u64 v)
{
	for (int i = cells; i > 0; i--, v >>= 32)
		fdt32_st(&p[i - 1], (u32)v);
	return p + cells;
}

/*
 * Nodes to insert into the structure block at once. libfdt would look for each name in
 * the whole tree, and move the rest of it for each property.
 */
#define TOKENS_SIZE	192
struct tokens {
	void *fdt;
	u32 size;
	char data[TOKENS_SIZE];
};

/* Bytes that a node needs at most, with the names of properties. */
#define TOKENS_ROOM	(TOKENS_SIZE + 96)

static void put_word(struct tokens *t, u32 value)
{
	fdt32_st(t->data + t->size, value);
	t->size += sizeof(value);
}

static void put_data(struct tokens *t, const void *data, size_t size)
{
	memcpy(t->data + t->size, data, size);
	t->size = ALIGN_UP(t->size + (u32)size, 4u);
}

static void put_node(struct tokens *t, const char *name)
{
	put_word(t, FDT_BEGIN_NODE);
	put_data(t, name, strlen(name) + 1);
}

/* Its name becomes a new string, which may be there already. */
static void put_prop(struct tokens *t, const char *name, const void *data, u32 size)
{
	u32 at = fdt_size_dt_strings(t->fdt);
	size_t length = strlen(name) + 1;

	memcpy((char *)t->fdt + fdt_off_dt_strings(t->fdt) + at, name, length);
	fdt_set_size_dt_strings(t->fdt, at + (u32)length);
	put_word(t, FDT_PROP);
	put_word(t, size);
	put_word(t, at);
	put_data(t, data, size);
}

/* Insert @t at an offset of the structure block. The strings are behind it. */
static void insert_tokens(const struct tokens *t, u32 offset)
{
	void *fdt = t->fdt;
	char *at = (char *)fdt + fdt_off_dt_struct(fdt) + offset;
	char *end = (char *)fdt + fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);

	memmove(at + t->size, at, (size_t)(end - at));
	memcpy(at, t->data, t->size);
	fdt_set_size_dt_struct(fdt, fdt_size_dt_struct(fdt) + t->size);
	fdt_set_off_dt_strings(fdt, fdt_off_dt_strings(fdt) + t->size);
}

static bool has_room(const void *fdt)
{
	return fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt) + TOKENS_ROOM <=
	       fdt_totalsize(fdt);
}

static void put_cells(struct tokens *t, const char *name, int count)
{
	fdt32_t cells;

	write_cells(&cells, 1, (u64)count);
	put_prop(t, name, &cells, sizeof(cells));
}

/* Offset behind the current node and its children. */
static u32 end_of_node(struct walk w)
{
	int depth = w.depth;

	while (find_node(&w))
		if (w.depth <= depth)
			return (u32)w.node;
	return w.next;
}

/*
 * Insert a node for memory above the home behind the memory node that had it. EDK2
 * ignores a node with two ranges, and U-Boot uses the first node alone for itself.
 */
static int add_memory_node(void *fdt, struct walk *w, const struct range *r)
{
	char name[sizeof("memory@0123456789abcdef")];
	struct tokens t = { .fdt = fdt };
	fdt32_t reg[4], *p = reg;
	const void *numa_node;
	int len;

	snprintf(name, sizeof(name), "memory@%lx", r->start);
	/* Two nodes listed the same memory. */
	if (fdt_subnode_offset(fdt, 0, name) >= 0)
		return 0;
	if (!has_room(fdt))
		return -FDT_ERR_NOSPACE;

	p = write_cells(p, w->address_cells[0], r->start);
	p = write_cells(p, w->size_cells[0], r->end - r->start);
	put_node(&t, name);
	put_prop(&t, "device_type", "memory", sizeof("memory"));
	put_prop(&t, "reg", reg, (u32)((p - reg) * 4));
	numa_node = read_prop(w, w->node, "numa-node-id", &len);
	if (numa_node && len == sizeof(u32))
		put_prop(&t, "numa-node-id", numa_node, sizeof(u32));
	put_word(&t, FDT_END_NODE);
	insert_tokens(&t, end_of_node(*w));
	walk_changed(w);
	return 0;
}

/*
 * Remove @home from this memory node. Memory above it gets a node of its own, because
 * some loaders look only at memory nodes, and use all of the first.
 */
static int cut_memory(void *fdt, struct walk *w, const struct range *home)
{
	int ac = w->address_cells[0], sc = w->size_cells[0];
	struct range r, above;
	fdt32_t *size;
	u64 below;
	int err;

	for (int i = 0; (size = (fdt32_t *)(uintptr_t)get_reg(w, i, &r)); i++) {
		if (r.start >= r.end || !range_overlaps(&r, home))
			continue;
		below = home->start > r.start ? home->start - r.start : 0;
		/* The rest of a page stays unused. */
		above = (struct range){ home->end, home->end };
		if (r.end > home->end && r.end - home->end >= PAGE)
			above.end = r.end;
		if (!below && above.start < above.end) {
			write_cells(size - ac, ac, above.start);
			write_cells(size, sc, above.end - above.start);
			continue;
		}
		write_cells(size, sc, below);
		if (above.start == above.end)
			continue;
		err = add_memory_node(fdt, w, &above);
		if (err)
			return err;
	}
	return 0;
}

static int patch_nodes(void *fdt, const struct range *home)
{
	struct walk w;
	int err = 0;

	if (!walk_begin(&w, fdt))
		return -FDT_ERR_BADSTRUCTURE;
	while (!err && walk_next(&w)) {
		if (is_memory(&w)) {
			err = cut_memory(fdt, &w, home);
		} else if (is_cpu(&w)) {
			err = strip_isa(fdt, w.node, "riscv,isa",
					strip_isa_string);
			if (!err)
				err = strip_isa(fdt, w.node,
						"riscv,isa-extensions",
						strip_isa_list);
			walk_changed(&w);
		}
	}
	if (!err && !walk_complete(&w))
		err = w.node;
	return err;
}

/*
 * Add a node to /reserved-memory, which is made if there is none, with the root's cell
 * counts. @name: as long as "enclave-pool" at most.
 */
static int add_reservation(void *fdt, const struct range *r, const char *name,
			   const char *compatible)
{
	static const char reserved[] = "/reserved-memory";
	char full[sizeof("enclave-pool@0123456789abcdef")];
	struct tokens t = { .fdt = fdt };
	fdt32_t reg[4], *p = reg;
	struct walk w;
	bool is_new = !walk_to(&w, fdt, reserved, strlen(reserved));
	int ac, sc;

	if (is_new && (!walk_begin(&w, fdt) || !walk_next(&w)))
		return -FDT_ERR_BADSTRUCTURE;
	ac = w.address_cells[w.depth];
	sc = w.size_cells[w.depth];
	if (ac < 1 || ac > 2 || sc < 1 || sc > 2 ||
	    (ac == 1 && r->end > UINT32_MAX) ||
	    (sc == 1 && r->end - r->start > UINT32_MAX))
		return -FDT_ERR_BADNCELLS;
	snprintf(full, sizeof(full), "%s@%lx", name, r->start);
	if (!is_new && fdt_subnode_offset(fdt, w.node, full) >= 0)
		return -FDT_ERR_EXISTS;
	if (!has_room(fdt))
		return -FDT_ERR_NOSPACE;

	if (is_new) {
		put_node(&t, reserved + 1);
		put_cells(&t, "#address-cells", ac);
		put_cells(&t, "#size-cells", sc);
		put_prop(&t, "ranges", "", 0);
	}
	p = write_cells(p, ac, r->start);
	p = write_cells(p, sc, r->end - r->start);
	put_node(&t, full);
	put_prop(&t, "compatible", compatible, (u32)strlen(compatible) + 1);
	put_prop(&t, "reg", reg, (u32)((p - reg) * 4));
	put_prop(&t, "no-map", "", 0);
	put_word(&t, FDT_END_NODE);
	if (is_new)
		put_word(&t, FDT_END_NODE);
	insert_tokens(&t, w.next);
	return 0;
}

/* Remove @r from the memory nodes, and say what it is for. */
static int reserve_range(void *fdt, const struct range *r, const char *name,
			 const char *compatible)
{
	int err = patch_nodes(fdt, r);

	if (!err)
		err = add_reservation(fdt, r, name, compatible);
	return !err ? 0 : err == -FDT_ERR_NOSPACE ? -ENOSPC : -EINVAL;
}

int fdt_patch(void *fdt, const struct range *home)
{
	struct range self = { (uintptr_t)fdt, (uintptr_t)fdt };
	struct walk w;
	u32 end;

	if (!walk_begin(&w, fdt) || !is_in_order(fdt))
		return -EINVAL;
	self.end += grown_size(fdt);
	if (range_overlaps(&self, home))
		return -ENOSPC;

	/* Clear the grown part, so that readers do not see old memory. */
	end = fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);
	fdt_set_totalsize(fdt, grown_size(fdt));
	memset((char *)fdt + end, 0, fdt_totalsize(fdt) - end);
	return reserve_range(fdt, home, "cordon", "cordon,monitor");
}

int fdt_add_pool(void *fdt, const struct range *pool)
{
	return reserve_range(fdt, pool, "enclave-pool", "cordon,enclave-pool");
}
