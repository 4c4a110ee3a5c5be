# core/trap/confine.c
s/\(h->csr.mideleg \| MIDELEG_ALWAYS\) &/(h->csr.mideleg | MIDELEG_ALWAYS) |/
