/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The job of the JH7110's boot ROM, without its unpublished code: find SPL,
 * check it and load it into the L2 LIM, where all harts start.
 *
 * Sources: U-Boot doc/board/starfive/jh7110_common.rst for the boot pins and
 * SPL's place on a card, tools/sfspl.c for its header.
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "qapi/error.h"
#include "hw/loader.h"
#include "hw/riscv/boot.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "cordon-jh7110.h"
#include <zlib.h>

#define SECTOR          512
#define HEADER          0x400
#define HDR_OFFSET      0x000           /* of the rest of the header, 0x240 */
#define HDR_BACKUP      0x004           /* address of another copy */
#define HDR_VERSION     0x284
#define HDR_FILE_SIZE   0x288
#define HDR_SIZE        0x28c
#define HDR_CRC         0x290
#define LIM_FREE        (2 * MiB)

/* Type of SPL's partition, 2E54B353-1271-4842-806F-E436D6AF6985. */
static const uint8_t spl_type[16] = {
    0x53, 0xb3, 0x54, 0x2e, 0x71, 0x12, 0x42, 0x48,
    0x80, 0x6f, 0xe4, 0x36, 0xd6, 0xaf, 0x69, 0x85,
};

/* Source of SPL: a file in memory, or a card. */
typedef struct {
    const char *name;
    BlockBackend *blk;
    const uint8_t *data;
    size_t size;
} Medium;

static bool medium_read(const Medium *m, uint64_t at, void *to, size_t n)
{
    if (m->blk) {
        return blk_pread(m->blk, at, n, to, 0) >= 0;
    }
    if (at > m->size || n > m->size - at) {
        return false;
    }
    memcpy(to, m->data + at, n);
    return true;
}

/* Load SPL from one place; false if there is none or it is damaged. */
static bool load_spl(const Medium *m, uint64_t at)
{
    uint8_t header[HEADER];
    g_autofree uint8_t *spl = NULL;
    uint32_t size;

    if (!medium_read(m, at, header, HEADER) ||
        ldl_le_p(header + HDR_OFFSET) != 0x240 ||
        ldl_le_p(header + HDR_SIZE) != HEADER) {
        return false;
    }
    size = ldl_le_p(header + HDR_FILE_SIZE);
    if (!size || size > LIM_FREE) {
        return false;
    }
    spl = g_malloc(size);
    if (!medium_read(m, at + HEADER, spl, size) ||
        crc32(0, spl, size) != (uint32_t)ldl_le_p(header + HDR_CRC)) {
        return false;
    }
    rom_add_blob_fixed("spl", spl, size, JH7110_L2LIM);
    return true;
}

/* Find SPL's partition on an SD card, from its GPT. */
static bool find_partition(const Medium *m, uint64_t *at)
{
    uint8_t gpt[SECTOR], entry[128];
    uint64_t table;
    uint32_t count, size;

    if (!medium_read(m, SECTOR, gpt, SECTOR) || memcmp(gpt, "EFI PART", 8)) {
        return false;
    }
    table = ldq_le_p(gpt + 72) * SECTOR;
    count = MIN((uint32_t)ldl_le_p(gpt + 80), 128);
    size = ldl_le_p(gpt + 84);
    for (uint32_t i = 0; i < count && size >= sizeof(entry); i++) {
        if (!medium_read(m, table + i * (uint64_t)size, entry, sizeof(entry))) {
            return false;
        }
        if (!memcmp(entry, spl_type, sizeof(spl_type))) {
            *at = ldq_le_p(entry + 32) * SECTOR;
            return true;
        }
    }
    return false;
}

static bool from_card(const Medium *m, bool emmc)
{
    uint8_t header[HEADER];
    uint64_t at = 0;

    if (!emmc) {
        return find_partition(m, &at) && load_spl(m, at);
    }
    /* Try sector 0, then the copy that it points to. */
    return load_spl(m, 0) ||
           (medium_read(m, 0, header, HEADER) &&
            load_spl(m, (uint32_t)ldl_le_p(header + HDR_BACKUP)));
}

/* The pins as configured, or else those that start what is present. */
static int boot_mode(const char *set, bool sd)
{
    static const char *const names[] = { "flash", "sd", "emmc", "uart" };

    if (!set) {
        return sd ? JH7110_BOOT_SD : JH7110_BOOT_FLASH;
    }
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        if (!strcmp(set, names[i])) {
            return i;
        }
    }
    error_report("boot-mode is one of flash, sd, emmc, uart");
    exit(1);
}

bool jh7110_boot_rom(CordonMachine *s, int *mode)
{
    MachineState *ms = MACHINE(s);
    DriveInfo *drive[] = { drive_get(IF_SD, 0, 0), drive_get(IF_SD, 0, 1) };
    g_autofree char *file = NULL;
    Medium m = { .name = ms->firmware };
    bool spl;

    *mode = boot_mode(s->boot_mode, drive[0]);
    if (ms->firmware) {
        /* A file with SPL replaces the flash, whatever the pins say. */
        if (!g_file_get_contents(ms->firmware, &file, &m.size, NULL)) {
            return false;
        }
        m.data = (uint8_t *)file;
        if (m.size < HEADER || ldl_le_p(m.data) != 0x240) {
            return false;
        }
        spl = load_spl(&m, 0);
    } else {
        bool emmc = *mode == JH7110_BOOT_EMMC;

        if ((*mode != JH7110_BOOT_SD && !emmc) || !drive[emmc]) {
            return false;
        }
        m.name = emmc ? "the eMMC" : "the SD card";
        m.blk = blk_by_legacy_dinfo(drive[emmc]);
        spl = from_card(&m, emmc);
    }
    if (!spl) {
        error_report("%s has no SPL that the boot ROM takes", m.name);
        exit(1);
    }
    if (ms->kernel_filename || ms->dtb) {
        error_report("-kernel and -dtb do not go with SPL, which loads what "
                     "is on the card");
        exit(1);
    }
    if (ms->ram_size != 2 * GiB && ms->ram_size != 4 * GiB &&
        ms->ram_size != 8 * GiB) {
        error_report("SPL knows 2, 4 and 8 GiB of memory");
        exit(1);
    }
    return true;
}
