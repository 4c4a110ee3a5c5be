# policies/keystone/enclave.c
s/fid < 3000 && from_enclave/fid < 2004 \&\& from_enclave/
