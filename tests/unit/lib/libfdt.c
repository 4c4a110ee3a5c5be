// SPDX-License-Identifier: BSD-2-Clause
// libfdt for the tests, with the sanitizers. Two static functions have the same names.

#include <fdt.c>
#include <fdt_addresses.c>
#include <fdt_check.c>
#include <fdt_empty_tree.c>
#include <fdt_ro.c>
#include <fdt_rw.c>
#include <fdt_wip.c>
#define fdt_del_last_string_ sw_del_last_string
#define fdt_find_add_string_ sw_find_add_string
#include <fdt_sw.c>
