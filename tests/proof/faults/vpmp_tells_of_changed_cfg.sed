# core/memory/vpmp.c
s/PMP_RWX \| PMP_L/PMP_RWX/
