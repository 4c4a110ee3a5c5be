# core/emulate/vcsr.c
/^static __noinline struct vcsr_result access_umode/,/^}/s/csr_clear\(CSR_senvcfg, SENVCFG_UMODE\);//
