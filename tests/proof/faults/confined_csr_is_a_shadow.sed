# core/trap/confine.c
s/^		\*shadow = \(old & ~mask\)/		csr_hw_write_index(index, value), *shadow = (old \& ~mask)/
