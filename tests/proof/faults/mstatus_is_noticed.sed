# core/emulate/vcsr.c
s/\(old \| new\) & MSTATUS_MPRV/(old \& new) \& MSTATUS_MPRV/
