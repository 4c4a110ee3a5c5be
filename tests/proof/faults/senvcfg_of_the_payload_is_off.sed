# core/emulate/vcsr.c
/^static __noinline struct vcsr_result senvcfg_access/,/^}/s/csr_clear\(CSR_senvcfg, SENVCFG_UMODE\);//
