# core/memory/vpmp.c
s/v->addr\[i\] \| v->low >> 1/v->addr[i] | v->low/
