/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * StarFive JH7110: VisionFive 2 (-M visionfive2) and other boards with it,
 * which differ in the device tree that is given.
 *
 * Sources, named where they are used:
 *   DT      Linux arch/riscv/boot/dts/starfive/jh7110.dtsi,
 *           jh7110-starfive-visionfive-2.dtsi
 *   TRM     JH7110 technical reference manual (StarFive's documentation site)
 *   OpenSBI platform/generic/starfive/jh7110.c
 *   U-Boot  board/starfive/visionfive2, arch/riscv/cpu/jh7110
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/misc/unimp.h"
#include "hw/qdev-core.h"
#include "system/runstate.h"
#include "system/system.h"
#include "cordon-soc.h"

#define DRAM            0x40000000      /* DT memory@40000000 */
#define DRAM_UNCACHED   0x440000000ULL  /* the same memory, 16 GiB higher */
#define L2LIM           0x08000000      /* TRM; U-Boot CONFIG_SPL_TEXT_BASE */
#define NR_SOURCES      136             /* DT plic riscv,ndev */

/*
 * Reset controllers (Linux drivers/reset/starfive/reset-starfive-jh7110.c):
 * a status word is the inverse of its assert word.
 */
typedef struct {
    hwaddr assert_at, status_at;
    unsigned words;
} Resets;

static uint64_t crg_rd(Bank *b, hwaddr off, uint64_t v)
{
    const Resets *r = b->opaque;

    if (off >= r->status_at && off < r->status_at + 4 * r->words) {
        return ~bank_get(b, (off & ~3) - r->status_at + r->assert_at);
    }
    return v;
}

static void crg_new(const char *name, hwaddr base, const Resets *r)
{
    Bank *b = bank_new(name, base, 0x10000);

    b->opaque = (void *)r;
    b->rd = crg_rd;
}

/* PMU: CURR_POWER_MODE, CPU and system top are on (OpenSBI). */
static void pmu_reset(Bank *b)
{
    bank_set(b, 0x80, 0x3);
}

/*
 * Pin 35 restarts the board (DT gpio-restart) when it is an output (enable
 * byte 0) that is high (output byte 1); Linux pinctrl-starfive-jh7110-sys.c:
 * enable bytes from 0x00, output bytes from 0x40.
 */
static void iomux_wr(Bank *b, hwaddr off, uint64_t v)
{
    if ((off & ~3) == 0x60 && (b->data[0x63] & 0x7f) == 1 &&
        (b->data[0x23] & 0x3f) == 0) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    }
}

static void iomux_reset(Bank *b)
{
    memset(b->data, 1, 0x40);           /* inputs */
}

/* AXP15060 at 0x36 of I2C 5: register 0x32, bit 7 off, bit 6 restart (OpenSBI). */
static void pmic_written(I2CTarget *t, uint8_t reg)
{
    if (reg != 0x32) {
        return;
    }
    if (t->reg[reg] & 0x40) {
        t->reg[reg] = 0;
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    } else if (t->reg[reg] & 0x80) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    }
}

static void i2c_buses(CordonMachine *s)
{
    static I2CTarget pmic = { .address = 0x36, .written = pmic_written };
    static I2CTarget eeprom = { .address = 0x50 };     /* DT; blank */
    static I2CTarget *bus5[] = { &pmic, &eeprom, NULL };
    static const hwaddr base[] = {
        0x10030000, 0x10040000, 0x10050000,
        0x12030000, 0x12040000, 0x12050000, 0x12060000,
    };
    static const int irq[] = { 35, 36, 37, 48, 49, 50, 51 };

    memset(eeprom.reg, 0xff, sizeof(eeprom.reg));
    for (int i = 0; i < ARRAY_SIZE(base); i++) {
        dw_i2c_new("dw-i2c", base[i], qdev_get_gpio_in(s->plic, irq[i]),
                   i == 5 ? bus5 : NULL);
    }
}

static void jh7110_init(MachineState *ms)
{
    static const Resets sys = { 0x2f8, 0x308, 4 };
    static const Resets aon = { 0x38, 0x3c, 1 };
    static const Resets stg = { 0x74, 0x78, 1 };
    /* DT serial@...: addresses and interrupts; clock 24 MHz. */
    static const hwaddr uart[] = {
        0x10000000, 0x10010000, 0x10020000, 0x12000000, 0x12010000, 0x12020000,
    };
    static const int uart_irq[] = { 32, 33, 34, 45, 46, 47 };
    CordonMachine *s = CORDON_MACHINE(ms);
    Bank *b;

    soc_harts(s, 0, "sifive-s7-riscv-cpu", 1, 0);
    soc_harts(s, 1, "sifive-u74-riscv-cpu", ms->smp.cpus - 1, 1);
    soc_common(s, DRAM, "M,MS,MS,MS,MS", NR_SOURCES, 4000000);
    memory_region_init_alias(&s->dram_alias, NULL, "dram-uncached", ms->ram, 0,
                             ms->ram_size);
    memory_region_add_subregion(get_system_memory(), DRAM_UNCACHED,
                                &s->dram_alias);
    memory_region_init_ram(&s->sram, NULL, "l2lim", 2 * MiB, &error_fatal);
    memory_region_add_subregion(get_system_memory(), L2LIM, &s->sram);

    /* What has no model reads as 0. */
    create_unimplemented_device("peripherals", 0x10000000, 0x30000000);
    create_unimplemented_device("pcie", 0x900000000ULL, 0x100000000ULL);
    for (int i = 0; i < ARRAY_SIZE(uart); i++) {
        soc_uart(s, uart[i], uart_irq[i], i, 24000000);
    }
    /* L2 prefetcher, 8 KiB a hart (U-Boot starfive_visionfive2.c). */
    bank_new("l2-prefetcher", 0x2030000, 5 * 0x2000);
    i2c_buses(s);
    crg_new("stgcrg", 0x10230000, &stg);
    crg_new("syscrg", 0x13020000, &sys);
    crg_new("aoncrg", 0x17000000, &aon);
    bank_new("stg-syscon", 0x10240000, 0x1000);
    bank_new("sys-syscon", 0x13030000, 0x1000);
    bank_new("aon-syscon", 0x17010000, 0x1000);
    bank_new("aon-iomux", 0x17020000, 0x10000);
    b = bank_new("sys-iomux", 0x13040000, 0x10000);
    b->wr = iomux_wr;
    b->reset = iomux_reset;
    b = bank_new("pmu", 0x17030000, 0x10000);
    b->reset = pmu_reset;
    soc_boot(s, DRAM, &s->harts[1]);
}

static void jh7110_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->desc = data;
    mc->init = jh7110_init;
    mc->min_cpus = mc->max_cpus = mc->default_cpus = 5;
    mc->default_cpu_type = "sifive-u74-riscv-cpu";
    mc->default_ram_id = "dram";
    mc->default_ram_size = 4 * GiB;
}

static const TypeInfo jh7110_types[] = {
    {
        .name = MACHINE_TYPE_NAME("visionfive2"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = jh7110_class_init,
        .class_data = (void *)"StarFive VisionFive 2 (JH7110)",
    }, {
        .name = MACHINE_TYPE_NAME("milkv-mars"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = jh7110_class_init,
        .class_data = (void *)"Milk-V Mars (JH7110)",
    },
};
DEFINE_TYPES(jh7110_types)
