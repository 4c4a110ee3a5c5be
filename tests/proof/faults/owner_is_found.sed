# core/enclave/ownership.c
s/range\.end > addr/range.end >= addr/
