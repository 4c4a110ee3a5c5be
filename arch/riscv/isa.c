// SPDX-License-Identifier: BSD-2-Clause
// Probing of the hart's extensions.

#include <arch/csr.h>
#include <arch/insn.h>
#include <arch/isa.h>
#include <arch/opcode.h>
#include <arch/unpriv.h>
#include <cordon/sbi.h>

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

/*
 * A hart may write an illegal instruction to mtval (Priv. 3.1.16). Some emulators and
 * cores write another instruction: QEMU 7.2 after HLV and HSV, so harts with H do not
 * count. Read registers of H, which others lack, and look.
 */
static bool mtval_is_instruction(ulong isa)
{
	static const u16 missing[] = { CSR_hstatus, CSR_hgatp, CSR_vsatp, CSR_hstatus };
	u32 insn;
	ulong v = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(missing); i++) {
		/* csrr a0, as in unpriv.S */
		insn = (u32)missing[i] << 20 | FIELD_FUNCT3(CSR_OP_SET) | FIELD_RD(REG_A0) |
		       OPCODE_SYSTEM;
		if (!csr_hw_read(missing[i], &v) || (u32)v != insn)
			return false;
	}
	return !(isa & ISA_H);
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
	if (mtval_is_instruction(isa))
		isa |= ISA_MTVAL;
	if (IS_ENABLED(CONFIG_SHA3) && has_zbb())
		isa |= ISA_ZBB;
	return isa | probe_unusual(isa);
}
