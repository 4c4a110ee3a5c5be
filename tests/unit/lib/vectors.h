/* SPDX-License-Identifier: BSD-2-Clause */
/* The formal model's test vectors: packed text outside of this tree. */
#ifndef UNIT_VECTORS_H
#define UNIT_VECTORS_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <unit.h>

/**
 * Open x.txt.gz of the folder that CORDON_VECTORS names (default:
 * ../shared/vectors beside the tree). Skips the calling test if there is none.
 * Close with pclose().
 */
static inline FILE *open_vectors(const char *name)
{
	const char *dir = getenv("CORDON_VECTORS");
	char path[512], command[600];
	FILE *f;

	if (!dir)
		dir = UNIT_TOP "/../shared/vectors";
	snprintf(path, sizeof(path), "%s/%s.txt.gz", dir, name);
	if (access(path, R_OK)) {
		print_message("no vectors %s: set CORDON_VECTORS\n", name);
		skip();
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	f = popen(command, "r");
	assert_non_null(f);
	return f;
}

#endif
