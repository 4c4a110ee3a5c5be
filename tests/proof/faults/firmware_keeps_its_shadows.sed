# core/trap/confine.c
/^void confine_restore/,/^}/s/c->satp = h->csr.satp;//
