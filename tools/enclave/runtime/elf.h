/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Program loading: the loader loads the runtime, the runtime the application.
 */
#ifndef ELF_H
#define ELF_H

#include <cordon/types.h>

/**
 * Copy the segments of a static ELF64 program for RISC-V to fresh pages and map
 * these, with the segments' rights and @rights (PTE_U or none). Two segments
 * may not share a page, and none is both writable and executable.
 *
 * Return: its entry, or 0 if it is no such program, does not lie in
 * [@lowest, @highest) or is too large for the memory
 */
u64 elf_load(const void *file, u64 size, u64 rights, u64 lowest, u64 highest);

#endif
