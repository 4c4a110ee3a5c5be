// SPDX-License-Identifier: BSD-2-Clause
// The debug console, on the monitor's own driver: the firmware sees no byte of
// the payload's memory, and the console works without it.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/trap.h>

#include "protect.h"

/* A call may write less than requested (SBI 3.0, 12.1). */
#define CHUNK	256

static enum trap_result write_memory(struct hart *h, ulong n, ulong lo, ulong hi)
{
	struct range r = { lo, lo + n };
	char text[CHUNK];
	size_t len = n < CHUNK ? n : CHUNK;

	if (hi || r.end < r.start || (n && !protect_is_payloads(h, r)))
		return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
	for (size_t i = 0; i < len; i++) {
		struct unpriv u = unpriv_load1(lo + i, csr_read(CSR_mstatus));

		if (u.cause)
			return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
		text[i] = (char)u.value;
	}
	log_bytes(text, len);
	return protect_answer(h, SBI_SUCCESS, len);
}

enum trap_result protect_console(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	char c = (char)a[0];

	if (!board.console.ops)
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	switch (h->x[REG_A6]) {
	case SBI_DBCN_console_write:
		return write_memory(h, a[0], a[1], a[2]);
	case SBI_DBCN_console_read:
		/*
		 * Report no input, because the monitor's drivers do not read.
		 */
		return protect_answer(h, SBI_SUCCESS, 0);
	case SBI_DBCN_console_write_byte:
		log_bytes(&c, 1);
		return protect_answer(h, SBI_SUCCESS, 0);
	default:
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	}
}
