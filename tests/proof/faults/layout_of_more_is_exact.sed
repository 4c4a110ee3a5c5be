# core/memory/view.c
s/joined = joined && a/joined = a/
