/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by Cordon's board models: register banks, harts, boot. */
#ifndef HW_RISCV_CORDON_SOC_H
#define HW_RISCV_CORDON_SOC_H

#include "hw/boards.h"
#include "hw/cpu/cluster.h"
#include "hw/riscv/riscv_hart.h"
#include "exec/memory.h"
#include "system/blockdev.h"

typedef struct Bank Bank;

/*
 * A block of registers that are storage, except for the hooks. @rd gets the
 * stored value and returns what is read; @wr is called after the value was
 * stored. Offsets are in bytes; all widths are allowed.
 */
struct Bank {
    MemoryRegion mr;
    const char *name;
    uint8_t *data;
    uint64_t size;
    uint64_t (*rd)(Bank *b, hwaddr off, uint64_t v);
    void (*wr)(Bank *b, hwaddr off, uint64_t v);
    void (*reset)(Bank *b);
    void *opaque;
};

Bank *bank_new(const char *name, hwaddr base, uint64_t size);
uint32_t bank_get(const Bank *b, hwaddr off);
void bank_set(Bank *b, hwaddr off, uint32_t v);

/* DesignWare I2C controller with register-file targets, cordon-i2c.c. */
typedef struct I2CTarget {
    uint8_t address;
    uint8_t reg[256];
    void (*written)(struct I2CTarget *t, uint8_t reg);
} I2CTarget;

void dw_i2c_new(const char *name, hwaddr base, qemu_irq irq,
                I2CTarget **targets);   /* NULL at the end; may be NULL */

/*
 * DesignWare mobile storage host, cordon-mmc.c, with a card of this type if
 * there is a drive for it.
 */
void dw_mmc_new(hwaddr base, qemu_irq irq, const char *card, DriveInfo *drive);

#define TYPE_CORDON_MACHINE MACHINE_TYPE_NAME("cordon-base")
OBJECT_DECLARE_TYPE(CordonMachine, CordonMachineClass, CORDON_MACHINE)

struct CordonMachineClass {
    MachineClass parent_class;

    const void *board;      /* what boards with one SoC differ in */
};

struct CordonMachine {
    MachineState parent_obj;

    RISCVHartArrayState harts[2];
    CPUClusterState cluster[2];
    MemoryRegion rom, dram_alias, sram;
    DeviceState *plic;
    hwaddr virtio_base;     /* 0: there are none */
    int virtio_irq;
    bool time_csr;          /* property: harts have the time CSR */
    char *boot_mode;        /* property of boards with a boot ROM */
    bool virtio;            /* property of boards without storage */
};

void soc_harts(CordonMachine *s, int cluster, const char *type, int count,
               int first_id);
/* CLINT, PLIC, boot ROM and DRAM: the same on both SoCs except for numbers. */
void soc_common(CordonMachine *s, hwaddr dram, const char *plic_config,
                int nr_sources, uint32_t timebase);
void soc_uart(CordonMachine *s, hwaddr base, int irq, int number, int clock);
/*
 * Transports for virtio devices, 4 KiB and one interrupt each: a stand-in for
 * what has no model. They are in the tree that the firmware gets, not in the
 * board's.
 */
#define VIRTIO_COUNT    4
void soc_virtio(CordonMachine *s, hwaddr base, int irq);

/*
 * The stages before the firmware: the boot ROM and SPL. -bios is a raw binary
 * or a FIT image, -dtb a device tree (a FIT has its own), -kernel what the
 * firmware starts.
 */
void soc_boot(CordonMachine *s, hwaddr dram, RISCVHartArrayState *boot_harts);
/* Start all harts here, with only a0 set. */
void soc_boot_at(CordonMachine *s, hwaddr entry, RISCVHartArrayState *harts);

#endif
