// SPDX-License-Identifier: BSD-2-Clause
/* More combinations. */
/*
 * GUEST: world=native,monitor,pmp8 cpu=rv64;rv64,h=off,zicbom=on,zicboz=on compare long
 * timeout=900
 */
#define SHARE		31
#include "page-edges.c"
