// SPDX-License-Identifier: BSD-2-Clause
// Boot: from the loaded image to guests on all harts.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/home.h>
#include <arch/unpriv.h>
#include <cordon/alias.h>
#include <cordon/board.h>
#include <cordon/console.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/hart-init.h>
#include <cordon/image.h>
#include <cordon/ipi.h>
#include <cordon/keep.h>
#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/ownership-map.h>
#include <cordon/panic.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/pool.h>
#include <cordon/seed.h>
#include <cordon/stack.h>
#include <cordon/string.h>
#include <cordon/view.h>
#include <drivers/clint.h>
#include <drivers/uart.h>
#include <generated/version.h>

/* One area per hart follows the image: guard page, stack, struct hart. */
#define AREA_STACK	(SZ_4K + STACK_SIZE)
#define AREA_SIZE	ALIGN_UP(AREA_STACK + sizeof(struct hart), SZ_4K)
static_assert(STACK_SIZE % SZ_4K == 0, "the stack must be whole pages");
static_assert(CONFIG_NR_HARTS_MAX * AREA_SIZE < BIT(HOME_BITS) / 2,
	      "arch/home.h: half is for the image");

/* Set by boot_place() and copied to the home with the image. */
static struct range home;
static struct machine machine;

/*
 * Address of the copied device tree; 0 if a1's is patched in place. Written
 * before the other harts are let in, like home.
 */
static ulong tree;

const void *fdt_at_boot;

/* Harts that reached the home; harts that are ready; start signal for all. */
static u32 arrived, ready;
static bool go, broken;

static ulong image_size(void)
{
	return (ulong)(image_end - (char *)&image_start);
}

/* A tree packed into the image replaces a1's, which may be undefined. */
static void *tree_address(struct image_header *i, void *a1)
{
	return i->fdt_offset ? (char *)i + i->fdt_offset : a1;
}

/*
 * Areas follow the order of the tree, not of arrival: after a warm reset each
 * hart gets the same area and guard page again (core/memory/pmp.c).
 */
static ulong area_of_place(ulong home_start, unsigned int place)
{
	return home_start + image_size() + place * AREA_SIZE;
}

/* Memory of policies for each hart follows the areas. */
static ulong room_of(unsigned int place)
{
	return area_of_place(home.start, machine.nr_harts) + place * policy_room();
}

/* Returns machine.nr_harts for a hart that is not there. */
static unsigned int place_of(ulong hartid)
{
	unsigned int i;

	for (i = 0; i < machine.nr_harts; i++)
		if (machine.hart_id[i] == hartid)
			break;
	return i;
}

#define WAITING_IDS	(32 * BOOT_WAITING_WORDS)

/* The next hart from @id on that has set its bit. Return: WAITING_IDS at the end */
static u32 next_waiting(const u32 *waiting, u32 id)
{
	for (; id < WAITING_IDS; id++) {
		u32 word = READ_ONCE(waiting[id / 32]);

		if (!word)
			id |= 31;
		else if (word >> id % 32 & 1)
			break;
	}
	return id;
}

static unsigned int count_waiting(const u32 *waiting)
{
	unsigned int n = 0;

	for (u32 id = 0; (id = next_waiting(waiting, id)) < WAITING_IDS; id++)
		n++;
	return n;
}

static bool add_hart(ulong id)
{
	if (place_of(id) < machine.nr_harts)
		return true;
	if (machine.nr_harts == CONFIG_NR_HARTS_MAX || id >= CLINT_HARTS ||
	    !clint_has_hart(&board.clint, (u32)id)) {
		log_err("no room for hart %lu, which the device tree does not list", id);
		return false;
	}
	log_info("hart %lu arrived, but the device tree does not offer it", id);
	machine.hart_id[machine.nr_harts++] = (u32)id;
	return true;
}

/*
 * Add the harts that the tree does not list, or lists as failed, but that are here: on
 * the bare machine the firmware meets them, too, and may wait for them. All harts are
 * started together, so wait 10 ms at most for those that failed, which may not be
 * there. A hart for which there is no room, or that comes later, stops.
 */
static bool add_arrived(ulong self)
{
	u64 end = clint_read_mtime() + board.timebase / 100;
	unsigned int all = machine.nr_harts + machine.nr_failed;

	while (machine.nr_failed && count_waiting(boot_waiting) + 1 < all &&
	       clint_read_mtime() < end)
		cpu_relax();
	for (u32 id = 0; (id = next_waiting(boot_waiting, id)) < WAITING_IDS; id++)
		add_hart(id);
	return add_hart(self);
}

/* Read a word of memory, which may be missing although the tree lists it. */
static bool read_memory(const void *fdt, ulong addr, ulong *value)
{
	struct range bank;
	struct unpriv u;

	if ((addr & 7) || !fdt_find_bank(fdt, addr, &bank))
		return false;
	u = unpriv_load8(addr, csr_read(CSR_mstatus));
	*value = u.value;
	return !u.cause;
}

/* OpenSBI's fw_dynamic: info block that the previous stage passes in a2. */
#define DYNAMIC_MAGIC	0x4942534ful
#define DYNAMIC_NEXT	16		/* offset of the next stage's address */

/*
 * Size from Linux's image header at @addr; without one, the size assumed for
 * firmware.
 */
#define KERNEL_MAGIC	0x05435352u	/* "RSC\x05" */
static u64 next_stage_size(const void *fdt, ulong addr)
{
	ulong magic, size;

	return read_memory(fdt, addr + 56, &magic) &&
	       read_memory(fdt, addr + 16, &size) &&
	       (u32)magic == KERNEL_MAGIC && size <= BIT(32) ? size : SZ_2M;
}

/* Cut a range whose size was guessed where the tree begins. */
static void end_before_tree(struct range *r, const void *fdt)
{
	if (range_has(r, (uintptr_t)fdt))
		r->end = (uintptr_t)fdt;
}

/* Avoid what a2 points at and, if that is an info block, the next stage. */
static void avoid_a2(const void *fdt, ulong a2, struct range avoid[2])
{
	ulong magic, next, first;

	if (!read_memory(fdt, a2, &magic))
		return;
	avoid[0] = (struct range){ a2, a2 + SZ_4K };
	end_before_tree(&avoid[0], fdt);
	if (magic != DYNAMIC_MAGIC ||
	    !read_memory(fdt, a2 + DYNAMIC_NEXT, &next) ||
	    !read_memory(fdt, next, &first))
		return;
	avoid[1] = (struct range){ next, next + next_stage_size(fdt, next) };
	end_before_tree(&avoid[1], fdt);
}

/* Callback of fdt_find_home(): the first page without memory, or 0. */
static u64 find_absent(const struct range *r)
{
	static bool warned;

	for (u64 page = r->start; page < r->end; page += SZ_4K) {
		/*
		 * A guard page of this boot, or of the last before a warm
		 * reset, exists but traps.
		 */
		if (boot_try(page) || pmp_is_guard(page))
			continue;
		if (!warned)
			log_warn("device tree lists memory at %lx, but nothing answers",
				 (ulong)page);
		warned = true;
		return page;
	}
	return 0;
}

/* Read the device tree, including the board's facts if it defines them. */
static bool read_tree(const void *fdt)
{
	const char *wrong = fdt_check(fdt);
	int err;

	if (!wrong && board.early_init) {
		wrong = board.early_init(fdt);
		if (wrong) {
			log_err("%s", wrong);
			return false;
		}
	}
	if (!wrong) {
		err = fdt_read_machine(fdt, &machine);
		wrong = !err ? NULL : err == -ENOSPC ? "too many harts" :
			err == -ENOENT ? "it lists no memory or no hart" :
			"it is damaged";
	}
	if (wrong)
		log_err("no usable device tree at %p: %s", fdt, wrong);
	return !wrong;
}

static bool clint_answers(ulong addr)
{
	if (!unpriv_load4(addr, csr_read(CSR_mstatus)).cause)
		return true;
	log_err("the CLINT does not answer at %lx", addr);
	return false;
}

/* The monitor's waits use this clock to end. */
#define CLOCK_READS	(1u << 20)
static bool clint_clock_runs(void)
{
	ulong at = board.clint.mtime;
	u64 start;

	if (!at)
		return true;
	if (!clint_answers(at) || !clint_answers(at + 4))
		return false;
	start = clint_read_mtime();
	for (unsigned int i = 0; i < CLOCK_READS; i++)
		if (clint_read_mtime() != start)
			return true;
	log_err("the CLINT's mtime at %lx stands still", at);
	return false;
}

/*
 * The CLINT's place comes from board.c or the tree. Try it before anything
 * depends on it: a wrong one would end the boot without a word.
 */
static bool clint_is_usable(void)
{
	const struct clint_desc *c = &board.clint;

	for (unsigned int i = 0; i < machine.nr_harts; i++) {
		u32 id = machine.hart_id[i];

		if (!clint_has_hart(c, id)) {
			log_err("hart %u has no registers in the CLINT", id);
			return false;
		}
		if (!clint_answers(c->mswi + 4ul * id) ||
		    !clint_answers(c->mtimecmp + 8ul * id))
			return false;
	}
	return clint_clock_runs();
}

static u64 keep_room(const void *fdt)
{
	return IS_ENABLED(CONFIG_KEEP_FIRMWARE) ?
		keep_size(image_start.firmware_size, fdt_room(fdt)) : 0;
}

static_assert(CONFIG_HOME_ADDRESS % SZ_4K == 0, "HOME_ADDRESS must be a multiple of 4096");

/* An address in the bank for the home; 0 if there is no such bank. */
static ulong address_in_home_bank(ulong loaded_at)
{
	ulong near = 0;

	if (IS_ENABLED(CONFIG_HOME_TOP))
		return loaded_at;
	if (IS_ENABLED(CONFIG_HOME_FIXED))
		return CONFIG_HOME_ADDRESS;
	for (unsigned int i = 0; i < machine.nr_memory; i++) {
		const struct range *bank = &machine.memory[i];

		if (!range_has(bank, loaded_at) &&
		    !range_has(bank, board.firmware))
			near = MAX(near, bank->start);
	}
	return near;
}

static ulong find_home(const void *fdt, ulong size, struct range *avoid,
		       unsigned int nr_avoid)
{
	ulong home_start;

	if (IS_ENABLED(CONFIG_HOME_FIXED)) {
		avoid[nr_avoid++] = (struct range){ 0, CONFIG_HOME_ADDRESS };
		avoid[nr_avoid++] = (struct range){ CONFIG_HOME_ADDRESS + size,
						    UINT64_MAX };
	}
	home_start = fdt_find_home(fdt, size, address_in_home_bank((ulong)&image_start),
				   avoid, nr_avoid, find_absent);
	if (!home_start)
		log_err("no %lu KiB of memory free for the monitor%s", size / 1024,
			IS_ENABLED(CONFIG_HOME_FIXED) ? " at its fixed address" :
			IS_ENABLED(CONFIG_HOME_OTHER_BANK) ? " in another bank" :
							     "");
	return home_start;
}

/* The firmware, and what it finds by a2: avoid[3]. */
static void avoid_guests(const void *fdt, ulong a2, struct range *avoid)
{
	avoid[0] = (struct range){
		board.firmware,
		board.firmware + MAX((u64)SZ_2M, image_start.firmware_size)
	};
	avoid_a2(fdt, a2, &avoid[1]);
}

struct boot_home boot_place(ulong hartid, void *a1, ulong a2)
{
	const struct image_header *i = &image_start;
	struct boot_home b = { 0, 0 };
	ulong start = (ulong)i, size, room;
	void *fdt = tree_address(&image_start, a1);
	/* The manifest is not the last part. */
	ulong loaded = MAX(MAX(i->firmware_offset + i->firmware_size,
			       image_size()), i->fdt_offset + i->fdt_size);
	/* The last two entries are for a fixed home. */
	struct range avoid[6] = { { start, ALIGN_UP(start + loaded, SZ_4K) } };

	if (IS_ENABLED(CONFIG_CONSOLE_OF_TREE) && !fdt_check(fdt))
		console_choose(fdt);
	log_init();
	if (!read_tree(fdt) || !clint_is_usable() || !add_arrived(hartid))
		return b;
	avoid_guests(fdt, a2, &avoid[1]);
	room = fdt_may_grow(fdt, avoid, ARRAY_SIZE(avoid) - 2) ? 0 : fdt_room(fdt);
	size = image_size() + machine.nr_harts * (AREA_SIZE + policy_room()) +
		keep_room(fdt);
	room += KEEP_WINDOW;
	b.home = find_home(fdt, room + size, avoid, ARRAY_SIZE(avoid) - 2);
	if (!b.home)
		return b;
	tree = room > KEEP_WINDOW ? b.home : 0;
	b.home += room;
	home = (struct range){ b.home, b.home + size };
	b.stack_top = area_of_place(b.home, place_of(hartid)) + AREA_STACK;
	return b;
}

void boot_trapped(ulong cause, ulong pc, ulong tval)
{
	if (log_lost_port())
		log_err("no serial port answers at CONFIG_LOG_UART, %lx",
			(ulong)CONFIG_LOG_UART);
	log_err("trap %lx at %lx (+%lx), tval %lx, before the monitor was in place",
		cause, pc, pc - (ulong)&image_start, tval);
}

/* Give the boot hart index 0, the others the following in tree order. */
static void place_harts(ulong boot_id)
{
	unsigned int index = 1;

	nr_harts = machine.nr_harts;
	for (unsigned int i = 0; i < nr_harts; i++) {
		bool boot = machine.hart_id[i] == boot_id;
		unsigned int at = boot ? 0 : index++;
		ulong stack_top = area_of_place(home.start, i) + AREA_STACK;
		struct hart *h = (struct hart *)stack_top;

		memset(h, 0, sizeof(*h));
		h->id = machine.hart_id[i];
		h->cbo_block = machine.cbo_block ? machine.cbo_block : SZ_4K;
		h->index = at;
		h->stack_top = stack_top;
		h->room = room_of(i);
		h->home_end = home.end;
		hart_add(h);
	}
}

/* Refuse to boot if the monitor's memory has an unknown alias. */
static void refuse_alias(const void *fdt)
{
	u64 seen;
	int err = alias_find(fdt, &seen);

	if (err == -EEXIST)
		refuse("memory has an alias at %lx: this machine needs its own board",
		      (ulong)seen);
	if (err)
		refuse("no usable device tree");
}

/*
 * The monitor, its aliases, its port and the CLINT fit, so pmp_add_hole() cannot fail
 * below.
 */
static_assert(2 + BOARD_ALIASES + ARRAY_SIZE(board.clint.window) <= MAX_HOLES,
	      "MAX_HOLES is too small");

static void add_boot_holes(void)
{
	static const u8 nothing[NR_VIEWS];
	struct range r;

	pmp_add_hole(&home, nothing);
	for (unsigned int i = 0; i < BOARD_ALIASES; i++) {
		if (!board.alias_offset[i])
			continue;
		if (home.start < board.alias_of.start ||
		    home.end > board.alias_of.end)
			refuse("board.alias_of does not cover %lx", (ulong)home.start);
		r.start = home.start + board.alias_offset[i];
		r.end = home.end + board.alias_offset[i];
		pmp_add_hole(&r, nothing);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(board.clint.window); i++)
		if (board.clint.window[i].end)
			pmp_add_hole(&board.clint.window[i], nothing);
	if (CONFIG_LOG_UART)
		pmp_add_hole(&(struct range){ CONFIG_LOG_UART, CONFIG_LOG_UART + SZ_4K },
			     nothing);
}
static_assert(CONFIG_LOG_UART % SZ_4K == 0, "LOG_UART is not at the start of 4 KiB");

/*
 * Wait until @count harts have passed a point. Give up two seconds after the
 * last arrival, not after the start: on an emulator many harts take longer in
 * total.
 */
static bool wait_for_count(const u32 *counter, u32 count)
{
	u64 start = clint_read_mtime();
	u32 seen = 0, now;

	while ((now = __atomic_load_n(counter, __ATOMIC_ACQUIRE)) < count) {
		if (now != seen)
			start = clint_read_mtime();
		seen = now;
		cpu_relax();
		if (clint_read_mtime() - start > 2ul * board.timebase)
			return false;
	}
	return true;
}

/* Wake the harts, which wait in WFI: spinning would starve an emulator. */
static void wake_harts(void)
{
	const struct hart *h;

	for_each_other_hart(h, harts[0])
		clint_write_msip(h->id, 1);
}

static void set_boot_args(struct hart *h, ulong a0, ulong a1, ulong a2)
{
	h->boot_arg[0] = a0;
	h->boot_arg[1] = tree ? tree : a1;
	h->boot_arg[2] = a2;
}

void monitor_secondary(ulong a0, ulong a1, ulong a2, struct hart *h)
{
	hart_take(h);
	clint_write_msip(h->id, 0);
	stack_paint(h);
	set_boot_args(h, a0, a1, a2);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_RELEASE);
	if (hart_init(h))
		WRITE_ONCE(broken, true);
	__atomic_fetch_add(&ready, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		wait_for_interrupt();
	/* Running harts may have sent requests already. */
	ipi_serve(h);
	/* The boot hart wrote the firmware: discard stale instructions. */
	fence_i();
	hart_enter(h);
}

/* Address of a variable of boot.S in the loaded image. */
static void *loaded_variable(struct image_header *loaded, void *variable)
{
	return (char *)loaded + ((char *)variable - (char *)&image_start);
}

/* Wake the harts that wait in the loaded image, listed in the tree or not. */
static void wake_waiting(const u32 *waiting)
{
	for (u32 id = 0; (id = next_waiting(waiting, id)) < WAITING_IDS; id++)
		if (clint_has_hart(&board.clint, id))
			clint_write_msip(id, 1);
}

/*
 * Make all harts leave the loaded image, which is about to be overwritten,
 * including harts that the tree does not list.
 */
static void gather_harts(struct image_header *loaded)
{
	ulong *release = loaded_variable(loaded, &boot_release);
	u32 *entered = loaded_variable(loaded, &boot_lottery);

	__atomic_store_n(release, (ulong)boot_secondary, __ATOMIC_RELEASE);
	fence_full();
	wake_waiting(loaded_variable(loaded, boot_waiting));
	if (!wait_for_count(&arrived, nr_harts - 1))
		refuse("only %u of %u harts arrived; the others could run firmware in M-mode",
		      arrived + 1, nr_harts);
	if (!wait_for_count(&boot_left, READ_ONCE(*entered) - 1))
		refuse("a hart did not leave the loaded image");
}

/* Copy the firmware to its link address, as if it had been loaded there. */
static void place_firmware(struct image_header *loaded)
{
	u64 size = loaded->firmware_size;
	void *to = (void *)board.firmware;
	char *from = (char *)loaded + loaded->firmware_offset;
	ulong end = (ulong)from + size;

	if (!loaded->firmware_offset) {
		log_info("no firmware in the image: entering %p", to);
		return;
	}
	if (IS_ENABLED(CONFIG_KEEP_FIRMWARE)) {
		keep_init(room_of(machine.nr_harts), home.start - KEEP_WINDOW);
		keep_firmware(from, size);
	}
	memmove(to, from, size);
	/* Clear the rest of the loaded image. */
	if (end > board.firmware + size && (ulong)loaded <= board.firmware + size)
		memset((char *)to + size, 0, end - (board.firmware + size));
	log_info("firmware: %lu bytes at %p", (ulong)size, to);
}

/* Measure before anything but the monitor has run. */
static void measure_guests(struct image_header *loaded, const void *fdt)
{
	measure_tree(fdt);
	if (loaded->firmware_offset)
		measure(MEASURED_FIRMWARE, (char *)loaded + loaded->firmware_offset,
			loaded->firmware_size);
	if (loaded->manifest_offset)
		measure_keep_manifest((char *)loaded + loaded->manifest_offset);
}

static void patch_tree(void *fdt, ulong a2)
{
	struct range reserved = { home.start - KEEP_WINDOW, home.end };
	struct range avoid[3] = { { 0, 0 } };

	if (fdt_patch(fdt, &reserved))
		refuse("cannot patch the device tree");
	if (!CONFIG_ENCLAVE_POOL)
		return;
	avoid_guests(fdt, a2, avoid);
	if (pool_reserve(fdt, avoid, ARRAY_SIZE(avoid), find_absent))
		refuse("cannot add the pool of enclaves to the device tree");
}

static void start_guests(struct hart *h)
{
	if (!wait_for_count(&ready, nr_harts - 1) || READ_ONCE(broken))
		refuse("a hart failed to initialise");
	__atomic_store_n(&go, true, __ATOMIC_RELEASE);
	fence_full();
	wake_harts();
	fence_i();
	hart_enter(h);
}

/* A digit; what is not one is not for us. */
static void read_log_level(const void *fdt)
{
	const char *text = fdt_parameter(fdt, "log");

	if (text && text[0] >= '0' && text[0] <= '9' && !text[1])
		log_level = text[0] - '0';
}

void monitor_main(ulong a0, ulong a1, ulong a2, struct image_header *loaded)
{
	void *fdt = tree_address(loaded, (void *)a1);
	struct hart *h;

	log_info("Cordon %s on %s, configuration %s", CORDON_VERSION,
		 board.name, CORDON_CONFIG);
	place_harts(csr_read(CSR_mhartid));
	h = harts[0];
	hart_take(h);
	stack_paint(h);
	set_boot_args(h, a0, a1, a2);
	add_boot_holes();
	if (IS_ENABLED(CONFIG_PROBE_ALIAS))
		refuse_alias(fdt);
	if (IS_ENABLED(CONFIG_MEASURE))
		measure_guests(loaded, fdt);
	if (tree) {
		if (fdt_copy(fdt, (void *)tree))
			refuse("cannot copy the device tree");
		fdt = (void *)tree;
	}
	/* A bundled tree is no secret, because everybody can read the image. */
	if (IS_ENABLED(CONFIG_TREE_SEED) && !loaded->fdt_offset)
		seed_take(fdt, (void *)a1);
	if (fdt_check_board(fdt, &board) ||
	    (IS_ENABLED(CONFIG_CONSOLE_OF_TREE) && uart_elsewhere.base))
		refuse("the image was built for another board");
	if (IS_ENABLED(CONFIG_OWNERSHIP) &&
	    ownership_map_init(&machine, &home, loaded->firmware_size))
		refuse("ownership map: the memory layout is inconsistent");
	fdt_at_boot = fdt;
	read_log_level(fdt);
	if (policy_init() || hart_init(h))
		refuse("cannot guarantee isolation");
	fdt_at_boot = NULL;
	gather_harts(loaded);
	place_firmware(loaded);
	patch_tree(fdt, a2);
	if (IS_ENABLED(CONFIG_KEEP_FIRMWARE))
		keep_arguments(fdt, a2);
	log_info("monitor at %lx-%lx, %u harts, %u PMP entries, firmware sees %u",
		 (ulong)home.start, (ulong)home.end, nr_harts,
		 h->chain.limit, h->vpmp.count);
	start_guests(h);
}
