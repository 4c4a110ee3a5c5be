# core/emulate/virq.c
s/IRQ_MEI, IRQ_MSI, IRQ_MTI/IRQ_MEI, IRQ_MTI, IRQ_MSI/
