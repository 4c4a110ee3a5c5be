/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics of the services, and Cordon's SBI extension that returns them. */
#ifndef CORDON_SERVICE_STATS_H
#define CORDON_SERVICE_STATS_H

#include <cordon/hart.h>
#include <cordon/sbi.h>

/* Results of get_features: a policy's features (policy.h). */
#define FEATURE_MARKER		BIT(0)	/* the illegal instruction 0x0b is a marker */
#define FEATURE_USER_STATS	BIT(1)	/* user space can read the counters */

/** Cordon's own SBI extension: statistics and dump. */
struct sbi_ret service_extension(ulong fid, ulong a0, ulong a1);
/** Print the counters of all harts. */
void service_dump(void);
/**
 * Read one counter. @which: event * NR_WAYS + way, unchecked
 * Return: false if there is no such hart or counter
 */
bool service_counter(ulong hart_id, ulong which, u64 *value);

#endif
