# core/memory/view.c
s/at\.rights &= a->rights/at.rights |= a->rights/
