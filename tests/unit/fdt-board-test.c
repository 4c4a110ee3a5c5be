// SPDX-License-Identifier: BSD-2-Clause
/* The generic board: results for QEMU's trees, and trees that it refuses. */
#include <unit.h>

/* Include the source, to reach its statics. */
#include <core/boot/fdt.c>
#include <core/boot/console.c>
#include <drivers/uart/chosen.c>

#include <boards/generic/devicetree/board.c>

static unsigned int nr_put;

void log_print(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

static bool put(const struct uart_desc *u, char c, unsigned int *polls)
{
	(void)u;
	(void)c;
	(void)polls;
	nr_put++;
	return true;
}

const struct uart_ops uart_ns16550 = { .putc = put };
const struct uart_ops uart_sifive = { .putc = put };
const struct uart_ops uart_htif;

/* A tree of gen-trees with spare room, in its own memory. */
static void *load(const char *name)
{
	char path[256];
	void *fdt;
	long size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.dtb", TREES, name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("no tree %s", path);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	fdt = calloc(1, (size_t)size + 4096);
	assert_int_equal(fread(fdt, 1, (size_t)size, f), size);
	fclose(f);
	assert_int_equal(fdt_open_into(fdt, fdt, (int)size + 4096), 0);
	return fdt;
}

static int node_at(const void *fdt, const char *path)
{
	int node = fdt_path_offset(fdt, path);

	if (node < 0)
		fail_msg("no node %s", path);
	return node;
}

/* Read @fdt as at boot, into an empty board. */
static const char *boot(void *fdt)
{
	const struct uart_ops *ops = board.console.ops;
	const char *wrong;

	memset(&board.console, 0, sizeof(board.console));
	memset(&board.clint, 0xff, sizeof(board.clint));
	board.console.ops = ops;
	board.timebase = 0;
	uart_chosen = 0;
	wrong = fdt_check(fdt);
	if (!wrong)
		wrong = board.early_init(fdt);
	/* The check used for other boards finds nothing wrong. */
	if (!wrong)
		assert_int_equal(fdt_check_board(fdt, &board), 0);
	return wrong;
}

static void assert_window(unsigned int i, u64 start, u64 end)
{
	assert_int_equal(board.clint.window[i].start, start);
	assert_int_equal(board.clint.window[i].end, end);
}

static void test_virt(void **state)
{
	void *fdt = load("virt-4-4g");

	(void)state;
	assert_null(boot(fdt));
	assert_string_equal(board.name, "riscv-virtio,qemu");
	assert_int_equal(board.timebase, 10000000);
	assert_int_equal(board.ram.start, 0x80000000);
	assert_int_equal(board.ram.end, 0x180000000);
	assert_int_equal(board.console.base, 0x10000000);
	assert_int_equal(board.console.reg_shift, 0);
	assert_int_equal(board.console.reg_width, 1);
	assert_true(board.console.keep);
	assert_ptr_equal(uart_drivers[uart_chosen].ops, &uart_ns16550);
	assert_int_equal(board.clint.mswi, 0x2000000);
	assert_int_equal(board.clint.mtimecmp, 0x2004000);
	assert_int_equal(board.clint.mtime, 0x200bff8);
	assert_window(0, 0x2000000, 0x2010000);
	assert_window(1, 0, 0);
	free(fdt);
}

static void test_aclint(void **state)
{
	void *fdt = load("virt-aclint");

	(void)state;
	assert_null(boot(fdt));
	assert_int_equal(board.clint.mswi, 0x2000000);
	assert_int_equal(board.clint.mtimecmp, 0x2004000);
	assert_int_equal(board.clint.mtime, 0x200bff8);
	assert_window(0, 0x2000000, 0x2004000);
	assert_window(1, 0x2004000, 0x2010000);
	free(fdt);
}

static void test_sifive_u(void **state)
{
	void *fdt = load("sifive_u");

	(void)state;
	assert_null(boot(fdt));
	assert_int_equal(board.timebase, 1000000);
	assert_int_equal(board.console.base, 0x10010000);
	assert_ptr_equal(uart_drivers[uart_chosen].ops, &uart_sifive);
	assert_int_equal(board.clint.mtime, 0x200bff8);
	free(fdt);
}

/* Silent if the driver is not built or does not exist. */
static void test_silent(void **state)
{
	void *fdt = load("spike");

	(void)state;
	assert_null(boot(fdt));
	nr_put = 0;
	assert_true(board.console.ops->putc(&board.console, 'x', NULL));
	assert_int_equal(nr_put, 0);
	free(fdt);

	fdt = load("virt-1-1g");
	assert_null(boot(fdt));
	assert_true(board.console.ops->putc(&board.console, 'x', NULL));
	assert_int_equal(nr_put, 1);
	fdt_setprop_string(fdt, node_at(fdt, "/soc/serial@10000000"),
			   "compatible", "acme,uart");
	assert_null(boot(fdt));
	assert_true(board.console.ops->putc(&board.console, 'x', NULL));
	assert_int_equal(nr_put, 1);
	free(fdt);
}

/* Without a usable stdout-path the first UART in use is the console. */
static void test_console_without_path(void **state)
{
	static const char *const paths[] = {
		NULL, "", ":", "/nowhere", "a", "/soc/rtc@101000",
		"/memory@80000000",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		void *fdt = load("virt-1-1g");
		int node = fdt_add_subnode(fdt, 0, "aliases");

		fdt_setprop_string(fdt, node, "a", "b");
		fdt_setprop_string(fdt, node, "b", "a");
		node = node_at(fdt, "/chosen");
		fdt_delprop(fdt, node, "stdout-path");
		if (paths[i])
			fdt_setprop_string(fdt, node, "stdout-path", paths[i]);
		assert_null(boot(fdt));
		assert_int_equal(board.console.base, 0x10000000);
		assert_true(uart_chosen);
		fdt_setprop_string(fdt, node_at(fdt, "/soc/serial@10000000"),
				   "status", "disabled");
		assert_null(boot(fdt));
		assert_int_equal(uart_chosen, 0);
		free(fdt);
	}
}

static void test_console_registers(void **state)
{
	void *fdt = load("virt-1-1g");
	const char *path = "/soc/serial@10000000";

	(void)state;
	fdt_setprop_string(fdt, node_at(fdt, path), "compatible",
			   "snps,dw-apb-uart");
	fdt_setprop_u32(fdt, node_at(fdt, path), "reg-shift", 2);
	fdt_setprop_u32(fdt, node_at(fdt, path), "reg-io-width", 4);
	assert_null(boot(fdt));
	assert_int_equal(board.console.reg_shift, 2);
	assert_int_equal(board.console.reg_width, 4);
	assert_ptr_equal(uart_drivers[uart_chosen].ops, &uart_ns16550);
	free(fdt);
}

static void refused(void *fdt, const char *word)
{
	const char *wrong = boot(fdt);

	if (!wrong || !strstr(wrong, word))
		fail_msg("\"%s\" should tell of \"%s\"", wrong, word);
	free(fdt);
}

/* Register layout, and whether a driver supports it. */
static void test_console_properties(void **state)
{
	static const struct {
		const char *name;
		u32 value;
		u64 base;		/* 0: no console */
	} cases[] = {
		{ "reg-offset", 0x100, 0x10000100 },
		{ "reg-shift", 3, 0x10000000 },
		{ "reg-shift", 4, 0 },
		{ "reg-io-width", 2, 0x10000000 },
		{ "reg-io-width", 8, 0 },
		{ "reg-io-width", 0, 0 },
	};
	const char *path = "/soc/serial@10000000";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		void *fdt = load("virt-1-1g");

		fdt_setprop_u32(fdt, node_at(fdt, path), cases[i].name,
				cases[i].value);
		assert_null(boot(fdt));
		assert_int_equal(board.console.base, cases[i].base);
		assert_int_equal(!!uart_chosen, cases[i].base != 0);
		free(fdt);
	}
}

/* Lines of the log must not go to memory, which guests or the monitor use, nor misaligned. */
static void test_console_addresses(void **state)
{
	static const struct {
		u64 base;
		bool good;
	} cases[] = {
		{ 0x80000000, false }, { 0x83fff000, false }, { 0xbfffffff, false },
		{ 0x7fffffe0, false }, { 0x7fffffc0, true }, { 0xc0000000, true },
		{ 0x10000002, false }, { 0x10000004, true }, { ~0ull - 63, false },
		{ ~0ull - 127, true },
	};
	const char *path = "/soc/serial@10000000";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		void *fdt = load("virt-1-1g");

		fdt_setprop_u64(fdt, node_at(fdt, path), "reg", cases[i].base);
		fdt_appendprop_u64(fdt, node_at(fdt, path), "reg", 0);
		assert_null(boot(fdt));
		assert_int_equal(!!uart_chosen, cases[i].good);
		assert_int_equal(board.console.base, cases[i].good ? cases[i].base : 0);
		free(fdt);
	}
}

/* Ignore a device that is unused, or whose bus is. */
static void test_status(void **state)
{
	static const char *const paths[] = { "/soc/serial@10000000", "/soc" };
	static const char *const words[] = { "disabled", "reserved", "fail-42" };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		void *fdt = load("virt-1-1g");
		const char *wrong;

		fdt_setprop_string(fdt, node_at(fdt, paths[i / 3]), "status",
				   words[i % 3]);
		wrong = boot(fdt);
		assert_int_equal(uart_chosen, 0);
		assert_int_equal(!!wrong, i / 3);
		free(fdt);

		fdt = load("virt-1-1g");
		fdt_setprop_string(fdt, node_at(fdt, "/soc/clint@2000000"),
				   "status", words[i % 3]);
		refused(fdt, "no CLINT");
		/* One of two is left. */
		fdt = load("virt-numa");
		fdt_setprop_string(fdt, node_at(fdt, "/soc/clint@2010000"),
				   "status", words[i % 3]);
		assert_null(boot(fdt));
		assert_int_equal(board.clint.mswi, 0x2000000);
		free(fdt);
	}
}

/* Give the device this address on its bus, and the bus these ranges. */
static void put_on_bus(void *fdt, const char *path, u64 bus, const u32 *ranges,
		       int cells)
{
	int node = node_at(fdt, path);

	fdt_setprop_u64(fdt, node, "reg", bus);
	fdt_appendprop_u64(fdt, node, "reg", 0x100);
	fdt_setprop(fdt, node_at(fdt, "/soc"), "ranges", "", 0);
	for (int i = 0; i < cells; i++)
		fdt_appendprop_u32(fdt, node_at(fdt, "/soc"), "ranges", ranges[i]);
}

/* Addresses on a bus are translated to CPU addresses, or refused. */
static void test_ranges(void **state)
{
	static const struct {
		u64 bus, cpu;		/* cpu 0: refused */
		int cells;
		u32 ranges[12];
	} cases[] = {
		{ 0, 0x2000000, 6, { 0, 0, 0, 0x2000000, 0, 0x10000 } },
		{ 0x100, 0x2000100, 6,
		  { 0, 0, 0, 0x2000000, 0, 0x10000 } },
		/* to above 4 GiB, and from there */
		{ 0x10, 0xfff0000010, 6,
		  { 0, 0, 0xff, 0xf0000000, 0, 0x1000 } },
		{ 0x700000010, 0x10, 6, { 7, 0, 0, 0, 0, 0x1000 } },
		/* the second entry */
		{ 0x2000, 0x40000000, 12,
		  { 0, 0, 0, 0x2000000, 0, 0x1000,
		    0, 0x2000, 0, 0x40000000, 0, 0x1000 } },
		/* identity */
		{ 0x2000000, 0x2000000, 0, { 0 } },
		/* not mapped; only its first bytes */
		{ 0x2000, 0, 6, { 0, 0, 0, 0x2000000, 0, 0x1000 } },
		{ 0xfff, 0, 6, { 0, 0, 0, 0x2000000, 0, 0x1000 } },
		/* cut off */
		{ 0, 0, 5, { 0, 0, 0, 0x2000000, 0 } },
		/* beyond the end of all addresses */
		{ 0, 0, 6, { 0, 0, 0xffffffff, 0xffffff80, 0,
			     0x1000 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct uart_desc u = { 0 };
		struct clint_desc c;
		void *fdt = load("virt-1-1g");
		bool good = cases[i].cpu;

		put_on_bus(fdt, "/soc/serial@10000000", cases[i].bus,
			   cases[i].ranges, cases[i].cells);
		assert_int_equal(fdt_read_uart(fdt, fdt_find_console(fdt), &u) == 0,
				 good);
		assert_int_equal(u.base, cases[i].cpu);
		free(fdt);
		/* Address 0 is not a CLINT. */
		if (!cases[i].bus && !cases[i].cpu)
			continue;
		fdt = load("virt-1-1g");
		put_on_bus(fdt, "/soc/clint@2000000", cases[i].bus,
			   cases[i].ranges, cases[i].cells);
		assert_int_equal(fdt_read_clint(fdt, &c), good ? 0 : -EINVAL);
		if (good)
			assert_int_equal(c.mtime, cases[i].cpu + 0xbff8);
		free(fdt);
	}
}

/* CLINTs other than SiFive's. */
static void test_other_clints(void **state)
{
	const char *path = "/soc/clint@2000000", *timer = "/soc/mtimer@2004000";
	void *fdt = load("virt-1-1g");
	u64 reg[2] = { cpu_to_fdt64(0x2004000), cpu_to_fdt64(0x8000) };

	(void)state;
	fdt_setprop(fdt, node_at(fdt, path), "clint,has-no-64bit-mmio", "", 0);
	assert_null(boot(fdt));
	assert_true(board.clint.narrow);
	assert_int_equal(board.clint.mtime, 0x200bff8);
	/* T-Head's has no mtime; some list SiFive's name after it. */
	for (int i = 0; i < 2; i++) {
		fdt_delprop(fdt, node_at(fdt, path), "clint,has-no-64bit-mmio");
		fdt_setprop(fdt, node_at(fdt, path), "compatible",
			    "thead,c900-clint\0sifive,clint0", i ? 31 : 17);
		assert_null(boot(fdt));
		assert_true(board.clint.narrow);
		assert_int_equal(board.clint.mswi, 0x2000000);
		assert_int_equal(board.clint.mtimecmp, 0x2004000);
		assert_int_equal(board.clint.mtime, 0);
		assert_window(0, 0x2000000, 0x2010000);
	}
	free(fdt);

	fdt = load("virt-aclint");
	fdt_setprop(fdt, node_at(fdt, timer), "reg", reg, 16);
	assert_null(boot(fdt));
	assert_int_equal(board.clint.mtimecmp, 0x2004000);
	assert_int_equal(board.clint.mtime, 0);
	assert_false(board.clint.narrow);
	fdt_setprop_string(fdt, node_at(fdt, timer), "compatible",
			   "thead,c900-aclint-mtimer");
	fdt_setprop_string(fdt, node_at(fdt, "/soc/mswi@2000000"), "compatible",
			   "thead,c900-aclint-mswi");
	assert_null(boot(fdt));
	assert_true(board.clint.narrow);
	assert_int_equal(board.clint.mtime, 0);
	assert_window(0, 0x2000000, 0x2004000);
	free(fdt);
}

/* timebase-frequency in each cpu, as in old trees; and absent. */
static void test_timebase(void **state)
{
	void *fdt = load("virt-4-1g");

	(void)state;
	fdt_delprop(fdt, node_at(fdt, "/cpus"), "timebase-frequency");
	assert_string_equal(boot(fdt), "device tree has no timebase-frequency");
	fdt_setprop_u32(fdt, node_at(fdt, "/cpus/cpu@2"), "timebase-frequency",
			4000000);
	assert_null(boot(fdt));
	assert_int_equal(board.timebase, 4000000);
	free(fdt);
}

/* Put entries that name no hart before those of the CLINT. */
static void list_clint_last(void *fdt)
{
	int node = node_at(fdt, "/soc/clint@2000000"), len;
	const fdt32_t *p = fdt_getprop(fdt, node, "interrupts-extended", &len);
	fdt32_t list[4 * CONFIG_NR_HARTS_MAX + 16] = { 0 }, *to = &list[4 * CONFIG_NR_HARTS_MAX];

	assert_in_range(len, 4, 64);
	for (size_t i = 1; i < ARRAY_SIZE(list); i += 2)
		list[i] = cpu_to_fdt32(i & 2 ? 7 : 3);
	memcpy(to, p, (size_t)len);
	assert_int_equal(fdt_setprop(fdt, node, "interrupts-extended", list, (int)
				     ((char *)to - (char *)list) + len), 0);
}

/* Registers in another order, without a way to tell whose they are. */
static void test_clint_order(void **state)
{
	void *fdt = load("virt-4-1g");

	(void)state;
	fdt_setprop_u32(fdt, node_at(fdt, "/cpus/cpu@0"), "reg", 4);
	refused(fdt, "order");
	/* Harts that come behind more entries than there can be harts. */
	fdt = load("virt-4-1g");
	list_clint_last(fdt);
	refused(fdt, "order");
}

static void test_refused(void **state)
{
	static const char *const aliased[] = {
		"eswin,eic7700", "microchip,mpfs", "starfive,jh7110",
		"microchip,pic64gx", "sifive,ccache0",
	};
	static const char k210[] = "canaan,k210-clint\0sifive,clint0";
	void *fdt = load("virt-1-1g");
	u64 far[2] = { cpu_to_fdt64(0x90000000), cpu_to_fdt64(0x10000000) };
	/* Two windows are misaligned; the last one ends past all addresses. */
	u64 misplaced[][2] = {
		{ cpu_to_fdt64(0x2000002), cpu_to_fdt64(0x10000) },
		{ cpu_to_fdt64(0x2000004), cpu_to_fdt64(0x10000) },
		{ cpu_to_fdt64(0x2000000), UINT64_MAX },
	};

	(void)state;
	fdt_del_node(fdt, node_at(fdt, "/soc/clint@2000000"));
	refused(fdt, "no CLINT");
	/* One per socket: the monitor would use only the first. */
	refused(load("virt-numa"), "several CLINTs");

	fdt = load("virt-aclint");
	fdt_delprop(fdt, node_at(fdt, "/soc/mtimer@2004000"), "reg");
	refused(fdt, "malformed");
	for (size_t i = 0; i < ARRAY_SIZE(misplaced); i++) {
		fdt = load("virt-1-1g");
		fdt_setprop(fdt, node_at(fdt, "/soc/clint@2000000"), "reg",
			    misplaced[i], sizeof(misplaced[i]));
		refused(fdt, "malformed");
	}
	fdt = load("virt-1-1g");
	fdt_setprop(fdt, node_at(fdt, "/memory@80000000"), "reg", far, 16);
	refused(fdt, "no memory");
	for (size_t i = 0; i < ARRAY_SIZE(aliased); i++) {
		fdt = load("virt-1-1g");
		fdt_setprop_string(fdt, 0, "compatible", aliased[i]);
		refused(fdt, "alias");
		/* A device identifies the SoC too, with a longer name. */
		fdt = load("virt-1-1g");
		fdt_appendprop_string(fdt, node_at(fdt, "/soc/serial@10000000"),
				      "compatible", aliased[i]);
		refused(fdt, "alias");
	}
	fdt = load("virt-1-1g");
	fdt_setprop(fdt, node_at(fdt, "/soc/clint@2000000"), "compatible",
		    k210, sizeof(k210));
	refused(fdt, "no PMP");

	assert_non_null(boot(NULL));
	fdt = load("virt-1-1g");
	fdt_set_magic(fdt, 0);
	refused(fdt, "no device tree magic");
}

static void test_long_model(void **state)
{
	void *fdt = load("virt-1-1g");

	(void)state;
	fdt_setprop_string(fdt, 0, "model",
			   "0123456789012345678901234567890123456789");
	assert_null(boot(fdt));
	assert_string_equal(board.name,
			    "0123456789012345678901234567890");
	free(fdt);
}

/* Ports in front of those that are there, because libfdt adds nodes at the front. */
static void add_disabled_ports(void *fdt, unsigned int count)
{
	int soc = node_at(fdt, "/soc");

	for (unsigned int i = 0; i < count; i++) {
		char name[16];
		int node;

		snprintf(name, sizeof(name), "serial@%x", i);
		node = fdt_add_subnode(fdt, soc, name);
		assert_true(node >= 0);
		fdt_setprop_u64(fdt, node, "reg", i);
		fdt_appendprop_u64(fdt, node, "reg", 1);
		fdt_setprop_string(fdt, node, "compatible", "ns16550a");
		assert_int_equal(fdt_setprop_string(fdt, node, "status", "disabled"), 0);
	}
}

static void *load_with_room(const char *name)
{
	void *fdt = load(name), *big = calloc(1, SZ_2M);

	assert_int_equal(fdt_open_into(fdt, big, SZ_2M), 0);
	free(fdt);
	return big;
}

/*
 * 1 MiB of names in one list, and a bus with a long table and many children: what takes
 * time by their square would take minutes. No entry of the table has the CLINT.
 */
static void test_huge(void **state)
{
	char *names = calloc(1, SZ_2M / 2), *ranges = calloc(1, SZ_2M / 4);
	void *big = load_with_room("virt-1-1g");
	int soc;

	(void)state;
	for (unsigned int i = 0; i < SZ_2M / 2; i += 2)
		names[i] = 'x';
	add_disabled_ports(big, 500);
	soc = node_at(big, "/soc");
	assert_int_equal(fdt_setprop(big, soc, "compatible", names, SZ_2M / 2), 0);
	assert_int_equal(fdt_setprop(big, soc, "ranges", ranges, SZ_2M / 4), 0);
	assert_non_null(boot(big));
	assert_int_equal(uart_chosen, 0);
	free(big);
	free(names);
	free(ranges);
}

/* Limits that keep that time short: a bus has 256 entries, and 64 ports are tried. */
static void test_limits(void **state)
{
	u64 ranges[257][3] = { 0 };

	(void)state;
	for (unsigned int last = 255; last < 257; last++) {
		void *fdt = load_with_room("virt-1-1g");

		ranges[last][2] = cpu_to_fdt64(0x80000000);
		fdt_setprop(fdt, node_at(fdt, "/soc"), "ranges", ranges, sizeof(ranges));
		assert_int_equal(!boot(fdt), last == 255);
		ranges[last][2] = 0;
		free(fdt);
	}
	for (unsigned int ports = 63; ports < 65; ports++) {
		void *fdt = load_with_room("virt-1-1g");

		fdt_delprop(fdt, node_at(fdt, "/chosen"), "stdout-path");
		add_disabled_ports(fdt, ports);
		assert_null(boot(fdt));
		assert_int_equal(!!uart_chosen, ports == 63);
		free(fdt);
	}
}

/* Random bit flips: any answer, but no access outside the tree. */
static void test_damaged(void **state)
{
	u64 seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 300; round++) {
		u8 *fdt = load(round & 1 ? "virt-aclint" : "sifive_u");
		u32 size = fdt_totalsize(fdt);

		for (unsigned int n = 1 + round % 8; n; n--)
			fdt[unit_random(&seed) % size] ^=
				(u8)(1u << unit_random(&seed) % 8);
		fdt_set_totalsize(fdt, MIN(fdt_totalsize(fdt), size));
		memset(&board.clint, 0, sizeof(board.clint));
		if (!fdt_check(fdt))
			board.early_init(fdt);
		free(fdt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virt),
		cmocka_unit_test(test_aclint),
		cmocka_unit_test(test_sifive_u),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_console_without_path),
		cmocka_unit_test(test_console_registers),
		cmocka_unit_test(test_console_properties),
		cmocka_unit_test(test_console_addresses),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_other_clints),
		cmocka_unit_test(test_timebase),
		cmocka_unit_test(test_clint_order),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_model),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
