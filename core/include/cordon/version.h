/* SPDX-License-Identifier: BSD-2-Clause */
/* The one place that names the version. */
#ifndef CORDON_VERSION_H
#define CORDON_VERSION_H

#define CORDON_VERSION	"0.1.0"

#endif
