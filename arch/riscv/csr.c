// SPDX-License-Identifier: BSD-2-Clause
// The hart's CSRs by number.

#include <arch/csr.h>
#include <arch/vendor.h>
#include <cordon/errno.h>

/*
 * Order of the stubs in unpriv.S: rows of csr.def, pmpcfg0-15, pmpaddr0-63,
 * vendor CSRs.
 */
#define STUB_PMPCFG	CSR_HW_COUNT
#define STUB_PMPADDR	(STUB_PMPCFG + 16)
#define STUB_VENDOR	(STUB_PMPADDR + 64)

static int stub_index(unsigned int num)
{
	switch (num) {
#define CSR_HW(name, number, count, ...)				\
	case (number) ... (number) + (count) - 1:			\
		return (int)(CSR_HW_##name + (num - (number)));
#define CSR_PART(name, number, ...)					\
	case (number):							\
		return CSR_HW_##name;
#include <arch/csr.def>
	case CSR_pmpcfg ... CSR_pmpcfg + 15:
		return (int)(STUB_PMPCFG + (num - CSR_pmpcfg));
	case CSR_pmpaddr ... CSR_pmpaddr + 63:
		return (int)(STUB_PMPADDR + (num - CSR_pmpaddr));
	case VENDOR_CSRS ... VENDOR_CSRS + 7:
		return (int)(STUB_VENDOR + (num - VENDOR_CSRS));
	default:
		return -ENXIO;
	}
}

int csr_hw_read(unsigned int num, ulong *value)
{
	int i = stub_index(num);
	struct csr_hw_result r;

	if (i < 0)
		return i;
	r = csr_hw_read_index((unsigned int)i);
	*value = r.value;
	return r.cause ? -ENXIO : 0;
}

int csr_hw_write(unsigned int num, ulong value)
{
	int i = stub_index(num);

	if (i < 0)
		return i;
	return csr_hw_write_index((unsigned int)i, value).cause ? -ENXIO : 0;
}
