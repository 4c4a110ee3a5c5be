// SPDX-License-Identifier: BSD-2-Clause
// The hart's CSRs by number, and probing of extensions.

#include <arch/csr.h>
#include <arch/isa.h>
#include <arch/unpriv.h>
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

/* No register reports Zbb, so try an instruction and check its result. */
static bool has_zbb(void)
{
	struct unpriv r = unpriv_zbb(3, 1);

	return !r.cause && r.value == BIT(63);
}

/* SSE can be 1 only if menvcfg permits it. PMM is 2 or 3, or just one of these. */
static bool senvcfg_changes_umode(void)
{
	static const ulong values[] = {
		SENVCFG_LPE, SENVCFG_SSE,
		FIELD_PREP(SENVCFG_PMM, 2), FIELD_PREP(SENVCFG_PMM, 3),
	};
	ulong menvcfg, old, now = 0;

	if (csr_hw_read(CSR_menvcfg, &menvcfg) || csr_hw_read(CSR_senvcfg, &old))
		return false;
	csr_hw_write(CSR_menvcfg, menvcfg | MENVCFG_SSE);
	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
		ulong got = 0;

		csr_hw_write(CSR_senvcfg, values[i]);
		csr_hw_read(CSR_senvcfg, &got);
		now |= got & SENVCFG_UMODE;
	}
	csr_hw_write(CSR_senvcfg, old & ~SENVCFG_UMODE);
	csr_hw_write(CSR_menvcfg, menvcfg);
	return now;
}

/* S-mode can enable these; they affect or record code in U-mode. */
static ulong probe_unusual(ulong isa)
{
	ulong v, found = 0;

	if (!(isa & ISA_S))
		return ISA_UNUSUAL;
	csr_hw_write(CSR_mctrctl, 0);
	if (!csr_hw_write(CSR_sctrctl, 0) && !csr_hw_read(CSR_sctrctl, &v))
		found |= ISA_CTR;
	if (senvcfg_changes_umode())
		found |= ISA_UMODE;
	return found ? found | ISA_UNUSUAL : 0;
}

static bool misaligned_traps(void)
{
	static const u32 word[2];

	return unpriv_load4((ulong)word + 2, csr_read(CSR_mstatus)).cause;
}

ulong isa_probe(void)
{
	static const struct {
		char letter;
		u16 isa;
	} letters[] = {
		{ 'S', ISA_S }, { 'H', ISA_H }, { 'F', ISA_F }, { 'D', ISA_D },
		{ 'V', ISA_V }, { 'U', ISA_U }, { 'C', ISA_C },
	};
	ulong misa = csr_read(CSR_misa);
	ulong isa = 0;
	ulong v;

	for (unsigned int i = 0; i < ARRAY_SIZE(letters); i++)
		if (misa & BIT(letters[i].letter - 'A'))
			isa |= letters[i].isa;
	if (!csr_hw_read(CSR_stimecmp, &v))
		isa |= ISA_SSTC;
	if (!csr_hw_read(CSR_time, &v))
		isa |= ISA_TIME;
	if (!csr_hw_read(CSR_seed, &v))
		isa |= ISA_ZKR;
	if (misaligned_traps())
		isa |= ISA_STRICT;
	if (IS_ENABLED(CONFIG_SHA3) && has_zbb())
		isa |= ISA_ZBB;
	return isa | probe_unusual(isa);
}
