// SPDX-License-Identifier: BSD-2-Clause
/* A million random cases. */
/* GUEST: world=offload long smp=2 cpu=rv64;rv64,h=off,sstc=off timeout=1200 */
#define CASES		1000000
#include "offload-fuzz.c"
