// SPDX-License-Identifier: BSD-2-Clause
/*
 * When each policy is called, and the effect of its result, with three policies
 * (tests/stub/include/generated/policies.h).
 */
#include <machine.h>
#include <unit.h>

#include <arch/fast.h>
#include <cordon/errno.h>
#include <cordon/hart-init.h>
#include <cordon/ipi.h>
#include <cordon/policy.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/view.h>
#include <cordon/world.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_H)
#define VECTOR	(RAM_BASE + 0x100)

/* One letter per call: upper case by "first", lower case by "second". */
static char calls[64];
static enum trap_result first_says, second_says;
static int first_rc;

static void called(char c)
{
	size_t n = strlen(calls);

	assert_true(n + 1 < sizeof(calls));
	calls[n] = c;
	calls[n + 1] = '\0';
}

static int first_init(void)
{
	called('I');
	return first_rc;
}

static int second_init(void)
{
	called('i');
	return 0;
}

static int first_hart_init(struct hart *h)
{
	(void)h;
	called('H');
	return first_rc;
}

static int second_hart_init(struct hart *h)
{
	(void)h;
	called('h');
	return 0;
}

static enum trap_result first_trap(struct hart *h)
{
	called(h->full ? 'T' : 'Q');
	return h->full && first_says == TRAP_FULL ? TRAP_PASS : first_says;
}

static enum trap_result second_trap(struct hart *h)
{
	h->insn_len = 4;
	called(h->full ? 't' : 'q');
	return second_says;
}

static enum trap_result first_fault_says = TRAP_PASS;

static enum trap_result first_fault(struct hart *h)
{
	(void)h;
	return first_fault_says;
}

static enum trap_result first_call_says, second_call_says;

enum trap_result first_call(struct hart *h)
{
	(void)h;
	called('C');
	return first_call_says;
}

enum trap_result second_call(struct hart *h)
{
	called(h->full ? 'b' : 'c');
	return second_call_says == TRAP_ADVANCE ?
		policy_call_answer(h, (struct sbi_ret){ -9, 7 }) : second_call_says;
}

static void first_leave(struct hart *h, enum world from)
{
	assert_int_equal(h->world, from);
	called(from == WORLD_PAYLOAD ? 'P' : 'F');
}

static void second_enter(struct hart *h, enum world to)
{
	assert_int_equal(h->world, to);
	assert_int_equal(h->pmp.view,
			 to == WORLD_PAYLOAD ? VIEW_PAYLOAD : VIEW_FIRMWARE);
	called(to == WORLD_PAYLOAD ? 'p' : 'f');
}

static void second_timer(struct hart *h)
{
	(void)h;
	called('d');
}

static void second_ipi(struct hart *h)
{
	(void)h;
	called('r');
}

static void first_timer(struct hart *h)
{
	called('D');
	assert_int_equal(h->timer.deadline[DEADLINE_first], NEVER);
	timer_set_deadline(h, DEADLINE_first, 500);
}

const struct policy_ops policy_first = {
	.name = "first", .init = first_init, .hart_init = first_hart_init,
	.payload_trap = first_trap, .leave = first_leave,
	.firmware_fault = first_fault, .payload_fault = first_fault,
	.timer = first_timer,
};

const struct policy_ops policy_second = {
	.name = "second", .init = second_init, .hart_init = second_hart_init,
	.payload_trap = second_trap, .firmware_trap = second_trap,
	.enter = second_enter, .ipi = second_ipi, .timer = second_timer,
};

const struct policy_ops policy_empty = { .name = "empty" };

static struct hart *start(enum world world)
{
	struct hart *h;

	machine_reset(ISA);
	first_rc = 0;
	first_says = TRAP_PASS;
	second_says = TRAP_PASS;
	h = machine_hart();
	h->pc = RAM_BASE + 0x40;
	h->csr.mtvec = VECTOR;
	if (world == WORLD_PAYLOAD) {
		h->mode = MODE_S;
		world_to_payload(h);
		h->attn = 0;
	}
	calls[0] = '\0';
	return h;
}

static void take_trap(struct hart *h, ulong cause)
{
	h->trap.cause = cause;
	h->trap.tval = 0;
	if (trap_handle(h))
		trap_handle_full(h);
}

static void starts_in_order(void **state)
{
	struct hart *h = start(WORLD_FIRMWARE);

	(void)state;
	assert_int_equal(policy_init(), 0);
	assert_int_equal(policy_hart_init(h), 0);
	assert_string_equal(calls, "IiHh");
	/* The first failure ends it. */
	calls[0] = '\0';
	first_rc = -ENXIO;
	assert_int_equal(policy_init(), -ENXIO);
	assert_int_equal(policy_hart_init(h), -ENXIO);
	machine_reset(ISA);
	assert_int_equal(hart_init(h), -ENXIO);
	assert_string_equal(calls, "IHH");
}

/* A TRAP_PASS does not decide; another result does. */
static void first_answer_counts(void **state)
{
	struct hart *h = start(WORLD_PAYLOAD);

	(void)state;
	first_says = TRAP_RESUME;
	take_trap(h, CAUSE_ECALL_S);
	assert_string_equal(calls, "Q");
	assert_int_equal(h->pc, RAM_BASE + 0x40);
	h = start(WORLD_PAYLOAD);
	second_says = TRAP_ADVANCE;
	take_trap(h, CAUSE_ECALL_S);
	assert_string_equal(calls, "Qq");
	assert_int_equal(h->pc, RAM_BASE + 0x44);
	assert_int_equal(h->world, WORLD_PAYLOAD);
	/* The firmware gets a trap that no policy takes. */
	h = start(WORLD_PAYLOAD);
	take_trap(h, CAUSE_ECALL_S);
	assert_string_equal(calls, "QqPf");
	assert_int_equal(h->pc, VECTOR);
	assert_int_equal(h->csr.mcause, CAUSE_ECALL_S);
	h = start(WORLD_PAYLOAD);
	second_says = TRAP_REFLECT;
	take_trap(h, CAUSE_ECALL_S);
	assert_string_equal(calls, "QqPf");
	assert_int_equal(h->csr.mcause, CAUSE_ECALL_S);
}

/* A hook that finds another fault instead leaves that in the trap. */
static void fault_is_reflected(void **state)
{
	static const enum world worlds[] = { WORLD_FIRMWARE, WORLD_PAYLOAD };

	(void)state;
	first_fault_says = TRAP_REFLECT;
	for (unsigned int i = 0; i < ARRAY_SIZE(worlds); i++) {
		struct hart *h = start(worlds[i]);

		second_says = TRAP_PASS;
		take_trap(h, CAUSE_BREAKPOINT);
		assert_int_equal(h->pc, VECTOR);
		assert_int_equal(h->csr.mcause, CAUSE_BREAKPOINT);
	}
	first_fault_says = TRAP_PASS;
}

static void make_call(struct hart *h, ulong eid, ulong fid, ulong a0)
{
	calls[0] = '\0';
	h->pc = RAM_BASE + 0x40;
	h->x[REG_A7] = eid;
	h->x[REG_A6] = fid;
	h->x[REG_A0] = a0;
	take_trap(h, CAUSE_ECALL_S);
}

/* Calls go to the rows that have them, each at its policy's turn. */
static void calls_by_table(void **state)
{
	struct hart *h = start(WORLD_PAYLOAD);

	(void)state;
	first_call_says = TRAP_PASS;
	second_call_says = TRAP_ADVANCE;
	make_call(h, 0x1234, 2, 0);
	assert_string_equal(calls, "CQc");
	assert_int_equal(h->x[REG_A0], -9);
	assert_int_equal(h->x[REG_A1], 7);
	assert_int_equal(h->pc, RAM_BASE + 0x44);
	make_call(h, 0x1234, 5, 0);
	assert_string_equal(calls, "Qc");
	make_call(h, 0x1234, 1, 0);
	assert_string_equal(calls, "Qc");
	first_call_says = TRAP_RESUME;
	make_call(h, 0x1234, 4, 0);
	assert_string_equal(calls, "C");
	/* The policy gets this function with all registers at once. */
	make_call(h, 0x4321, 7, 0);
	assert_string_equal(calls, "Tb");
	/* The firmware has no such extension: it is not asked. */
	make_call(h, 0x4321, 8, 0);
	assert_string_equal(calls, "Qq");
	assert_int_equal(h->x[REG_A0], SBI_ERR_NOT_SUPPORTED);
	make_call(h, SBI_EXT_BASE, SBI_BASE_probe_extension, 0x4321);
	assert_int_equal(h->x[REG_A0], SBI_SUCCESS);
	assert_int_equal(h->x[REG_A1], 1);
	assert_int_equal(h->world, WORLD_PAYLOAD);
	make_call(h, SBI_EXT_BASE, SBI_BASE_probe_extension, 0x4322);
	assert_int_equal(h->world, WORLD_FIRMWARE);
	h = start(WORLD_PAYLOAD);
	make_call(h, 0x1234 + (1ul << 32), 2, 0);
	assert_int_equal(h->world, WORLD_FIRMWARE);
}

/* The firmware's traps go only to policies with that hook. */
static void firmware_traps(void **state)
{
	struct hart *h = start(WORLD_FIRMWARE);

	(void)state;
	take_trap(h, CAUSE_ECALL_U);
	assert_string_equal(calls, "q");
	assert_int_equal(h->csr.mcause, CAUSE_ECALL_M);
	/* Including mret, which otherwise takes a short cut. */
	h = start(WORLD_FIRMWARE);
	h->csr.mstatus = MSTATUS_MPP;
	h->insn = 0x30200073;
	take_trap(h, CAUSE_ILLEGAL_INSN);
	assert_string_equal(calls, "q");
	assert_true(policy_watches(WORLD_FIRMWARE));
	assert_true(policy_watches(WORLD_PAYLOAD));
	assert_ptr_equal(policy_fast(machine_hart(), WORLD_FIRMWARE), trap_other);
}

/* The policies are called again if one asks for all registers ... */
static void full_starts_again(void **state)
{
	struct hart *h = start(WORLD_PAYLOAD);

	(void)state;
	first_says = TRAP_FULL;
	second_says = TRAP_RESUME;
	take_trap(h, CAUSE_ECALL_S);
	assert_string_equal(calls, "QTt");
	/* ... but not if the monitor does, after they have passed. */
	h = start(WORLD_FIRMWARE);
	machine_ram_write(h->pc, 4, 0x34001073);
	h->insn = 0;
	take_trap(h, CAUSE_ILLEGAL_INSN);
	assert_string_equal(calls, "q");
	assert_int_equal(h->pc, RAM_BASE + 0x44);
}

static void requests_and_deadlines(void **state)
{
	struct hart *h = start(WORLD_FIRMWARE);

	(void)state;
	ipi_send(h, IPI_POLICY);
	take_trap(h, CAUSE_INTERRUPT | IRQ_MSI);
	assert_string_equal(calls, "qr");
	/* Waiting for IPI_POLICY works without the services too. */
	ipi_call(h, IPI_POLICY);
	take_trap(h, CAUSE_INTERRUPT | IRQ_MSI);
	assert_string_equal(calls, "qrqr");
	assert_int_equal(h->ipi.done, 1);
	ipi_wait(h, h);
	calls[0] = '\0';
	timer_set_deadline(h, DEADLINE_first, 100);
	hw.mtime = 100;
	take_trap(h, CAUSE_INTERRUPT | IRQ_MTI);
	/* It has set the next one meanwhile. */
	assert_string_equal(calls, "qD");
	assert_int_equal(hw.mtimecmp[0], 500);
}

static void at(struct hart *h, u64 now, const char *expected)
{
	calls[0] = '\0';
	hw.mtime = now;
	timer_update(h);
	assert_string_equal(calls, expected);
}

/* Deadlines of policies are independent. */
static void deadlines_are_apart(void **state)
{
	struct hart *h = start(WORLD_FIRMWARE);

	(void)state;
	timer_set_deadline(h, DEADLINE_second, 200);
	timer_set_deadline(h, DEADLINE_first, 100);
	timer_set_deadline(h, DEADLINE_PAYLOAD, 150);
	assert_int_equal(hw.mtimecmp[0], 100);
	at(h, 100, "D");
	assert_int_equal(hw.mtimecmp[0], 150);
	timer_set_deadline(h, DEADLINE_PAYLOAD, NEVER);
	assert_int_equal(hw.mtimecmp[0], 200);
	at(h, 199, "");
	at(h, 200, "d");
	assert_int_equal(hw.mtimecmp[0], 500);
	timer_set_deadline(h, DEADLINE_second, 500);
	at(h, 500, "Dd");
	/* Without a hook it stays due until its policy moves it. */
	timer_set_deadline(h, DEADLINE_empty, 600);
	timer_set_deadline(h, DEADLINE_first, NEVER);
	at(h, 600, "");
	assert_int_equal(h->timer.deadline[DEADLINE_empty], 600);
	assert_int_equal(hw.mtimecmp[0], 600);
	timer_set_deadline(h, DEADLINE_empty, NEVER);
	assert_int_equal(hw.mtimecmp[0], NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_in_order),
		cmocka_unit_test(first_answer_counts),
		cmocka_unit_test(fault_is_reflected),
		cmocka_unit_test(calls_by_table),
		cmocka_unit_test(firmware_traps),
		cmocka_unit_test(full_starts_again),
		cmocka_unit_test(requests_and_deadlines),
		cmocka_unit_test(deadlines_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
