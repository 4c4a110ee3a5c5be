// SPDX-License-Identifier: BSD-2-Clause
/*
 * A firmware that does what OpenSBI's platform code does on the Premier P550
 * (platform/generic/eswin): locks PMP entries 2 and 6, uses all eight, writes
 * the vendor CSRs and stops a hart with CEASE. It prints one result per line.
 * Results are the same bare and under the monitor, except for CSR bits that the
 * monitor does not let anyone set.
 */
typedef unsigned long ulong;

#define UART		((volatile unsigned int *)0x50900000)
#define MCPU_STATUS	(*(volatile unsigned int *)0x51810608)
#define MTIME		(*(volatile ulong *)0x200bff8)
#define SECOND		1000000
#define MPP		(3ul << 11)
#define MPP_S		(1ul << 11)

#define csr_read(num)							\
	({								\
		ulong v_;						\
		asm volatile("csrr %0, " #num : "=r"(v_));		\
		v_;							\
	})
#define csr_write(num, value)						\
	asm volatile("csrw " #num ", %0" : : "r"((ulong)(value)) : "memory")

/* Cause of the last exception, or 0; trapped() skips the instruction. */
volatile ulong cause;
volatile int go;
char stack[4096] __attribute__((aligned(16)));
static char pages[8][4096] __attribute__((aligned(32768)));

asm(".pushsection .text.startup, \"ax\"\n"
    ".option push\n"
    ".option norvc\n"
    ".globl _start\n"
    "_start:\n"
    "	lla t0, trapped\n"
    "	csrw mtvec, t0\n"
    "	lla sp, stack + 4096\n"
    "	beqz a0, run\n"
    "	li t0, 1\n"
    "	bne a0, t0, 2f\n"
    "1:	lw t0, go\n"
    "	beqz t0, 1b\n"
    "	csrw 0x7c1, zero\n"		/* as OpenSBI's hart_stop */
    "	.word 0x30500073\n"			/* CEASE */
    "2:	wfi\n"
    "	j 2b\n"
    "	.balign 4\n"
    "trapped:\n"
    "	csrw mscratch, t0\n"
    "	csrr t0, mcause\n"
    "	addi t0, t0, -9\n"			/* the ecall of as_s() */
    "	beqz t0, 3f\n"
    "	addi t0, t0, 9\n"
    "	sd t0, cause, t6\n"
    "	csrr t0, mepc\n"
    "	addi t0, t0, 4\n"
    "	csrw mepc, t0\n"
    "	csrr t0, mscratch\n"
    "	mret\n"
    "3:	ret\n"
    ".option pop\n"
    ".popsection\n");

static void put(const char *s)
{
	for (; *s; s++) {
		while (!(UART[5] & 0x20))
			;
		UART[0] = (unsigned char)*s;
	}
}

static void put_hex(ulong value)
{
	char digits[] = " 0000000000000000";

	for (int i = 16; i >= 1; i--, value >>= 4)
		digits[i] = "0123456789abcdef"[value & 15];
	put(digits);
}

static void line(const char *name, ulong a, ulong b)
{
	put(name);
	put_hex(a);
	put_hex(b);
	put("\r\n");
}

/* Exceptions of a load and a store in M-mode. */
static ulong as_m(volatile ulong *p)
{
	ulong load;

	cause = 0;
	asm volatile(".option push\n.option norvc\nld t0, (%0)\n.option pop\n"
		     : : "r"(p) : "t0", "t6", "memory");
	load = cause;
	cause = 0;
	asm volatile(".option push\n.option norvc\nsd zero, (%0)\n.option pop\n"
		     : : "r"(p) : "t6", "memory");
	return load << 4 | cause;
}

/* The same in S-mode, which returns with an ecall. */
static ulong as_s(volatile ulong *p)
{
	ulong both = 0;

	for (int store = 0; store < 2; store++) {
		ulong status = csr_read(mstatus);

		cause = 0;
		csr_write(mstatus, (status & ~MPP) | MPP_S);
		asm volatile(".option push\n.option norvc\n"
			     "lla	ra, 3f\n"
			     "lla	t0, 1f\n"
			     "csrw	mepc, t0\n"
			     "mret\n"
			     "1:	bnez	%1, 2f\n"
			     "ld	t0, (%0)\n"
			     "ecall\n"
			     "2:	sd	zero, (%0)\n"
			     "ecall\n"
			     "3:\n.option pop\n"
			     : : "r"(p), "r"((long)store)
			     : "ra", "t0", "t6", "memory");
		both = both << 4 | cause;
	}
	return both;
}

/* Existence; value after writing all ones and all zeros. */
#define vendor_csr(num)							\
	do {								\
		ulong ones, zeros;					\
		cause = 0;						\
		asm volatile("csrr zero, " #num : : : "t6", "memory");	\
		if (cause) {						\
			line("csr " #num " cause", cause, 0);		\
			break;						\
		}							\
		csr_write(num, ~0ul);					\
		ones = csr_read(num);					\
		csr_write(num, 0);					\
		zeros = csr_read(num);					\
		line("csr " #num, ones, zeros);				\
	} while (0)

static void try_vendor_csrs(void)
{
	vendor_csr(0x7c0);
	vendor_csr(0x7c1);
	vendor_csr(0x7c2);
	vendor_csr(0x7c3);
	vendor_csr(0x7c4);
	vendor_csr(0x7c5);
	vendor_csr(0x7c6);
	vendor_csr(0x7c7);
	/* OpenSBI's values. */
	csr_write(0x7c1, 0x4000);
	csr_write(0x7c2, 0x80);
	line("csr of OpenSBI", csr_read(0x7c1), csr_read(0x7c2));
}

#define page_addr(i)	((ulong)pages[i] >> 2 | 0x1ff)

/*
 * One page each for entries 0 to 6, all memory for 7. Entry 2 is locked without
 * rights, entry 6 with R.
 */
static void try_pmp(void)
{
	csr_write(pmpaddr0, page_addr(0));
	csr_write(pmpaddr1, page_addr(1));
	csr_write(pmpaddr2, page_addr(2));
	csr_write(pmpaddr3, page_addr(3));
	csr_write(pmpaddr4, page_addr(4));
	csr_write(pmpaddr5, page_addr(5));
	csr_write(pmpaddr6, page_addr(6));
	csr_write(pmpaddr7, ~0ul);
	csr_write(pmpcfg0, 0x1f99191c1b981918);
	line("pmpcfg0", csr_read(pmpcfg0), 0);
	/* Locked entries keep their values; 7 and the others can be changed. */
	csr_write(pmpaddr2, 0);
	csr_write(pmpaddr6, 0);
	csr_write(pmpcfg0, 0x1f00191c1b001918);
	line("pmpcfg0 again", csr_read(pmpcfg0), 0);
	line("pmpaddr2", csr_read(pmpaddr2) - page_addr(2),
	     csr_read(pmpaddr6) - page_addr(6));
	line("pmpaddr7", csr_read(pmpaddr7), csr_read(pmpaddr0) & 0x1ff);
	cause = 0;
	csr_write(pmpaddr8, ~0ul);
	line("pmpaddr8", cause, csr_read(pmpaddr8));
	for (int i = 0; i < 8; i++)
		line("page", as_m((ulong *)pages[i]), as_s((ulong *)pages[i]));
}

static void try_cease(void)
{
	ulong start = MTIME;

	go = 1;
	while (!(MCPU_STATUS & 1 << 14) && MTIME - start < 5 * SECOND)
		;
	line("cease", MCPU_STATUS, 0);
}

void run(void)
{
	csr_write(medeleg, 0);
	csr_write(satp, 0);
	try_vendor_csrs();
	try_pmp();
	try_cease();
	put("end\r\n");
	while (1)
		asm volatile("wfi");
}
