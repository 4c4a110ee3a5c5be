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

#include "console.h"
#include "lock.h"
#include "protect.h"

/* A call may write less than requested (SBI 3.0, 12.1). */
#define CHUNK	256

/*
 * The firmware has the port, too, and may have left it unable to send. Then it is
 * restored for the next call: a driver of the payload does not leave a port like that.
 */
static size_t send_text(const char *text, size_t len)
{
	size_t sent = log_bytes(text, len);

	if (!sent && len)
		log_restore_console();
	return sent;
}

static enum trap_result write_memory(struct hart *h, ulong n, ulong lo, ulong hi)
{
	struct range r = { lo, lo + n };
	char text[CHUNK];
	size_t sent, len = n < CHUNK ? n : CHUNK;

	if (hi || r.end < r.start || (n && !protect_is_payload_memory(h, r)))
		return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
	for (size_t i = 0; i < len; i++) {
		struct unpriv u = unpriv_load1(lo + i, csr_read(CSR_mstatus));

		if (u.cause)
			return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
		text[i] = (char)u.value;
	}
	sent = send_text(text, len);
	return protect_answer(h, sent || !len ? SBI_SUCCESS : SBI_ERR_FAILED, sent);
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
		return protect_answer(h, send_text(&c, 1) ? SBI_SUCCESS : SBI_ERR_FAILED, 0);
	default:
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	}
}
