// SPDX-License-Identifier: BSD-2-Clause
/*
 * The device tree: what the monitor reads from it and writes into it.
 *
 * Nothing here keeps state, because fdt_find_home() runs before the monitor is
 * where it will be. A tree that is not understood ends in an error, which
 * refuses to start: a reservation overlooked is worse than no boot.
 */
#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/log.h>
#include <cordon/printf.h>
#include <cordon/string.h>
#include <libfdt.h>

#define PAGE		SZ_4K
#define SIZE_MAX_FDT	SZ_2M		/* Linux takes no larger one */
#define GROWTH		1024
#define MAX_DEPTH	8		/* deeper nodes are passed over */

/* SiFive's CLINT (FU540-C000 manual, chapter 9). */
#define CLINT_MTIMECMP	0x4000
#define CLINT_MTIME	0xbff8

/*
 * Extensions that the monitor does not virtualise. Firmware that believed in
 * them would get illegal instruction exceptions, or a protection that is not
 * there; the payload would ask the firmware for them.
 */
static const char hidden_isa[][12] = {
	"smepmp",	/* mseccfg's rules for M-mode: the monitor's */
	"smaia",	/* no virtual IMSIC; miselect and mtopi trap */
	"ssaia",	/* is built on smaia's delegation */
	"smcsrind",	/* miselect, mireg: gate what stays hidden */
	"sscsrind",
	"smcdeleg",	/* delegates counters through siselect */
	"ssccfg",
	"smcntrpmf",	/* mcyclecfg, minstretcfg: no row in csr.def */
	"ssqosid",	/* srmcfg: no row in csr.def */
	"smctr",	/* records branches of the monitor too */
	"ssctr",
	"sdtrig",	/* triggers would fire inside the monitor */
	"smrnmi",	/* a second way into M-mode */
	"smdbltrp",	/* mstatus.MDT belongs to the monitor */
	"ssdbltrp",	/* takes smdbltrp's escape into M-mode */
	"ssnpm",	/* pointer masking: addresses we decode would change */
	"smnpm",
	"smmpm",
	"zicfilp",	/* the firmware in U-mode has no landing pads */
	"zicfiss",	/* nor a shadow stack */
};

/** What the children of a node at depth 1 are. */
enum section {
	OTHER,
	CPUS,
	RESERVED,
};

/** A walk over all nodes, parents first. */
struct walk {
	const void *fdt;
	int node;		/* offset of the current node; <0 at an error */
	int depth;		/* the root has 0 */
	enum section section;	/* which node at depth 1 we are in */
	/* How a child's "reg" is built, by the parent's depth. */
	int address_cells[MAX_DEPTH];
	int size_cells[MAX_DEPTH];
};

/*
 * Start before the root. The tree must be one that we can patch in place:
 * version 17, of a size that is credible, aligned as a whole (libfdt looks at
 * that) and in its parts (libfdt does not; Devicetree Specification 5.6).
 */
static bool walk_begin(struct walk *w, const void *fdt)
{
	if (!fdt || fdt_check_header(fdt) || fdt_version(fdt) < 17 ||
	    fdt_totalsize(fdt) > SIZE_MAX_FDT ||
	    (fdt_off_mem_rsvmap(fdt) & 7) || (fdt_off_dt_struct(fdt) & 3) ||
	    fdt_num_mem_rsv(fdt) < 0)
		return false;
	w->fdt = fdt;
	w->node = -1;
	w->depth = -1;
	return true;
}

/* Has the node this name, with any unit address? */
static bool has_name(const struct walk *w, const char *name)
{
	const char *is = fdt_get_name(w->fdt, w->node, NULL);
	size_t len = strlen(name);

	return is && !strncmp(is, name, len) && (!is[len] || is[len] == '@');
}

static bool walk_next(struct walk *w)
{
	do {
		w->node = fdt_next_node(w->fdt, w->node, &w->depth);
		if (w->node < 0 || w->depth < 0)
			return false;
	} while (w->depth >= MAX_DEPTH);

	w->address_cells[w->depth] = fdt_address_cells(w->fdt, w->node);
	w->size_cells[w->depth] = fdt_size_cells(w->fdt, w->node);
	if (w->depth == 1)
		w->section = has_name(w, "cpus") ? CPUS :
			     has_name(w, "reserved-memory") ? RESERVED : OTHER;
	return true;
}

/* After walk_next() said no: did the walk end at the tree's end? */
static bool walk_complete(const struct walk *w)
{
	return w->node >= 0;
}

/* Is property @name the string @value? */
static bool prop_is(const struct walk *w, const char *name, const char *value)
{
	int len;
	const char *p = fdt_getprop(w->fdt, w->node, name, &len);

	return p && (size_t)len == strlen(value) + 1 &&
	       !memcmp(p, value, (size_t)len);
}

static u64 read_cells(const fdt32_t *p, int cells)
{
	u64 v = 0;

	for (; cells > 0; cells--)
		v = v << 32 | fdt32_ld(p++);
	return v;
}

/* A property that is a number of one cell or two; 0 if there is none. */
static u64 get_number(const struct walk *w, const char *name)
{
	int len;
	const fdt32_t *p = fdt_getprop(w->fdt, w->node, name, &len);

	return p && (len == 4 || len == 8) ? read_cells(p, len / 4) : 0;
}

/*
 * Entry @index of the node's "reg", its end saturated. Addresses are those of
 * the parent's bus; it is assumed to show them as the CPU sees them.
 * Return: where its size cells are, or NULL if there is no such entry.
 */
static const fdt32_t *get_reg(const struct walk *w, int index, struct range *r)
{
	const fdt32_t *p;
	int ac, sc, len;

	if (w->depth < 1)
		return NULL;
	ac = w->address_cells[w->depth - 1];
	sc = w->size_cells[w->depth - 1];
	p = fdt_getprop(w->fdt, w->node, "reg", &len);
	if (!p || ac < 1 || ac > 2 || sc < 0 || sc > 2 ||
	    len / (int)sizeof(*p) < (index + 1) * (ac + sc))
		return NULL;

	p += index * (ac + sc);
	r->start = read_cells(p, ac);
	r->end = r->start + read_cells(p + ac, sc);
	if (r->end < r->start)
		r->end = UINT64_MAX;
	return p + ac;
}

static bool is_memory(const struct walk *w)
{
	return w->depth == 1 && prop_is(w, "device_type", "memory") &&
	       !prop_is(w, "status", "disabled");
}

static bool is_cpu(const struct walk *w)
{
	return w->depth == 2 && w->section == CPUS &&
	       (prop_is(w, "device_type", "cpu") || has_name(w, "cpu"));
}

static void add_memory(struct machine *m, const struct walk *w)
{
	struct range r;

	for (int i = 0; m->nr_memory < FDT_MAX_MEMORY && get_reg(w, i, &r); i++) {
		if (r.start < r.end)
			m->memory[m->nr_memory++] = r;
	}
}

static int add_hart(struct machine *m, const struct walk *w)
{
	struct range r;

	if (!get_reg(w, 0, &r) || r.start > UINT32_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < m->nr_harts; i++) {
		if (m->hart_id[i] == r.start)
			return -EINVAL;
	}
	if (m->nr_harts >= CONFIG_NR_HARTS_MAX)
		return -ENOSPC;
	m->hart_id[m->nr_harts++] = (u32)r.start;
	return 0;
}

int fdt_read_machine(const void *fdt, struct machine *m)
{
	struct walk w;

	m->nr_harts = 0;
	m->nr_memory = 0;
	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (is_memory(&w)) {
			add_memory(m, &w);
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

/* Both devices in one, with mtimecmp at 0x4000 and mtime at 0xbff8. */
static bool is_clint(const struct walk *w)
{
	static const char clints[][16] = {
		"sifive,clint0", "sifive,clint2", "riscv,clint0",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(clints); i++) {
		if (!fdt_node_check_compatible(w->fdt, w->node, clints[i]))
			return true;
	}
	return false;
}

static bool is_mswi(const struct walk *w)
{
	return !fdt_node_check_compatible(w->fdt, w->node, "riscv,aclint-mswi");
}

static bool is_mtimer(const struct walk *w)
{
	return !fdt_node_check_compatible(w->fdt, w->node,
					  "riscv,aclint-mtimer");
}

/* Is the CLINT or ACLINT device at the current node where @c says? */
static bool clint_agrees(const struct walk *w, const struct clint_desc *c)
{
	struct range r;

	if (is_clint(w))
		return get_reg(w, 0, &r) && r.start == c->mswi &&
		       c->mtimecmp - r.start == CLINT_MTIMECMP &&
		       c->mtime - r.start == CLINT_MTIME;
	/* T-Head's is a CLINT without mtime. */
	if (is_mswi(w) ||
	    !fdt_node_check_compatible(w->fdt, w->node, "thead,c900-clint"))
		return get_reg(w, 0, &r) && r.start == c->mswi;
	if (!is_mtimer(w))
		return true;
	/* With two entries, the first is mtime. */
	if (!get_reg(w, 1, &r))
		return get_reg(w, 0, &r) && r.start == c->mtimecmp;
	if (r.start != c->mtimecmp)
		return false;
	return get_reg(w, 0, &r) && r.start == c->mtime;
}

int fdt_read_handover(const void *fdt, struct range *r)
{
	struct walk w;
	int rc = -ENOENT;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (w.depth != 2 || w.section != RESERVED ||
		    fdt_node_check_compatible(fdt, w.node, "google,open-dice"))
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

/* All pages that @a and @b touch, and what lies between them. */
static struct range pages_of(const struct range *a, const struct range *b)
{
	return (struct range){
		.start = ALIGN_DOWN(MIN(a->start, b->start), PAGE),
		.end = ALIGN_UP(MAX(a->end, b->end), PAGE),
	};
}

/*
 * Take what the current node says, if it is a CLINT or ACLINT device.
 * Return: false if something else said it before, or it makes no sense.
 */
static bool take_clint(const struct walk *w, struct clint_desc *c)
{
	struct range a, b;

	if (is_clint(w)) {
		if (c->mswi || c->mtime || !get_reg(w, 0, &a) || !a.start)
			return false;
		c->mswi = a.start;
		c->mtimecmp = a.start + CLINT_MTIMECMP;
		c->mtime = a.start + CLINT_MTIME;
		b = (struct range){ a.start, c->mtime + sizeof(u64) };
		c->window[0] = pages_of(&a, &b);
	} else if (is_mswi(w)) {
		if (c->mswi || !get_reg(w, 0, &a) || !a.start)
			return false;
		c->mswi = a.start;
		c->window[0] = pages_of(&a, &a);
	} else if (is_mtimer(w)) {
		if (c->mtime || !get_reg(w, 0, &a) || !get_reg(w, 1, &b) ||
		    !a.start || !b.start)
			return false;
		c->mtime = a.start;
		c->mtimecmp = b.start;
		c->window[1] = pages_of(&a, &b);
	}
	return true;
}

int fdt_read_clint(const void *fdt, struct clint_desc *c)
{
	struct walk w;

	memset(c, 0, sizeof(*c));
	if (!walk_begin(&w, fdt))
		return -EINVAL;
	while (walk_next(&w)) {
		if (!take_clint(&w, c))
			return -EINVAL;
	}
	if (!walk_complete(&w))
		return -EINVAL;
	return c->mswi && c->mtime ? 0 : -ENOENT;
}

u32 fdt_read_timebase(const void *fdt)
{
	u64 hz = 0;
	struct walk w;

	if (!walk_begin(&w, fdt))
		return 0;
	/* It is a property of /cpus; old trees have it in each cpu. */
	while (!hz && walk_next(&w)) {
		if (w.section == CPUS && (w.depth == 1 || is_cpu(&w)))
			hz = get_number(&w, "timebase-frequency");
	}
	return hz <= UINT32_MAX ? (u32)hz : 0;
}

/* The node that /chosen's stdout-path names; <0 if none. */
static int find_console(const void *fdt)
{
	int node = fdt_path_offset(fdt, "/chosen");
	const char *path, *end;
	int len;

	path = fdt_getprop(fdt, node, "stdout-path", &len);
	if (!path)
		return -FDT_ERR_NOTFOUND;
	/* Options such as the baud rate follow a colon. */
	end = memchr(path, ':', (size_t)len);
	if (!end)
		end = path + strnlen(path, (size_t)len);
	len = (int)(end - path);

	/* libfdt's own search for aliases may recurse without end. */
	if (len > 0 && *path != '/') {
		node = fdt_path_offset(fdt, "/aliases");
		path = fdt_getprop_namelen(fdt, node, path, len, &len);
		if (!path)
			return -FDT_ERR_NOTFOUND;
		len = (int)strnlen(path, (size_t)len);
	}
	if (len <= 0 || *path != '/')
		return -FDT_ERR_NOTFOUND;
	return fdt_path_offset_namelen(fdt, path, len);
}

int fdt_read_console(const void *fdt, struct uart_desc *u)
{
	struct walk w;
	struct range r;
	int console;
	u64 width;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	console = find_console(fdt);
	if (console < 0)
		return -ENOENT;
	while (w.node != console) {
		if (!walk_next(&w))
			return -EINVAL;
	}
	if (!get_reg(&w, 0, &r))
		return -EINVAL;
	width = get_number(&w, "reg-io-width");
	u->base = r.start;
	u->reg_shift = (u8)(get_number(&w, "reg-shift") & 3);
	u->reg_width = width == 2 || width == 4 ? (u8)width : 1;
	u->keep = true;
	return console;
}

static bool overlaps_view(const struct board *b, const struct range *r)
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

/* Is a bank of this node, *r, another view of the board's memory? */
static bool is_second_view(const struct walk *w, const struct board *b,
			   struct range *r)
{
	if (is_memory(w))
		for (int i = 0; get_reg(w, i, r); i++)
			if (overlaps_view(b, r))
				return true;
	return false;
}

#define ELSEWHERE	"device tree has its %s at %lx"

/*
 * Is the device or memory of this node where the board has it?
 * Return: 0; -EINVAL for a contradiction that endangers isolation
 */
static int check_place(const struct walk *w, const struct board *b, int console)
{
	const char *wrong = NULL, *other = NULL;
	struct range r = { 0, 0 };

	get_reg(w, 0, &r);
	if (!clint_agrees(w, &b->clint))
		wrong = "CLINT";
	else if (is_second_view(w, b, &r))
		wrong = "memory";
	else if (w->node == console && b->console.ops)
		other = r.start != b->console.base ? "console" : NULL;
	else if (b->plic && r.start != b->plic &&
		 !fdt_node_check_compatible(w->fdt, w->node, "sifive,plic-1.0.0"))
		other = "PLIC";

	if (wrong)
		log_err(ELSEWHERE, wrong, r.start);
	if (other)
		log_warn(ELSEWHERE, other, r.start);
	return wrong ? -EINVAL : 0;
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
	while (walk_next(&w)) {
		if (check_place(&w, b, console))
			err = -EINVAL;
		if (!fdt_node_check_compatible(fdt, w.node, "riscv,imsics"))
			log_warn("device tree has an IMSIC: M-mode's part is hidden");
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

/* Bytes that the tree may have after fdt_patch(). */
static u32 grown_size(const void *fdt)
{
	u32 struct_end = fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt);
	u32 strings_end = fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);

	return MAX(fdt_totalsize(fdt), MAX(struct_end, strings_end) + GROWTH);
}

/** A place for the monitor, and what speaks against it. */
struct candidate {
	struct range range;
	u64 below;		/* lowest start of a range in its way */
	bool taken;
};

static void keep_clear(struct candidate *c, u64 start, u64 end)
{
	struct range r = { start, end };

	if (start < end && range_overlaps(&c->range, &r)) {
		c->below = MIN(c->below, start);
		c->taken = true;
	}
}

/*
 * Compare the candidate with everything that the tree says is in use.
 * Return: false if the tree is broken.
 */
static bool check_candidate(const void *fdt, struct candidate *c)
{
	u64 self = (uintptr_t)fdt;
	struct walk w;
	struct range r;
	int n;

	if (!walk_begin(&w, fdt))
		return false;
	keep_clear(c, self, self + grown_size(fdt));

	n = fdt_num_mem_rsv(fdt);
	for (int i = 0; i < n; i++) {
		if (fdt_get_mem_rsv(fdt, i, &r.start, &r.end))
			return false;
		/* So far r.end is the size. */
		r.end += r.start;
		keep_clear(c, r.start, r.end < r.start ? UINT64_MAX : r.end);
	}

	while (walk_next(&w)) {
		if (w.depth == 2 && w.section == RESERVED) {
			for (int i = 0; get_reg(&w, i, &r); i++)
				keep_clear(c, r.start, r.end);
		} else if (w.depth == 1 && has_name(&w, "chosen")) {
			keep_clear(c, get_number(&w, "linux,initrd-start"),
				   get_number(&w, "linux,initrd-end"));
		}
	}
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

u64 fdt_find_home(const void *fdt, u64 size, u64 near,
		  const struct range *avoid, unsigned int nr_avoid)
{
	struct range bank;
	u64 end;

	if (!fdt_find_bank(fdt, near, &bank))
		return 0;

	end = ALIGN_DOWN(bank.end, PAGE);
	while (end >= size && end - size >= bank.start && end > size) {
		struct candidate c = {
			.range = { end - size, end },
			.below = UINT64_MAX,
		};

		for (unsigned int i = 0; i < nr_avoid; i++)
			keep_clear(&c, avoid[i].start, avoid[i].end);
		if (!check_candidate(fdt, &c))
			return 0;
		if (!c.taken)
			return c.range.start;
		end = ALIGN_DOWN(c.below, PAGE);
	}
	return 0;
}

/* Is @name (@len bytes, perhaps with a version: "zba1p0") hidden? */
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
 * "riscv,isa", one string: rv64imac_zba_zbb. The first name of several letters
 * (they begin with s, x or z) may follow without an underscore.
 * Return: its new size, with the NUL.
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

/* "riscv,isa-extensions", a list of strings. Return: its new size. */
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
	/* Keeps what is there and gives the rest back. */
	return fdt_setprop_placeholder(fdt, node, name, new_len, &unused);
}

/* Take @home away from a bank that ends with it. */
static void shrink_memory(struct walk *w, const struct range *home)
{
	int sc = w->size_cells[w->depth - 1];
	const fdt32_t *size;
	struct range r;

	for (int i = 0; (size = get_reg(w, i, &r)); i++) {
		u64 v = home->start - r.start;
		fdt32_t *p = (fdt32_t *)(uintptr_t)size;

		if (r.end != home->end || r.start >= home->start)
			continue;
		for (int c = sc; c > 0; c--, v >>= 32)
			fdt32_st(&p[c - 1], (u32)v);
	}
}

static int patch_nodes(void *fdt, const struct range *home)
{
	struct walk w;
	int err = 0;

	if (!walk_begin(&w, fdt))
		return -FDT_ERR_BADSTRUCTURE;
	while (!err && walk_next(&w)) {
		if (is_memory(&w)) {
			shrink_memory(&w, home);
		} else if (is_cpu(&w)) {
			err = strip_isa(fdt, w.node, "riscv,isa",
					strip_isa_string);
			if (!err)
				err = strip_isa(fdt, w.node,
						"riscv,isa-extensions",
						strip_isa_list);
		}
	}
	if (!err && !walk_complete(&w))
		err = w.node;
	return err;
}

/* Find or make /reserved-memory, whose cells are the root's. */
static int reserved_memory(void *fdt, int ac, int sc)
{
	int node = fdt_path_offset(fdt, "/reserved-memory");
	int err;

	if (node != -FDT_ERR_NOTFOUND)
		return node;
	node = fdt_add_subnode(fdt, 0, "reserved-memory");
	if (node < 0)
		return node;
	err = fdt_setprop_u32(fdt, node, "#address-cells", (u32)ac);
	if (!err)
		err = fdt_setprop_u32(fdt, node, "#size-cells", (u32)sc);
	if (!err)
		err = fdt_setprop_empty(fdt, node, "ranges");
	return err ? err : node;
}

static int add_reservation(void *fdt, const struct range *home)
{
	static const char compatible[] = "cordon,monitor";
	int ac = fdt_address_cells(fdt, 0), sc = fdt_size_cells(fdt, 0);
	int parent = reserved_memory(fdt, ac, sc);
	char name[] = "cordon@0123456789abcdef";
	fdt32_t reg[4], *p = reg;
	int node, err;

	if (parent < 0)
		return parent;
	ac = fdt_address_cells(fdt, parent);
	sc = fdt_size_cells(fdt, parent);
	if (ac < 1 || ac > 2 || sc < 1 || sc > 2 ||
	    (ac == 1 && home->end > UINT32_MAX))
		return -FDT_ERR_BADNCELLS;
	if (ac == 2)
		fdt32_st(p++, (u32)(home->start >> 32));
	fdt32_st(p++, (u32)home->start);
	if (sc == 2)
		fdt32_st(p++, (u32)((home->end - home->start) >> 32));
	fdt32_st(p++, (u32)(home->end - home->start));

	snprintf(name, sizeof(name), "cordon@%lx", home->start);
	node = fdt_add_subnode(fdt, parent, name);
	if (node < 0)
		return node;
	err = fdt_setprop(fdt, node, "reg", reg, (int)((p - reg) * 4));
	if (!err)
		err = fdt_setprop_empty(fdt, node, "no-map");
	if (!err)
		err = fdt_setprop(fdt, node, "compatible", compatible,
				  sizeof(compatible));
	return err;
}

int fdt_patch(void *fdt, const struct range *home)
{
	struct range self = { (uintptr_t)fdt, (uintptr_t)fdt };
	struct walk w;
	int err;

	if (!walk_begin(&w, fdt))
		return -EINVAL;
	self.end += grown_size(fdt);
	if (range_overlaps(&self, home))
		return -ENOSPC;

	/*
	 * fdt_open_into() would do no more for a tree in the usual order; one
	 * in another order is refused by the functions that change it.
	 */
	fdt_set_totalsize(fdt, grown_size(fdt));
	err = patch_nodes(fdt, home);
	if (!err)
		err = add_reservation(fdt, home);
	return !err ? 0 : err == -FDT_ERR_NOSPACE ? -ENOSPC : -EINVAL;
}
