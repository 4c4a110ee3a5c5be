/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A confined firmware is an untrusted service that the payload calls. It sees
 * the arguments of the current call, but none of the payload's registers; its
 * writes to registers that affect the payload go to shadows. Option CONFINE
 * builds this in. A policy decides when to confine (confine_begin()) and what
 * crosses.
 *
 * From confine_begin() on, on each hart:
 *
 * - While the payload runs, x registers, pc, mode and mstatus are its own.
 * While the firmware runs, struct confine holds them (confine_hide(),
 * confine_restore()). - S, VS and HS registers, counters, events, menvcfg,
 * mcounteren, mstateen, mseccfg and vendor registers keep the payload's values in
 * hardware. The firmware reads and writes shadows. - medeleg and mideleg are
 * fixed. The firmware's mie has only M-level bits. - f and v registers are off
 * for the firmware until it writes FS or VS; then it gets its own set. - MPRV,
 * HLV and HSV do not work: the firmware gets an access fault or an illegal
 * instruction exception. - The firmware takes no interrupts while the payload
 * runs, and neither sees nor changes S-level bits of mip.
 */
#ifndef CORDON_CONFINE_H
#define CORDON_CONFINE_H

#include <arch/csr.h>
#include <cordon/fpstate.h>

struct hart;
struct vcsr_result;

/** The payload's registers, saved while the firmware runs. */
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
	bool extensions_on;	/* hardware holds the firmware's f and v registers */
	bool sliced;		/* the firmware runs a time slice: WFI ends it */
	struct confine_guest payload;
	ulong satp;		/* the firmware's shadow */
	ulong mie;		/* the firmware's M-level bits */
	ulong mcounteren;	/* the payload's values */
	ulong menvcfg;
	ulong mstateen;		/* 0: sstateen is 0, too */
	ulong menvcfg_closed;	/* menvcfg without the fields that act on U-mode */
	ulong sstateen;		/* sstateen0 and, next, hstatus.HU of the payload, */
	ulong hu;		/* while the firmware runs */
	ulong hu_mask;		/* HSTATUS_HU, or 0 on a hart without H */
	/* Answers of BASE, by function, that do not change (confine_answer()). */
	u32 known;		/* bit n: function n's */
	ulong constant[3];
	ulong shadow[CSR_HW_COUNT];
	struct fpstate payload_ext, firmware_ext;
};

/**
 * Settings above S-mode that the payload keeps from its first instruction on.
 */
struct confine_rules {
	ulong medeleg, mideleg;
	ulong mcounteren, menvcfg, mstateen;
	ulong mseccfg;		/* SSEED and USEED */
	ulong scounteren;	/* kernels without a PMU driver need it */
	ulong extensions;	/* FS and VS at the first instruction */
};

/**
 * Check that this hart's registers can be hidden. A hart without S-mode must never run
 * a payload; its firmware can be confined. Return: 0; -ENXIO, logged
 */
int confine_init_hart(struct hart *h);
/**
 * The settings that the calling hart's firmware has made, restricted to those
 * safe for the payload.
 */
struct confine_rules confine_rules(const struct hart *h);
/**
 * Confine the calling hart's firmware from now on. Either guest may be running.
 */
void confine_begin(struct hart *h);
/**
 * Set up a starting payload on the calling hart: S-level registers as after
 * reset, no interrupt pending, @rules in force, S-mode at @pc with a0 and a1,
 * all other registers 0. confine_restore() then enters it.
 */
void confine_start(struct hart *h, const struct confine_rules *rules, ulong pc,
		   ulong a0, ulong a1);

/**
 * Like confine_start(), if the hardware already holds the payload with all
 * registers saved. Erases the state of the previous one.
 */
void confine_restart(struct hart *h, const struct confine_rules *rules, ulong pc,
		     ulong a0, ulong a1);
/**
 * Continue the payload, which the hardware holds, in S-mode at @pc with a0 and
 * a1, without translation or interrupts. Keeps its other S-level registers.
 */
void confine_goto(struct hart *h, ulong pc, ulong a0, ulong a1);

/**
 * Hide the payload's registers, still in h->x, when the hardware switches to
 * the firmware. The firmware sees zeros, and a trap from pc 0 in S-mode.
 */
void confine_hide(struct hart *h);
/** Reverse confine_hide() before the switch to the payload. */
void confine_restore(struct hart *h);

/**
 * Reset vM-mode to the firmware's entry point with a0 to a2, while the hardware
 * holds the firmware. Keeps the state that the payload depends on.
 */
void confine_reset_firmware(struct hart *h, ulong a1, ulong a2);

/** The firmware's access to a hardware register, by index. */
struct vcsr_result confine_csr(struct hart *h, unsigned int index, ulong value,
			       ulong mask, bool write);
/** Give the firmware its own registers: it has turned FS or VS on. */
void confine_extensions(struct hart *h);

/* arch/riscv/confine.S */
/** Move x[1] to x[31] to @save and zero them. */
void confine_take_x(ulong *x, ulong *save);
/** Restore x[1] to x[31] from @save. */
void confine_put_x(ulong *x, const ulong *save);

#endif
