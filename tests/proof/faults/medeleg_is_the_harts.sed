# core/emulate/vcsr.c
s/= value & h->medeleg_mask/= value/
