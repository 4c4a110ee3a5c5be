# core/memory/vpmp.c
s/\(cfg & PMP_A\) != PMP_A_OFF,/(cfg \& PMP_A) == PMP_A_TOR,/
