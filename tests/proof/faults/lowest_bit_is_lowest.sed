# core/include/cordon/bits.h
s/step = 32; step; step/step = 16; step; step/
