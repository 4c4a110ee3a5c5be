// SPDX-License-Identifier: BSD-2-Clause
// HACL* for the tests: its files do not clash, and as system headers they may warn.

#include <Hacl_Curve25519_51.c>
#include <Hacl_Ed25519.c>
#include <Hacl_Hash_SHA3.c>
