# core/emulate/vcsr.c
s/write && num >> 10 == 3/write \&\& num >> 10 == 4/
