// SPDX-License-Identifier: BSD-2-Clause
/* U-mode of 32 bits is S-mode's choice: M-mode stays what it is, and sees it. */
/* GUEST: world=native,monitor,offload compare cpu=rv64;sifive-u54 */
#include "guest.h"

#define UXL(x)		((u64)(x) << 32)
#define UXL_MASK	UXL(3)

static void set_uxl(void)
{
	register u64 uxl __asm__("a0");
	u64 old;

	__asm__ volatile("csrr %1, sstatus; xor %0, %0, %1; and %0, %0, %2\n\t"
			 "xor %0, %0, %1; csrw sstatus, %0; csrr %0, sstatus"
			 : "+r"(uxl), "=&r"(old) : "r"(UXL_MASK));
}

static u64 uxl_of(u64 status)
{
	return (status & UXL_MASK) >> 32;
}

TEST()
{
	struct trap t;

	pmp_open();
	/* 3 is reserved. */
	for (u64 x = 0; x < 3; x++) {
		t = run(MODE_S, set_uxl, UXL(x), 0, 0);
		print("= sstatus %lu: reads %lu, in M-mode %lu %lu\n", x,
		      uxl_of(t.a0), uxl_of(csr_read(mstatus)),
		      uxl_of(csr_read(sstatus)));
		EXPECT_NO_TRAP(t);
		/* it survives a trap to M-mode and back */
		t = run_word(MODE_S, 0x10002573, 0, 0, 0);
		EXPECT_NO_TRAP(t);
		print("= later %lu\n", uxl_of(t.a0));
		t = run_word(MODE_U, 0x10002573, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, ANY);
		print("= status of a trap from U-mode %lu\n", uxl_of(t.status));
		/* and M-mode may choose, too */
		csr_write(mstatus, (csr_read(mstatus) & ~UXL_MASK) |
			  UXL(2 - x));
		print("= mstatus %lu: reads %lu\n", 2 - x,
		      uxl_of(csr_read(mstatus)));
		csr_write(mstatus, (csr_read(mstatus) & ~UXL_MASK) | UXL(2));
		print("= back: reads %lu\n", uxl_of(csr_read(mstatus)));
	}
}
