// SPDX-License-Identifier: BSD-2-Clause
/* A hundred thousand calls by each of eight harts. */
/* GUEST: world=offload long smp=8 cpu=rv64,h=off,sstc=off timeout=20000 */
#define CALLS		100000ul
#include "offload-stress.c"
