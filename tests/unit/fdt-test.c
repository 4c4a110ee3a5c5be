// SPDX-License-Identifier: BSD-2-Clause
/*
 * The device tree: QEMU's trees and some compiled by gen-trees, read, checked,
 * patched, and damaged bit by bit.
 */
#include <unit.h>

#include <sys/mman.h>

#include <cordon/log.h>
#include <drivers/uart.h>

/* Include the source, to reach its statics. */
#include <core/boot/fdt.c>
#include <core/enclave/pool.c>

#ifndef FUZZ_ROUNDS
#define FUZZ_ROUNDS	700
#endif

static const char *const all_trees[] = {
	"virt-1-1g", "virt-1-4g", "virt-1-8g", "virt-4-1g", "virt-4-4g",
	"virt-4-8g", "virt-8-1g", "virt-8-4g", "virt-8-8g", "virt-aclint",
	"virt-u54", "virt-numa", "sifive_u", "sparse", "banks", "reserved",
};

#ifndef SEED
#define SEED		1
#endif

static u64 seed = SEED;
static char logged[512];

/* Collect the log; the buffer is always large enough. */
void log_print(int level, const char *fmt, ...)
{
	size_t n = strlen(logged);
	va_list ap;

	n += (size_t)snprintf(logged + n, sizeof(logged) - n, "%d:", level);
	va_start(ap, fmt);
	n += (size_t)vsnprintf(logged + n, sizeof(logged) - n, fmt, ap);
	va_end(ap);
	snprintf(logged + n, sizeof(logged) - n, "\n");
}

/* Memory that exists, and memory that ends or has a hole. */
static struct range absent;
static unsigned int asked;

static u64 all_there(const struct range *r)
{
	(void)r;
	return 0;
}

static u64 some_absent(const struct range *r)
{
	asked++;
	return range_overlaps(r, &absent) ?
	       ALIGN_DOWN(MAX(r->start, absent.start), PAGE) : 0;
}

/* The board description for QEMU's machine. */
#include <boards/qemu/virt/board.c>

const struct uart_ops uart_ns16550;

/** A tree in a block with exactly the room that fdt_patch() may use. */
struct tree {
	void *fdt;
	size_t size;		/* as loaded */
};

static struct tree load(const char *name)
{
	char path[256];
	struct tree t;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.dtb", TREES, name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("no tree %s", path);
	fseek(f, 0, SEEK_END);
	t.size = (size_t)ftell(f);
	rewind(f);
	t.fdt = malloc(t.size + GROWTH);
	assert_int_equal(fread(t.fdt, 1, t.size, f), t.size);
	fclose(f);
	assert_int_equal(fdt_totalsize(t.fdt), t.size);
	return t;
}

/* Build a tree: a root with these cells, /cpus and @harts harts. */
static struct tree make(u32 cells, unsigned int harts)
{
	struct tree t = { .fdt = malloc(16384 + GROWTH), .size = 16384 };
	int cpus;

	assert_int_equal(fdt_create_empty_tree(t.fdt, (int)t.size), 0);
	fdt_setprop_u32(t.fdt, 0, "#address-cells", cells);
	fdt_setprop_u32(t.fdt, 0, "#size-cells", cells);
	cpus = fdt_add_subnode(t.fdt, 0, "cpus");
	fdt_setprop_u32(t.fdt, cpus, "#address-cells", 1);
	fdt_setprop_u32(t.fdt, cpus, "#size-cells", 0);
	while (harts--) {
		char name[16];
		int cpu;

		snprintf(name, sizeof(name), "cpu@%x", harts);
		cpu = fdt_add_subnode(t.fdt, cpus, name);
		assert_true(cpu >= 0);
		fdt_setprop_u32(t.fdt, cpu, "reg", harts);
		fdt_setprop_string(t.fdt, cpu, "device_type", "cpu");
	}
	return t;
}

static void add_bank(struct tree *t, u64 start, u64 size)
{
	int node = fdt_add_subnode(t->fdt, 0, "memory");

	assert_true(node >= 0);
	fdt_setprop_string(t->fdt, node, "device_type", "memory");
	fdt_setprop_u64(t->fdt, node, "reg", start);
	fdt_appendprop_u64(t->fdt, node, "reg", size);
}

static int node_at(const void *fdt, const char *path)
{
	int node = fdt_path_offset(fdt, path);

	if (node < 0)
		fail_msg("no node %s", path);
	return node;
}

/* Check that property @name of @path is these bytes. */
static void assert_prop(const void *fdt, const char *path, const char *name,
			const void *want, size_t size)
{
	int len;
	const void *p = fdt_getprop(fdt, node_at(fdt, path), name, &len);

	if (!p)
		fail_msg("%s has no %s", path, name);
	assert_int_equal(len, size);
	assert_memory_equal(p, want, size);
}

static void test_read_virt(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++) {
		struct tree t = load(all_trees[i]);
		unsigned int harts = "148"[i / 3] - '0';
		u64 size = (u64)("148"[i % 3] - '0') * SZ_1G;
		struct machine m;

		assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
		assert_int_equal(m.nr_harts, harts);
		for (unsigned int h = 0; h < harts; h++) {
			/* In tree order, which is ascending on virt. */
			assert_int_equal(m.hart_id[h], h);
		}
		assert_int_equal(m.nr_memory, 1);
		assert_int_equal(m.memory[0].start, 0x80000000);
		assert_int_equal(m.memory[0].end, 0x80000000 + size);
		free(t.fdt);
	}
}

static void test_read_others(void **state)
{
	struct tree t = load("sifive_u");
	struct machine m;

	(void)state;
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_harts, 5);
	free(t.fdt);

	t = load("virt-numa");
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_memory, 2);
	free(t.fdt);

	t = load("sparse");
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_harts, 3);
	assert_int_equal(m.hart_id[0], 0x40);
	assert_int_equal(m.hart_id[1], 3);
	assert_int_equal(m.hart_id[2], 0xfffffffe);
	free(t.fdt);
}

static void test_read_banks(void **state)
{
	static const struct range want[] = {
		{ 0x400000000, 0x600000000 },
		{ 0x80000000, 0xc0000000 },
		{ 0xc0001000, 0xd0001800 },
		{ 0xffffffffff000000, UINT64_MAX },
	};
	struct tree t = load("banks");
	struct machine m;

	(void)state;
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_memory, ARRAY_SIZE(want));
	assert_memory_equal(m.memory, want, sizeof(want));
	free(t.fdt);
}

static void test_read_errors(void **state)
{
	struct machine m;
	struct tree t;
	int node;

	(void)state;
	assert_int_equal(fdt_read_machine(NULL, &m), -EINVAL);

	t = make(2, 1);				/* no memory */
	assert_int_equal(fdt_read_machine(t.fdt, &m), -ENOENT);
	add_bank(&t, 0x80000000, 0x1000);
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	/* A misaligned tree, an old version, a huge one. */
	memmove((char *)t.fdt + 4, t.fdt, 1024);
	assert_int_equal(fdt_read_machine((char *)t.fdt + 4, &m), -EINVAL);
	memmove(t.fdt, (char *)t.fdt + 4, 1024);
	fdt_set_version(t.fdt, 15);
	assert_int_equal(fdt_read_machine(t.fdt, &m), -EINVAL);
	fdt_set_version(t.fdt, 17);
	fdt_set_totalsize(t.fdt, SIZE_MAX_FDT + 8);
	assert_int_equal(fdt_read_machine(t.fdt, &m), -EINVAL);
	free(t.fdt);

	t = make(2, 0);				/* no hart */
	add_bank(&t, 0x80000000, 0x1000);
	assert_int_equal(fdt_read_machine(t.fdt, &m), -ENOENT);
	free(t.fdt);

	t = make(2, CONFIG_NR_HARTS_MAX);
	add_bank(&t, 0x80000000, 0x1000);
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_harts, CONFIG_NR_HARTS_MAX);
	free(t.fdt);
	t = make(2, CONFIG_NR_HARTS_MAX + 1);
	add_bank(&t, 0x80000000, 0x1000);
	assert_int_equal(fdt_read_machine(t.fdt, &m), -ENOSPC);
	free(t.fdt);

	t = make(2, 2);				/* twice the same id */
	add_bank(&t, 0x80000000, 0x1000);
	node = node_at(t.fdt, "/cpus/cpu@1");
	fdt_setprop_u32(t.fdt, node, "reg", 0);
	logged[0] = '\0';
	assert_int_equal(fdt_read_machine(t.fdt, &m), -EINVAL);
	assert_string_equal(logged, "1:device tree has hart 0 twice\n");
	fdt_delprop(t.fdt, node, "reg");	/* and one without */
	assert_int_equal(fdt_read_machine(t.fdt, &m), -EINVAL);
	free(t.fdt);

	t = make(2, 1);				/* an id that does not fit */
	add_bank(&t, 0x80000000, 0x1000);
	fdt_setprop_u32(t.fdt, node_at(t.fdt, "/cpus"), "#address-cells", 2);
	node = node_at(t.fdt, "/cpus/cpu@0");
	fdt_setprop_u64(t.fdt, node, "reg", 0xffffffff);
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	fdt_setprop_u64(t.fdt, node, "reg", 0x100000000);
	assert_int_equal(fdt_read_machine(t.fdt, &m), -EINVAL);
	free(t.fdt);
}

/* Everybody refuses a tree that cannot be read to its end. */
static void assert_refused(void *fdt)
{
	struct range home = { 0x80000000, 0x80001000 };
	struct machine m;

	assert_int_equal(fdt_read_machine(fdt, &m), -EINVAL);
	assert_int_equal(fdt_check_board(fdt, &board), -EINVAL);
	assert_int_equal(fdt_find_home(fdt, 0x1000, 0x80000000, NULL, 0, all_there), 0);
	assert_int_equal(fdt_patch(fdt, &home), -EINVAL);
}

/* Our walk and libfdt's visit the same nodes and properties. */
static void assert_walk(const void *fdt)
{
	struct walk w;
	int node = -1, depth = -1;

	assert_true(walk_begin(&w, fdt));
	while (walk_next(&w)) {
		do {
			node = fdt_next_node(fdt, node, &depth);
		} while (depth >= MAX_DEPTH);
		assert_int_equal(w.node, node);
		assert_int_equal(w.depth, depth);
		for (unsigned int i = 0; i < NR_KNOWN; i++) {
			int len;
			const void *p = fdt_getprop(fdt, node, known_name[i], &len);

			assert_ptr_equal(w.prop[i].data, p);
			if (p)
				assert_int_equal(w.prop[i].len, len);
		}
	}
	assert_true(walk_complete(&w));
	do {
		node = fdt_next_node(fdt, node, &depth);
	} while (node >= 0 && depth >= MAX_DEPTH);
	assert_true(node < 0 || depth < 0);
}

static void test_walk(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR_KNOWN; i++)
		assert_int_equal(known_size[i], strlen(known_name[i]) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(all_trees); i++) {
		struct tree t = load(all_trees[i]);
		int node;

		assert_walk(t.fdt);
		/* With deleted parts, and in the older version. */
		node = fdt_path_offset(t.fdt, "/chosen");
		if (node > 0)
			assert_int_equal(fdt_nop_node(t.fdt, node), 0);
		node = node_at(t.fdt, "/cpus");
		fdt_nop_property(t.fdt, node, "#address-cells");
		assert_walk(t.fdt);
		fdt_set_version(t.fdt, 16);
		fdt_set_size_dt_struct(t.fdt, 0);
		assert_walk(t.fdt);
		free(t.fdt);
	}
}

/* Every error has its message, and none of these trees is read. */
static void test_check(void **state)
{
	static const struct {
		const char *word;
		u32 at, value;		/* of the header */
	} cases[] = {
		{ "no device tree magic", 0, 0 },
		{ "no device tree magic", 0, 0xedfe0dd0 },
		{ "version", 20, 15 },
		{ "version", 24, 18 },
		{ "header is damaged", 4, 39 },
		{ "header is damaged", 4, 0xffffffff },
		{ "header is damaged", 12, 0xfffffff0 },
		{ "header is damaged", 16, 0xfffffff0 },
		{ "header is damaged", 36, 0xfffffff0 },
		{ "larger than 2 MiB", 4, SZ_2M + 8 },
		{ "misaligned", 8, 0x3a },
		{ "misaligned", 16, 44 },
		{ "overlap", 8, 40 },
		{ "overlap", 12, 0x60 },
	};

	(void)state;
	assert_non_null(strstr(fdt_check(NULL), "a1 is 0"));
	for (u64 i = 1; i < 8; i++)
		assert_non_null(strstr(fdt_check((void *)i), "8-byte aligned"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tree t = load("reserved");
		const char *wrong;

		assert_null(fdt_check(t.fdt));
		fdt32_st((char *)t.fdt + cases[i].at, cases[i].value);
		wrong = fdt_check(t.fdt);
		if (!wrong || !strstr(wrong, cases[i].word))
			fail_msg("\"%s\" should tell of \"%s\"", wrong,
				 cases[i].word);
		assert_refused(t.fdt);
		free(t.fdt);
	}
}

/* Nodes in use (Devicetree 2.3.4), and harts that exist (3.8.1). */
static void test_status(void **state)
{
	static const struct {
		const char *status;
		bool memory, hart;
	} cases[] = {
		{ "okay", true, true }, { "ok", true, true },
		{ "disabled", false, true }, { "reserved", false, true },
		{ "fail", false, false }, { "fail-sss", false, false },
		{ "fail-", false, false }, { "failed", false, true },
		{ "", false, true }, { "okay2", false, true },
		{ "OKAY", false, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tree t = make(2, 2);
		struct machine m;
		struct range r;

		add_bank(&t, 0x80000000, 0x10000);
		fdt_setprop_string(t.fdt, node_at(t.fdt, "/cpus/cpu@1"),
				   "status", cases[i].status);
		assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
		assert_int_equal(m.nr_harts, 1 + cases[i].hart);
		fdt_setprop_string(t.fdt, node_at(t.fdt, "/memory"),
				   "status", cases[i].status);
		assert_int_equal(fdt_read_machine(t.fdt, &m),
				 cases[i].memory ? 0 : -ENOENT);
		assert_int_equal(fdt_find_bank(t.fdt, 0x80000000, &r),
				 cases[i].memory);
		free(t.fdt);
	}
}

static void test_broken(void **state)
{
	struct tree t = load("reserved");
	u8 *tag = (u8 *)t.fdt + fdt_off_dt_struct(t.fdt) +
		  node_at(t.fdt, "/soc/serial@10000000");

	(void)state;
	/* An unknown tag after everything that we read. */
	assert_int_equal(fdt32_ld((void *)tag), FDT_BEGIN_NODE);
	fdt32_st(tag, 5);
	assert_refused(t.fdt);
	free(t.fdt);

	/* A reservation list without an end. */
	t = load("reserved");
	fdt_set_off_mem_rsvmap(t.fdt, ALIGN_DOWN((u32)t.size, 8));
	assert_refused(t.fdt);
	free(t.fdt);
}

/* Nodes deeper than we look. */
static void test_deep(void **state)
{
	struct tree t = make(2, 1);
	struct machine m;
	int node = 0;

	(void)state;
	add_bank(&t, 0x80000000, 0x1000);
	for (int i = 0; i < 100; i++) {
		node = fdt_add_subnode(t.fdt, node, "a");
		assert_true(node >= 0);
	}
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x80000000, NULL, 0, all_there),
			 0x80000000);
	free(t.fdt);
}

static void test_many_banks(void **state)
{
	struct tree t = make(2, 1);
	struct machine m;
	int node;

	(void)state;
	add_bank(&t, 0x1000, 0x1000);
	node = node_at(t.fdt, "/memory");
	for (u64 i = 1; i < FDT_MAX_MEMORY + 3; i++) {
		fdt_appendprop_u64(t.fdt, node, "reg", i * 0x10000);
		fdt_appendprop_u64(t.fdt, node, "reg", 0x1000);
	}
	assert_int_equal(fdt_read_machine(t.fdt, &m), 0);
	assert_int_equal(m.nr_memory, FDT_MAX_MEMORY);
	assert_true(m.more_memory);
	/* A home is still found in each of them. */
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0xa0000, NULL, 0, all_there), 0xa0000);
	free(t.fdt);
}

static void check(const char *name, const struct board *b, int err,
		  const char *log)
{
	struct tree t = load(name);

	logged[0] = '\0';
	assert_int_equal(fdt_check_board(t.fdt, b), err);
	assert_string_equal(logged, log);
	free(t.fdt);
}

static void test_check_board(void **state)
{
	struct board b = board;

	(void)state;
	check("virt-4-1g", &board, 0, "");
	check("virt-aclint", &board, 0, "");
	check("sifive_u", &board, 0,
	      "2:device tree is not for QEMU virt\n"
	      "2:device tree has a timebase of 1000000 Hz\n"
	      "2:device tree has its console at 10010000\n");
	b.plic = 0xc100000;
	check("virt-4-1g", &b, 0, "2:device tree has its PLIC at c000000\n");

	b = board;
	b.compatible[0] = '\0';
	b.timebase = 1000000;
	b.console.ops = NULL;
	b.plic = 0;
	check("sifive_u", &b, 0, "");
	assert_int_equal(fdt_check_board(NULL, &board), -EINVAL);
}

/* Give @name the status, or @name's bus. */
static void *with_status(const char *tree, const char *path, const char *status)
{
	struct tree t = load(tree);
	void *fdt = t.fdt;

	assert_int_equal(fdt_open_into(fdt, fdt, (int)t.size + GROWTH), 0);
	assert_int_equal(fdt_setprop_string(fdt, node_at(fdt, path), "status",
					    status), 0);
	return fdt;
}

/* Unused devices do not contradict the board. */
static void test_check_status(void **state)
{
	static const char *const paths[] = {
		"/soc/clint@2010000", "/soc/plic@c600000", "/soc",
	};
	struct board b = board;
	void *fdt;

	(void)state;
	/* Both devices of the second socket. */
	fdt = with_status("virt-numa", paths[0], "disabled");
	fdt_setprop_string(fdt, node_at(fdt, paths[1]), "status", "fail");
	logged[0] = '\0';
	assert_int_equal(fdt_check_board(fdt, &board), 0);
	assert_string_equal(logged, "");
	free(fdt);
	/* A disabled bus disables its devices. */
	fdt = with_status("virt-4-1g", paths[2], "disabled");
	b.clint.mswi += 4;
	b.plic += 8;
	b.console.base += 8;
	assert_int_equal(fdt_check_board(fdt, &b), 0);
	fdt_setprop_string(fdt, node_at(fdt, paths[2]), "status", "okay");
	assert_int_equal(fdt_check_board(fdt, &b), -EINVAL);
	free(fdt);
}

static void test_check_clint(void **state)
{
	struct board b = board;

	(void)state;
	/* The second socket has its own devices. */
	check("virt-numa", &board, -EINVAL,
	      "1:device tree has 2 CLINTs, one per socket; the monitor supports one\n"
	      "2:device tree has its PLIC at c600000\n"
	      "1:device tree has its CLINT at 2010000\n");
	b.clint.mswi += 4;
	check("virt-4-1g", &b, -EINVAL,
	      "1:device tree has its CLINT at 2000000\n");
	check("virt-aclint", &b, -EINVAL,
	      "1:device tree has its CLINT at 2000000\n");
	b = board;
	b.clint.mtimecmp += 8;
	check("virt-aclint", &b, -EINVAL,
	      "1:device tree has its CLINT at 200bff8\n");
	b = board;
	b.clint.mtime += 8;
	check("virt-aclint", &b, -EINVAL,
	      "1:device tree has its CLINT at 200bff8\n");
	check("virt-4-1g", &b, -EINVAL,
	      "1:device tree has its CLINT at 2000000\n");
}

/* Memory at the firmware address, and none at its aliases. */
static void test_check_memory(void **state)
{
	struct board b = board;

	(void)state;
	b.firmware = 0x80000000 - 1;
	check("virt-4-1g", &b, -EINVAL,
	      "1:device tree has its memory at 80000000\n");
	b.firmware = 0xc0000000;
	check("virt-4-1g", &b, -EINVAL,
	      "1:device tree has its memory at 80000000\n");
	b.firmware = 0xc0000000 - 1;
	check("virt-4-1g", &b, 0, "");

	b = board;
	b.alias_of = (struct range){ 0x80000000, 0xc0000000 };
	b.alias_offset[0] = 0x40000000;
	check("virt-4-1g", &b, 0, "");
	check("virt-4-4g", &b, -EINVAL,
	      "1:device tree has its memory at 80000000\n");
	b.alias_offset[1] = 0x40000000;
	b.alias_offset[0] = 0x400000000;
	check("virt-4-4g", &b, -EINVAL,
	      "1:device tree has its memory at 80000000\n");
	b.alias_offset[1] = 0;
	b.alias_offset[0] = -0x40000000ul;
	check("virt-4-4g", &b, 0, "");
	b.alias_of = (struct range){ 0x80000000, 0xc0001000 };
	check("virt-4-4g", &b, -EINVAL,
	      "1:device tree has its memory at 80000000\n");
}

/* The walk finds what libfdt finds, by @path. */
static void same_node(const void *fdt, const char *path)
{
	int want = fdt_path_offset(fdt, path);
	struct walk w;

	if (walk_to(&w, fdt, path, strlen(path)))
		assert_int_equal(w.node, want);
	else
		assert_int_equal(want, -FDT_ERR_NOTFOUND);
}

static void same_props(const void *fdt, int node)
{
	struct walk w;
	int at, len, want;

	assert_true(walk_begin(&w, fdt));
	fdt_for_each_property_offset(at, fdt, node) {
		const char *name;

		assert_non_null(fdt_getprop_by_offset(fdt, at, &name, NULL));
		assert_ptr_equal(read_prop(&w, node, name, &len),
				 fdt_getprop(fdt, node, name, &want));
		assert_int_equal(len, want);
	}
	assert_null(read_prop(&w, node, "no-such-property", &len));
}

static void test_lookups(void **state)
{
	char path[300], other[320], *last;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all_trees); i++) {
		struct tree t = load(all_trees[i]);

		for (int node = 0; node >= 0; node = fdt_next_node(t.fdt, node, NULL)) {
			assert_int_equal(fdt_get_path(t.fdt, node, path, 256), 0);
			same_node(t.fdt, path);
			same_props(t.fdt, node);
			snprintf(other, sizeof(other), "/%s//", path);
			same_node(t.fdt, other);
			last = strrchr(path, '@');
			if (last && !strchr(last, '/'))
				*last = '\0';
			same_node(t.fdt, path);
			strcat(path, "x");
			same_node(t.fdt, path);
		}
		free(t.fdt);
	}
}

static void test_console_paths(void **state)
{
	static const struct {
		const char *path;
		bool found;
	} cases[] = {
		{ "/soc/serial@10000000", true },
		{ "/soc/serial", true },
		{ "serial0", true },
		{ "serial0:115200n8", true },
		{ "/soc/serial@10000000:9600", true },
		{ "", false },
		{ ":", false },
		{ "serial1", false },
		{ "loop", false },
		{ "loop/loop", false },
		{ "/nowhere", false },
	};
	struct tree t = load("reserved");
	int want = node_at(t.fdt, "/soc/serial@10000000");
	int node;

	(void)state;
	assert_int_equal(find_console(t.fdt), want);
	free(t.fdt);

	t = load("reserved");
	fdt_open_into(t.fdt, t.fdt, (int)t.size + GROWTH);
	/* A self-referencing alias must not cause an endless search. */
	node = node_at(t.fdt, "/aliases");
	assert_int_equal(fdt_setprop_string(t.fdt, node, "loop", "loop"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		node = node_at(t.fdt, "/chosen");
		fdt_setprop_string(t.fdt, node, "stdout-path", cases[i].path);
		node = find_console(t.fdt);
		want = node_at(t.fdt, "/soc/serial@10000000");
		assert_int_equal(node == want, cases[i].found);
		if (!cases[i].found)
			assert_true(node < 0);
	}
	free(t.fdt);
}

/* /reserved-memory and a node in it with this many cells. */
static int reserve(struct tree *t, const char *name, const char *compatible)
{
	int parent = fdt_path_offset(t->fdt, "/reserved-memory"), node;

	if (parent < 0) {
		parent = fdt_add_subnode(t->fdt, 0, "reserved-memory");
		fdt_setprop_u32(t->fdt, parent, "#address-cells", 2);
		fdt_setprop_u32(t->fdt, parent, "#size-cells", 2);
	}
	node = fdt_add_subnode(t->fdt, parent, name);
	assert_true(node >= 0);
	fdt_setprop_string(t->fdt, node, "compatible", compatible);
	return node;
}

static void test_handover(void **state)
{
	struct tree t = make(2, 1);
	struct range r;
	int node;

	(void)state;
	assert_int_equal(fdt_read_handover(NULL, &r), -EINVAL);
	assert_int_equal(fdt_read_handover(t.fdt, &r), -ENOENT);
	reserve(&t, "pool", "shared-dma-pool");
	/* Elsewhere it is meaningless. */
	node = fdt_add_subnode(t.fdt, 0, "dice");
	fdt_setprop_string(t.fdt, node, "compatible", "google,open-dice");
	assert_int_equal(fdt_read_handover(t.fdt, &r), -ENOENT);
	node = reserve(&t, "dice@87ff0000", "google,open-dice");
	assert_int_equal(fdt_read_handover(t.fdt, &r), -EINVAL);
	fdt_setprop_u64(t.fdt, node, "reg", 0x87ff0000);
	assert_int_equal(fdt_read_handover(t.fdt, &r), -EINVAL);
	fdt_appendprop_u64(t.fdt, node, "reg", 0x1000);
	assert_int_equal(fdt_read_handover(t.fdt, &r), 0);
	assert_int_equal(r.start, 0x87ff0000);
	assert_int_equal(r.end, 0x87ff1000);
	/* Ambiguous: two nodes. */
	node = reserve(&t, "dice@87fe0000", "google,open-dice");
	fdt_setprop_u64(t.fdt, node, "reg", 0x87fe0000);
	fdt_appendprop_u64(t.fdt, node, "reg", 0x1000);
	assert_int_equal(fdt_read_handover(t.fdt, &r), -EINVAL);
	free(t.fdt);
}

static bool given[4];

/* QEMU virt's CLINT, UART and two PCI windows; never memory. */
static void note_device(void *arg, int node, const struct range *r)
{
	static const u64 at[] = { 0x2000000, 0x10000000, 0x40000000, 0x400000000 };

	assert_ptr_equal(arg, given);
	assert_true(node > 0);
	assert_false(range_has(r, 0x80000000));
	for (size_t i = 0; i < ARRAY_SIZE(at); i++)
		given[i] |= range_has(r, at[i]);
}

static void test_devices(void **state)
{
	struct tree t = load("virt-1-1g");

	(void)state;
	assert_int_equal(fdt_each_device(t.fdt, note_device, given), 0);
	for (size_t i = 0; i < ARRAY_SIZE(given); i++)
		assert_true(given[i]);
	/* A simple-bus without ranges is mapped one to one. */
	assert_int_equal(fdt_delprop(t.fdt, fdt_path_offset(t.fdt, "/soc"),
				     "ranges"), 0);
	memset(given, 0, sizeof(given));
	assert_int_equal(fdt_each_device(t.fdt, note_device, given), 0);
	assert_true(given[0]);
	/* Devices on an unmapped bus have no address. */
	assert_int_equal(fdt_delprop(t.fdt, fdt_path_offset(t.fdt, "/soc"),
				     "compatible"), 0);
	memset(given, 0, sizeof(given));
	assert_int_equal(fdt_each_device(t.fdt, note_device, given), 0);
	assert_false(given[0]);
	fdt_set_magic(t.fdt, 0);
	assert_int_equal(fdt_each_device(t.fdt, note_device, given), -EINVAL);
	free(t.fdt);
}

static void test_cbom(void **state)
{
	struct tree t = make(2, 2);
	int cpu = fdt_path_offset(t.fdt, "/cpus");

	(void)state;
	assert_int_equal(fdt_read_cbom(NULL), 0);
	assert_int_equal(fdt_read_cbom(t.fdt), 0);
	/* The property counts in a hart's node only. */
	fdt_setprop_u32(t.fdt, cpu, "riscv,cbom-block-size", 16);
	assert_int_equal(fdt_read_cbom(t.fdt), 0);
	cpu = fdt_first_subnode(t.fdt, cpu);
	fdt_setprop_u32(t.fdt, cpu, "riscv,cbom-block-size", 64);
	assert_int_equal(fdt_read_cbom(t.fdt), 64);
	cpu = fdt_next_subnode(t.fdt, cpu);
	assert_true(cpu > 0);
	fdt_setprop_string(t.fdt, cpu, "riscv,cbom-block-size", "thirty");
	assert_int_equal(fdt_read_cbom(t.fdt), 64);
	fdt_setprop_u32(t.fdt, cpu, "riscv,cbom-block-size", 32);
	assert_int_equal(fdt_read_cbom(t.fdt), 32);
	free(t.fdt);
}

static void test_home_virt(void **state)
{
	const struct range avoid = { 0x80000000, 0x80080000 };

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct tree t = load(all_trees[i]);
		u64 end = 0x80000000 + (u64)("148"[i % 3] - '0') * SZ_1G;

		assert_int_equal(fdt_find_home(t.fdt, 0x50000, 0x80000000,
					       &avoid, 1, all_there), end - 0x50000);
		free(t.fdt);
	}
}

/* The obstacles at the top of "reserved" in turn, by the size that must fit. */
static void test_home_reserved(void **state)
{
	static const struct {
		u64 size, want;
	} cases[] = {
		{ 0x1000, 0x8fffe000 },		/* under the memreserve */
		{ 0xe000, 0x8fff1000 },		/* down to the next one */
		{ 0xf000, 0x8ffe1000 + 0x8000 - 0x9000 },
		{ 0x7000, 0x8fff8000 },
	};
	struct tree t = load("reserved");
	u64 want;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		/* The gap above the initrd is 0x8ffe9000 .. 0x8fff0000. */
		want = cases[i].size == 0xf000 ? 0x8ffd1000 : cases[i].want;
		assert_int_equal(fdt_find_home(t.fdt, cases[i].size, 0x80000000,
					       NULL, 0, all_there), want);
	}
	/*
	 * 0x8ffc1000 .. 0x8ffd0000 is as large as the gap above, so the next
	 * below.
	 */
	assert_int_equal(fdt_find_home(t.fdt, 0x10000, 0x80000000, NULL, 0, all_there),
			 0x8ffb0000);
	/* Outside of all banks; larger than the bank; almost the bank. */
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x7fffffff, NULL, 0, all_there), 0);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x90000000, NULL, 0, all_there), 0);
	assert_int_equal(fdt_find_home(t.fdt, 0x10001000, 0x80000000, NULL, 0, all_there), 0);
	assert_int_equal(fdt_find_home(t.fdt, 0xffc0000, 0x80000000, NULL, 0, all_there),
			 0x80000000);
	assert_int_equal(fdt_find_home(t.fdt, 0xffc1000, 0x80000000, NULL, 0, all_there), 0);
	assert_int_equal(fdt_find_home(NULL, 0x1000, 0x80000000, NULL, 0, all_there), 0);
	free(t.fdt);

	/* A reservation beyond the end of all addresses. */
	t = make(2, 1);
	add_bank(&t, 0x80000000, 0x10000);
	fdt_add_mem_rsv(t.fdt, 0x8000e000, UINT64_MAX);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x80000000, NULL, 0, all_there),
			 0x8000d000);
	free(t.fdt);
}

/* Build a tree of 20,000 pages that are reserved, from the top of the bank down. */
#define MANY	20000
static struct tree make_many(u64 top, u64 (*page_of)(unsigned int i))
{
	struct tree t = { .fdt = malloc(SZ_2M), .size = SZ_2M };
	struct tree small = make(2, 1);

	add_bank(&small, top - SZ_1G, SZ_1G);
	assert_int_equal(fdt_open_into(small.fdt, t.fdt, (int)t.size - GROWTH), 0);
	free(small.fdt);
	for (unsigned int i = 0; i < MANY; i++)
		assert_int_equal(fdt_add_mem_rsv(t.fdt, top - (page_of(i) + 1) * PAGE, PAGE), 0);
	return t;
}

static u64 going_down(unsigned int i)
{
	return i;
}

static u64 going_up(unsigned int i)
{
	return MANY - 1 - i;
}

/* Each of these is in the way of the last. */
static void test_home_many(void **state)
{
	static const u64 top = 0xc0000000;
	struct tree t = make_many(top, going_down);

	(void)state;
	assert_int_equal(fdt_find_home(t.fdt, 0x50000, 0x80000000, NULL, 0, all_there),
			 top - MANY * PAGE - 0x50000);
	free(t.fdt);
	/* Each of 20,000 walks would find one. */
	t = make_many(top, going_up);
	logged[0] = '\0';
	assert_int_equal(fdt_find_home(t.fdt, 0x50000, 0x80000000, NULL, 0, all_there), 0);
	assert_non_null(strstr(logged, "too many ranges"));
	free(t.fdt);
}

static void test_home_banks(void **state)
{
	struct tree t = load("banks");

	(void)state;
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x80000000, NULL, 0, all_there),
			 0xbffff000);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x5ffffffff, NULL, 0, all_there),
			 0x5fffff000);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0xc0002000, NULL, 0, all_there),
			 0xd0000000);
	/* Disabled, or not a top-level node. */
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0xd0002000, NULL, 0, all_there), 0);
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x1000, NULL, 0, all_there), 0);
	free(t.fdt);
}

/* The tree lies in the bank: where QEMU places it, and in the way. */
static void test_home_tree(void **state)
{
	struct tree t = make(2, 1);
	u64 base, top;
	u8 *ram;

	(void)state;
	ram = mmap(NULL, 4 * SZ_2M, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(ram != MAP_FAILED);
	base = (uintptr_t)ram;
	top = base + 4 * SZ_2M;
	add_bank(&t, base, 4 * SZ_2M);
	fdt_pack(t.fdt);
	t.size = fdt_totalsize(t.fdt);

	memcpy(ram + 3 * SZ_2M, t.fdt, t.size);
	assert_int_equal(fdt_find_home(ram + 3 * SZ_2M, 0x50000, base, NULL, 0, all_there),
			 top - 0x50000);
	/* Include the bytes that the tree will grow by. */
	for (u64 gap = 0; gap < 0x2000; gap += 8) {
		u8 *fdt = ram + 4 * SZ_2M - 0x50000 - t.size / 8 * 8 - 8 - gap;
		u64 home, grown = ALIGN_DOWN((uintptr_t)fdt, PAGE) - 0x50000;

		memmove(fdt, t.fdt, t.size);
		home = fdt_find_home(fdt, 0x50000, base, NULL, 0, all_there);
		if ((uintptr_t)fdt + t.size + GROWTH <= top - 0x50000)
			assert_int_equal(home, top - 0x50000);
		else
			assert_int_equal(home, grown);
	}
	munmap(ram, 4 * SZ_2M);
	free(t.fdt);
}

/* A node below @parent with one "reg" entry. */
static int add_node(void *fdt, int parent, const char *name, u64 start, u64 size)
{
	int node = fdt_add_subnode(fdt, parent, name);

	assert_true(node >= 0);
	fdt_setprop_u64(fdt, node, "reg", start);
	fdt_appendprop_u64(fdt, node, "reg", size);
	return node;
}

/* Ranges that the tree names: each at the top of the bank in turn. */
static void test_home_named(void **state)
{
	static const u64 top = 0x80100000, at = 0x800ff000;

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct tree t = make(2, 1);
		int chosen, node;
		void *fdt = t.fdt;

		add_bank(&t, 0x80000000, 0x100000);
		chosen = fdt_add_subnode(fdt, 0, "chosen");
		switch (i) {
		case 0:		/* uses the root's cells */
			add_node(fdt, chosen, "module@0", at, 0x1000);
			break;
		case 1:		/* deeper */
			node = fdt_add_subnode(fdt, chosen, "domain");
			add_node(fdt, node, "module@0", at, 0x1000);
			break;
		case 2:		/* its own cells */
			fdt_setprop_u32(fdt, chosen, "#address-cells", 1);
			fdt_setprop_u32(fdt, chosen, "#size-cells", 1);
			node = fdt_add_subnode(fdt, chosen, "framebuffer");
			fdt_setprop_u32(fdt, node, "reg", (u32)at);
			fdt_appendprop_u32(fdt, node, "reg", 0x1000);
			break;
		case 3:
			fdt_setprop_u64(fdt, chosen, "linux,elfcorehdr", at);
			fdt_appendprop_u64(fdt, chosen, "linux,elfcorehdr", 0x400);
			break;
		case 4:
			fdt_setprop_u64(fdt, chosen, "linux,uefi-mmap-start", at);
			fdt_setprop_u32(fdt, chosen, "linux,uefi-mmap-size", 48);
			break;
		case 5:
			fdt_setprop_u32(fdt, chosen, "linux,initrd-start", (u32)at);
			fdt_setprop_u32(fdt, chosen, "linux,initrd-end", (u32)at + 1);
			break;
		case 7:
			fdt_setprop_u64(fdt, chosen, "linux,ima-kexec-buffer", at);
			fdt_appendprop_u64(fdt, chosen, "linux,ima-kexec-buffer", 8);
			break;
		case 6:
			node = add_node(fdt, 0, "framebuffer", at, 0x1000);
			fdt_setprop_string(fdt, node, "compatible",
					   "simple-framebuffer");
			break;
		default:
			node = reserve(&t, "fb", "acme,framebuffer");
			fdt_setprop_u64(fdt, node, "reg", at);
			fdt_appendprop_u64(fdt, node, "reg", top - at);
			break;
		}
		assert_int_equal(fdt_find_home(fdt, 0x4000, 0x80000000, NULL, 0,
					       all_there), at - 0x4000);
		free(t.fdt);
	}
}

/* A memory region of OpenSBI's domains, with 2^order bytes. */
static void add_domain_region(void *fdt, int parent, u64 base, u32 order)
{
	char name[32];
	int node;

	snprintf(name, sizeof(name), "region-%u", order);
	node = fdt_add_subnode(fdt, parent, name);
	assert_true(node >= 0);
	fdt_setprop_string(fdt, node, "compatible", "opensbi,domain,memregion");
	fdt_setprop_u64(fdt, node, "base", base);
	fdt_setprop_u32(fdt, node, "order", order);
}

/* Beside a region of all memory, as in OpenSBI's manual. */
static void test_home_domains(void **state)
{
	static const u32 orders[] = { 3, 12, 20, 63 };
	static const u64 at = 0x800ff000;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct tree t = make(2, 1);
		int chosen;

		add_bank(&t, 0x80000000, 0x100000);
		chosen = fdt_add_subnode(t.fdt, 0, "chosen");
		add_domain_region(t.fdt, chosen, 0, 64);
		add_domain_region(t.fdt, chosen, at, orders[i]);
		assert_int_equal(fdt_find_home(t.fdt, 0x4000, 0x80000000, NULL,
					       0, all_there), at - 0x4000);
		free(t.fdt);
	}
}

/* The tree lists more memory than there is: choose below the end. */
static void test_home_absent(void **state)
{
	struct tree t = make(2, 1);

	(void)state;
	add_bank(&t, 0x80000000, 0x10000000);
	absent = (struct range){ 0x88000000, 0x90000000 };
	asked = 0;
	assert_int_equal(fdt_find_home(t.fdt, 0x40000, 0x80000000, NULL, 0,
				       some_absent), 0x88000000 - 0x40000);
	assert_in_range(asked, 2, 40);
	/* A hole at the top, and no memory at all. */
	absent = (struct range){ 0x8fff0000, 0x8fff1000 };
	assert_int_equal(fdt_find_home(t.fdt, 0x40000, 0x80000000, NULL, 0,
				       some_absent), 0x8fff0000 - 0x40000);
	absent = (struct range){ 0, UINT64_MAX };
	assert_int_equal(fdt_find_home(t.fdt, 0x40000, 0x80000000, NULL, 0,
				       some_absent), 0);
	free(t.fdt);
}

#define NR_PAGES 48

/* Random obstacles in a small bank, against a brute-force search. */
static void test_home_random(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct tree t = make(2, 1);
		bool used[NR_PAGES] = { false };
		struct range avoid[3];
		unsigned int nr_avoid = 0;
		u64 base = 0x80000000, want = 0, size;
		int parent, chosen;

		add_bank(&t, base, NR_PAGES * PAGE);
		parent = fdt_add_subnode(t.fdt, 0, "reserved-memory");
		fdt_setprop_u32(t.fdt, parent, "#address-cells", 2);
		fdt_setprop_u32(t.fdt, parent, "#size-cells", 2);
		for (int i = (int)(unit_random(&seed) % 8); i > 0; i--) {
			u64 start = unit_random(&seed) % (NR_PAGES * PAGE);
			u64 len = unit_random(&seed) % (3 * PAGE) + 1;
			struct range r = { base + start, base + start + len };

			for (u64 p = start / PAGE; p <= (start + len - 1) / PAGE; p++)
				if (p < NR_PAGES)
					used[p] = true;
			if (i == 1) {
				chosen = fdt_add_subnode(t.fdt, 0, "chosen");
				fdt_setprop_u64(t.fdt, chosen, "linux,initrd-start", r.start);
				fdt_setprop_u64(t.fdt, chosen, "linux,initrd-end", r.end);
			} else if (i == 2) {
				fdt_add_mem_rsv(t.fdt, r.start, len);
			} else if (i == 3 || i == 4) {
				avoid[nr_avoid++] = r;
			} else {
				char name[16];
				int child;

				snprintf(name, sizeof(name), "r%d", i);
				parent = node_at(t.fdt, "/reserved-memory");
				child = fdt_add_subnode(t.fdt, parent, name);
				fdt_setprop_u64(t.fdt, child, "reg", r.start);
				fdt_appendprop_u64(t.fdt, child, "reg", len);
			}
		}
		size = unit_random(&seed) % 12 + 1;
		for (u64 p = 0; p + size <= NR_PAGES; p++) {
			bool ok = true;

			for (u64 i = p; i < p + size; i++)
				ok = ok && !used[i];
			if (ok)
				want = base + p * PAGE;
		}
		assert_int_equal(fdt_find_home(t.fdt, size * PAGE, base, avoid,
					       nr_avoid, all_there), want);
		free(t.fdt);
	}
}

static void test_isa_string(void **state)
{
	static const char *const cases[][2] = {
		{ "rv64imac", "rv64imac" },
		{ "rv64imac_zba_zbb_sstc", "rv64imac_zba_zbb_sstc" },
		{ "rv64imac_smepmp", "rv64imac" },
		{ "rv64imac_smaia_zba_ssaia_sstc", "rv64imac_zba_sstc" },
		{ "rv64imac_zba_smaia_ssaia", "rv64imac_zba" },
		{ "rv64imac_smaia1p0_zba1p0", "rv64imac_zba1p0" },
		/* Names must match as a whole. */
		{ "rv64imac_smaiax_xsmaia", "rv64imac_smaiax_xsmaia" },
		{ "rv64imac_sma_ssai", "rv64imac_sma_ssai" },
		/* The first long name may follow directly. */
		{ "rv64imacsmaia_zba", "rv64imac_zba" },
		{ "rv64imaczba_smaia", "rv64imaczba" },
		{ "rv64imafdcsu", "rv64imafdcsu" },
		{ "rv64imac__smaia_", "rv64imac__" },
		{ "", "" },
		{ "_", "_" },
		{ "smaia", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t size = strlen(cases[i][0]) + 1;
		char *s = malloc(size);

		memcpy(s, cases[i][0], size);
		assert_int_equal(strip_isa_string(s, size), strlen(cases[i][1]) + 1);
		assert_string_equal(s, cases[i][1]);
		/* Without the NUL. */
		memcpy(s, cases[i][0], size);
		s = realloc(s, size > 1 ? size - 1 : 1);
		strip_isa_string(s, size - 1);
		assert_memory_equal(s, cases[i][1], strlen(cases[i][1]));
		free(s);
	}
}

static void test_isa_list(void **state)
{
#define LIST(s) { s, sizeof(s) }
	static const struct {
		const char *text;
		size_t size;	/* with the last NUL */
	} cases[][2] = {
		{ LIST("i\0m\0zba"), LIST("i\0m\0zba") },
		{ LIST("i\0smaia\0zba\0ssaia"), LIST("i\0zba") },
		{ LIST("smepmp\0i"), LIST("i") },
		{ LIST("i\0smaia2\0smaiab"), LIST("i\0smaiab") },
		{ LIST("smaia"), { "", 0 } },
	};
	static char ended[] = { 'i', 0, 's', 'm', 'a', 'i', 'a' };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *s = malloc(cases[i][0].size);

		memcpy(s, cases[i][0].text, cases[i][0].size);
		assert_int_equal(strip_isa_list(s, cases[i][0].size),
				 cases[i][1].size);
		assert_memory_equal(s, cases[i][1].text, cases[i][1].size);
		free(s);
	}
	assert_int_equal(strip_isa_list(ended, sizeof(ended)), 2);
}

/* Every extension in the table is a lower-case name that fits its row. */
static void test_isa_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hidden_isa); i++) {
		size_t n = strnlen(hidden_isa[i], sizeof(hidden_isa[i]));

		assert_in_range(n, 4, sizeof(hidden_isa[i]) - 1);
		assert_non_null(strchr("sz", hidden_isa[i][0]));
		assert_int_equal(strspn(hidden_isa[i], "abcdefghijklmnopqrstuvwxyz"), n);
	}
}

/*
 * Check that all of @old is in @new at the same path, except for properties
 * that fdt_patch() changes.
 */
static void assert_kept(const void *old, const void *new)
{
	int node, prop;
	int depth = 0;

	for (node = 0; node >= 0 && depth >= 0;
	     node = fdt_next_node(old, node, &depth)) {
		char path[256];

		assert_int_equal(fdt_get_path(old, node, path, sizeof(path)), 0);
		fdt_for_each_property_offset(prop, old, node) {
			const char *name;
			int len;
			const void *p = fdt_getprop_by_offset(old, prop, &name, &len);

			if (!strncmp(name, "riscv,isa", 9) ||
			    (!strncmp(path, "/memory", 7) && !strcmp(name, "reg")))
				continue;
			assert_prop(new, path, name, p, (size_t)len);
		}
	}
}

static void test_patch_virt(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++) {
		struct tree old = load(all_trees[i]), t = load(all_trees[i]);
		u64 size = (u64)("148"[i % 3] - '0') * SZ_1G;
		u64 end = 0x80000000 + size;
		struct range home = { end - 0x4d000, end };
		fdt64_t reg[2] = { cpu_to_fdt64(home.start), cpu_to_fdt64(0x4d000) };
		fdt32_t two = cpu_to_fdt32(2);
		char path[64];

		assert_int_equal(fdt_patch(t.fdt, &home), 0);
		assert_int_equal(fdt_check_full(t.fdt, t.size + GROWTH), 0);
		assert_kept(old.fdt, t.fdt);
		assert_prop(t.fdt, "/reserved-memory", "#address-cells", &two, 4);
		assert_prop(t.fdt, "/reserved-memory", "#size-cells", &two, 4);
		assert_prop(t.fdt, "/reserved-memory", "ranges", "", 0);
		snprintf(path, sizeof(path), "/reserved-memory/cordon@%lx",
			 home.start);
		assert_prop(t.fdt, path, "reg", reg, sizeof(reg));
		assert_prop(t.fdt, path, "no-map", "", 0);
		assert_prop(t.fdt, path, "compatible", "cordon,monitor", 15);
		reg[0] = cpu_to_fdt64(0x80000000);
		reg[1] = cpu_to_fdt64(size - 0x4d000);
		assert_prop(t.fdt, "/memory@80000000", "reg", reg, sizeof(reg));
		free(old.fdt);
		free(t.fdt);
	}
}

/* True if the tree offers the byte at @addr as memory. */
static bool offers(const void *fdt, u64 addr)
{
	struct range r;

	return fdt_find_bank(fdt, addr, &r);
}

/* Check that memory is unchanged except for @home and the rest of its page. */
static void assert_cut(const void *old, const void *new, const struct range *home)
{
	const u64 at[] = {
		home->start - PAGE, home->start - 1, home->start,
		(home->start + home->end) / 2, home->end - 1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(at); i++)
		assert_int_equal(offers(new, at[i]), offers(old, at[i]) &&
				 !range_has(home, at[i]));
	/* One page after the home, if there is a whole one. */
	for (u64 a = home->end; a < home->end + 3 * PAGE; a += PAGE)
		if (offers(old, a + PAGE - 1))
			assert_int_equal(offers(new, a), offers(old, a));
}

/*
 * The pool lies below the home and what is in use, and the tree says so, or there
 * is none.
 */
static void test_pool(void **state)
{
	static const struct {
		const char *tree;
		struct range avoid;
		u64 at;		/* 0: none */
	} cases[] = {
		{ "virt-1-1g", { 0, 0 }, 0xb7fb3000 },
		{ "virt-4-8g", { 0, 0 }, 0x277fb3000 },
		{ "virt-1-1g", { 0xb0000000, 0xb8000000 }, 0xa8000000 },
		{ "virt-1-1g", { 0x88000000, 0xb8000000 }, 0x80000000 },
		{ "virt-1-1g", { 0x87fff000, 0xb8000000 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tree t = load(cases[i].tree);
		u64 at = cases[i].at;
		fdt64_t reg[2] = { cpu_to_fdt64(at), cpu_to_fdt64(SZ_1G / 8) };
		struct range home;
		char path[64];

		assert_true(fdt_find_bank(t.fdt, 0x80000000, &home));
		home.start = home.end - 0x4d000;
		assert_int_equal(fdt_patch(t.fdt, &home), 0);
		logged[0] = 0;
		assert_int_equal(pool_reserve(t.fdt, &cases[i].avoid, 1, all_there), 0);
		assert_int_equal(fdt_check_full(t.fdt, t.size + GROWTH), 0);
		snprintf(path, sizeof(path), "/reserved-memory/enclave-pool@%lx", at);
		if (!at) {
			assert_non_null(strstr(logged, "no 128 MiB of memory free"));
			assert_true(offers(t.fdt, home.start - 1));
		} else {
			assert_prop(t.fdt, path, "reg", reg, sizeof(reg));
			assert_prop(t.fdt, path, "no-map", "", 0);
			assert_prop(t.fdt, path, "compatible", "cordon,enclave-pool", 20);
			assert_false(offers(t.fdt, at));
			assert_false(offers(t.fdt, at + SZ_1G / 8 - 1));
			assert_int_equal(offers(t.fdt, at - 1), at > 0x80000000);
		}
		free(t.fdt);
	}
}

/* A bank has to be twice as large as the pool. */
static void test_pool_small(void **state)
{
	(void)state;
	for (u64 more = 0; more < 2; more++) {
		u64 end = 0x90000000 - PAGE + more * PAGE;
		struct range home = { end, end + PAGE };
		struct tree t = make(2, 1);

		add_bank(&t, 0x80000000, home.end - 0x80000000);
		logged[0] = 0;
		assert_int_equal(fdt_patch(t.fdt, &home), 0);
		assert_int_equal(pool_reserve(t.fdt, NULL, 0, all_there), 0);
		assert_non_null(strstr(logged, more ? "pool for enclaves at" : "no 128 MiB"));
		free(t.fdt);
	}
}

static int nr_memory_nodes(const void *fdt)
{
	int n = 0, node;

	fdt_for_each_subnode(node, fdt, 0) {
		const char *type = fdt_getprop(fdt, node, "device_type", NULL);

		n += type && !strcmp(type, "memory");
	}
	return n;
}

/* The home at each position in its bank: the first piece keeps its place. */
static void test_patch_cut(void **state)
{
	static const struct {
		struct range home;
		u64 banks[4];		/* start and size */
	} cases[] = {
		/* in the middle, at the end, at the beginning, all of it */
		{ { 0x80010000, 0x80020000 },
		  { 0x80000000, 0x10000, 0x80020000, 0xe0800 } },
		{ { 0x800f0000, 0x80100000 }, { 0x80000000, 0xf0000 } },
		{ { 0x80000000, 0x80010000 }, { 0x80010000, 0xf0800 } },
		{ { 0x80000000, 0x80100000 }, { 0x80000000, 0 } },
		/* a page before the end */
		{ { 0x800f0000, 0x800ff000 },
		  { 0x80000000, 0xf0000, 0x800ff000, 0x1800 } },
		/* elsewhere */
		{ { 0x90000000, 0x90010000 }, { 0x80000000, 0x100800 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tree old = make(2, 1), t = make(2, 1);
		fdt64_t reg[4];
		char path[32];

		add_bank(&old, 0x80000000, 0x100800);
		add_bank(&t, 0x80000000, 0x100800);
		assert_int_equal(fdt_patch(t.fdt, &cases[i].home), 0);
		assert_int_equal(fdt_check_full(t.fdt, t.size + GROWTH), 0);
		for (size_t c = 0; c < 4; c++)
			reg[c] = cpu_to_fdt64(cases[i].banks[c]);
		assert_prop(t.fdt, "/memory", "reg", reg, 16);
		if (cases[i].banks[2]) {
			snprintf(path, sizeof(path), "/memory@%lx", cases[i].banks[2]);
			assert_prop(t.fdt, path, "reg", &reg[2], 16);
			assert_prop(t.fdt, path, "device_type", "memory", 7);
		}
		assert_int_equal(nr_memory_nodes(t.fdt), cases[i].banks[2] ? 2 : 1);
		assert_cut(old.fdt, t.fdt, &cases[i].home);
		free(old.fdt);
		free(t.fdt);
	}
}

/* Two nodes list the same memory; a third is not in use. */
static void test_patch_cut_nodes(void **state)
{
	struct range home = { 0x80010000, 0x80020000 };
	fdt64_t reg[2] = { cpu_to_fdt64(0x80000000), cpu_to_fdt64(0x100000) };
	struct tree t = make(2, 1);
	void *fdt = t.fdt;
	struct range r;
	int node;

	(void)state;
	for (int i = 0; i < 3; i++) {
		char name[] = "memory@0";

		name[7] = (char)('0' + i);
		node = add_node(fdt, 0, name, 0x80000000, 0x100000);
		fdt_setprop_string(fdt, node, "device_type", "memory");
	}
	fdt_setprop_string(fdt, node, "status", "fail");
	assert_int_equal(fdt_patch(fdt, &home), 0);
	assert_false(offers(fdt, 0x80010000));
	assert_true(fdt_find_bank(fdt, 0x8000ffff, &r));
	assert_int_equal(r.end, 0x80010000);
	assert_true(fdt_find_bank(fdt, 0x80020000, &r));
	assert_int_equal(r.end, 0x80100000);
	assert_prop(fdt, "/memory@2", "reg", reg, 16);
	free(fdt);
}

/*
 * Memory above the home gets a node behind its old one, with the same NUMA node, so
 * that each node has one range and the first stays the first.
 */
static void test_patch_cut_order(void **state)
{
	const struct range home = { 0x80010000, 0x80020000 };
	const struct range pool = { 0x80030000, 0x80040000 };
	static const char *const order[] = {
		"memory@80000000", "memory@80020000", "memory@80040000", "last",
	};
	const fdt32_t numa = cpu_to_fdt32(1);
	struct tree t = make(2, 1);
	void *fdt = t.fdt;
	int node, i = 0;

	(void)state;
	fdt_add_subnode(fdt, 0, "last");
	node = add_node(fdt, 0, "memory@80000000", 0x80000000, 0x100000);
	fdt_setprop_string(fdt, node, "device_type", "memory");
	fdt_setprop(fdt, node, "numa-node-id", &numa, sizeof(numa));
	fdt_add_subnode(fdt, fdt_add_subnode(fdt, node, "child"), "grandchild");
	assert_int_equal(fdt_patch(fdt, &home), 0);
	assert_int_equal(fdt_add_pool(fdt, &pool), 0);
	assert_int_equal(fdt_check_full(fdt, t.size + GROWTH), 0);
	node_at(fdt, "/memory@80000000/child/grandchild");
	fdt_for_each_subnode(node, fdt, 0) {
		if (i == 4 || strcmp(fdt_get_name(fdt, node, NULL), order[i]))
			continue;
		if (i < 3) {
			int len;

			assert_non_null(fdt_getprop(fdt, node, "reg", &len));
			assert_int_equal(len, 16);
			assert_memory_equal(fdt_getprop(fdt, node, "numa-node-id", &len),
					    &numa, sizeof(numa));
		}
		i++;
	}
	assert_int_equal(i, 4);
	assert_int_equal(nr_memory_nodes(fdt), 3);
	free(fdt);
}

/* Trees that cannot be patched in place are copied. */
static void test_copy(void **state)
{
	struct range home = { 0xbffb0000, 0xc0000000 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct tree t = load("virt-1-1g");
		void *fdt = malloc(2 * t.size), *to, *in_order;
		u32 strings, size;

		memcpy(fdt, t.fdt, t.size);
		strings = fdt_off_dt_strings(fdt);
		size = fdt_size_dt_strings(fdt);
		if (i & 1) {		/* version 16: the structure has no size */
			fdt_set_version(fdt, 16);
			fdt_set_size_dt_struct(fdt, 0x7fffffff);
		}
		if (i & 2) {		/* strings first */
			u32 to_struct = 0x30 + ALIGN_UP(size, 8);
			u32 length = strings - fdt_off_dt_struct(t.fdt);

			memcpy((char *)fdt + 0x30, (char *)t.fdt + strings, size);
			memcpy((char *)fdt + to_struct + 16, (char *)t.fdt +
			       fdt_off_dt_struct(t.fdt), length);
			memset((char *)fdt + to_struct, 0, 16);
			fdt_set_off_dt_strings(fdt, 0x30);
			fdt_set_off_mem_rsvmap(fdt, to_struct);
			fdt_set_off_dt_struct(fdt, to_struct + 16);
			fdt_set_totalsize(fdt, to_struct + 16 + length);
		}
		assert_null(fdt_check(fdt));
		assert_int_equal(is_in_order(fdt), !i);
		if (i)
			assert_int_equal(fdt_patch(fdt, &home), -EINVAL);
		to = aligned_alloc(PAGE, fdt_room(fdt));
		memset(to, 0xa5, fdt_room(fdt));
		assert_int_equal(fdt_copy(fdt, to), 0);
		assert_true(is_in_order(to));
		assert_int_equal(fdt_patch(to, &home), 0);
		assert_int_equal(fdt_check_full(to, fdt_room(fdt)), 0);
		assert_kept(t.fdt, to);
		/* Like one patched in place. */
		in_order = t.fdt;
		assert_int_equal(fdt_patch(in_order, &home), 0);
		assert_kept(in_order, to);
		free(to);
		free(fdt);
		free(t.fdt);
	}
}

/* Old memory contents after a tree do not get into it. */
static void test_no_stale_memory(void **state)
{
	static const char secret[] = "secretsecretsecret";
	struct range home = { 0xbffb0000, 0xc0000000 };

	(void)state;
	for (int spare = 0; spare < 2; spare++) {
		struct tree t = load("virt-1-1g");
		char *fdt = malloc(t.size + GROWTH);

		memcpy(fdt, t.fdt, t.size);
		for (size_t i = t.size; i < t.size + GROWTH; i++)
			fdt[i] = secret[i % 6];
		if (spare)
			fdt_set_totalsize(fdt, (u32)t.size + 512);
		assert_int_equal(fdt_patch(fdt, &home), 0);
		for (u32 i = 0; i + 6 <= fdt_totalsize(fdt); i++)
			assert_int_not_equal(memcmp(fdt + i, secret, 6), 0);
		free(fdt);
		free(t.fdt);
	}
}

/* A tree may grow in memory, but not into anything. */
static void test_may_grow(void **state)
{
	fdt64_t reg[2] = { 0, cpu_to_fdt64(SZ_2M) };
	struct range avoid = { 0, 0 };
	struct tree t = make(2, 1);
	u64 base, end;
	u8 *ram;

	(void)state;
	ram = mmap(NULL, SZ_2M, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(ram != MAP_FAILED);
	base = (uintptr_t)ram;
	fdt_add_subnode(t.fdt, 0, "chosen");
	fdt_pack(t.fdt);
	memcpy(ram, t.fdt, fdt_totalsize(t.fdt));
	/* In no bank. */
	assert_false(fdt_may_grow(ram, NULL, 0));
	fdt_open_into(ram, ram, (int)SZ_2M);
	free(t.fdt);
	t.fdt = ram;
	add_bank(&t, base, SZ_2M);
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-start", 0);
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-end", 0);
	fdt_pack(ram);
	end = base + fdt_totalsize(ram) + GROWTH;
	assert_true(fdt_may_grow(ram, NULL, 0));
	reg[0] = cpu_to_fdt64(base - 4096);
	/* An initrd directly after it, and one after the needed room. */
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-end", end + 9);
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-start", end - 1);
	assert_false(fdt_may_grow(ram, NULL, 0));
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-start", end);
	assert_true(fdt_may_grow(ram, NULL, 0));
	/* A reservation for the tree itself. */
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-start", base);
	assert_true(fdt_may_grow(ram, NULL, 0));
	fdt_setprop_u64(ram, node_at(ram, "/chosen"), "linux,initrd-start", end);
	/* The firmware overwrites the tree. */
	avoid.end = base + 1;
	assert_false(fdt_may_grow(ram, &avoid, 1));
	avoid = (struct range){ end - 1, end };
	assert_false(fdt_may_grow(ram, &avoid, 1));
	avoid = (struct range){ end, end + 1 };
	assert_true(fdt_may_grow(ram, &avoid, 1));
	/* The bank ends too early. */
	fdt_setprop(ram, node_at(ram, "/memory"), "reg", reg, 16);
	assert_true(fdt_may_grow(ram, NULL, 0));
	reg[0] = cpu_to_fdt64(end - SZ_2M - 1);
	fdt_setprop(ram, node_at(ram, "/memory"), "reg", reg, 16);
	assert_false(fdt_may_grow(ram, NULL, 0));
	munmap(ram, SZ_2M);
}

/* A second monitor: the parent and the first monitor's node exist. */
static void test_patch_reserved(void **state)
{
	struct tree old = load("reserved"), t = load("reserved");
	struct range home = { 0x8fff8000, 0x8ffff000 };
	fdt64_t reg[4] = {
		cpu_to_fdt64(0x80000000), cpu_to_fdt64(0xfff8000),
		cpu_to_fdt64(0x8ffff000), cpu_to_fdt64(0x1000),
	};

	(void)state;
	assert_int_equal(fdt_patch(t.fdt, &home), 0);
	assert_kept(old.fdt, t.fdt);
	/* In the middle of the bank: the bank is split. */
	assert_prop(t.fdt, "/memory@80000000", "reg", reg, 16);
	assert_prop(t.fdt, "/memory@8ffff000", "reg", &reg[2], 16);
	assert_prop(t.fdt, "/cpus/cpu@0", "riscv,isa", "rv64imafdc_zba", 15);
	node_at(t.fdt, "/reserved-memory/cordon@8fff8000");
	node_at(t.fdt, "/reserved-memory/two@8ffd0000");
	/* The next home must not be there either. */
	assert_int_equal(fdt_find_home(t.fdt, 0x1000, 0x80000000, NULL, 0, all_there),
			 0x8fff7000);
	/* The same name again is an error and adds no node. */
	t.fdt = realloc(t.fdt, fdt_totalsize(t.fdt) + GROWTH);
	assert_int_equal(fdt_patch(t.fdt, &home), -EINVAL);
	free(old.fdt);
	free(t.fdt);
}

/* 32-bit cells, and values that do not fit. */
static void test_patch_small_cells(void **state)
{
	struct tree t = load("sparse");
	struct range home = { 0xfff00000, 0xfffff000 };
	struct range high = { 0x1fff00000, 0x1fffff000 };
	fdt32_t reg[2] = { cpu_to_fdt32(0xfff00000), cpu_to_fdt32(0xff000) };

	(void)state;
	assert_int_equal(fdt_patch(t.fdt, &home), 0);
	assert_prop(t.fdt, "/reserved-memory/cordon@fff00000", "reg", reg,
		    sizeof(reg));
	reg[0] = cpu_to_fdt32(0x80000000);
	reg[1] = cpu_to_fdt32(0x7ff00000);
	assert_prop(t.fdt, "/memory@80000000", "reg", reg, sizeof(reg));
	assert_prop(t.fdt, "/cpus/cpu@40", "riscv,isa", "rv64imac_zba", 13);
	assert_prop(t.fdt, "/cpus/processor", "riscv,isa-extensions", "i\0m", 4);
	free(t.fdt);

	t = load("sparse");
	assert_int_equal(fdt_patch(t.fdt, &high), -EINVAL);
	free(t.fdt);
}

/* The bank that ends with the home shrinks, and no other. */
static void test_patch_banks(void **state)
{
	static const u64 want[] = {
		0x400000000, 0x1fffff000, 0x80000000, 0x40000000, 0x70000000, 0,
	};
	struct range home = { 0x5fffff000, 0x600000000 };
	struct tree t = load("banks");
	fdt64_t reg[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		reg[i] = cpu_to_fdt64(want[i]);
	assert_int_equal(fdt_patch(t.fdt, &home), 0);
	assert_prop(t.fdt, "/memory@400000000", "reg", reg, sizeof(reg));
	free(t.fdt);
}

static void test_patch_overlap(void **state)
{
	struct tree t = load("virt-1-1g");
	u64 self = (uintptr_t)t.fdt;
	struct range home = { self + t.size + GROWTH - 1, self + SZ_2M };

	(void)state;
	assert_int_equal(fdt_patch(t.fdt, &home), -ENOSPC);
	assert_int_equal(fdt_totalsize(t.fdt), t.size);
	home.start++;
	assert_int_equal(fdt_patch(t.fdt, &home), 0);
	free(t.fdt);
}

/* Spare room in the tree is used before it grows. */
static void test_patch_spare_room(void **state)
{
	struct tree t = make(2, 1);
	struct range home = { 0x80010000, 0x80020000 };

	(void)state;
	add_bank(&t, 0x80000000, 0x20000);
	assert_int_equal(fdt_patch(t.fdt, &home), 0);
	assert_int_equal(fdt_totalsize(t.fdt), t.size);
	free(t.fdt);
}

/* Call everything that uses a tree, under the sanitizers. */
static void use_all(void *fdt, size_t room)
{
	struct range home = { 0xbffb0000, 0xc0000000 };
	struct walk w;
	bool sound = walk_begin(&w, fdt) && !fdt_check_full(fdt, room);
	struct machine m;
	u64 addr;

	logged[0] = '\0';
	if (!fdt_read_machine(fdt, &m)) {
		assert_in_range(m.nr_harts, 1, CONFIG_NR_HARTS_MAX);
		assert_in_range(m.nr_memory, 1, FDT_MAX_MEMORY);
	}
	fdt_check_board(fdt, &board);
	fdt_read_handover(fdt, &home);
	fdt_read_cbom(fdt);
	/* Many CLINT nodes would make a long log. */
	assert_true(strlen(logged) < sizeof(logged) - 1);
	addr = fdt_find_home(fdt, 0x50000, 0x80000000, NULL, 0, all_there);
	assert_int_equal(addr % PAGE, 0);
	if (addr)
		home = (struct range){ addr, addr + 0x50000 };
	fdt_may_grow(fdt, &home, 1);
	if (!fdt_check(fdt)) {
		void *copy = aligned_alloc(PAGE, fdt_room(fdt));

		if (!fdt_copy(fdt, copy) && !fdt_patch(copy, &home) && sound)
			assert_int_equal(fdt_check_full(copy, fdt_room(fdt)), 0);
		free(copy);
	}
	if (!fdt_patch(fdt, &home) && sound)
		assert_int_equal(fdt_check_full(fdt, room + GROWTH), 0);
}

/* Flip bits and overwrite bytes, anywhere or in the header. */
static void damage(u8 *fdt, size_t size)
{
	size_t area = unit_random(&seed) % 4 ? size : 40;

	for (u64 n = unit_random(&seed) % 6; n < 6; n++) {
		u8 *p = &fdt[unit_random(&seed) % area];

		switch (unit_random(&seed) % 3) {
		case 0:
			*p ^= (u8)(1 << unit_random(&seed) % 8);
			break;
		case 1:
			*p = (u8)unit_random(&seed);
			break;
		default:
			/* Tags, lengths and offsets are words. */
			p = &fdt[(size_t)(p - fdt) / 4 * 4];
			fdt32_st(p, (u32)(unit_random(&seed) % 10));
			break;
		}
	}
}

static void test_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all_trees); i++) {
		struct tree t = load(all_trees[i]);

		for (int round = 0; round < FUZZ_ROUNDS; round++) {
			u8 *fdt = malloc(t.size + GROWTH);

			memcpy(fdt, t.fdt, t.size);
			damage(fdt, t.size);
			/*
			 * Skip trees that claim to be longer than they are,
			 * which cannot be detected.
			 */
			if (fdt_totalsize(fdt) > t.size)
				fdt_set_totalsize(fdt, (u32)t.size);
			use_all(fdt, t.size);
			free(fdt);
		}
		free(t.fdt);
	}
}

/* Truncate at every length, with and without a matching header. */
static void test_truncated(void **state)
{
	struct tree t = load("reserved");

	(void)state;
	for (u32 size = 40; size < t.size; size++) {
		u8 *fdt = malloc(size + GROWTH);

		memcpy(fdt, t.fdt, size);
		fdt_set_totalsize(fdt, size);
		use_all(fdt, size);
		memcpy(fdt, t.fdt, size);
		fdt_set_totalsize(fdt, size);
		fdt_set_size_dt_struct(fdt, size - fdt_off_dt_struct(fdt));
		fdt_set_off_dt_strings(fdt, size);
		fdt_set_size_dt_strings(fdt, 0);
		use_all(fdt, size);
		free(fdt);
	}
	free(t.fdt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_virt),
		cmocka_unit_test(test_read_others),
		cmocka_unit_test(test_read_banks),
		cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_check_status),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_many_banks),
		cmocka_unit_test(test_check_board),
		cmocka_unit_test(test_check_clint),
		cmocka_unit_test(test_check_memory),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_console_paths),
		cmocka_unit_test(test_handover),
		cmocka_unit_test(test_cbom),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_home_virt),
		cmocka_unit_test(test_home_reserved),
		cmocka_unit_test(test_home_many),
		cmocka_unit_test(test_home_banks),
		cmocka_unit_test(test_home_tree),
		cmocka_unit_test(test_home_named),
		cmocka_unit_test(test_home_domains),
		cmocka_unit_test(test_home_absent),
		cmocka_unit_test(test_home_random),
		cmocka_unit_test(test_isa_string),
		cmocka_unit_test(test_isa_list),
		cmocka_unit_test(test_isa_table),
		cmocka_unit_test(test_patch_virt),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_pool_small),
		cmocka_unit_test(test_patch_cut),
		cmocka_unit_test(test_patch_cut_nodes),
		cmocka_unit_test(test_patch_cut_order),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_no_stale_memory),
		cmocka_unit_test(test_may_grow),
		cmocka_unit_test(test_patch_reserved),
		cmocka_unit_test(test_patch_small_cells),
		cmocka_unit_test(test_patch_banks),
		cmocka_unit_test(test_patch_overlap),
		cmocka_unit_test(test_patch_spare_room),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
