# core/emulate/vcsr.c
s/mask & \(wmask\)\);			\\/mask);	\\/
