# arch/riscv/include/arch/insn.def
s/0x0040200f, CBO,		0, 4/0x0030200f, CBO,		0, 4/
