/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small model of a hart and its CLINT behind the fakes of <arch/...>, on
 * which the monitor's own C runs. CSRs follow the specification's WARL rules
 * where a test can see them; memory is a piece of RAM and the CLINT.
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
	ulong status;		/* mstatus at that time */
	ulong satp;		/* satp at that time */
};

struct machine {
	ulong isa;		/* ISA_* that exist */
	ulong csr[4096];	/* what they hold, legal values */
	bool optional[4096];	/* mstateen, seed, vendor CSRs: they exist */
	unsigned int pmm;	/* bit n: senvcfg.PMM can be n; 0: it stays 0 */
	ulong (*illegal_mtval)(u32 insn); /* mtval of an illegal instruction; NULL: 0 */
	bool seip;		/* external interrupt for S-mode is raised */
	bool meip;
	unsigned int pmp;	/* entries */
	unsigned int grain;	/* their granularity is 1 << this, or 4 bytes */
	unsigned int hart;	/* hart whose mtimecmp and msip cause interrupts */

	u64 mtime;
	u64 mtimecmp[MACHINE_HARTS];
	u32 msip[MACHINE_HARTS];
	unsigned int clint_widths;	/* sum of supported sizes */
	unsigned int io_writes;

	u8 ram[RAM_SIZE];
	u64 f[32];
	bool misaligned;	/* the hart supports misaligned accesses */
	/** NULL, or the cause with which an access faults (0: none). */
	ulong (*check)(const struct machine_access *a);
	struct machine_access last;	/* last attempted access */
	unsigned int accesses;
	/** NULL, or called between LR and SC of a compare-and-swap. */
	void (*between)(void);

	struct machine_fence fence;	/* last fence */
	unsigned int fences, fences_i, fences_all;
	void (*on_fence)(void);	/* NULL, or called when a fence is executed */
	ulong no_fence;		/* bit mask of kinds that are illegal instructions */

	/* cbo and hlv: operands of the last one, and its result. */
	unsigned int cbo, cbos;
	ulong cbo_addr, cbo_status;
	unsigned int hlv_form, hlvs;
	ulong hlv_addr, hlv_value;
	struct unpriv answer;
	/** NULL, or computes the result. */
	struct unpriv (*answer_by)(ulong addr);

	/** NULL, or called by a waiting hart. */
	void (*wait)(void);
	unsigned int waits;
	/** NULL, or jumped to when the monitor stops this hart. */
	jmp_buf *stop;
};

extern struct machine hw;

/** Power on a machine with these extensions and nothing delegated. */
void machine_reset(ulong isa);
/**
 * A hart as started by the monitor, with its guest in vM-mode at the first
 * instruction; harts[0] and the only one.
 */
struct hart *machine_hart(void);
/** Value of the CSR after writing @value over @old. */
ulong machine_legal(unsigned int num, ulong old, ulong value);
/** True if the hart has this CSR. */
bool machine_has(unsigned int num);
/** Little-endian RAM. */
u64 machine_ram_read(ulong addr, unsigned int size);
void machine_ram_write(ulong addr, unsigned int size, u64 value);

#endif
