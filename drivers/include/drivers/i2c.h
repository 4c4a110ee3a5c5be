/* SPDX-License-Identifier: BSD-2-Clause */
/* I2C controllers, driven as master and polled. */
#ifndef DRIVERS_I2C_H
#define DRIVERS_I2C_H

#include <cordon/types.h>

/**
 * Set @bits of the 8-bit register @reg of the target at the 7-bit address @target
 * on Synopsys' DW_apb_i2c at @base. Keeps the bus speed that was set before, and
 * aborts a transfer that is under way.
 * Return: false if the target or the controller did not answer within 10 ms
 */
bool i2c_designware_set(u64 base, u8 target, u8 reg, u8 bits);

#endif
