# core/trap/confine.c
/^	h->mode = MODE_S;$/d
