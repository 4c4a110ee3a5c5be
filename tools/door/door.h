/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of the back door that tools/implant puts into a firmware. They look
 * like SBI's system_reset, which a filter between payload and firmware passes:
 * same a7 and a6. a0 is DOOR_MAGIC and the function (DOOR_TYPE), a1 its argument.
 * Both have 32 bits there: DOOR_HIGH sets the upper half of the next call's
 * argument. DOOR_VALUE sets a second argument for the next other call.
 *
 * On success a0 is 0 and a1 the value. If the access faulted, a0 is DOOR_FAULT
 * and a1 the cause. A filter may hide a1, so reading functions compare the
 * value with the second argument, unless that is 0, and return DOOR_OTHER on a
 * mismatch.
 */
#ifndef DOOR_H
#define DOOR_H

#define DOOR_EID		0x53525354
#define DOOR_FID		0
#define DOOR_MAGIC		0x6f7		/* fits into an immediate */
#define DOOR_SHIFT		20		/* the function is below */
#define DOOR_TYPE(function)	(DOOR_MAGIC << DOOR_SHIFT | (function))
#define DOOR_FAULT		(-4)		/* SBI_ERR_DENIED */
#define DOOR_OTHER		(-3)		/* SBI_ERR_INVALID_PARAM */

#define DOOR_HELLO		0	/* () check for the door: returns 0 */
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
#define DOOR_JUMP		11	/* (address) return there, not after the call */
#define DOOR_LOOP		12	/* () loop forever */
#define DOOR_SLEEP		13	/* () wfi forever, with no interrupt enabled */
#define DOOR_CRASH		14	/* () jump to 0 */
#define DOOR_LIE		15	/* (error; value) return these */
#define DOOR_VALUE		16	/* (value) second argument of the next call */
#define DOOR_HIGH		17	/* (bits) bits 63 to 32 of the next argument */

#endif
