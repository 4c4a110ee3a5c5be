# arch/riscv/include/arch/insn.def
s/sfence_vma,(.*)0xfe007fff/sfence_vma,\10xfe00707f/
