# core/emulate/vcsr.c
s/visible & \(MIP_SSIP \| MIP_LCOFIP\)/visible/
