# core/emulate/vcsr.c
s/^(		h->csr.medeleg = )/		h->csr.mideleg = value, h->csr.medeleg = /
