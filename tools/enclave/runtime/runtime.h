/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the runtime. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <cordon/types.h>

#include "frame.h"

/** The monitor's answer. */
struct answer {
	u64 error;
	u64 value;
};

/** Call the monitor; @fid is one of keystone.h. */
struct answer monitor(u64 fid, u64 a0, u64 a1, u64 a2);

/** End the enclave: @kind is one of EXIT_*, @detail what belongs to it. */
void __attribute__((noreturn)) exit_with(u64 kind, u64 detail);

/** Serve a call of the application, whose registers are in @f. */
void syscall(struct frame *f, u64 utm_size);

#endif
