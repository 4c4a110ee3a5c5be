# arch/riscv/include/arch/csr.def
s/CSR_HW\(mstateen,	0x30c, 4\)/CSR_HW(mstateen,	0x30c, 3)/
