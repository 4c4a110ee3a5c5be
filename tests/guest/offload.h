/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the tests of the offload policy, whose firmware serves no SBI. */
#ifndef GUEST_OFFLOAD_H
#define GUEST_OFFLOAD_H

#include "guest.h"

#define SBI_BASE	0x10
#define SBI_TIME	0x54494d45
#define SBI_IPI		0x735049
#define SBI_RFENCE	0x52464e43
#define SBI_HSM		0x48534d
#define SBI_CORDON	0x08434f52

#define SBI_NOT_SUPPORTED	(-2l)
#define SBI_INVALID_PARAM	(-3l)
#define ALL_HARTS		(~0ul)

/* Rows and columns of the statistics. */
enum { EV_TIME, EV_TIMER, EV_IPI, EV_FENCE_I, EV_SFENCE, EV_HFENCE, EV_LOAD,
       EV_STORE, EV_REDIRECT, EV_ECALL, EV_ILLEGAL, EV_FAULT, EV_MTIMER,
       EV_MSOFT, EV_INTERRUPT, EV_WORLD };
enum { BY_ASSEMBLY, BY_C, FORWARDED };

struct sbi {
	long error;
	u64 value;
};

/* Call from S-mode. Calls that the monitor leaves to the firmware end run(). */
static inline struct sbi sbi(u64 eid, u64 fid, u64 x0, u64 x1, u64 x2, u64 x3,
			     u64 x4)
{
	register u64 a0 __asm__("a0") = x0;
	register u64 a1 __asm__("a1") = x1;
	register u64 a2 __asm__("a2") = x2;
	register u64 a3 __asm__("a3") = x3;
	register u64 a4 __asm__("a4") = x4;
	register u64 a6 __asm__("a6") = fid;
	register u64 a7 __asm__("a7") = eid;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
			 : "memory");
	return (struct sbi){ (long)a0, a1 };
}

static inline struct sbi set_timer(u64 when)
{
	return sbi(SBI_TIME, 0, when, 0x1234, 0, 0, 0);
}

static inline u64 count(unsigned int hart, unsigned int event,
			unsigned int way)
{
	return sbi(SBI_CORDON, 3, hart, event * 3 + way, 0, 0, 0).value;
}

/* Served here by the monitor, in C or in assembly. */
static inline u64 served(unsigned int event)
{
	u64 hart = this_hart()->id;

	return count(hart, event, BY_ASSEMBLY) + count(hart, event, BY_C);
}

/* Call a C function in S-mode, on this hart's stack. */
static inline void in_s_mode(void (*f)(void))
{
	struct trap t = run(MODE_S, f, 0, 0, 0);

	EXPECT_NO_TRAP(t);
}

/* Setup of an SBI firmware before it starts a payload. */
static inline void firmware_init(void)
{
	pmp_open();
	csr_write(mie, 0);
	write64(MTIMECMP(this_hart()->id), ~0ul);
	csr_write(mideleg, MIP_SSIP | MIP_STIP | MIP_SEIP);
	csr_write(medeleg, BIT(CAUSE_FETCH_MISALIGNED) |
		  BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_ECALL_U) |
		  BIT(CAUSE_FETCH_PAGE) | BIT(CAUSE_LOAD_PAGE) |
		  BIT(CAUSE_STORE_PAGE));
	csr_write(mcounteren, ~0ul);
	csr_write(scounteren, ~0ul);
	csr_clear(mip, MIP_SSIP | MIP_STIP);
	csr_clear(mstatus, MSTATUS_SIE | MSTATUS_MIE | MSTATUS_TW |
		  MSTATUS_TVM | MSTATUS_TSR | MSTATUS_MPRV);
	csr_set(mstatus, MSTATUS_FS);
}

#define HSTATUS		0x600
#define HEDELEG		0x602
#define HTIMEDELTA	0x605
#define HCOUNTEREN	0x606
#define VSTVEC		0x205
#define VSEPC		0x241
#define VSCAUSE		0x242
#define VSTVAL		0x243
#define VSSTATUS	0x200

#endif
