/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DesignWare mobile storage host with its internal DMA controller, in front
 * of QEMU's SD and eMMC cards. Commands and transfers take no time.
 *
 * Register and descriptor layout: U-Boot include/dwmmc.h, Linux
 * drivers/mmc/host/dw_mmc.h. Version 2.90a, 32-bit data and addresses, 32
 * words of FIFO as Linux prints them on a VisionFive 2 (NixOS/nixos-hardware
 * pull request 964). Not modelled: SDIO interrupts, voltage switching, CRC
 * errors, boot operation, clocks (except for the update command).
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sd/sd.h"
#include "hw/sysbus.h"
#include "system/block-backend.h"
#include "system/dma.h"
#include "cordon-soc.h"

#define CTRL            0x000
#define  CTRL_RESETS    0x7             /* controller, FIFO, DMA */
#define  CTRL_INT_EN    (1u << 4)
#define  CTRL_IDMAC     (1u << 25)
#define BYTCNT          0x020
#define INTMASK         0x024
#define CMDARG          0x028
#define CMD             0x02c
#define  CMD_RESP       (1u << 6)
#define  CMD_RESP_LONG  (1u << 7)
#define  CMD_DATA       (1u << 9)
#define  CMD_WRITE      (1u << 10)
#define  CMD_AUTO_STOP  (1u << 12)
#define  CMD_ABORT      (1u << 14)
#define  CMD_UPD_CLK    (1u << 21)
#define  CMD_START      (1u << 31)
#define RESP0           0x030
#define MINTSTS         0x040
#define RINTSTS         0x044
#define  INT_CMD_DONE   (1u << 2)
#define  INT_DATA_OVER  (1u << 3)
#define  INT_TXDR       (1u << 4)
#define  INT_RXDR       (1u << 5)
#define  INT_RTO        (1u << 8)       /* no response */
#define  INT_DRTO       (1u << 9)       /* no data */
#define  INT_ACD        (1u << 14)      /* automatic stop done */
#define STATUS          0x048
#define FIFOTH          0x04c
#define CDETECT         0x050
#define WRTPRT          0x054
#define VERID           0x06c
#define HCON            0x070
#define BMOD            0x080
#define  BMOD_RESET     (1u << 0)
#define  BMOD_ENABLE    (1u << 7)
#define PLDMND          0x084
#define DBADDR          0x088
#define IDSTS           0x08c
#define  IDSTS_TI       (1u << 0)
#define  IDSTS_RI       (1u << 1)
#define  IDSTS_FBE      (1u << 2)       /* bus error */
#define  IDSTS_DU       (1u << 4)       /* descriptor not ours */
#define  IDSTS_NI       (1u << 8)       /* summary of the normal ones */
#define  IDSTS_AI       (1u << 9)       /* and of the others */
#define IDINTEN         0x090
#define DSCADDR         0x094
#define BUFADDR         0x098
#define DATA            0x200           /* to the end of the page */
#define SIZE            0x10000         /* DT */

#define DES0_DIC        (1u << 1)       /* no interrupt at its end */
#define DES0_LD         (1u << 2)
#define DES0_CH         (1u << 4)       /* DES3 is the next descriptor */
#define DES0_ER         (1u << 5)       /* back to the base after this one */
#define DES0_OWN        (1u << 31)

#define FIFO_BYTES      128
#define REGS            (DATA / 4)

#define TYPE_DW_MMC "cordon-dw-mmc"
OBJECT_DECLARE_SIMPLE_TYPE(DwMmc, DW_MMC)

struct DwMmc {
    SysBusDevice parent_obj;

    MemoryRegion mr;
    SDBus bus;
    qemu_irq irq;
    uint32_t reg[REGS];
    uint32_t left;              /* bytes that the card has not transferred */
    bool writing;
    bool auto_stop;
    uint8_t fifo[FIFO_BYTES];
    uint32_t level;             /* bytes in it */
};

static uint32_t *reg(DwMmc *d, hwaddr off)
{
    return &d->reg[off / 4];
}

static void update_irq(DwMmc *d)
{
    uint32_t dma = *reg(d, IDSTS) & *reg(d, IDINTEN);

    qemu_set_irq(d->irq, ((*reg(d, CTRL) & CTRL_INT_EN) &&
                          (*reg(d, RINTSTS) & *reg(d, INTMASK))) ||
                         (dma & ~(IDSTS_NI | IDSTS_AI)));
}

static bool by_dma(DwMmc *d)
{
    return (*reg(d, CTRL) & CTRL_IDMAC) && (*reg(d, BMOD) & BMOD_ENABLE);
}

/* The data phase is over for the card. */
static void data_over(DwMmc *d)
{
    if (d->auto_stop) {
        SDRequest stop = { .cmd = 12 };
        uint8_t response[16];

        sdbus_do_command(&d->bus, &stop, response);
        *reg(d, RINTSTS) |= INT_ACD;
        d->auto_stop = false;
    }
    *reg(d, RINTSTS) |= INT_DATA_OVER;
}

/* Between the card and one buffer. */
static bool dma_buffer(DwMmc *d, dma_addr_t at, uint32_t n)
{
    g_autofree uint8_t *data = g_malloc(n);
    MemTxResult r;

    if (d->writing) {
        r = dma_memory_read(&address_space_memory, at, data, n,
                            MEMTXATTRS_UNSPECIFIED);
        if (r == MEMTX_OK) {
            sdbus_write_data(&d->bus, data, n);
        }
    } else {
        sdbus_read_data(&d->bus, data, n);
        r = dma_memory_write(&address_space_memory, at, data, n,
                             MEMTXATTRS_UNSPECIFIED);
    }
    d->left -= n;
    return r == MEMTX_OK;
}

/* One descriptor; false where the controller has to stop. */
static bool dma_descriptor(DwMmc *d)
{
    uint32_t at = *reg(d, DSCADDR), des[4], size[2];

    if (dma_memory_read(&address_space_memory, at, des, sizeof(des),
                        MEMTXATTRS_UNSPECIFIED) != MEMTX_OK) {
        *reg(d, IDSTS) |= IDSTS_FBE | IDSTS_AI;
        return false;
    }
    for (int i = 0; i < 4; i++) {
        des[i] = le32_to_cpu(des[i]);
    }
    if (!(des[0] & DES0_OWN)) {
        *reg(d, IDSTS) |= IDSTS_DU | IDSTS_AI;
        return false;
    }
    size[0] = MIN(des[1] & 0x1fff, d->left);
    size[1] = des[0] & DES0_CH ? 0 :
              MIN(des[1] >> 13 & 0x1fff, d->left - size[0]);
    *reg(d, BUFADDR) = des[2];
    /* An empty one, to be sure that this comes to an end. */
    if (!(size[0] + size[1]) || !dma_buffer(d, des[2], size[0]) ||
        (size[1] && !dma_buffer(d, des[3], size[1]))) {
        *reg(d, IDSTS) |= IDSTS_FBE | IDSTS_AI;
        return false;
    }
    stl_le_phys(&address_space_memory, at, des[0] & ~DES0_OWN);
    *reg(d, DSCADDR) = des[0] & DES0_ER ? *reg(d, DBADDR) :
                       des[0] & DES0_CH ? des[3] : at + sizeof(des);
    if (!(des[0] & DES0_DIC)) {
        *reg(d, IDSTS) |= (d->writing ? IDSTS_TI : IDSTS_RI) | IDSTS_NI;
    }
    return !(des[0] & DES0_LD);
}

/* Transfers as much as card, FIFO and memory allow. */
static void transfer(DwMmc *d)
{
    uint32_t rx_mark = (*reg(d, FIFOTH) >> 16 & 0xfff) * 4;
    uint32_t n;

    if (!d->left) {
        return;
    }
    if (!d->writing && !sdbus_data_ready(&d->bus)) {
        *reg(d, RINTSTS) |= INT_DRTO;
        d->left = 0;
        return;
    }
    if (by_dma(d)) {
        while (d->left && dma_descriptor(d)) {
            ;
        }
    } else if (d->writing) {
        n = MIN(d->level, d->left);
        sdbus_write_data(&d->bus, d->fifo, n);
        d->left -= n;
        d->level = 0;
        *reg(d, RINTSTS) |= d->left ? INT_TXDR : 0;
    } else {
        n = MIN(FIFO_BYTES - d->level, d->left);
        sdbus_read_data(&d->bus, d->fifo + d->level, n);
        d->level += n;
        d->left -= n;
        *reg(d, RINTSTS) |= d->level > rx_mark ? INT_RXDR : 0;
    }
    if (!d->left) {
        data_over(d);
    }
}

static void command(DwMmc *d, uint32_t v)
{
    SDRequest request = { .cmd = v & 0x3f, .arg = *reg(d, CMDARG) };
    uint8_t response[16] = { 0 };
    int n;

    if (v & CMD_UPD_CLK) {
        return;
    }
    if (v & CMD_ABORT) {
        d->left = 0;
    }
    n = sdbus_do_command(&d->bus, &request, response);
    if (v & CMD_RESP) {
        /* The last word of a long response is in the first register. */
        int words = v & CMD_RESP_LONG ? 4 : 1;

        for (int i = 0; i < words && n >= 4 * words; i++) {
            *reg(d, RESP0 + 4 * i) = ldl_be_p(response + 4 * (words - 1 - i));
        }
        if (n < 4 * words) {
            *reg(d, RINTSTS) |= INT_RTO | INT_CMD_DONE;
            return;
        }
    }
    *reg(d, RINTSTS) |= INT_CMD_DONE;
    if (v & CMD_DATA) {
        d->writing = v & CMD_WRITE;
        d->auto_stop = v & CMD_AUTO_STOP;
        d->left = *reg(d, BYTCNT);
        d->level = 0;
        *reg(d, DSCADDR) = *reg(d, DBADDR);
        transfer(d);
    }
}

static uint32_t fifo_pop(DwMmc *d)
{
    uint8_t word[4] = { 0 };
    uint32_t n = MIN(d->level, 4);

    memcpy(word, d->fifo, n);
    d->level -= n;
    memmove(d->fifo, d->fifo + n, d->level);
    transfer(d);
    return ldl_le_p(word);
}

static uint64_t mmc_read(void *opaque, hwaddr off, unsigned size)
{
    DwMmc *d = opaque;
    uint32_t v;

    if (off >= DATA) {
        v = off < 0x1000 ? fifo_pop(d) : 0;
        update_irq(d);
        return v;
    }
    switch (off) {
    case MINTSTS:
        return *reg(d, RINTSTS) & *reg(d, INTMASK);
    case STATUS:
        /* FIFO empty, full, card there (DAT3), words; never busy. */
        return (d->level ? 0 : 1u << 2) |
               (d->level == FIFO_BYTES ? 1u << 3 : 0) |
               (sdbus_get_inserted(&d->bus) ? 1u << 8 : 0) |
               DIV_ROUND_UP(d->level, 4) << 17;
    case CDETECT:
        return !sdbus_get_inserted(&d->bus);
    case WRTPRT:
        return sdbus_get_readonly(&d->bus);
    case VERID:
        return 0x5342290a;
    case HCON:
        return 1u << 7;         /* 32-bit data, IDMAC, 32-bit addresses */
    default:
        return *reg(d, off);
    }
}

static void write_ctrl(DwMmc *d, uint32_t v)
{
    if (v & CTRL_RESETS) {
        d->level = 0;
        d->left = v & 1 ? 0 : d->left;
    }
    *reg(d, CTRL) = v & ~CTRL_RESETS;
}

static void mmc_write(void *opaque, hwaddr off, uint64_t v, unsigned size)
{
    DwMmc *d = opaque;

    if (off >= DATA) {
        if (off < 0x1000 && d->level + 4 <= FIFO_BYTES) {
            stl_le_p(d->fifo + d->level, v);
            d->level += 4;
            if (d->writing) {
                transfer(d);
            }
        }
        update_irq(d);
        return;
    }
    switch (off) {
    case CTRL:
        write_ctrl(d, v);
        break;
    case CMD:
        *reg(d, CMD) = v & ~CMD_START;
        if (v & CMD_START) {
            command(d, v);
        }
        break;
    case RINTSTS:
    case IDSTS:
        *reg(d, off) &= ~v;
        break;
    case BMOD:
        *reg(d, BMOD) = v & ~BMOD_RESET;
        break;
    case PLDMND:
        transfer(d);
        break;
    case MINTSTS:
    case STATUS:
    case CDETECT:
    case WRTPRT:
    case VERID:
    case HCON:
    case DSCADDR:
    case BUFADDR:
    case RESP0 ... RESP0 + 15:
        break;                  /* read only */
    default:
        *reg(d, off) = v;
        break;
    }
    update_irq(d);
}

static const MemoryRegionOps mmc_ops = {
    .read = mmc_read,
    .write = mmc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void mmc_reset(DeviceState *dev)
{
    DwMmc *d = DW_MMC(dev);

    memset(d->reg, 0, sizeof(d->reg));
    /* The mark for reading starts at the depth of the FIFO less 1. */
    *reg(d, FIFOTH) = (FIFO_BYTES / 4 - 1) << 16;
    d->level = 0;
    d->left = 0;
    d->auto_stop = false;
    update_irq(d);
}

static void mmc_init(Object *obj)
{
    DwMmc *d = DW_MMC(obj);

    memory_region_init_io(&d->mr, obj, &mmc_ops, d, "dw-mmc", SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &d->mr);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &d->irq);
    qbus_init(&d->bus, sizeof(d->bus), TYPE_SD_BUS, DEVICE(obj), "sd-bus");
}

static void mmc_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), mmc_reset);
}

static const TypeInfo mmc_types[] = {
    {
        .name = TYPE_DW_MMC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(DwMmc),
        .instance_init = mmc_init,
        .class_init = mmc_class_init,
    },
};
DEFINE_TYPES(mmc_types)

void dw_mmc_new(hwaddr base, qemu_irq irq, const char *card, DriveInfo *drive)
{
    DeviceState *dev = qdev_new(TYPE_DW_MMC);
    DeviceState *child;

    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
    sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0, irq);
    if (drive) {
        child = qdev_new(card);
        qdev_prop_set_drive_err(child, "drive", blk_by_legacy_dinfo(drive),
                                &error_fatal);
        qdev_realize_and_unref(child, qdev_get_child_bus(dev, "sd-bus"),
                               &error_fatal);
    }
}
