# core/emulate/vcsr.c
s/h->csr.satp = csr_swap\(CSR_satp, 0\);/h->csr.satp = csr_read(CSR_satp);/
