# core/sbi/fence.c
s/^	all\.by_id = false;//
