# core/emulate/virq.c
s/\(h->csr.mie & ~h->csr.mideleg & ~MIE_MONITOR\)/(h->csr.mie \& ~MIE_MONITOR)/
