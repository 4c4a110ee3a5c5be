# core/trap/confine.c
s/csr_write\(CSR_mstateen, 0\);/(void)0;/
