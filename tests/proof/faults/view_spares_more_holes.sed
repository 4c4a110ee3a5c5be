# core/memory/view.c
s/r\.end = \(r\.end \+ below\) & ~below;/r.end \&= ~below;/
