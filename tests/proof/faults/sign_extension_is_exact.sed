# core/include/cordon/bits.h
s/return \(s64\)\(v << \(64 - bits\)\) >> \(64 - bits\)/return (s64)(v << (64 - bits) >> (64 - bits))/
