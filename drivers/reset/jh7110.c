// SPDX-License-Identifier: BSD-2-Clause
/*
 * Boards with StarFive's JH7110 whose power controller is an X-Powers AXP15060.
 *
 * Addresses: Linux arch/riscv/boot/dts/starfive/jh7110.dtsi (syscrg, i2c5) and
 * jh7110-common.dtsi (axp15060). The bits are those that OpenSBI's
 * platform/generic/starfive/jh7110.c sets. It also turns the power domains of
 * devices off before; the power controller does that here.
 */
#include <arch/io.h>
#include <arch/spinlock.h>
#include <cordon/bits.h>
#include <drivers/i2c.h>
#include <drivers/reset.h>

#define I2C5			0x12050000ul
#define CLOCK_I2C5_APB		(0x13020000ul + 0x23c)
#define CLOCK_ENABLE		BIT(31)

#define AXP15060		0x36
#define AXP15060_POWER		0x32
#define AXP15060_POWER_OFF	BIT(7)
#define AXP15060_POWER_RESTART	BIT(6)

void reset_jh7110(bool off)
{
	static struct spinlock lock;

	spin_lock(&lock);
	/* The operating system stops the clock while it does not use the bus. */
	io_write32(CLOCK_I2C5_APB, io_read32(CLOCK_I2C5_APB) | CLOCK_ENABLE);
	i2c_designware_set(I2C5, AXP15060, AXP15060_POWER,
			   off ? AXP15060_POWER_OFF : AXP15060_POWER_RESTART);
	spin_unlock(&lock);
}
