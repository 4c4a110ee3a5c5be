// SPDX-License-Identifier: BSD-2-Clause
// The ownership map of this machine before any guest runs.

#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>

/* Banks, split by monitor and firmware, later by transfers. */
#define BOOT_RANGES	(FDT_MAX_MEMORY + 4)
static struct owned ranges[BOOT_RANGES + OWNERSHIP_HANDED];

struct ownership ownership_map = { .list = ranges, .max = ARRAY_SIZE(ranges) };

/*
 * The firmware's own memory is what its PMP entries deny to the payload;
 * pmp_payload_owns() checks those. The map lists only its image, up to the 2
 * MiB after which images with a built-in payload put that.
 */
static struct range firmware_range(u64 size)
{
	return (struct range){ board.firmware, board.firmware +
		ALIGN_UP(MAX(MIN(size, SZ_2M), SZ_4K), SZ_4K) };
}

int ownership_map_init(const struct machine *m, const struct range *home,
		       u64 firmware_size)
{
	int rc = 0;

	for (unsigned int i = 0; i < m->nr_memory && !rc; i++)
		if (m->memory[i].start < m->memory[i].end)
			rc = ownership_set(&ownership_map, m->memory[i], OWNER_PAYLOAD, 0);
	if (!rc)
		rc = ownership_set(&ownership_map, firmware_range(firmware_size),
				   OWNER_FIRMWARE, 0);
	if (!rc)
		rc = ownership_set(&ownership_map, *home, OWNER_MONITOR, 0);
	if (rc)
		log_err("ownership map: error %d", rc);
	return rc;
}
