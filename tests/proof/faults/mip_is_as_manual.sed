# core/emulate/virq.c
s/: ~MIE_MONITOR;/: ~MIP_MTIP;/
