# core/emulate/vcsr.c
s/\(mpp == MODE_S && !hart_has\(h, ISA_S\)\)/false/
