# policies/keystone/enclave.c
s/e->state == ENCLAVE_RUNNING && e->hart == hart/e->state == ENCLAVE_RUNNING/
