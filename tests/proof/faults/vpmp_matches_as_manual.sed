# core/memory/vpmp.c
s/v->addr\[i - 1\] & ~v->low/v->addr[i - 1]/
