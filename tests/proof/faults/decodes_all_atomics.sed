# arch/riscv/include/arch/insn.def
s/0xf9f0607f, 0x1000202f/0xf800607f, 0x1000202f/
