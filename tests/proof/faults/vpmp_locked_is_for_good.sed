# core/memory/vpmp.c
s/\(next & PMP_A\) == PMP_A_TOR\);/(next \& PMP_A) == PMP_A_NA4);/
