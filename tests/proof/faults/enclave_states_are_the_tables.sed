# policies/keystone/enclave.c
s/e->busy \|\| e->state == ENCLAVE_NONE \|\| e->state == ENCLAVE_RUNNING/e->busy/
