// SPDX-License-Identifier: BSD-2-Clause
// The firmware's access to vendor CSRs: only those in the board's list.

#include <arch/csr.h>
#include <cordon/board.h>
#include <cordon/vcsr.h>
#include <cordon/vendor.h>

struct vcsr_result vendor_csr_access(unsigned int num, ulong value, ulong mask,
				     bool write)
{
	const struct vendor_csr *c = board.vendor_csr;
	ulong old, new;

	while (c && c->number && c->number != num)
		c++;
	if (!c || !c->number || csr_hw_read(num, &old))
		return (struct vcsr_result){ 0, 0 };
	new = (old & ~mask) | (value & mask);
	new = (old & ~(c->clear & ~new)) | (c->set & new);
	if (write && new != old)
		csr_hw_write(num, new);
	return (struct vcsr_result){ old, 1 };
}
