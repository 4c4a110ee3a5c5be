# core/emulate/vcsr.c
s/merge\(h->csr.mie, value << 1,/merge(h->csr.mie, value,/
