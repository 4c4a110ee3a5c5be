/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First instructions of an enclave, and the way into virtual memory.
 *
 * The monitor enters here, at the first byte of the private memory (EPM), in
 * S-mode with satp = 0 and no interrupts. It promises:
 *
 *	a0	0
 *	a1, a2	physical address and size of the EPM
 *	a3	physical address of the runtime's file, which follows the loader
 *	a4	... of the application's file
 *	a5	... of the free memory after it, up to the end of the EPM
 *	a6, a7	physical address and size of the memory shared with the host (UTM)
 *	others	0
 *
 * The runtime is entered at its ELF entry with paging on and the memory of
 * layout.h. a1 to a4, a6 and a7 are the same, a0 is what a5 was, the end of the
 * application's file, and a5 is where the memory is free that the loader left.
 */
#include "../include/enclave-abi.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	sp, loader_stack_top
	la	t0, failed		/* a trap in the loader also ends the enclave */
	csrw	stvec, t0
	addi	sp, sp, -64
	sd	a1, 0(sp)
	sd	a2, 8(sp)
	sd	a3, 16(sp)
	sd	a4, 24(sp)
	sd	a6, 32(sp)
	sd	a7, 40(sp)
	sd	a5, 48(sp)
	sd	a5, 56(sp)
	mv	a0, sp			/* struct loader_args, of loader.c ... */
	call	loader
	beqz	a0, failed
	mv	t0, a0			/* satp */
	mv	t1, a1			/* the runtime's entry */
	ld	a1, 0(sp)
	ld	a2, 8(sp)
	ld	a3, 16(sp)
	ld	a4, 24(sp)
	ld	a6, 32(sp)
	ld	a7, 40(sp)
	ld	a5, 48(sp)		/* ... which the loader has advanced */
	ld	a0, 56(sp)
	/*
	 * * This code is not mapped in the new tables: the next instruction
	 * fetch faults, and stvec holds the address to continue at.
	 */
	csrw	stvec, t1
	fence.i
	csrw	satp, t0
	sfence.vma
1:	j	1b

	.balign 4
failed:
	li	a0, EXIT_NOT_LOADED << 56
	li	a6, 3006		/* EXIT */
	li	a7, 0x08424b45
	ecall
	j	failed

	.bss
	.balign 16
	.space	4096
loader_stack_top:
