# core/emulate/vcsr.c
s/h->csr\.name = merge\(old, value, mask & \(wmask\)\);/h->csr.name = merge(old, value, mask);/
