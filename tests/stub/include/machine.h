/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small model of a hart and its CLINT, behind the fakes of <arch/...>: the
 * monitor's own C runs on it. CSRs follow the specification's WARL rules where
 * a test can see them; memory is a piece of RAM and the CLINT.
 */
#ifndef STUB_MACHINE_H
#define STUB_MACHINE_H

#include <setjmp.h>

#include <arch/csr.h>
#include <arch/isa.h>
#include <arch/unpriv.h>
#include <cordon/hart.h>

#define RAM_BASE	0x80000000ul
#define RAM_SIZE	0x100000ul
#define CLINT_BASE	0x02000000ul
#define MSIP_BASE	CLINT_BASE
#define MTIMECMP_BASE	(CLINT_BASE + 0x4000)
#define MTIME_ADDR	(CLINT_BASE + 0xbff8)
#define MACHINE_HARTS	4

/** One fence instruction that was executed. */
struct machine_fence {
	enum fence_kind kind;
	unsigned int form;
	ulong rs1, rs2;
};

/** One access to guest memory, as unpriv.S does it. */
struct machine_access {
	ulong addr;
	unsigned int size;
	bool store;
	ulong status;		/* mstatus meanwhile */
	ulong satp;		/* satp meanwhile */
};

struct machine {
	ulong isa;		/* ISA_* that exist */
	ulong csr[4096];	/* what they hold, legal values */
	bool optional[4096];	/* mstateen, seed, the vendor's: they exist */
	bool seip;		/* external interrupt for S-mode is up */
	bool meip;
	unsigned int pmp;	/* entries */
	unsigned int grain;	/* their granularity is 1 << this, or 4 bytes */
	unsigned int hart;	/* whose mtimecmp and msip make interrupts */

	u64 mtime;
	u64 mtimecmp[MACHINE_HARTS];
	u32 msip[MACHINE_HARTS];
	unsigned int clint_widths;	/* sizes that it answers, added up */
	unsigned int io_writes;

	u8 ram[RAM_SIZE];
	u64 f[32];
	bool misaligned;	/* the hart does misaligned accesses itself */
	/** NULL, or the cause with which an access faults (0: none). */
	ulong (*check)(const struct machine_access *a);
	struct machine_access last;	/* the last one that was tried */
	unsigned int accesses;
	/** NULL, or called between the LR and the SC of a compare-and-swap. */
	void (*between)(void);

	struct machine_fence fence;	/* the last one */
	unsigned int fences, fences_i, fences_all;
	void (*on_fence)(void);	/* NULL, or called while one is executed */
	ulong no_fence;		/* kinds that are illegal instructions, as bits */

	/* cbo and hlv: the last one's operands, and the answer. */
	unsigned int cbo, cbos;
	ulong cbo_addr, cbo_status;
	unsigned int hlv_form, hlvs;
	ulong hlv_addr, hlv_value;
	struct unpriv answer;
	/** NULL, or what makes the answer. */
	struct unpriv (*answer_by)(ulong addr);

	/** NULL, or called by a hart that waits. */
	void (*wait)(void);
	unsigned int waits;
	/** NULL, or where to go when the monitor stops this hart. */
	jmp_buf *stop;
};

extern struct machine hw;

/** Power on: a machine with these extensions and nothing delegated. */
void machine_reset(ulong isa);
/**
 * A hart as the monitor starts it on this machine, its guest in vM-mode at the
 * first instruction; harts[0] and alone.
 */
struct hart *machine_hart(void);
/** What the CSR holds after @value was written while it held @old. */
ulong machine_legal(unsigned int num, ulong old, ulong value);
/** Does the hart have this CSR? */
bool machine_has(unsigned int num);
/** Little-endian RAM. */
u64 machine_ram_read(ulong addr, unsigned int size);
void machine_ram_write(ulong addr, unsigned int size, u64 value);

#endif
