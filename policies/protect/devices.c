// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices at the lock: which the firmware keeps, and what those do no more that it
 * has set up before.
 *
 * All others are denied to it, so no list of those that can write memory (DMA) is
 * needed to keep it from them. It serves to find such a device among those that it is
 * to keep, which would undo the protection.
 */
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/log.h>
#include <cordon/string.h>
#include <libfdt.h>

#include "devices.h"
#include "lock.h"

/* Virtio 1.1, 4.2.2: registers of a device on the memory bus. */
#define VIRTIO_MAGIC		0x000
#define VIRTIO_MAGIC_IS		0x74726976u	/* "virt" */
#define VIRTIO_STATUS		0x070

/* PCI Express 5.0, 7.2.2 and 7.5.1.1: 4 KiB a function, the registers' first words. */
#define PCI_COMMAND		4
#define PCI_COMMAND_MASTER	BIT(2)
#define PCI_NOBODY		0xffffffffu

#define MOST_STOPPED	40

/* Found at boot, before anybody else has run. */
static struct stopped {
	struct range range;
	bool pci;
} stopped[MOST_STOPPED];
static unsigned int nr_stopped;

/* Words in the name or the first "compatible" names of a device with DMA. */
static const char dma_words[][9] = {
	"virtio", "pci", "mmc", "sdhci", "usb", "xhci", "ethernet", "gmac",
	"dma", "iommu", "gpu", "display", "dc8200", "codec", "camera", "crypto",
	"sata", "nvme", "fw-cfg",
	/* The host on the other side reads and writes memory when it is asked to. */
	"htif",
};

/* The firmware does not keep a console that can do that. */
static bool console_has_dma;

void protect_add_grant(struct grants *g, struct range r, u8 firmware, u8 payload)
{
	r.start = ALIGN_DOWN(r.start, SZ_4K);
	r.end = ALIGN_UP(r.end, SZ_4K);
	for (unsigned int i = 0; i < g->nr; ) {
		struct grant *other = &g->grant[i];

		if (!range_overlaps(&other->range, &r)) {
			i++;
			continue;
		}
		if (other->range.start <= r.start && r.end <= other->range.end)
			return;
		if (other->firmware != firmware || other->payload != payload) {
			g->full = true;
			return;
		}
		r.start = MIN(r.start, other->range.start);
		r.end = MAX(r.end, other->range.end);
		*other = g->grant[--g->nr];
		i = 0;
	}
	if (g->nr == MAX_GRANTS) {
		g->full = true;
		return;
	}
	g->grant[g->nr++] = (struct grant){ r, firmware, payload };
}

u64 protect_hex(const char **s)
{
	u64 v = 0;

	for (;; (*s)++) {
		char c = **s;

		if (c >= '0' && c <= '9')
			v = v << 4 | (u64)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (u64)(c - 'a' + 10);
		else
			return v;
	}
}

/* CONFIG_PROTECT_MMIO. Return: false if it is no list of start+size */
static bool add_configured(struct grants *g)
{
	struct range r;

	for (const char *s = CONFIG_PROTECT_MMIO; *s; ) {
		if (*s == ' ') {
			s++;
			continue;
		}
		r.start = protect_hex(&s);
		if (*s++ != '+')
			return false;
		r.end = r.start + protect_hex(&s);
		if (r.end <= r.start || (*s && *s != ' '))
			return false;
		protect_add_grant(g, r, PMP_R | PMP_W, PMP_RWX);
	}
	return true;
}

bool protect_add_devices(struct grants *g, bool console)
{
	u64 uart = board.console.base;

	if (board.console.ops && console && !console_has_dma)
		protect_add_grant(g, (struct range){ uart, uart + 1 },
				  PMP_R | PMP_W, PMP_RWX);
	for (unsigned int i = 0; i < ARRAY_SIZE(board.firmware_mmio); i++)
		if (board.firmware_mmio[i].end)
			protect_add_grant(g, board.firmware_mmio[i],
					  PMP_R | PMP_W, PMP_RWX);
	return add_configured(g);
}

static bool contains(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++)
		if (!strncmp(text, word, len))
			return true;
	return false;
}

static bool can_write_memory(const void *fdt, int node)
{
	const char *name = fdt_get_name(fdt, node, NULL);

	if (fdt_getprop(fdt, node, "#dma-cells", NULL) ||
	    fdt_getprop(fdt, node, "iommus", NULL))
		return true;
	for (int n = 0; name; n++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(dma_words); i++)
			if (contains(name, dma_words[i]))
				return true;
		name = fdt_stringlist_get(fdt, node, "compatible", n, NULL);
	}
	return false;
}

struct search {
	struct grants grants;
	int last;		/* the node before */
	int error;
};

static void keep_stoppable(struct search *s, const struct range *r, bool pci)
{
	if (nr_stopped == MOST_STOPPED)
		s->error = -ENOSPC;
	else
		stopped[nr_stopped++] = (struct stopped){ *r, pci };
}

static void classify_device(void *arg, int node, const struct range *r)
{
	const void *fdt = fdt_at_boot;
	struct search *s = arg;

	if (!fdt_node_check_compatible(fdt, node, "virtio,mmio"))
		keep_stoppable(s, r, false);
	else if (!fdt_node_check_compatible(fdt, node, "pci-host-ecam-generic") &&
		 s->last != node)
		/* Its windows come here afterwards. */
		keep_stoppable(s, r, true);
	s->last = node;
	if (IS_ENABLED(CONFIG_PROTECT_MMIO_DMA) || !can_write_memory(fdt, node))
		return;
	if (range_has(r, board.console.base))
		console_has_dma = true;
	for (unsigned int i = 0; i < s->grants.nr; i++) {
		if (!range_overlaps(&s->grants.grant[i].range, r))
			continue;
		log_err("the firmware would keep %s, which can write all memory",
			fdt_get_name(fdt, node, NULL));
		s->error = -EBUSY;
	}
}

int protect_find_devices(void)
{
	struct search s = { .last = -1 };

	if (!protect_add_devices(&s.grants, false)) {
		log_err("PROTECT_MMIO is not a list of start+size: %s",
			CONFIG_PROTECT_MMIO);
		return -EINVAL;
	}
	for (unsigned int i = 0; i < s.grants.nr; i++) {
		if (!protect_are_devices(&s.grants.grant[i].range)) {
			log_err("PROTECT_MMIO or the board would let the firmware keep memory");
			return -EINVAL;
		}
	}
	if (fdt_each_device(fdt_at_boot, classify_device, &s))
		return -EINVAL;
	if (s.error == -ENOSPC)
		log_err("more than %u devices would have to be stopped", MOST_STOPPED);
	return s.error;
}

/* Registers that the tree promises; they may not be there. */
static u32 read4(u64 addr)
{
	struct unpriv u = unpriv_load4(addr, csr_read(CSR_mstatus));

	return u.cause ? PCI_NOBODY : (u32)u.value;
}

static void write4(u64 addr, u32 value)
{
	unpriv_store4(addr, csr_read(CSR_mstatus), value);
}

/* Reset (Virtio 1.1, 2.1): it forgets its queues, and with them all addresses. */
static void stop_virtio(u64 base)
{
	if (read4(base + VIRTIO_MAGIC) == VIRTIO_MAGIC_IS)
		write4(base + VIRTIO_STATUS, 0);
}

/*
 * No function begins a transfer any more. That goes for virtual functions as well,
 * which show no vendor's number; writing 0 to the status beside changes nothing.
 */
static void stop_pci(const struct range *ecam)
{
	u64 end = MIN(ecam->end, ecam->start + 256ul * 256 * SZ_4K);

	for (u64 at = ecam->start; at < end; at += SZ_4K) {
		u32 command = read4(at + PCI_COMMAND);

		if (command == PCI_NOBODY || !(command & PCI_COMMAND_MASTER))
			continue;
		write4(at + PCI_COMMAND, (u16)(command & ~PCI_COMMAND_MASTER));
		/* The answer arrives after everything that was under way. */
		read4(at + PCI_COMMAND);
	}
}

void protect_stop_devices(void)
{
	for (unsigned int i = 0; i < nr_stopped; i++) {
		if (stopped[i].pci)
			stop_pci(&stopped[i].range);
		else
			stop_virtio(stopped[i].range.start);
	}
}
