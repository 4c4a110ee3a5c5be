# core/include/cordon/bits.h
s/a->start < b->end && b->start < a->end/a->start <= b->start \&\& b->start < a->end/
