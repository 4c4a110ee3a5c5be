# core/trap/confine.c
/^void confine_restore/,/^}/s/STATUS_PAYLOAD \| STATUS_TRAPS/STATUS_PAYLOAD/
