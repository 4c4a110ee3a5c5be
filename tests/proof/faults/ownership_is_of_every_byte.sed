# core/enclave/ownership.c
s/range\.end <= at\.range\.end/range.end >= at.range.end/
