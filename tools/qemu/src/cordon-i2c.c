/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DesignWare I2C controller, as master, with targets that are 256 registers
 * behind a pointer (PMICs, small EEPROMs). Transfers take no time.
 *
 * Registers: Linux's drivers/i2c/busses/i2c-designware-core.h, OpenSBI's
 * lib/utils/i2c/dw_i2c.c, U-Boot's drivers/i2c/designware_i2c.h.
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "cordon-soc.h"

#define TAR             0x04
#define DATA_CMD        0x10
#define  CMD_READ       (1 << 8)
#define  CMD_STOP       (1 << 9)
#define INTR_STAT       0x2c
#define INTR_MASK       0x30
#define RAW_INTR_STAT   0x34
#define  INT_RX_FULL    (1 << 2)
#define  INT_TX_EMPTY   (1 << 4)
#define  INT_TX_ABRT    (1 << 6)
#define  INT_STOP_DET   (1 << 9)
#define CLR_INTR        0x40
#define CLR_TX_ABRT     0x54
#define CLR_STOP_DET    0x60
#define ENABLE          0x6c
#define STATUS          0x70
#define  STATUS_TFNF    (1 << 1)
#define  STATUS_TFE     (1 << 2)
#define  STATUS_RFNE    (1 << 3)
#define TXFLR           0x74
#define RXFLR           0x78
#define TX_ABRT_SOURCE  0x80
#define ENABLE_STATUS   0x9c
#define COMP_PARAM_1    0xf4
#define COMP_VERSION    0xf8
#define COMP_TYPE       0xfc

#define FIFO            32

typedef struct {
    Bank *bank;
    qemu_irq irq;
    I2CTarget **targets;
    uint8_t rx[FIFO];
    unsigned count;
    bool pointed;               /* the first byte of a write was the pointer */
    uint8_t pointer;
    uint32_t raw;               /* ABRT and STOP_DET; the others are computed */
} DWI2C;

static I2CTarget *selected(DWI2C *d)
{
    uint8_t address = bank_get(d->bank, TAR) & 0x7f;

    for (I2CTarget **t = d->targets; t && *t; t++) {
        if ((*t)->address == address) {
            return *t;
        }
    }
    return NULL;
}

static uint32_t raw_status(DWI2C *d)
{
    return d->raw | INT_TX_EMPTY | (d->count ? INT_RX_FULL : 0);
}

static void update_irq(DWI2C *d)
{
    qemu_set_irq(d->irq, !!((bank_get(d->bank, ENABLE) & 1) &&
                            (raw_status(d) & bank_get(d->bank, INTR_MASK))));
}

static void command(DWI2C *d, uint32_t v)
{
    I2CTarget *t = selected(d);

    if (!(bank_get(d->bank, ENABLE) & 1)) {
        return;
    }
    if (!t) {
        /* Address not acknowledged: flush, abort, stop. */
        d->raw |= INT_TX_ABRT | INT_STOP_DET;
        bank_set(d->bank, TX_ABRT_SOURCE, 1);
        d->count = 0;
        return;
    }
    if (v & CMD_READ) {
        if (d->count < FIFO) {
            d->rx[d->count++] = t->reg[d->pointer++];
        }
        d->pointed = false;
    } else if (!d->pointed) {
        d->pointer = v;
        d->pointed = true;
    } else {
        t->reg[d->pointer] = v;
        if (t->written) {
            t->written(t, d->pointer);
        }
        d->pointer++;
    }
    if (v & CMD_STOP) {
        d->raw |= INT_STOP_DET;
        d->pointed = false;
    }
}

static uint64_t i2c_rd(Bank *b, hwaddr off, uint64_t v)
{
    DWI2C *d = b->opaque;

    switch (off) {
    case DATA_CMD:
        v = 0;
        if (d->count) {
            v = d->rx[0];
            memmove(d->rx, d->rx + 1, --d->count);
        }
        break;
    case INTR_STAT:
        return raw_status(d) & bank_get(b, INTR_MASK);
    case RAW_INTR_STAT:
        return raw_status(d);
    case CLR_INTR:
        d->raw = 0;
        v = 0;
        break;
    case CLR_TX_ABRT:
        d->raw &= ~INT_TX_ABRT;
        bank_set(b, TX_ABRT_SOURCE, 0);
        v = 0;
        break;
    case CLR_STOP_DET:
        d->raw &= ~INT_STOP_DET;
        v = 0;
        break;
    case STATUS:
        return STATUS_TFNF | STATUS_TFE | (d->count ? STATUS_RFNE : 0);
    case TXFLR:
        return 0;
    case RXFLR:
        return d->count;
    case ENABLE_STATUS:
        return bank_get(b, ENABLE) & 1;
    case COMP_PARAM_1:
        return (FIFO - 1) << 16 | (FIFO - 1) << 8;
    case COMP_VERSION:
        return 0x3230312a;              /* "201*" */
    case COMP_TYPE:
        return 0x44570140;              /* "DW", DW_IC_COMP_TYPE_VALUE */
    default:
        return v;
    }
    update_irq(d);
    return v;
}

static void i2c_wr(Bank *b, hwaddr off, uint64_t v)
{
    DWI2C *d = b->opaque;

    if (off == DATA_CMD) {
        command(d, v);
    } else if (off == ENABLE && !(v & 1)) {
        d->count = 0;
        d->pointed = false;
    }
    update_irq(d);
}

static void i2c_reset(Bank *b)
{
    DWI2C *d = b->opaque;

    d->count = 0;
    d->raw = 0;
    d->pointed = false;
}

void dw_i2c_new(const char *name, hwaddr base, qemu_irq irq,
                I2CTarget **targets)
{
    DWI2C *d = g_new0(DWI2C, 1);

    d->irq = irq;
    d->targets = targets;
    d->bank = bank_new(name, base, 0x10000);
    d->bank->opaque = d;
    d->bank->rd = i2c_rd;
    d->bank->wr = i2c_wr;
    d->bank->reset = i2c_reset;
}
