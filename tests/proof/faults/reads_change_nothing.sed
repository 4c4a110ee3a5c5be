# core/emulate/vcsr.c
s/^	if \(write\)							\\/	if (true)	\\/
