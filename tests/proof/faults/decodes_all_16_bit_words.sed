# arch/riscv/insn.c
s/raw >> 4 & 0x1c0|raw << 4 & 0x1c0/raw << 4 \& 0x0c0/
