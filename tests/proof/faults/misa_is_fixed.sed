# core/emulate/vcsr.c
/^static void vcsr_write_misa/,/^}/s/\(void\)value;/csr_write(CSR_misa, value);/
