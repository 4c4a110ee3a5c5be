/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hart's CSRs: by name for the monitor's own use, by row of csr.def for the
 * firmware. Faked on the host.
 */
#ifndef ARCH_CSR_H
#define ARCH_CSR_H

#include <arch/csr_bits.h>

#define csr_read(csr)							\
({									\
	ulong v_;							\
	__asm__ volatile("csrr %0, %1" : "=r"(v_) : "i"(csr) : "memory");\
	v_;								\
})

#define csr_write(csr, val)						\
	__asm__ volatile("csrw %0, %1" :: "i"(csr), "rK"((ulong)(val)) : "memory")

#define csr_swap(csr, val)						\
({									\
	ulong v_;							\
	__asm__ volatile("csrrw %0, %1, %2" : "=r"(v_)			\
			 : "i"(csr), "rK"((ulong)(val)) : "memory");	\
	v_;								\
})

#define csr_set(csr, val)						\
	__asm__ volatile("csrs %0, %1" :: "i"(csr), "rK"((ulong)(val)) : "memory")

#define csr_clear(csr, val)						\
	__asm__ volatile("csrc %0, %1" :: "i"(csr), "rK"((ulong)(val)) : "memory")

/** Hardware rows of csr.def, numbered for the stubs. */
enum csr_hw_index {
#define CSR_HW(name, number, count, ...)				\
	CSR_HW_##name, CSR_HW_LAST_##name = CSR_HW_##name + (count) - 1,
#define CSR_PART(name, number, ...)	CSR_HW_##name,
#include <arch/csr.def>
	CSR_HW_COUNT
};

struct csr_hw_result {
	ulong value;		/* as read, or mtval after a fault */
	ulong cause;		/* 0, or mcause of the fault */
};

/**
 * Read or write the hardware register of a row. If this hart lacks the
 * register, the result is the illegal instruction fault (unpriv.S).
 */
struct csr_hw_result csr_hw_read_index(unsigned int index);
struct csr_hw_result csr_hw_write_index(unsigned int index, ulong value);

/**
 * Read or write any CSR that has a stub: a CSR_HW or CSR_PART row, or a PMP register.
 * Return: 0 or -ENXIO if the hart has no such register; then a read has put mtval into
 * *value.
 */
int csr_hw_read(unsigned int num, ulong *value);
int csr_hw_write(unsigned int num, ulong value);

#endif
