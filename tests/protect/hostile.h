/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interface between the hostile firmware and its victim. The victim requests an
 * attack with a call that looks like SBI's system_reset, with the attack in a0
 * and an argument of 32 bits in a1. The result is an SBI error:
 *
 * 0		the attack succeeded
 * -3	it read a value other than the expected one
 * -4	it caused an exception
 */
#ifndef HOSTILE_H
#define HOSTILE_H

/* FIRMWARE and the devices are the machine's: virt.h, visionfive2.h. */
#define FIRMWARE_END	(FIRMWARE + 0x200000)	/* PROTECT_FIRMWARE_KB */
#define CASE_AT		(FIRMWARE + 0x300000)	/* QEMU's loader puts a number there */
#define TREE_AT		(FIRMWARE + 0x380000)	/* and a device tree for the payload */
#define VICTIM		(FIRMWARE + 0x400000)
#define NR_HARTS	5
#define PARTNER		(BOOT_HART + 1)		/* another hart with S-mode */

#define EID_PUTCHAR	0x01	/* answers V0 and V1, and changes what it can if these
				 * are not both 0 */
#define EID_SEND_IPI	0x04
#define EID_BASE	0x10
#define EID_HSM		0x48534d
#define EID_SRST	0x53525354
#define EID_TIME	0x54494d45
#define EID_DBCN	0x4442434e
#define EID_CORDON	0x08434f52

/* Attacks. V0 to V3 persist from call to call. */
#define OP_SET		32	/* to 35: V<n> = argument. 0 to 2 are real resets */
#define OP_EXECUTE	4	/* (word) one instruction with a0 = V0, a1 = V1;
				 * V2: expected; V3: mstatus */
#define OP_MPRV		5	/* the same under MPRV with MPP = S, SUM and MXR */
#define OP_SEEN		6	/* true if the firmware sees more registers than
				 * the call passes */
#define OP_INTERRUPTS	7	/* true if an interrupt of the payload entered it */
#define OP_STOLEN	8	/* true if it saw an exception of the payload */
#define OP_SPY		9	/* true if the other hart has read V0 at V1; it
				 * writes after that */
#define OP_TRASH	10	/* overwrite all registers, then return */
#define OP_RETURN_PC	11	/* (pc) return there */
#define OP_RETURN_MODE	12	/* (mode) bits 0, 1: MPP, 2: MPV */
#define OP_ANSWER	13	/* return V0 and V1 */
#define OP_LOOP		14
#define OP_SLEEP	15
#define OP_TRAPS	16	/* a trap handler that traps */
#define OP_FETCH	17	/* (pc) jump into the payload's memory, in M-mode */
#define OP_SCAN		18	/* true if it can read any page from V0 to V1 */
#define OP_CSRS		19	/* (number) write V0 to 128 CSRs from this one on */
#define OP_IRQ_ON	20	/* from now on, interrupts as often as possible */
#define OP_DEEP		21	/* overflow the stack into what is below the firmware */
#define OP_HIGH		23	/* (bits) the next argument's upper half */
#define OP_WIDE		24	/* true if a0 or a1 of this call has more than 32 bits,
				 * or a character had more than 8 */
#define OP_DIFFER	22	/* true if the last three calls of EID_PUTCHAR looked different */
#define OP_LATER	25	/* (op) that, at the fourth call of EID_PUTCHAR from now;
				 * its argument is in the bits from 8 on */
#define OP_DLAB		26	/* leave the console's port open for its divisor */
#define OP_SEED		28	/* fails if `seed` gives the same sample for ever */
#define OP_GUEST	27	/* true if hlv.d worked in a call of EID_PUTCHAR */

/*
 * Value of CASE_AT: 0 for attacks that a firmware survives; an attack that it
 * does not survive, with an argument from bit 8 on; or how the payload begins:
 */
#define CASE_USER_FIRST	100	/* in U-mode */
#define CASE_TWICE	101	/* a second hart enters it without a call */
#define CASE_LATE	102	/* firmware's memory that holds the payload */
#define CASE_FLOOD	103	/* PARTNER sets BOOT_HART's timer and rings it, forever, and
				 * does not start */
#define FLOOD_TICKS	200000	/* until that timer is due; never, as it is set again */
#define CASE_RING	115	/* PARTNER sets BOOT_HART's timer and rings it when GDB says
				 * so (ring.py), and calls of EID_PUTCHAR wait for it */
#define RING_ROUNDS	20000	/* looks at mip, until it is lost */
#define RING_LOST	1	/* answers of EID_PUTCHAR when there is no more */
#define RING_CAME	2
#define CASE_SHRINK	104	/* the tree reserves less than the firmware's image */
#define CASE_IDLE	114	/* the payload is suspended while firmware is restarted */
#define CASE_OFF	106	/* power-off without firmware */
#define CASE_STAY	107	/* power-off by firmware that returns instead */
#define CASE_DMA	105	/* devices that write DMA_AT a while later */
#define CASE_DLAB	108	/* the console's port cannot send after its calls */
#define CASE_ABSENT	113	/* the payload's tree is in memory that is only in the
				 * machine's tree */
#define ABSENT_AT	(FIRMWARE + 0xf000000)
#define CASE_COMES	112	/* PARTNER is started when the firmware has been restarted */
#define CASE_AGAIN	109	/* restarted, it enters the payload where a call returns to */

/* 1.2 s on virt: longer than CONFIG_PROTECT_BUDGET_MS */
#define BUDGET_TICKS	12000000

#define DMA_AT		(FIRMWARE + 0x500000)
#define DMA_SIZE	512
#define ECAM		0x30000000

#define ERR_OTHER	(-3)
#define ERR_FAULT	(-4)

#endif
