/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparing measurements with what is expected: CONFIG_PROTECT_MEASURE. */
#ifndef PROTECT_MEASURED_H
#define PROTECT_MEASURED_H

#include <cordon/hart.h>

/**
 * Policy's init: check the configured hashes and the manifest. Return: 0; -EINVAL for a
 * hash or key that is none, with a line in the log
 */
int protect_check_hashes(void);
/**
 * At the lock: measure the payload and the tree that it gets, or NULL, and compare.
 * Return: false if the payload must not start
 */
bool protect_measure(struct hart *h, const void *tree);

#endif
