/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JH7110's DDR controller and PHY: storage, except for the four registers
 * that are waited for. The memory behind them is there from the start.
 *
 * The manual of the controller is not public. All that is known here is what
 * U-Boot's drivers/ram/starfive/ddrcsr_boot.c waits for. Which frequencies the
 * PHY asks for, and in which order, is assumed.
 */
#include "qemu/osdep.h"
#include "cordon-jh7110.h"

#define CSR             0x15700000      /* U-Boot jh7110-u-boot.dtsi, dmc */
#define PHY             0x13000000

#define CSR_CMD         0x504           /* bit 30 starts, bit 31 is done */
#define CSR_CTRL        0x514           /* 0 starts the PHY's initialisation */
#define CSR_STATUS      0x518           /* bit 1: it continues */
#define PHY_REQUEST     0x4             /* bit 5: a frequency, bits 4-0, */
#define PHY_ACK         0x8             /* is asked for, until acknowledged */

typedef struct {
    Bank *csr, *phy;
    unsigned step;                      /* 0: not started */
} Ddr;

/* 12 MHz, 200 MHz, 800 MHz. */
#define LAST_STEP       3

static bool busy(const Ddr *d)
{
    return d->step && d->step <= LAST_STEP;
}

static uint64_t csr_rd(Bank *b, hwaddr off, uint64_t v)
{
    switch (off) {
    case CSR_CMD:
        return v & 1u << 30 ? v | 1u << 31 : v;
    case CSR_STATUS:
        return busy(b->opaque) ? v | 1u << 1 : v;
    default:
        return v;
    }
}

static void csr_wr(Bank *b, hwaddr off, uint64_t v)
{
    Ddr *d = b->opaque;

    if (off == CSR_CTRL && !v && !d->step) {
        d->step = 1;
    }
}

static void csr_reset(Bank *b)
{
    ((Ddr *)b->opaque)->step = 0;
}

static uint64_t phy_rd(Bank *b, hwaddr off, uint64_t v)
{
    Ddr *d = b->opaque;

    if (off == PHY_REQUEST && busy(d)) {
        return 1u << 5 | (d->step - 1);
    }
    return v;
}

static void phy_wr(Bank *b, hwaddr off, uint64_t v)
{
    Ddr *d = b->opaque;

    if (off == PHY_ACK) {
        bank_set(b, off, v & ~1u);
        d->step += busy(d) && v & 1;
    }
}

void jh7110_ddr_new(void)
{
    Ddr *d = g_new0(Ddr, 1);

    d->csr = bank_new("ddr-csr", CSR, 0x10000);
    d->csr->opaque = d;
    d->csr->rd = csr_rd;
    d->csr->wr = csr_wr;
    d->csr->reset = csr_reset;
    d->phy = bank_new("ddr-phy", PHY, 0x10000);
    d->phy->opaque = d;
    d->phy->rd = phy_rd;
    d->phy->wr = phy_wr;
}
