# policies/keystone/enclave.c
s/len <= e->epm.end - start/start + len <= e->epm.end/
