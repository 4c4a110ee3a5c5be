/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ESWIN EIC7700X on SiFive's HiFive Premier P550 (-M premier-p550), die 0.
 *
 * Sources, named where they are used:
 *   DT      Linux arch/riscv/boot/dts/eswin/eic7700.dtsi,
 *           eic7700-hifive-premier-p550.dts
 *   OpenSBI platform/generic/eswin (eic770x.c, hfp.c) and their headers
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
#include "cpu.h"
#include "cordon-soc.h"

#define DRAM            0x80000000
#define DRAM_UNCACHED   0xc000000000ULL /* OpenSBI EIC770X_D0_UC_BASE */
#define NR_SOURCES      520             /* DT plic riscv,ndev */
#define NR_HARTS        4

/*
 * System controller, MCPU_STATUS: bit 15 - n says that hart n has ceased
 * (OpenSBI EIC770X_MC_CEASE_BIT). It does not while bit 0 of the hart's
 * CSR 0x7c1, disableDCacheClockGate, is set (OpenSBI eic770x_hart_stop()).
 */
static uint64_t syscon_rd(Bank *b, hwaddr off, uint64_t v)
{
    uint32_t status = 0;

    if (off != 0x608) {
        return v;
    }
    for (int i = 0; i < NR_HARTS; i++) {
        CPURISCVState *env = cpu_env(qemu_get_cpu(i));

        if (env->ceased && !(env->vendor_csr[1] & 1)) {
            status |= 1u << (15 - i);
        }
    }
    return status;
}

/* SYSRST: this value resets the chip (OpenSBI EIC770X_SYSRST_VAL). */
static void syscrg_wr(Bank *b, hwaddr off, uint64_t v)
{
    if (off == 0x300 && (uint32_t)v == 0x1ac0ffe6) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    }
}

/*
 * The board's management controller listens on UART2: messages of 267 bytes
 * (OpenSBI struct hfp_bmc_message).
 */
#define MSG_SIZE        267
#define MSG_TYPE        8
#define MSG_CMD         9
#define MSG_LEN         11
#define MSG_DATA        12
#define MSG_CHECKSUM    262
#define MSG_TAIL        263
#define MAGIC_HEADER    0xa55aaa55
#define MAGIC_TAIL      0xbdbabdba

enum { CMD_POWER_OFF = 1, CMD_REBOOT = 2, CMD_RESTART = 8 };

typedef struct {
    uint8_t msg[MSG_SIZE];
    unsigned n;
} Bmc;

static void bmc_message(const uint8_t *m)
{
    uint8_t sum = m[MSG_TYPE] ^ m[MSG_CMD] ^ m[MSG_LEN];

    for (unsigned i = 0; i < m[MSG_LEN] && i < 250; i++) {
        sum ^= m[MSG_DATA + i];
    }
    if (sum != m[MSG_CHECKSUM] || ldl_le_p(m + MSG_TAIL) != MAGIC_TAIL) {
        return;
    }
    switch (m[MSG_CMD]) {
    case CMD_POWER_OFF:
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
        break;
    case CMD_REBOOT:
    case CMD_RESTART:
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        break;
    default:
        break;
    }
}

/* UART2: IIR says no interrupt, LSR that it is empty; DLAB hides THR. */
static uint64_t bmc_rd(Bank *b, hwaddr off, uint64_t v)
{
    switch (off) {
    case 0 * 4:
        return bank_get(b, 3 * 4) & 0x80 ? v : 0;
    case 2 * 4:
        return 1;
    case 5 * 4:
        return 0x60;
    default:
        return v;
    }
}

static void bmc_wr(Bank *b, hwaddr off, uint64_t v)
{
    Bmc *bmc = b->opaque;

    if (off == 0xc0) {
        bank_set(b, off, v & 0xf);      /* DLF has four bits */
    }
    if (off != 0 || (bank_get(b, 3 * 4) & 0x80)) {
        return;
    }
    bmc->msg[bmc->n++] = v;
    if (bmc->n == 4 && ldl_le_p(bmc->msg) != MAGIC_HEADER) {
        memmove(bmc->msg, bmc->msg + 1, --bmc->n);
    } else if (bmc->n == MSG_SIZE) {
        bmc->n = 0;
        bmc_message(bmc->msg);
    }
}

static void bmc_reset(Bank *b)
{
    ((Bmc *)b->opaque)->n = 0;
}

static void p550_init(MachineState *ms)
{
    static Bmc bmc;
    CordonMachine *s = CORDON_MACHINE(ms);
    MemoryRegion *mem = get_system_memory();
    Bank *b;

    soc_harts(s, 0, "sifive-p550-riscv-cpu", ms->smp.cpus, 0);
    soc_common(s, DRAM, "MS,MS,MS,MS", NR_SOURCES, 1000000);
    /* Bypassing the caches; the model has none, so it is the same memory. */
    memory_region_init_alias(&s->dram_alias, NULL, "dram-uncached", ms->ram, 0,
                             ms->ram_size);
    memory_region_add_subregion(mem, DRAM_UNCACHED, &s->dram_alias);
    /* OpenSBI EIC770X_L3_ZERO_BASE(0), 4 MiB. */
    memory_region_init_ram(&s->sram, NULL, "l3-zero", 4 * MiB, &error_fatal);
    memory_region_add_subregion(mem, 0x1a000000, &s->sram);

    create_unimplemented_device("system-port", 0x40000000, 0x40000000);
    bank_new("d2d-blockers", 0x200000, 0x6000);
    /* DT serial@509x0000: interrupts 100 and up, 200 MHz. */
    for (int i = 0; i < 5; i++) {
        if (i != 2) {
            soc_uart(s, 0x50900000 + i * 0x10000, 100 + i, i > 2 ? i - 1 : i,
                     200000000);
        }
    }
    b = bank_new("bmc", 0x50920000, 0x10000);
    b->opaque = &bmc;
    b->rd = bmc_rd;
    b->wr = bmc_wr;
    b->reset = bmc_reset;
    b = bank_new("syscon", 0x51810000, 0x8000);
    b->rd = syscon_rd;
    b = bank_new("syscrg", 0x51828000, 0x1000);
    b->wr = syscrg_wr;
    /* At the end of the system port, interrupts up to the last: unused. */
    if (s->virtio) {
        soc_virtio(s, 0x7fff0000, NR_SOURCES - VIRTIO_COUNT + 1);
    }
    soc_boot(s, DRAM, &s->harts[0]);
}

static bool get_virtio(Object *obj, Error **errp)
{
    return CORDON_MACHINE(obj)->virtio;
}

static void set_virtio(Object *obj, bool value, Error **errp)
{
    CORDON_MACHINE(obj)->virtio = value;
}

static void p550_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->desc = "SiFive HiFive Premier P550 (ESWIN EIC7700X)";
    mc->init = p550_init;
    mc->min_cpus = mc->max_cpus = mc->default_cpus = NR_HARTS;
    mc->default_cpu_type = "sifive-p550-riscv-cpu";
    mc->default_ram_id = "dram";
    mc->default_ram_size = 4 * GiB;
    object_class_property_add_bool(oc, "virtio", get_virtio, set_virtio);
    object_class_property_set_description(oc, "virtio",
                                          "virtio transports, which the board "
                                          "does not have");
}

static const TypeInfo p550_types[] = {
    {
        .name = MACHINE_TYPE_NAME("premier-p550"),
        .parent = TYPE_CORDON_MACHINE,
        .class_init = p550_class_init,
    },
};
DEFINE_TYPES(p550_types)
