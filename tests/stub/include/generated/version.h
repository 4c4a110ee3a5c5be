/* SPDX-License-Identifier: BSD-2-Clause */
/* The version for unit tests. */
#define CORDON_VERSION	"0.1.0"
#define CORDON_CONFIG	"default"
