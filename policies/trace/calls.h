/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of programs that start, stop and read the recording. */
#ifndef TRACE_CALLS_H
#define TRACE_CALLS_H

#include <cordon/hart.h>
#include <cordon/trap.h>

/**
 * Hook payload_fault: calls of programs by an instruction, with the registers of an
 * SBI call except for a7.
 */
enum trap_result trace_payload_fault(struct hart *h);

#endif
