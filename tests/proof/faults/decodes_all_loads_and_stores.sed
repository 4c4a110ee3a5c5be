# arch/riscv/insn.c
s/INSN_FUNCT3\(raw\) - 1 < 3/INSN_FUNCT3(raw) - 1 < 4/
