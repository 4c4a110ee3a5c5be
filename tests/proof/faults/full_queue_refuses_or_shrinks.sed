# core/sbi/fence.c
s/if \(kept == q->count\)/if (kept + 1 >= q->count)/
