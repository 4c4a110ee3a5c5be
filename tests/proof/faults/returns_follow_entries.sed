# core/emulate/vtrap.c
s/FIELD_PREP\(MSTATUS_MPV, h->virt\)/FIELD_PREP(MSTATUS_MPV, 0)/
