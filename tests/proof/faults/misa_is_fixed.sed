# core/emulate/vcsr.c
/^#define CSR_READONLY/,/csr_read/s/return/csr_write(number, value); return/
