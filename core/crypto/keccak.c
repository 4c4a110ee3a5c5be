// SPDX-License-Identifier: BSD-2-Clause
// Which of the permutations suits the hart that it runs on.

#include <arch/keccak.h>
#include <cordon/crypto.h>
#include <cordon/hart.h>

void keccak_f1600(u64 lane[25])
{
	const struct hart *h = hart_self();

	/* No hart yet: boot_measure(). */
	if (h && hart_has(h, ISA_ZBB))
		keccak_f1600_zbb(lane);
	else
		keccak_f1600_base(lane);
}
