# core/include/cordon/bits.h
s/\(\(\(x\) \+ \(\(a\) - 1\)\)/(((x) + (a))/
