// SPDX-License-Identifier: BSD-2-Clause
/*
 * Synopsys DW_apb_i2c as master. Register offsets and bits: DW_apb_i2c Databook 2.01a,
 * chapter 6; Linux drivers/i2c/busses/i2c-designware-core.h.
 */
#include <arch/io.h>
#include <cordon/bits.h>
#include <cordon/board.h>
#include <drivers/clint.h>
#include <drivers/i2c.h>

#define TAR		0x04
#define DATA_CMD	0x10
#define DATA_CMD_READ	BIT(8)
#define DATA_CMD_STOP	BIT(9)
#define INTR_MASK	0x30
#define RAW_INTR_STAT	0x34
#define INTR_TX_ABRT	BIT(6)
#define CLR_INTR	0x40
#define ENABLE		0x6c
#define STATUS		0x70
#define STATUS_TFE	BIT(2)		/* transmit FIFO is empty */
#define STATUS_RFNE	BIT(3)		/* receive FIFO is not empty */
#define STATUS_MST	BIT(5)		/* master is active */
#define ENABLE_STATUS	0x9c

/* Wait until these bits of a register have this value, at most 10 ms. */
static bool wait_for(u64 addr, u32 mask, u32 value)
{
	u64 end = clint_read_mtime() + board.timebase / 100 + 1;

	while ((io_read32(addr) & mask) != value)
		if (clint_read_mtime() > end)
			return false;
	return true;
}

bool i2c_designware_set(u64 base, u8 target, u8 reg, u8 bits)
{
	u32 value;

	/* The target address can be changed only while the controller is off. */
	io_write32(base + INTR_MASK, 0);
	io_write32(base + ENABLE, 0);
	if (!wait_for(base + ENABLE_STATUS, 1, 0))
		return false;
	io_write32(base + TAR, target);
	io_write32(base + ENABLE, 1);
	(void)io_read32(base + CLR_INTR);

	io_write32(base + DATA_CMD, reg);
	io_write32(base + DATA_CMD, DATA_CMD_READ | DATA_CMD_STOP);
	if (!wait_for(base + STATUS, STATUS_RFNE, STATUS_RFNE))
		return false;
	value = io_read32(base + DATA_CMD) & 0xff;

	io_write32(base + DATA_CMD, reg);
	io_write32(base + DATA_CMD, value | bits | DATA_CMD_STOP);
	return wait_for(base + STATUS, STATUS_TFE | STATUS_MST, STATUS_TFE) &&
	       !(io_read32(base + RAW_INTR_STAT) & INTR_TX_ABRT);
}
