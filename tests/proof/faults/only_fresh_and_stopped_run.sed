# policies/keystone/enclave.c
s/e->state != ENCLAVE_STOPPED/e->state < ENCLAVE_STOPPED/
