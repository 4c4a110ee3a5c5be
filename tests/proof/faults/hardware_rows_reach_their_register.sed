# core/emulate/vcsr.c
s/access_##access\(h, CSR_HW_##name \+ \(num - \(number\)\),/access_##access(h, CSR_HW_##name,/
