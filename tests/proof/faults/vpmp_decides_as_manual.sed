# core/memory/vpmp.c
s/mmode && !\(v->cfg/mmode \&\& (v->cfg/
