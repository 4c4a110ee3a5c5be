/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A confined firmware: an untrusted service that the payload calls. It sees
 * the arguments of the call that it serves and none of the payload's registers;
 * what it writes to registers that act on the payload goes to shadows of its own.
 * Option CONFINE builds this in; a policy decides when it begins (confine_begin())
 * and what goes across.
 *
 * What holds on a hart from confine_begin() on:
 *
 * - x registers, pc, mode and mstatus are the payload's own while it runs and
 *   lie in struct confine while the firmware does (confine_hide(),
 *   confine_restore()).
 * - S, VS and HS registers, counters, events, menvcfg, mcounteren, mstateen and
 *   vendor registers stay in the hart as the payload has them. The firmware
 *   reads and writes shadows.
 * - medeleg and mideleg are fixed. The firmware's mie has only M-level bits.
 * - f and v registers are off for the firmware until it writes FS or VS; then it
 *   gets a set of its own.
 * - MPRV, HLV and HSV do not work: the firmware gets the fault of memory that is
 *   not there, or an illegal instruction.
 * - The firmware takes no interrupt while the payload runs, and sees and changes no
 *   S-level bit of mip.
 */
#ifndef CORDON_CONFINE_H
#define CORDON_CONFINE_H

#include <arch/csr.h>
#include <cordon/fpstate.h>

struct hart;
struct vcsr_result;

/** Registers of the payload that are in the hart, or nowhere, while it runs. */
struct confine_guest {
	ulong x[32];
	ulong pc;
	ulong mstatus;		/* SIE, SPIE, SPP, SUM, MXR, UXL, UBE */
	ulong extensions;	/* FS, VS, XS, SD of mstatus */
	ulong satp;
	ulong mie;		/* S-level bits */
	u8 mode;
	bool virt;
};

/** Member of struct hart. */
struct confine {
	bool on;
	bool extensions_on;	/* the hart has the firmware's f and v registers */
	bool sliced;		/* it runs for a while: WFI gives the rest back */
	struct confine_guest payload;
	ulong satp;		/* the firmware's shadow */
	ulong mie;		/* the firmware's, M-level bits */
	ulong mcounteren;	/* what the payload runs with */
	ulong menvcfg;
	ulong mstateen;
	ulong shadow[CSR_HW_COUNT];
	struct fpstate payload_ext, firmware_ext;
};

/** Settings above the payload that it keeps from its first instruction on. */
struct confine_rules {
	ulong medeleg, mideleg;
	ulong mcounteren, menvcfg, mstateen;
	ulong scounteren;	/* kernels without a PMU driver rely on it */
	ulong extensions;	/* FS and VS at the first instruction */
};

/** Can this hart's registers be hidden? Return: 0; -ENXIO, with a line in the log */
int confine_init_hart(struct hart *h);
/** The settings that the calling hart's firmware has made, made safe for the payload. */
struct confine_rules confine_rules(const struct hart *h);
/** The calling hart's firmware is confined from now on, whatever it runs. */
void confine_begin(struct hart *h);
/**
 * Make the payload of the calling hart one that begins: S-level registers as after
 * reset, no interrupt pending, @rules in force, S-mode at @pc with a0 and a1, all
 * other registers 0. confine_restore() then goes there.
 */
void confine_start(struct hart *h, const struct confine_rules *rules, ulong pc,
		   ulong a0, ulong a1);

/**
 * The same where the hardware holds the payload already, whose registers are all
 * saved: nothing of what ran there before is left.
 */
void confine_restart(struct hart *h, const struct confine_rules *rules, ulong pc,
		     ulong a0, ulong a1);
/**
 * The hardware holds the payload: it goes on in S-mode at @pc with a0 and a1, without
 * translation and interrupts; its other registers of S-level stay.
 */
void confine_goto(struct hart *h, ulong pc, ulong a0, ulong a1);

/**
 * The hardware holds the firmware, h->x still the payload's registers: put these
 * away. The firmware sees zeros, and a trap from pc 0 of S-mode.
 */
void confine_hide(struct hart *h);
/** Before the hardware goes to the payload: the opposite. */
void confine_restore(struct hart *h);

/**
 * The hardware holds the firmware: vM-mode is as after reset, at the firmware's first
 * instruction with a0 to a2, but for what the payload depends on.
 */
void confine_reset_firmware(struct hart *h, ulong a1, ulong a2);

/** The firmware's access to a register of the hart's, by its index. */
struct vcsr_result confine_csr(struct hart *h, unsigned int index, ulong value,
			       ulong mask, bool write);
/** The firmware has turned FS or VS on. */
void confine_extensions(struct hart *h);

/* arch/riscv/confine.S */
/** x[1] to x[31] go to @save and become 0. */
void confine_take_x(ulong *x, ulong *save);
/** The opposite. */
void confine_put_x(ulong *x, const ulong *save);

#endif
