# arch/riscv/include/arch/csr.def
s/CSR_ALIAS\(pmpaddr,	0x3b0, 64, 0\)/CSR_ALIAS(pmpaddr,	0x3b0, 63, 0)/
