// SPDX-License-Identifier: BSD-2-Clause
// Switch floating-point and vector registers between guests.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/errno.h>
#include <cordon/fpstate.h>
#include <cordon/hart.h>
#include <cordon/log.h>

/* We can switch F with D, but not Q. Zfinx has no misa letter, only fcsr. */
static bool fp_is_switched(const struct hart *h)
{
	if (hart_has(h, ISA_F))
		return hart_has(h, ISA_D) && !(csr_read(CSR_misa) & BIT('Q' - 'A'));
	return unpriv_fcsr().cause;
}

/* Zve* has registers but no misa letter; drafts of V have no vlenb. */
static bool vector_is_switched(struct hart *h)
{
	struct unpriv vlenb = unpriv_vlenb();

	if (vlenb.cause)
		return !hart_has(h, ISA_V);
	h->isa |= ISA_V;
	return vlenb.value <= CONFIG_MAX_VLEN / 8;
}

int fpstate_init_hart(struct hart *h)
{
	if (!fp_is_switched(h)) {
		log_err("hart %u: cannot switch this floating-point format", h->id);
		return -ENXIO;
	}
	if (!vector_is_switched(h)) {
		log_err("hart %u: vector registers wider than %u bits, or a draft",
			h->id, CONFIG_MAX_VLEN);
		return -ENXIO;
	}
	return 0;
}

void fpstate_switch(const struct hart *h, struct fpstate *save,
		    const struct fpstate *load)
{
	if (hart_has(h, ISA_D))
		fpstate_switch_fp(save->fp, load->fp);
	if (hart_has(h, ISA_V))
		fpstate_switch_v(save->v, load->v);
}
