# core/memory/vpmp.c
s/value &= v->mask;/value = value;/
