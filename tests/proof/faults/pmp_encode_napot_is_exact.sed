# arch/riscv/pmp.c
s#size / 2 - 1#size / 2#
