# core/emulate/vcsr.c
s/= value & h->legal.medeleg/= value/
