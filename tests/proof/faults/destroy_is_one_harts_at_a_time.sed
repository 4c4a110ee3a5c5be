# policies/keystone/enclave.c
s/!e \|\| e->busy \|\|/!e ||/
