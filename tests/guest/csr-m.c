// SPDX-License-Identifier: BSD-2-Clause
/* M-mode CSRs, written with patterns, read back as on bare hardware. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off;sifive-u54 compare */
#include "csr-list.h"

TEST()
{
	csr_sweep(MODE_M, m_csrs, ARRAY_SIZE(m_csrs));
}
