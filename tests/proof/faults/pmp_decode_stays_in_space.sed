# arch/riscv/pmp.c
s/r\.end > PMP_SPACE_END/r.end < PMP_SPACE_END/
