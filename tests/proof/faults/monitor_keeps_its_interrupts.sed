# core/emulate/virq.c
s/return MIE_MONITOR \| h->csr.mie;/return h->csr.mie;/
