# core/emulate/virq.c
s/if \(!\(h->csr.mstatus & MSTATUS_MIE\)\)/if (!(h->csr.mstatus \& MSTATUS_MPIE))/
