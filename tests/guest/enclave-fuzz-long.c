// SPDX-License-Identifier: BSD-2-Clause
/* A hundred thousand random calls. */
/* GUEST: world=keystone long smp=4 cpu=rv64;rv64,h=off,sstc=off timeout=1200 */
#define CALLS	100000ul
#include "enclave-fuzz.c"
