/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by S-mode programs for unmodified SBI firmware. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned char u8;

#ifndef MAX_HARTS
#define MAX_HARTS	8
#endif
#define STACK_SIZE	8192

#define SBI_BASE	0x10
#define SBI_TIME	0x54494d45
#define SBI_IPI		0x735049
#define SBI_RFENCE	0x52464e43
#define SBI_HSM		0x48534d
#define SBI_PMU		0x504d55
#define SBI_SRST	0x53525354

#define SIP_SSIP	2ul
#define SIP_STIP	32ul

struct sbi {
	long error;
	u64 value;
};

#define csr_read(name)							\
	({								\
		u64 v_;							\
		__asm__ volatile("csrr %0, " #name : "=r"(v_)::"memory"); \
		v_;							\
	})
#define csr_write(name, v)						\
	__asm__ volatile("csrw " #name ", %0" ::"rK"((u64)(v)) : "memory")
#define csr_clear(name, v)						\
	__asm__ volatile("csrc " #name ", %0" ::"rK"((u64)(v)) : "memory")

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

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4),
			   "+r"(a6), "+r"(a7)::"memory");
	return (struct sbi){ (long)a0, a1 };
}

static inline u64 now(void)
{
	return csr_read(time);
}

/* start.S */
extern char hart_start[], hart_again[];
/**
 * Stop the hart. A hart started at hart_again returns here, after the ecall.
 */
long hart_stop(void);

/* lib.c */
/**
 * printf() with %x (hexadecimal) and %s; prints whole lines of one hart at a
 * time.
 */
void say(const char *fmt, ...);
/**
 * Print RESULT PASS or FAIL, and power off. Built with STAY, wait instead, so that the
 * machine can be read.
 */
void finish(bool pass) __attribute__((noreturn));

/* The program. */
/** Called on the boot hart, with the device tree. */
void boot(u64 hart, const u8 *fdt);
/**
 * Called on a started hart: at hart_start, or @again at hart_again. Programs that start
 * none need not define it.
 */
void arrive(u64 hart, u64 opaque, bool again);

#endif
