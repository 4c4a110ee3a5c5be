// SPDX-License-Identifier: BSD-2-Clause
/*
 * A machine known only from its device tree. read_tree() fills the struct
 * before anything reads it; it never changes after that.
 *
 * A device tree cannot express the following, so they are fixed here: the
 * firmware address is an option (CONFIG_GENERIC_FIRMWARE), memory has no alias
 * (core/boot/alias.c probes for one), and there are no vendor CSRs.
 */
#include <cordon/board.h>
#include <cordon/console.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/string.h>
#include <drivers/uart.h>
#include <libfdt.h>

static const char seen_twice[][18] = {
#define SEEN_TWICE(prefix, like)	prefix,
#define NO_PMP(prefix)
#include "soc.def"
};

static const char no_pmp[][22] = {
#define SEEN_TWICE(prefix, like)
#define NO_PMP(prefix)			prefix,
#include "soc.def"
};

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

/* True if any node has a "compatible" that begins with @name. */
static bool tree_has(const void *fdt, const char *name)
{
	size_t size = strlen(name);
	const char *p, *next;
	int len;

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		p = fdt_getprop(fdt, node, "compatible", &len);
		for (; p && (size_t)len >= size; len -= (int)(next - p), p = next) {
			if (!memcmp(p, name, size))
				return true;
			next = p + MIN(strnlen(p, (size_t)len) + 1, (size_t)len);
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

	console_find(fdt, &board.console);
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
		return "CLINT registers are not in hart ID order";
	default:
		return "device tree has several CLINTs or a malformed one";
	}
	board.timebase = fdt_read_timebase(fdt);
	if (!board.timebase)
		return "device tree has no timebase-frequency";
	if (!fdt_find_bank(fdt, board.firmware, &board.ram))
		return "device tree has no memory at the firmware address";
	return NULL;
}

struct board board = {
	.name		= "unnamed machine",
	.firmware	= CONFIG_GENERIC_FIRMWARE,
	.console	= { .ops = &uart_chosen_ops },
	.early_init	= read_tree,
};
