/* SPDX-License-Identifier: BSD-2-Clause */
/* SBI calls of the payload: what crosses to the firmware and back. */
#ifndef PROTECT_CALL_H
#define PROTECT_CALL_H

#include <cordon/hart.h>
#include <cordon/trap.h>

#include "protect.h"

/** The results of a call that the payload gets (call.c, switch.S). */
enum answer {
	ANSWER_BY_C,
	ANSWER_LEGACY,		/* a0: a character or an error */
	ANSWER_VALUE,		/* a0: an error; a1 */
	ANSWER_NOTHING,		/* a0: an error; a1 is 0 */
};

/** The firmware is about to serve p->call: may switch.S do it the next time? */
void protect_note_call(struct protect_hart *p);
/** Serve an SBI call of the payload that no earlier policy serves. */
enum trap_result protect_call(struct hart *h);
/**
 * Give the payload its share of the results after the firmware has returned.
 */
void protect_returned(struct hart *h, ulong a0, ulong a1);
/** Complete the call with an error, because the firmware will not return. */
void protect_failed(struct hart *h);

#endif
