/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's first instructions: sp is set, everything else is zero. */
#include "../include/enclave-abi.h"

	.text
	.globl _start
_start:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	call	main
	/* fall through: what main() returns is the value of exit */
	.globl enclave_exit
enclave_exit:
	li	a7, RUNTIME_EXIT
	ecall
	j	enclave_exit
