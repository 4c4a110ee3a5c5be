/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables of functions that modules fill at compile time. So the code that calls
 * through a table knows none of the modules, which are above it. core/tables.lds
 * gives each slot its place; a slot that no configured module fills is NULL, and
 * two modules in one slot are an error of the linker.
 */
#ifndef CORDON_TABLE_H
#define CORDON_TABLE_H

#include <cordon/compiler.h>

#define TABLE_SECTION(table, n)	".table." #table "." #n
#define TABLE_SLOT(table, n, function)					\
	static __typeof__(function) *const table##_slot_##function	\
		__used __attribute__((section(TABLE_SECTION(table, n)))) = function

#endif
