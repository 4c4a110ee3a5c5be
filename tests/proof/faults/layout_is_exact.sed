# core/memory/view.c
s/a\.rights == rest && !left_out/a.rights == rest/
