// SPDX-License-Identifier: BSD-2-Clause
// Choose the permutation that this hart supports.

#include <arch/keccak.h>
#include <cordon/crypto.h>
#include <cordon/hart.h>

void keccak_f1600(u64 lane[25])
{
	const struct hart *h = hart_self();

	/* boot_measure() runs before there is a struct hart. */
	if (h && hart_has(h, ISA_ZBB))
		keccak_f1600_zbb(lane);
	else
		keccak_f1600_base(lane);
}
