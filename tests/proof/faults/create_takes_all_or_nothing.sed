# policies/keystone/enclave.c
s/^	if \(rc\)$/	if (rc == -ENOSPC)/
