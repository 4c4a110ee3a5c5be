// SPDX-License-Identifier: BSD-2-Clause
/* Floating-point and vector CSRs from all modes, with FS and VS on and off. */
/* GUEST: cpu=rv64;rv64,v=true,vext_spec=v1.0;sifive-u54 compare */
#include "csr-list.h"

static void all_modes(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(u_csrs); i++) {
		csr_sweep(MODE_M, &u_csrs[i], 1);
		csr_sweep(MODE_S, &u_csrs[i], 1);
		csr_sweep(MODE_U, &u_csrs[i], 1);
	}
}

TEST()
{
	pmp_open();
	csr_clear(mstatus, MSTATUS_FS | MSTATUS_VS);
	all_modes();
	csr_set(mstatus, MSTATUS_FS_INIT);
	all_modes();
	csr_clear(mstatus, MSTATUS_FS);
	csr_set(mstatus, MSTATUS_VS);
	all_modes();
	csr_set(mstatus, MSTATUS_FS);
	all_modes();
}
