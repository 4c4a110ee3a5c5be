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
#include "hw/sd/sd.h"
#include "cordon-jh7110.h"

#define DRAM            0x40000000      /* DT memory@40000000 */
#define DRAM_UNCACHED   0x440000000ULL  /* the same memory, 16 GiB higher */
#define NR_SOURCES      136             /* DT plic riscv,ndev */

/*
 * Reset controllers (Linux drivers/reset/starfive/reset-starfive-jh7110.c):
 * a status word is the inverse of its assert word.
 */
typedef struct {
    hwaddr assert_at, status_at;
    unsigned words;
} Resets;

/* Differences between the boards, besides the device tree. */
typedef struct {
    const char *desc, *vendor, *product;
} Jh7110Board;

static uint64_t crg_rd(Bank *b, hwaddr off, uint64_t v)
{
    const Resets *r = b->opaque;

    if (off >= r->status_at && off < r->status_at + 4 * r->words) {
        return ~bank_get(b, (off & ~3) - r->status_at + r->assert_at);
    }
    return v;
}

static Bank *crg_new(const char *name, hwaddr base, const Resets *r)
{
    Bank *b = bank_new(name, base, 0x10000);

    b->opaque = (void *)r;
    b->rd = crg_rd;
    return b;
}

/*
 * Divisors of the clocks that firmware and kernel compute with: buses at 396,
 * 198 and 49.5 MHz from PLL 2, cards at 198 MHz (numbers of the registers:
 * Linux dt-bindings/clock/starfive,jh7110-crg.h). These are the rates that
 * Linux shows on a board; that they come out of reset is assumed.
 */
static void syscrg_reset(Bank *b)
{
    static const struct { uint8_t clock, divisor; } clocks[] = {
        { 7, 3 },       /* AXI_CFG0 */
        { 8, 2 },       /* STG_AXIAHB */
        { 11, 4 },      /* APB_BUS */
        { 88, 10 },     /* QSPI_REF_SRC */
        { 93, 2 },      /* SDIO0_SDCARD */
        { 94, 2 },      /* SDIO1_SDCARD */
    };

    for (int i = 0; i < ARRAY_SIZE(clocks); i++) {
        bank_set(b, 4 * clocks[i].clock, clocks[i].divisor);
    }
}

/* Cadence QSPI: idle (U-Boot cadence_qspi_apb.c), and no flash behind it. */
static uint64_t qspi_rd(Bank *b, hwaddr off, uint64_t v)
{
    return off == 0 ? v | 1u << 31 : v;
}

/*
 * PLLs as they come out of reset: 1000, 1066 and 1188 MHz of 24 (U-Boot's and
 * Linux's clk-jh7110-pll.c have the fields and the divisors of each rate).
 * That these are the ones after reset is assumed.
 */
static void syscon_reset(Bank *b)
{
    bank_set(b, 0x18, 3u << 24);                /* PLL 0: whole numbers, */
    bank_set(b, 0x1c, 125);                     /* multiplied, */
    bank_set(b, 0x24, 3 | 533u << 17 | 3u << 15);
    bank_set(b, 0x2c, 12 | 99u << 17 | 3u << 15);
    bank_set(b, 0x34, 2);                       /* divided */
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

/*
 * Inputs, at 0x118 and 0x11c, are low: also pin 41, which says that a card is
 * in the slot (DT mmc@16020000, cd-gpios).
 */
static void iomux_reset(Bank *b)
{
    memset(b->data, 1, 0x40);           /* inputs */
    if (!drive_get(IF_SD, 0, 0)) {
        bank_set(b, 0x11c, 1u << (41 - 32));
    }
}

/* The boot pins (U-Boot JH7110_BOOT_MODE_SELECT_REG). */
static void aon_iomux_reset(Bank *b)
{
    bank_set(b, 0x2c, *(int *)b->opaque);
}

/* AXP15060 at 0x36 of I2C 5: 0x32, bit 7 off, bit 6 restart (OpenSBI). */
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

/* CRC-16 of polynomial 0x8005, as U-Boot's lib/crc16.c. */
static uint16_t crc16(const uint8_t *p, size_t n)
{
    uint16_t crc = 0;

    while (n--) {
        crc ^= *p++;
        for (int i = 0; i < 8; i++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
        }
    }
    return crc;
}

/* Header of an atom at @p, and the CRC after its @n bytes of data. */
static void eeprom_atom(uint8_t *p, int type, int count, int n)
{
    stw_le_p(p, type);
    stw_le_p(p + 2, count);
    stl_le_p(p + 4, n + 2);
    stw_le_p(p + 8 + n, crc16(p, 8 + n));
}

/*
 * Written by the factory: product, sizes of DRAM and eMMC, MAC addresses
 * (U-Boot board/starfive/visionfive2/visionfive2-i2c-eeprom.c).
 */
static void eeprom_fill(uint8_t *p, MachineState *ms, const Jh7110Board *board)
{
    static const uint8_t mac[] = { 0x6c, 0xcf, 0x39, 0x00, 0x00, 0x01 };
    g_autofree char *serial =
        g_strdup_printf("%s-D%03" PRIu64 "E%03d-00000001", board->product,
                        (uint64_t)ms->ram_size / GiB,
                        drive_get(IF_SD, 0, 1) ? 16 : 0);

    memset(p, 0xff, 256);
    memset(p, 0, 12 + 96 + 28);
    memcpy(p, "SFVF", 4);
    p[4] = 2;
    stw_le_p(p + 6, 2);
    stl_le_p(p + 8, 12 + 96 + 28);
    p += 12;
    p[8 + 20] = p[8 + 21] = 32;
    strncpy((char *)p + 8 + 22, board->vendor, 32);
    strncpy((char *)p + 8 + 54, serial, 32);
    eeprom_atom(p, 1, 1, 86);
    p += 96;
    p[8] = 2;
    p[8 + 2] = 0xb1;
    p[8 + 3] = 'A';
    memcpy(p + 8 + 4, mac, 6);
    memcpy(p + 8 + 10, mac, 6);
    p[8 + 15]++;
    eeprom_atom(p, 4, 2, 18);
}

static void i2c_buses(CordonMachine *s, const Jh7110Board *board)
{
    static I2CTarget pmic = { .address = 0x36, .written = pmic_written };
    static I2CTarget eeprom = { .address = 0x50 };     /* DT */
    static I2CTarget *bus5[] = { &pmic, &eeprom, NULL };
    static const hwaddr base[] = {
        0x10030000, 0x10040000, 0x10050000,
        0x12030000, 0x12040000, 0x12050000, 0x12060000,
    };
    static const int irq[] = { 35, 36, 37, 48, 49, 50, 51 };

    eeprom_fill(eeprom.reg, MACHINE(s), board);
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
    static int boot_mode;
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
    memory_region_add_subregion(get_system_memory(), JH7110_L2LIM, &s->sram);

    /* Devices without a model read as 0. */
    create_unimplemented_device("peripherals", 0x10000000, 0x30000000);
    create_unimplemented_device("pcie", 0x900000000ULL, 0x100000000ULL);
    for (int i = 0; i < ARRAY_SIZE(uart); i++) {
        soc_uart(s, uart[i], uart_irq[i], i, 24000000);
    }
    /* L2 prefetcher, 8 KiB a hart (U-Boot starfive_visionfive2.c). */
    bank_new("l2-prefetcher", 0x2030000, 5 * 0x2000);
    i2c_buses(s, CORDON_MACHINE_GET_CLASS(s)->board);
    /* DT mmc@...: the first is for the eMMC, the other for the slot. */
    dw_mmc_new(0x16010000, qdev_get_gpio_in(s->plic, 74), TYPE_EMMC,
               drive_get(IF_SD, 0, 1));
    dw_mmc_new(0x16020000, qdev_get_gpio_in(s->plic, 75), TYPE_SD_CARD,
               drive_get(IF_SD, 0, 0));
    jh7110_ddr_new();
    crg_new("stgcrg", 0x10230000, &stg);
    b = crg_new("syscrg", 0x13020000, &sys);
    b->reset = syscrg_reset;
    crg_new("aoncrg", 0x17000000, &aon);
    b = bank_new("qspi", 0x13010000, 0x10000);
    b->rd = qspi_rd;
    bank_new("stg-syscon", 0x10240000, 0x1000);
    b = bank_new("sys-syscon", 0x13030000, 0x1000);
    b->reset = syscon_reset;
    bank_new("aon-syscon", 0x17010000, 0x1000);
    b = bank_new("aon-iomux", 0x17020000, 0x10000);
    b->opaque = &boot_mode;
    b->reset = aon_iomux_reset;
    b = bank_new("sys-iomux", 0x13040000, 0x10000);
    b->wr = iomux_wr;
    b->reset = iomux_reset;
    b = bank_new("pmu", 0x17030000, 0x10000);
    b->reset = pmu_reset;
    if (jh7110_boot_rom(s, &boot_mode)) {
        soc_boot_at(s, JH7110_L2LIM, &s->harts[1]);
    } else {
        soc_boot(s, DRAM, &s->harts[1]);
    }
}

static char *get_boot_mode(Object *obj, Error **errp)
{
    return g_strdup(CORDON_MACHINE(obj)->boot_mode);
}

static void set_boot_mode(Object *obj, const char *value, Error **errp)
{
    g_free(CORDON_MACHINE(obj)->boot_mode);
    CORDON_MACHINE(obj)->boot_mode = g_strdup(value);
}

static void jh7110_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);
    const Jh7110Board *board = data;

    mc->desc = board->desc;
    mc->init = jh7110_init;
    mc->min_cpus = mc->max_cpus = mc->default_cpus = 5;
    mc->default_cpu_type = "sifive-u74-riscv-cpu";
    mc->default_ram_id = "dram";
    mc->default_ram_size = 4 * GiB;
    mc->block_default_type = IF_SD;
    CORDON_MACHINE_CLASS(oc)->board = board;
    object_class_property_add_str(oc, "boot-mode", get_boot_mode,
                                  set_boot_mode);
    object_class_property_set_description(oc, "boot-mode",
                                          "the boot pins: flash, sd, emmc, "
                                          "uart");
}

static const Jh7110Board visionfive2 = {
    "StarFive VisionFive 2 (JH7110)", "StarFive Technology Co., Ltd.",
    "VF7110B1-2253",
};
static const Jh7110Board mars = {
    "Milk-V Mars (JH7110)", "MILK-V", "MARS-V11-2340",
};
static const Jh7110Board star64 = {
    "Pine64 Star64 (JH7110)", "PINE64", "STAR64V1-2310",
};

static const TypeInfo jh7110_types[] = {
    {
        .name = MACHINE_TYPE_NAME("visionfive2"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = jh7110_class_init,
        .class_data = (void *)&visionfive2,
    }, {
        .name = MACHINE_TYPE_NAME("milkv-mars"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = jh7110_class_init,
        .class_data = (void *)&mars,
    }, {
        .name = MACHINE_TYPE_NAME("star64"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = jh7110_class_init,
        .class_data = (void *)&star64,
    },
};
DEFINE_TYPES(jh7110_types)
