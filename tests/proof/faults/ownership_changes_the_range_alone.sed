# core/enclave/ownership.c
s/piece\[n\+\+\]\.range\.start = range\.end/piece[n++].range.start = range.start/
