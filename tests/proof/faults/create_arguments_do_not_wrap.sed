# policies/keystone/enclave.c
s/c->epm_size > limit - c->epm_start\)/c->epm_size > limit)/
