# core/trap/confine.c
/^void confine_hide/,/^}/s/h->csr.satp = c->satp;//
