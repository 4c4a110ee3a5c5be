# core/emulate/vcsr.c
s/merge\(all, value, SSTATUS_MASK\)/merge(all, value, SSTATUS_MASK | MSTATUS_MPRV)/
