# core/memory/vpmp.c
s/addr < r\.start \|\| last >= r\.end/addr < r.start/
