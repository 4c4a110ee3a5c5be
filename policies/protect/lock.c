// SPDX-License-Identifier: BSD-2-Clause
// The lock: confines the firmware to what it keeps.

#include <arch/csr.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/errno.h>
#include <cordon/interrupt.h>
#include <cordon/ipi.h>
#include <cordon/keep.h>
#include <cordon/log.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/string.h>
#include <cordon/trap.h>
#include <cordon/view.h>
#include <drivers/clint.h>

#include "devices.h"
#include "hsm.h"
#include "lock.h"
#include "measured.h"
#include "protect.h"
#include "tree.h"

enum { OPEN, LOCKING, LOCKED, REFUSED };
/* Written by the one hart that leaves OPEN. */
static u32 lock;

static u32 lock_state(void)
{
	return __atomic_load_n(&lock, __ATOMIC_ACQUIRE);
}

static void set_lock(u32 state)
{
	__atomic_store_n(&lock, state, __ATOMIC_RELEASE);
}

/* Memory that the firmware may keep. */
static struct range firmware_limit(void)
{
	return (struct range){ board.firmware, board.firmware +
			       CONFIG_PROTECT_FIRMWARE_KB * 1024ul };
}

bool protect_is_device(u64 addr)
{
	bool device;

	spin_lock(&ownership_map.lock);
	device = ownership_at(&ownership_map, addr).owner == OWNER_NOBODY;
	spin_unlock(&ownership_map.lock);
	return device && !range_has(&board.alias_of, addr);
}

bool protect_are_devices(const struct range *r)
{
	struct owned around;

	spin_lock(&ownership_map.lock);
	around = ownership_at(&ownership_map, r->start);
	spin_unlock(&ownership_map.lock);
	return around.owner == OWNER_NOBODY && r->end <= around.range.end &&
	       !range_overlaps(&board.alias_of, r);
}

bool protect_is_payload_memory(const struct hart *h, struct range r)
{
	return is_guest_memory(r.start, r.end) && pmp_payload_owns(h, &r);
}

int protect_check_limit(void)
{
	struct range most = firmware_limit(), window = { 0, 0 };

	if (IS_ENABLED(CONFIG_PROTECT_RESTART) && keep_window().start)
		window = keep_window();
	if (is_guest_memory(most.start, most.end) && !range_overlaps(&window, &most))
		return 0;
	log_err("PROTECT_FIRMWARE_KB reaches into the monitor, or beyond the memory");
	return -EINVAL;
}

/* Grant the firmware its memory, and deny everyone its aliases. */
static void add_firmware(struct grants *g, const struct range *r)
{
	protect_add_grant(g, *r, PMP_RWX, 0);
	for (unsigned int i = 0; i < BOARD_ALIASES; i++) {
		u64 offset = board.alias_offset[i];

		if (offset && range_overlaps(r, &board.alias_of))
			protect_add_grant(g, (struct range){ r->start + offset,
					  r->end + offset }, 0, 0);
	}
}

/*
 * Confine the firmware to OpenSBI's reservations within Kconfig's limit, or
 * else to that limit. The firmware can change the tree until the lock, so first
 * grant the whole limit, and then read the tree.
 */
static bool confine_firmware_to(const struct range *firmware, bool console)
{
	struct grants g = { .nr = 0 };

	add_firmware(&g, firmware);
	if (IS_ENABLED(CONFIG_PROTECT_RESTART) && keep_window().start)
		protect_add_grant(&g, keep_window(), PMP_R | PMP_W, 0);
	protect_add_devices(&g, console);
	return !g.full && !pmp_confine(g.grant, g.nr);
}

bool protect_grant(struct hart *h, bool console)
{
	if (!confine_firmware_to(&protect_memory, console))
		return false;
	pmp_rendezvous(h);
	return true;
}

static bool refuse_lock(const char *why)
{
	log_err("the payload does not start: %s", why);
	set_lock(REFUSED);
	return false;
}

void protect_locked(struct hart *h)
{
	if (lock_state() == OPEN || confined(h))
		return;
	confine_begin(h);
	protect_use_switch(h);
}

static void confine_others(struct hart *h)
{
	struct hart *other;

	for_each_other_hart(other, h)
		ipi_call(other, IPI_POLICY);
	pmp_rendezvous(h);
}

static bool confine_dma(const struct range *firmware)
{
	return !board.confine_dma || !board.confine_dma(firmware);
}

static bool lock_all(struct hart *h)
{
	struct range most = firmware_limit(), firmware = most;
	const char *wrong;
	void *tree;

	if (h->mode != MODE_S || h->virt)
		return refuse_lock("its entry is not in S-mode");
	if (!confine_firmware_to(&most, true))
		return refuse_lock("the firmware needs too many ranges");
	/* The payload gets this a0, whatever the firmware has set. */
	h->x[REG_A0] = h->id;
	protect_rules = confine_rules(h);
	protect_locked(h);
	confine_others(h);
	protect_stop_devices();
	if (!confine_dma(&most))
		return refuse_lock("the board cannot confine its devices");
	/* From here on only this hart writes the payload's memory. */
	if (tree_is_at_alias(h->x[REG_A1]))
		return refuse_lock("its device tree is at an alias of memory");
	tree = tree_of_payload(h->x[REG_A1]);
	if (!tree && tree_is_shown(h->x[REG_A1]))
		return refuse_lock("its device tree cannot be checked");
	wrong = tree ? tree_check(tree, &firmware) : NULL;
	if (wrong)
		return refuse_lock(wrong);
	if (firmware.start < most.start || firmware.end > most.end)
		return refuse_lock("the firmware reserves more than PROTECT_FIRMWARE_KB");
	if (range_has(&firmware, h->pc))
		return refuse_lock("its entry is in the firmware's memory");
	protect_memory = firmware;
	if (!protect_grant(h, true))
		return refuse_lock("the firmware needs too many ranges");
	if (!confine_dma(&firmware))
		return refuse_lock("the board cannot confine its devices");
	if (IS_ENABLED(CONFIG_PROTECT_MEASURE) && !protect_measure(h, tree))
		return refuse_lock("it is not what was to be started");
	log_restore_console();
	log_info("locked: the firmware keeps %lx-%lx", (ulong)firmware.start,
		 (ulong)firmware.end);
	return true;
}

bool protect_lock(struct hart *h)
{
	struct protect_hart *p = protect_of(h);
	u32 open = OPEN;

	if (!__atomic_compare_exchange_n(&lock, &open, LOCKING, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		while (lock_state() == LOCKING)
			interrupt_poll(h);
		protect_locked(h);
		return lock_state() == LOCKED;
	}
	if (!lock_all(h))
		return false;
	protect_entry = h->pc;
	p->start_pc = h->pc;
	p->start_arg = h->x[REG_A1];
	__atomic_store_n(&p->state, HSM_START_PENDING, __ATOMIC_RELEASE);
	set_lock(LOCKED);
	return true;
}
