/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of the back door that tools/implant puts into a firmware. They look
 * like SBI's system_reset, which a filter between payload and firmware passes: a7
 * and a6 are those of it, the upper half of a0 is DOOR_MAGIC, the lower half the
 * function, a1 its argument. A second argument is left there by DOOR_VALUE before.
 *
 * a0 comes back as 0 and a1 with a value; or a0 as DOOR_FAULT and a1 with the cause
 * of the exception that the access met. A filter may hide a1. So a function that
 * reads compares what it got with the second argument, unless that is 0, and
 * answers DOOR_OTHER if it is something else.
 */
#ifndef DOOR_H
#define DOOR_H

#define DOOR_EID		0x53525354
#define DOOR_FID		0
#define DOOR_MAGIC		0x6f7		/* fits into an immediate */
#define DOOR_FAULT		(-4)		/* SBI_ERR_DENIED */
#define DOOR_OTHER		(-3)		/* SBI_ERR_INVALID_PARAM */

#define DOOR_HELLO		0	/* () is the door there? 0 */
#define DOOR_LOAD		1	/* (address) 8 bytes of physical memory */
#define DOOR_STORE		2	/* (address; value) 4 bytes, then fence.i */
#define DOOR_SHOW		3	/* (address; bytes) print text on the UART */
#define DOOR_LOAD_VIRTUAL	4	/* (address) under MPRV, as the caller */
#define DOOR_STORE_VIRTUAL	5	/* (address; value) */
#define DOOR_FLOAT		6	/* (number) an f register of the caller */
#define DOOR_CSR		7	/* (number) read a CSR */
#define DOOR_CSR_WRITE		8	/* (number; value) */
#define DOOR_REGISTER		9	/* (number) an x register of the caller */
#define DOOR_RUN		10	/* (address) call code in M-mode */
#define DOOR_JUMP		11	/* (address) go on there, not after the call */
#define DOOR_LOOP		12	/* () for ever */
#define DOOR_SLEEP		13	/* () wfi for ever, with no interrupt enabled */
#define DOOR_CRASH		14	/* () jump to 0 */
#define DOOR_LIE		15	/* (error; value) return just that */
#define DOOR_VALUE		16	/* (value) the second argument of the next call */

#endif
