/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by Cordon's board models: register banks, harts, QEMU's CLINT, PLIC
 * and UARTs, and the entry that SPL would prepare.
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "chardev/char.h"
#include "exec/address-spaces.h"
#include "hw/char/serial-mm.h"
#include "hw/intc/riscv_aclint.h"
#include "hw/intc/sifive_plic.h"
#include "hw/loader.h"
#include "hw/qdev-properties.h"
#include "hw/riscv/boot.h"
#include "hw/sysbus.h"
#include "system/device_tree.h"
#include "system/reset.h"
#include "system/system.h"
#include "cordon-soc.h"
#include <libfdt.h>

#define CLINT   0x02000000
#define PLIC    0x0c000000
#define ROM     0x00001000

static uint64_t bank_read(void *opaque, hwaddr off, unsigned size)
{
    Bank *b = opaque;
    uint64_t v = ldn_le_p(b->data + off, size);

    v = b->rd ? b->rd(b, off, v) : v;
    qemu_log_mask(LOG_UNIMP, "%s: read %#" HWADDR_PRIx ": %#" PRIx64 "\n",
                  b->name, off, v);
    return v;
}

static void bank_write(void *opaque, hwaddr off, uint64_t v, unsigned size)
{
    Bank *b = opaque;

    qemu_log_mask(LOG_UNIMP, "%s: write %#" HWADDR_PRIx ": %#" PRIx64 "\n",
                  b->name, off, v);
    stn_le_p(b->data + off, size, v);
    if (b->wr) {
        b->wr(b, off, v);
    }
}

static const MemoryRegionOps bank_ops = {
    .read = bank_read,
    .write = bank_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

static void bank_reset(void *opaque)
{
    Bank *b = opaque;

    memset(b->data, 0, b->size);
    if (b->reset) {
        b->reset(b);
    }
}

Bank *bank_new(const char *name, hwaddr base, uint64_t size)
{
    Bank *b = g_new0(Bank, 1);

    b->name = name;
    b->size = size;
    b->data = g_malloc0(size);
    memory_region_init_io(&b->mr, NULL, &bank_ops, b, name, size);
    memory_region_add_subregion(get_system_memory(), base, &b->mr);
    qemu_register_reset(bank_reset, b);
    return b;
}

uint32_t bank_get(const Bank *b, hwaddr off)
{
    return ldl_le_p(b->data + off);
}

void bank_set(Bank *b, hwaddr off, uint32_t v)
{
    stl_le_p(b->data + off, v);
}

void soc_harts(CordonMachine *s, int cluster, const char *type, int count,
               int first_id)
{
    RISCVHartArrayState *h = &s->harts[cluster];
    CPUClusterState *c = &s->cluster[cluster];
    g_autofree char *name = g_strdup_printf("cluster%d", cluster);

    object_initialize_child(OBJECT(s), name, c, TYPE_CPU_CLUSTER);
    qdev_prop_set_uint32(DEVICE(c), "cluster-id", cluster);
    object_initialize_child(OBJECT(c), "harts", h, TYPE_RISCV_HART_ARRAY);
    qdev_prop_set_uint32(DEVICE(h), "num-harts", count);
    qdev_prop_set_uint32(DEVICE(h), "hartid-base", first_id);
    qdev_prop_set_string(DEVICE(h), "cpu-type", type);
    sysbus_realize(SYS_BUS_DEVICE(h), &error_fatal);
    qdev_realize(DEVICE(c), NULL, &error_fatal);
}

void soc_common(CordonMachine *s, hwaddr dram, const char *plic_config,
                int nr_sources, uint32_t timebase)
{
    MachineState *ms = MACHINE(s);
    MemoryRegion *mem = get_system_memory();
    int nr = ms->smp.cpus;

    memory_region_init_rom(&s->rom, NULL, "rom", 0x1000, &error_fatal);
    memory_region_add_subregion(mem, ROM, &s->rom);
    memory_region_add_subregion(mem, dram, ms->ram);

    /* SiFive's CLINT; sizes and offsets are those of every board so far. */
    riscv_aclint_swi_create(CLINT, 0, nr, false);
    riscv_aclint_mtimer_create(CLINT + 0x4000,
                               RISCV_ACLINT_DEFAULT_MTIMER_SIZE, 0, nr,
                               RISCV_ACLINT_DEFAULT_MTIMECMP,
                               RISCV_ACLINT_DEFAULT_MTIME, timebase,
                               s->time_csr);
    /* Sources are numbered from 1; SiFive's layout (sifive,plic-1.0.0). */
    s->plic = sifive_plic_create(PLIC, (char *)plic_config, nr, 0,
                                 nr_sources + 1, 7, 0x0, 0x1000, 0x2000, 0x80,
                                 0x200000, 0x1000, 0x4000000);
    /* ccache: ways enabled, flush and ECC registers as storage. */
    bank_new("ccache", 0x2010000, 0x4000);
}

/*
 * DesignWare: registers beyond the 16550's are storage. The divisor's
 * fraction, DLF, has four bits; Linux finds the number by writing ones
 * (drivers/tty/serial/8250/8250_dwlib.c).
 */
static void uart_reset(Bank *b)
{
    bank_set(b, 0x7c, 0x06);            /* USR: FIFO empty and not full */
}

static void uart_wr(Bank *b, hwaddr off, uint64_t v)
{
    if (off == 0xc0) {
        bank_set(b, off, v & 0xf);
    }
}

void soc_uart(CordonMachine *s, hwaddr base, int irq, int number, int clock)
{
    Bank *b = bank_new("dw-apb-uart", base, 0x10000);
    SerialMM *uart = SERIAL_MM(qdev_new(TYPE_SERIAL_MM));

    b->reset = uart_reset;
    b->wr = uart_wr;
    qdev_prop_set_uint8(DEVICE(uart), "regshift", 2);
    qdev_prop_set_uint32(DEVICE(uart), "baudbase", clock / 16);
    qdev_prop_set_chr(DEVICE(uart), "chardev", serial_hd(number));
    qdev_set_legacy_instance_id(DEVICE(uart), base, 2);
    qdev_prop_set_uint8(DEVICE(uart), "endianness", DEVICE_LITTLE_ENDIAN);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(uart), &error_fatal);
    sysbus_connect_irq(SYS_BUS_DEVICE(uart), 0, qdev_get_gpio_in(s->plic, irq));
    memory_region_add_subregion_overlap(get_system_memory(), base,
                                        sysbus_mmio_get_region(
                                            SYS_BUS_DEVICE(uart), 0), 1);
}

void soc_virtio(CordonMachine *s, hwaddr base, int irq)
{
    for (int i = 0; i < VIRTIO_COUNT; i++) {
        sysbus_create_simple("virtio-mmio", base + 0x1000 * i,
                             qdev_get_gpio_in(s->plic, irq + i));
    }
    s->virtio_base = base;
    s->virtio_irq = irq;
}

static void virtio_tree(CordonMachine *s)
{
    void *fdt = MACHINE(s)->fdt;
    int plic = fdt_node_offset_by_compatible(fdt, -1, "sifive,plic-1.0.0");
    uint32_t phandle = fdt_get_phandle(fdt, plic);

    for (int i = 0; s->virtio_base && i < VIRTIO_COUNT; i++) {
        hwaddr base = s->virtio_base + 0x1000 * i;
        g_autofree char *node = g_strdup_printf("/virtio@%" HWADDR_PRIx, base);

        qemu_fdt_add_subnode(fdt, node);
        qemu_fdt_setprop_string(fdt, node, "compatible", "virtio,mmio");
        qemu_fdt_setprop_cells(fdt, node, "reg", base >> 32, (uint32_t)base,
                               0, 0x1000);
        qemu_fdt_setprop_cell(fdt, node, "interrupt-parent", phandle);
        qemu_fdt_setprop_cell(fdt, node, "interrupts", s->virtio_irq + i);
        qemu_fdt_setprop(fdt, node, "dma-coherent", NULL, 0);
    }
}

/* One or two cells of a FIT's node. */
static bool fit_number(const void *fit, int node, const char *name, uint64_t *v)
{
    int len;
    const void *p = fdt_getprop(fit, node, name, &len);

    if (!p || (len != 4 && len != 8)) {
        return false;
    }
    *v = len == 4 ? ldl_be_p(p) : ldq_be_p(p);
    return true;
}

static int fit_image(const void *fit, int config, const char *prop,
                     const void **data, int *len)
{
    int images = fdt_path_offset(fit, "/images");
    const char *name = fdt_getprop(fit, config, prop, NULL);
    int node = name ? fdt_subnode_offset(fit, images, name) : -1;

    *data = node >= 0 ? fdt_getprop(fit, node, "data", len) : NULL;
    if (!*data) {
        error_report("the FIT has no '%s' image with data inside", prop);
        exit(1);
    }
    return node;
}

typedef struct {
    hwaddr entry, next;
    void *fdt;
    hwaddr fdt_addr;
} Loaded;

/*
 * Loads a FIT like U-Boot's SPL (common/spl/spl_fit.c): the firmware, the
 * first loadable and the device tree go to their load addresses, the tree
 * after the loadable where it has none. Returns false if it is not a FIT.
 */
static bool load_fit(const char *path, Loaded *l)
{
    g_autofree char *fit = NULL;
    const void *data;
    const char *name;
    uint64_t load, size_after;
    size_t size;
    int configs, config, node, len, room;

    if (!g_file_get_contents(path, &fit, &size, NULL) || size < 64 ||
        fdt_check_header(fit) || fdt_totalsize(fit) > size) {
        return false;
    }
    configs = fdt_path_offset(fit, "/configurations");
    name = fdt_getprop(fit, configs, "default", NULL);
    config = name ? fdt_subnode_offset(fit, configs, name) : -1;
    if (config < 0) {
        return false;
    }
    node = fit_image(fit, config, "firmware", &data, &len);
    if (!fit_number(fit, node, "load", &load)) {
        error_report("the FIT's firmware has no load address");
        exit(1);
    }
    rom_add_blob_fixed("fit.firmware", data, len, load);
    l->entry = load;
    fit_number(fit, node, "entry", &l->entry);

    node = fit_image(fit, config, "loadables", &data, &len);
    fit_number(fit, node, "load", &l->next);
    rom_add_blob_fixed("fit.loadable", data, len, l->next);
    size_after = ROUND_UP(l->next + len, 8);

    node = fit_image(fit, config, "fdt", &data, &len);
    l->fdt_addr = size_after;
    fit_number(fit, node, "load", &l->fdt_addr);
    room = len + 64 * KiB;
    /* libfdt wants trees aligned, which images in a FIT are not. */
    l->fdt = g_malloc0(room);
    memcpy(l->fdt, data, len);
    if (fdt_open_into(l->fdt, l->fdt, room)) {
        error_report("the FIT's device tree is broken");
        exit(1);
    }
    return true;
}

/* The size of DRAM, as SPL writes it into the tree, and the command line. */
static void patch_tree(CordonMachine *s, hwaddr dram)
{
    MachineState *ms = MACHINE(s);
    g_autofree char *node = g_strdup_printf("/memory@%" HWADDR_PRIx, dram);
    int off;

    while ((off = fdt_node_offset_by_prop_value(ms->fdt, -1, "device_type",
                                                "memory", 7)) >= 0) {
        fdt_del_node(ms->fdt, off);
    }
    qemu_fdt_add_subnode(ms->fdt, node);
    qemu_fdt_setprop_cells(ms->fdt, node, "reg", dram >> 32, (uint32_t)dram,
                           ms->ram_size >> 32, (uint32_t)ms->ram_size);
    qemu_fdt_setprop_string(ms->fdt, node, "device_type", "memory");
    if (fdt_path_offset(ms->fdt, "/chosen") < 0) {
        qemu_fdt_add_subnode(ms->fdt, "/chosen");
    }
    if (ms->kernel_cmdline && *ms->kernel_cmdline) {
        qemu_fdt_setprop_string(ms->fdt, "/chosen", "bootargs",
                                ms->kernel_cmdline);
    }
    virtio_tree(s);
}

void soc_boot(CordonMachine *s, hwaddr dram, RISCVHartArrayState *boot_harts)
{
    MachineState *ms = MACHINE(s);
    Loaded l = { .entry = dram };
    hwaddr base = dram;
    target_ulong end;
    RISCVBootInfo info;
    int size;

    if (!ms->firmware) {
        error_report("-bios is needed: a firmware or a FIT image");
        exit(1);
    }
    riscv_boot_info_init(&info, boot_harts);
    if (load_fit(ms->firmware, &l)) {
        ms->fdt = l.fdt;
        patch_tree(s, dram);
    } else {
        if (!ms->dtb) {
            error_report("-dtb is needed: the board's device tree");
            exit(1);
        }
        ms->fdt = load_device_tree(ms->dtb, &size);
        if (!ms->fdt) {
            error_report("cannot read %s", ms->dtb);
            exit(1);
        }
        patch_tree(s, dram);
        end = riscv_find_and_load_firmware(ms, "none", &base, NULL);
        if (ms->kernel_filename) {
            riscv_load_kernel(ms, &info,
                              riscv_calc_kernel_start_addr(&info, end), true,
                              NULL);
            l.next = info.image_low_addr;
        }
        l.fdt_addr = riscv_compute_fdt_addr(dram, ms->ram_size, ms, &info);
    }
    riscv_load_fdt(l.fdt_addr, ms->fdt);
    riscv_setup_rom_reset_vec(ms, boot_harts, l.entry, ROM, 0x1000, l.next,
                              l.fdt_addr);
}

void soc_boot_at(CordonMachine *s, hwaddr entry, RISCVHartArrayState *harts)
{
    riscv_setup_rom_reset_vec(MACHINE(s), harts, entry, ROM, 0x1000, 0, 0);
}

static bool get_time_csr(Object *obj, Error **errp)
{
    return CORDON_MACHINE(obj)->time_csr;
}

static void set_time_csr(Object *obj, bool value, Error **errp)
{
    CORDON_MACHINE(obj)->time_csr = value;
}

static void cordon_machine_class_init(ObjectClass *oc, void *data)
{
    object_class_property_add_bool(oc, "time-csr", get_time_csr, set_time_csr);
    object_class_property_set_description(oc, "time-csr",
                                          "harts have the time CSR");
}

static const TypeInfo cordon_machine = {
    .name = TYPE_CORDON_MACHINE,
    .parent = TYPE_MACHINE,
    .abstract = true,
    .class_size = sizeof(CordonMachineClass),
    .class_init = cordon_machine_class_init,
    .instance_size = sizeof(CordonMachine),
};

static void cordon_register_types(void)
{
    type_register_static(&cordon_machine);
}
type_init(cordon_register_types)
