// SPDX-License-Identifier: BSD-2-Clause
// Keep a pristine copy of the firmware so that it can be restarted.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/keep.h>
#include <cordon/log.h>
#include <cordon/string.h>
#include <libfdt.h>

/* fw_dynamic's info block at a2: 48 bytes that begin with this magic. */
#define DYNAMIC_MAGIC	0x4942534ful
#define INFO_SIZE	64

/* The boot hart writes this before any guest runs. */
static struct {
	char *firmware;		/* copies, in the monitor's home */
	u64 size;
	void *tree;
	u64 info[INFO_SIZE / 8];
	ulong a2;
	bool has_info;
	u64 window;
	bool complete;
} keep;

u64 keep_size(u64 firmware, u64 tree)
{
	if (!IS_ENABLED(CONFIG_KEEP_FIRMWARE) || !firmware)
		return 0;
	return ALIGN_UP(firmware, SZ_4K) + ALIGN_UP(tree, SZ_4K);
}

void keep_init(u64 at, u64 window)
{
	keep.firmware = (char *)at;
	keep.window = window;
}

void keep_firmware(const void *from, u64 size)
{
	memcpy(keep.firmware, from, size);
	keep.size = size;
	keep.tree = keep.firmware + ALIGN_UP(size, SZ_4K);
}

/* Copy the info block. It may be in ROM (QEMU), and a2 may be meaningless. */
static bool copy_info(ulong a2)
{
	for (unsigned int i = 0; i < INFO_SIZE / 8; i++) {
		struct unpriv u = unpriv_load8(a2 + 8 * i, csr_read(CSR_mstatus));

		if ((a2 & 7) || u.cause || (!i && u.value != DYNAMIC_MAGIC))
			return false;
		keep.info[i] = u.value;
	}
	return true;
}

void keep_arguments(const void *fdt, ulong a2)
{
	if (!keep.size)
		return;
	if (fdt_totalsize(fdt) > KEEP_WINDOW / 2) {
		log_warn("a dead firmware is not restarted: its device tree has more than %lu KiB",
			 KEEP_WINDOW / 2 / 1024);
		return;
	}
	memcpy(keep.tree, fdt, fdt_totalsize(fdt));
	keep.a2 = a2;
	keep.has_info = copy_info(a2);
	keep.complete = true;
}

struct range keep_window(void)
{
	return (struct range){ keep.window, keep.window + KEEP_WINDOW };
}

bool keep_fits(const struct range *r)
{
	return keep.complete && r->start <= board.firmware &&
	       r->end >= board.firmware + keep.size;
}

void keep_restore(u64 end, ulong *a1, ulong *a2)
{
	char *to = (char *)board.firmware;
	char *info = (char *)keep.window + KEEP_WINDOW - INFO_SIZE;

	memcpy(to, keep.firmware, keep.size);
	if (end > board.firmware + keep.size)
		memset(to + keep.size, 0, end - (board.firmware + keep.size));
	memset((void *)keep.window, 0, KEEP_WINDOW);
	memcpy((void *)keep.window, keep.tree, fdt_totalsize(keep.tree));
	memcpy(info, keep.info, INFO_SIZE);
	*a1 = keep.window;
	*a2 = keep.has_info ? (ulong)info : keep.a2;
	fence_full();
	fence_i();
}
