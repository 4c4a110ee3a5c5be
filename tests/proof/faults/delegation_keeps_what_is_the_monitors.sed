# core/emulate/vcsr.c
s/\(value & h->mideleg_mask\) \| h/value | h/
