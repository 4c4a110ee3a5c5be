# core/emulate/vcsr.c
s/set = value & mask & ~MIP_M/set = value \& mask/
