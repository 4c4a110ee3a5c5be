# core/sbi/fence.c
s/\(b->by_id && a->id == b->id\)/b->by_id/
