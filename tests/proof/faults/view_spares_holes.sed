# core/memory/view.c
s/at->rights &= rights;/at->rights |= rights;/
