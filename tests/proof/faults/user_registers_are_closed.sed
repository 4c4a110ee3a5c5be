# core/trap/confine.c
s/csr_swap\(CSR_sstateen, 0\)/csr_read(CSR_sstateen)/
