// SPDX-License-Identifier: BSD-2-Clause
/*
 * A machine that the monitor knows from its device tree alone. The struct is
 * filled before anything reads it, and never written again.
 *
 * What no tree tells, and has to be as below: where the firmware goes is an
 * option, memory is seen once (core/boot/alias.c looks), there are no CSRs of the
 * vendor's.
 */
#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/string.h>
#include <drivers/uart.h>
#include <libfdt.h>

/*
 * Here a second view of the memory would show the monitor to the guests. Their
 * own boards close it. Any device of the SoC tells it, also where the tree's root
 * has another name: what a name begins with is enough.
 */
static const char seen_twice[][18] = {
	"eswin,eic77",
	"microchip,mpfs",
	"microchip,pic64gx",
	"starfive,jh71",
	/* SiFive's cache on the SoCs above, and on others that we do not know. */
	"sifive,ccache0",
};

/* This one has no PMP, too. */
static const char no_pmp[][22] = {
	"canaan,k210",
	"canaan,kendryte-k210",
	"kendryte,k210",
};

static const struct driver {
	char compatible[20];
	const struct uart_ops *ops;
} drivers[] = {
	{ "ns16550a", UART_NS16550 },
	{ "ns16550", UART_NS16550 },
	{ "snps,dw-apb-uart", UART_NS16550 },
	{ "sifive,uart0", UART_SIFIVE },
	{ "ucb,htif0", UART_HTIF },
};

/* Index of the console's driver; a pointer would not move with the image. */
static unsigned int driver = ARRAY_SIZE(drivers);

static bool console_putc(const struct uart_desc *u, char c)
{
	const struct uart_ops *ops = NULL;

	if (driver < ARRAY_SIZE(drivers))
		ops = drivers[driver].ops;
	/* A machine without a console that we know is silent. */
	return !ops || ops->putc(u, c);
}

/* As the firmware before us has set it up. */
static const struct uart_ops console_ops = {
	.putc	= console_putc,
};

static void take_console(const void *fdt)
{
	int node = fdt_read_console(fdt, &board.console);

	for (unsigned int i = 0; node >= 0 && i < ARRAY_SIZE(drivers); i++) {
		const char *name = drivers[i].compatible;

		if (!fdt_node_check_compatible(fdt, node, name)) {
			driver = i;
			return;
		}
	}
}

static void take_name(const void *fdt)
{
	int len;
	const char *p = fdt_getprop(fdt, 0, "model", &len);

	if (p && len > 1) {
		size_t n = MIN(strnlen(p, (size_t)len), sizeof(board.name) - 1);

		memcpy(board.name, p, n);
		board.name[n] = '\0';
	}
}

/* Is a node compatible with something that begins with @name? */
static bool tree_has(const void *fdt, const char *name)
{
	const char *p;

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		for (int i = 0; (p = fdt_stringlist_get(fdt, node, "compatible",
							i, NULL)); i++) {
			if (!strncmp(p, name, strlen(name)))
				return true;
		}
	}
	return false;
}

static const char *know_soc(const void *fdt)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(no_pmp); i++) {
		if (tree_has(fdt, no_pmp[i]))
			return "the K210 has no PMP, so nothing can be isolated";
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(seen_twice); i++) {
		if (tree_has(fdt, seen_twice[i]))
			return "this machine's memory has an alias: build for its own board";
	}
	return NULL;
}

static const char *read_tree(const void *fdt)
{
	const char *wrong;

	take_console(fdt);
	take_name(fdt);
	wrong = know_soc(fdt);
	if (wrong)
		return wrong;
	switch (fdt_read_clint(fdt, &board.clint)) {
	case 0:
		break;
	case -ENOENT:
		return "device tree has no CLINT or ACLINT";
	case -ENXIO:
		return "the CLINT's registers are not in the order of the harts' numbers";
	default:
		return "device tree has more than one CLINT, or a damaged one";
	}
	board.timebase = fdt_read_timebase(fdt);
	if (!board.timebase)
		return "device tree has no timebase-frequency";
	if (!fdt_find_bank(fdt, board.firmware, &board.ram))
		return "device tree has no memory where the firmware goes";
	return NULL;
}

struct board board = {
	.name		= "unnamed machine",
	.firmware	= CONFIG_GENERIC_FIRMWARE,
	.console	= { .ops = &console_ops },
	.early_init	= read_tree,
};
