# core/emulate/vcsr.c
s/hw_access\(h, CSR_HW_##name \+ \(num - \(number\)\),/hw_access(h, CSR_HW_##name,/
