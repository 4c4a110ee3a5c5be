# core/memory/vpmp.c
s/v->regs = v->count > 16/v->regs = v->count > 17/
