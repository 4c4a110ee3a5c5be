# core/enclave/ownership.c
s/at\.owner == kind && at\.id == id &&/at.owner == kind \&\&/
