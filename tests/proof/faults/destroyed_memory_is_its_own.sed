# policies/keystone/enclave.c
s/e->utm, OWNER_SHARED, eid, OWNER_PAYLOAD/e->epm, OWNER_SHARED, eid, OWNER_PAYLOAD/
