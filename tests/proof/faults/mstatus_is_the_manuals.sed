# core/emulate/vcsr.c
s/mpp == 2 \|\| \(mpp == MODE_S/mpp == 1 || (mpp == MODE_S/
