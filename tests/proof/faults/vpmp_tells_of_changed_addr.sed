# core/memory/vpmp.c
s/PMP_A_OFF \|\| \(next/PMP_A_TOR || (next/
