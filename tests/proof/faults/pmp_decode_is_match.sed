# arch/riscv/pmp.c
s/\(addr & \(addr \+ 1\)\) << 2/(addr \& (addr - 1)) << 2/
