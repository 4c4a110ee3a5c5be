# core/emulate/virq.c
s/return h->csr.mie & ~h->csr.mideleg & virq_pending/return h->csr.mie \& virq_pending/
