# core/memory/view.c
s/ALIGN_UP\(h->range.end, grain\)/ALIGN_DOWN(h->range.end - 1, grain)/
