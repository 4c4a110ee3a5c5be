/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the runtime. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <cordon/types.h>

#include "frame.h"

/** The monitor's answer. */
struct answer {
	u64 error;
	u64 value;
};

/** Call the monitor; @fid is from keystone.h. */
struct answer monitor(u64 fid, u64 a0, u64 a1, u64 a2);
/** The same for an extension of SBI. */
struct answer sbi(u64 eid, u64 fid, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4);

/** Exit the enclave: @kind is one of EXIT_*, @detail its detail. */
void __attribute__((noreturn)) exit_with(u64 kind, u64 detail);

/** Serve an application's call; @f has its registers. */
void syscall(struct frame *f, u64 utm_size);

#endif
