# core/emulate/vcsr.c
s/if \(!hart_has\(h, needs\)(.*)\\$/if (0 \&\& !hart_has(h, needs)\1\\/
