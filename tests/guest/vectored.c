// SPDX-License-Identifier: BSD-2-Clause
/* Vectored mtvec: exceptions go to the base, interrupts to base + 4 * cause. */
#include "guest.h"

/*
 * take(mie): with vectored mtvec, enable what the argument says and wait.
 * The entry reached puts its index in a0, mcause in a1 and mepc in a2.
 */
__asm__(
	".balign 256\n"
	"vec_table:\n"
	".option push\n"
	".option norvc\n"
	".set i, 0\n"
	".rept 16\n"
	"j vec_entry + 8 * i\n"
	".set i, i + 1\n"
	".endr\n"
	"vec_entry:\n"
	".set i, 0\n"
	".rept 16\n"
	"li a0, i\n"
	"j vec_common\n"
	".set i, i + 1\n"
	".endr\n"
	"vec_common:\n"
	"csrw mie, zero\n"
	"csrci mstatus, 8\n"
	"csrr a1, mcause\n"
	"csrr a2, mepc\n"
	"csrw mtvec, t0\n"
	"ret\n"
	".globl take_irq, take_irq_at\n"
	"take_irq:\n"
	"la t1, vec_table + 1\n"
	"csrrw t0, mtvec, t1\n"
	"csrw mie, a0\n"
	"csrsi mstatus, 8\n"
	"take_irq_at:\n"
	"j take_irq_at\n"
	".globl take_ecall, take_ecall_at\n"
	"take_ecall:\n"
	"la t1, vec_table + 1\n"
	"csrrw t0, mtvec, t1\n"
	"take_ecall_at:\n"
	"ecall\n"
	".globl take_illegal, take_illegal_at\n"
	"take_illegal:\n"
	"la t1, vec_table + 1\n"
	"csrrw t0, mtvec, t1\n"
	"take_illegal_at:\n"
	"csrr a0, 0x5c0\n"
	".globl read_mtvec\n"
	"read_mtvec:\n"
	"la t1, vec_table + 1\n"
	"csrrw t0, mtvec, t1\n"
	"csrrw a0, mtvec, t0\n"
	"sub a0, a0, t1\n"
	"ret\n"
	".option pop\n");
void take_irq(void);
void take_irq_at(void);
void take_ecall(void);
void take_ecall_at(void);
void take_illegal(void);
void take_illegal_at(void);
void read_mtvec(void);

static void irq(unsigned int n)
{
	struct trap t = run(MODE_M, take_irq, BIT(n), 0, 0);

	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, n);
	CHECK_EQ(t.a1, CAUSE_IRQ(n));
	CHECK_EQ(t.a2, take_irq_at);
}

TEST()
{
	struct trap t;

	write64(MTIMECMP(0), ~0ul);
	t = run(MODE_M, read_mtvec, 0, 0, 0);
	CHECK_EQ(t.a0, 0);

	t = run(MODE_M, take_ecall, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0);
	CHECK_EQ(t.a1, CAUSE_ECALL_M);
	CHECK_EQ(t.a2, take_ecall_at);
	t = run(MODE_M, take_illegal, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0);
	CHECK_EQ(t.a1, CAUSE_ILLEGAL);
	CHECK_EQ(t.a2, take_illegal_at);

	write32(MSIP(0), 1);
	irq(IRQ_MSI);
	write32(MSIP(0), 0);
	write64(MTIMECMP(0), 0);
	irq(IRQ_MTI);
	write64(MTIMECMP(0), ~0ul);
	csr_set(mip, MIP_SSIP);
	irq(IRQ_SSI);
	csr_clear(mip, MIP_SSIP);
	csr_set(mip, MIP_STIP);
	irq(IRQ_STI);
	csr_clear(mip, MIP_STIP);
	csr_set(mip, MIP_SEIP);
	irq(IRQ_SEI);
	csr_clear(mip, MIP_SEIP);
}
