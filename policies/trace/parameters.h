/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters of tracing, from Kconfig and the device tree. */
#ifndef TRACE_PARAMETERS_H
#define TRACE_PARAMETERS_H

/**
 * Read the parameters of Kconfig and the tree. Return: 0 or -EINVAL after an
 * error line
 */
int trace_parameters(void);

#endif
