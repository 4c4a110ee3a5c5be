# core/emulate/vtrap.c
s/h->virt = mpp != MODE_M &&/h->virt = mpp != MODE_S \&\&/
