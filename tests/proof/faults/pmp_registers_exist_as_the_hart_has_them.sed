# core/emulate/vcsr.c
s/return !\(num & 1\) && /return /
