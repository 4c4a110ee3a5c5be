# core/memory/view.c
s/cfg & PMP_L \? rwx : PMP_RWX, rwx\)/cfg \& PMP_L ? rwx : PMP_RWX, PMP_RWX)/
