// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive HiFive Premier P550 with ESWIN's EIC7700X, die 0: four P550. Each hart
 * has eight PMP entries; misaligned accesses trap.
 *
 * Addresses: Linux arch/riscv/boot/dts/eswin/eic7700.dtsi and
 * eic7700-hifive-premier-p550.dts. DRAM alias, CEASE and CSRs: OpenSBI
 * platform/generic/eswin/eic770x.c and its header. The board's management
 * controller (BMC): its hfp.c and hfp.h.
 */
#include <arch/io.h>
#include <arch/spinlock.h>
#include <arch/vendor.h>
#include <cordon/board.h>
#include <cordon/ipi.h>
#include <cordon/kconfig.h>
#include <drivers/cache.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul
#define CCACHE		0x02010000ul
#define DRAM		0x80000000ul
#define DRAM_END	0x1080000000ul
#define UNCACHED	0xc000000000ul	/* the same memory, caches bypassed */

/* Guests may set the bits known to be safe, and clear all (reset value 0). */
static const struct vendor_csr csrs[] = {
	{ 0x7c0, 1, 1 },		/* branch prediction: static or dynamic */
	/* Feature disable 0 and 1. OpenSBI writes 0x4000 and 0x80. */
	{ 0x7c1, 0x4001, ~0ul },
	{ 0x7c2, 0x80, ~0ul },
	/* L1 and L2 prefetcher tuning. */
	{ 0x7c3, ~0ul, ~0ul },
	{ 0x7c4, ~0ul, ~0ul },
	{ 0 },
};

/*
 * Before a reset the firmware stops the other harts with CEASE and waits until
 * the system controller reports them stopped, so execute the instruction
 * itself.
 */
static bool vendor_insn(u32 insn)
{
	if (insn != INSN_SIFIVE_CEASE)
		return false;
	ipi_leave(hart_self());
	sifive_cease();
}

/* Clocks of the low-speed devices, such as UARTs. */
#define LSP_CLOCKS	0x51828200ul
#define LSP_CLOCK_UART2	BIT(19)
#define SYS_CLOCK	0x5182820cul
#define SYS_CLOCK_XTAL	BIT(0)
#define XTAL_HZ		24000000
#define SPLL0_OUT3_HZ	400000000

/* The BMC listens on UART2. */
struct bmc_message {
	u32 head, task;
	u8 type, command, result, length;
	u8 data[250];
	u8 checksum;
	u8 tail[4];
} __attribute__((packed));

enum { BMC_NOTIFY = 3 };
enum { BMC_POWER_OFF = 1, BMC_RESTART = 8 };

static u32 system_clock(void)
{
	u32 reg = io_read32(SYS_CLOCK), divisor = reg >> 4 & 7;

	if (reg & SYS_CLOCK_XTAL)
		return XTAL_HZ;
	return SPLL0_OUT3_HZ / (divisor > 2 ? divisor : 2);
}

static void send(const struct uart_desc *u, const struct bmc_message *message)
{
	const char *bytes = (const char *)message;

	u->ops->init(u);
	for (unsigned int i = 0; i < sizeof(*message); i++) {
		/* Each byte waits for the one before: 87 us at 115200 baud. */
		unsigned int polls = UART_POLLS;

		u->ops->putc(u, bytes[i], &polls);
	}
}

/* The operating system may have changed UART2 and its clock. */
static void reset(bool off)
{
	static struct spinlock lock;
	u8 command = off ? BMC_POWER_OFF : BMC_RESTART;
	struct bmc_message message = {
		.head = 0xa55aaa55, .type = BMC_NOTIFY, .command = command,
		.checksum = BMC_NOTIFY ^ command, .tail = { 0xba, 0xbd, 0xba, 0xbd },
	};
	struct uart_desc uart2 = {
		.ops = UART_NS16550, .base = 0x50920000, .reg_shift = 2, .reg_width = 4,
		.baud = 115200,
	};

	if (!uart2.ops)
		return;
	spin_lock(&lock);
	io_write32(LSP_CLOCKS, io_read32(LSP_CLOCKS) | LSP_CLOCK_UART2);
	uart2.clock = system_clock();
	send(&uart2, &message);
	spin_unlock(&lock);
}

const struct board board = {
	.name		= "SiFive HiFive Premier P550",
	.compatible	= "sifive,hifive-premier-p550",
	.firmware	= DRAM,
	/* The smaller variant has 16 GiB. */
	.ram		= { DRAM, DRAM + 0x400000000ul },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_NS16550,
		.base		= 0x50900000,
		.reg_shift	= 2,
		.reg_width	= 4,
		.clock		= 200000000,
		.baud		= 115200,
		/*
		 * The first stage has set the baud rate, fractional divisor
		 * included.
		 */
		.keep		= true,
	},
	.clint		= {
		.mswi		= CLINT,
		.mtimecmp	= CLINT + 0x4000,
		.mtime		= CLINT + 0xbff8,
		.window		= { { CLINT, CLINT + SZ_64K } },
	},
	.plic		= 0x0c000000,
	.cache		= { CACHE_SIFIVE, CCACHE },
	.alias_of	= { DRAM, DRAM_END },
	.alias_offset	= { UNCACHED - DRAM },
	.reset		= IS_ENABLED(CONFIG_RESET_WITHOUT_FIRMWARE) ? reset : NULL,
	.vendor_csr	= csrs,
	.vendor_insn	= vendor_insn,
};
