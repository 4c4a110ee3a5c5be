/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point and vector registers, switched between guests as a whole
 * (CONFIG_FPSTATE).
 */
#ifndef CORDON_FPSTATE_H
#define CORDON_FPSTATE_H

#include <cordon/types.h>

struct hart;

#define FPSTATE_FP	33	/* f0 to f31, fcsr */
/* vstart, vcsr, vl, vtype, v0 to v31. */
#define FPSTATE_V	(4 + 32 * CONFIG_MAX_VLEN / 64)

struct fpstate {
	u64 fp[FPSTATE_FP];
	u64 v[FPSTATE_V];
};

/**
 * Check that all f and v registers of the calling hart can be switched. Adds
 * ISA_V for Zve*, which has no letter in misa.
 * Return: 0; -ENXIO, logged
 */
int fpstate_init_hart(struct hart *h);

/**
 * Save the hart's f and v registers to @save and load them from @load. FS and
 * VS may be off: registers keep their values.
 */
void fpstate_switch(const struct hart *h, struct fpstate *save,
		    const struct fpstate *load);

/**
 * The two halves of fpstate_switch() (arch/riscv/fpstate.S): the registers must be
 * on.
 */
void fpstate_switch_fp(u64 *save, const u64 *load);
void fpstate_switch_v(u64 *save, const u64 *load);

#endif
