# core/emulate/vcsr.c
s/return vendor_csr_access\(num, value, mask, write && !confined\(h\)\);/return hw_access(0, value, mask, write);/
