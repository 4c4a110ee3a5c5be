# core/enclave/ownership.c
s/at\.owner == owner && at\.id == id &&/at.owner == owner \&\&/
