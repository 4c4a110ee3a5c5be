/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of the back door that tools/implant puts into a firmware. They are
 * SBI calls: a7 is DOOR_EID, a6 the function, a0 and a1 its arguments. a0 comes
 * back as 0 and a1 with a value, or a0 as DOOR_FAULT and a1 with the cause of
 * the exception that the access met.
 */
#ifndef DOOR_H
#define DOOR_H

#define DOOR_EID		0x08444f52	/* in the experimental space */
#define DOOR_MAGIC		0x6f70656e	/* what DOOR_HELLO answers */
#define DOOR_FAULT		(-4)		/* SBI_ERR_DENIED */

#define DOOR_HELLO		0	/* () is the door there? */
#define DOOR_LOAD		1	/* (address) 8 bytes of physical memory */
#define DOOR_STORE		2	/* (address, value) 4 bytes, then fence.i */
#define DOOR_SHOW		3	/* (address, bytes) print text on the UART */
#define DOOR_LOAD_VIRTUAL	4	/* (address) under MPRV, as the caller */
#define DOOR_STORE_VIRTUAL	5	/* (address, value) */
#define DOOR_FLOAT		6	/* (number) an f register of the caller */
#define DOOR_CSR		7	/* (number) read a CSR */
#define DOOR_CSR_WRITE		8	/* (number, value) */
#define DOOR_REGISTER		9	/* (number) an x register of the caller */
#define DOOR_RUN		10	/* (address) call code in M-mode, a0 = address */
#define DOOR_JUMP		11	/* (address) go on there, not after the call */
#define DOOR_LOOP		12	/* () for ever */
#define DOOR_SLEEP		13	/* () wfi for ever, with no interrupt enabled */
#define DOOR_CRASH		14	/* () jump to 0 */
#define DOOR_LIE		15	/* (error, value) return just that */

#endif
