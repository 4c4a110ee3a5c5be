# core/emulate/vcsr.c
s/\(value & h->legal.mideleg\) \| h/value | h/
