# core/memory/vpmp.c
s/\(cfg & \(PMP_R \| PMP_W\)\) == PMP_W/(cfg \& PMP_W) == PMP_W/
