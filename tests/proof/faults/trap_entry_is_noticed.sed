# core/emulate/vtrap.c
s/if \(status & MSTATUS_MPRV\)/if (status \& MSTATUS_MPP)/
