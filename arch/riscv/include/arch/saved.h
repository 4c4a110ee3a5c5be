/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's registers that the trap vectors save, and when. Assembly
 * generates its stores and loads from these lists, and C the mask of valid
 * h->x[]. R(n) is expanded for each register.
 */
#ifndef ARCH_SAVED_H
#define ARCH_SAVED_H

/* Saved before C runs, individually, as the vectors need them. */
#define SAVED_BY_HAND(R)	R(4) R(5) R(6) R(7) R(28) R(29)
/*
 * Saved before C runs, except a0 and a1: other registers that C functions may
 * change.
 */
#define SAVED_BUT_RESULT(R)	R(1) R(2) R(12) R(13) R(14) R(15) R(16) R(17) R(30) R(31)
#define SAVED_FOR_C(R)		SAVED_BUT_RESULT(R) R(10) R(11)
/*
 * Saved only for trap_handle_full(): gp and s0 to s11, which C functions
 * preserve.
 */
#define SAVED_FOR_FULL(R)	R(3) R(8) R(9) R(18) R(19) R(20) R(21) R(22) R(23) R(24) \
				R(25) R(26) R(27)

#ifdef __ASSEMBLER__
/* tp points to the hart; the file includes <generated/asm-offsets.h>. */
#define SAVE(n)			sd x##n, HART_X + 8 * n(tp);
#define LOAD(n)			ld x##n, HART_X + 8 * n(tp);
#endif

#endif
