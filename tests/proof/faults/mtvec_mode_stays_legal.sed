# core/emulate/vcsr.c
s/if \(!\(value & 2\)\)/if (!(value \& 1))/
