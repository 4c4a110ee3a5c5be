/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of the application. sp is set; all other registers are zero. */
#include "../include/enclave-abi.h"

	.text
	.globl _start
_start:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	call	main
	/* fall through: exit with the value that main() returned */
	.globl enclave_exit
enclave_exit:
	li	a7, RUNTIME_EXIT
	ecall
	j	enclave_exit
