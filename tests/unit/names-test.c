// SPDX-License-Identifier: BSD-2-Clause
/* Names of instructions, registers and SBI calls in messages of levels 4 and 5. */
#include <unit.h>

#define snprintf mon_snprintf
#define vsnprintf mon_vsnprintf
#include <core/lib/printf.c>
#include <core/lib/names.c>
#undef snprintf

#define CSR_INSN(number, rs1, funct3)	\
	((number) << 20 | (rs1) << 15 | (funct3) << 12 | 0x73)

static struct name n;

static void registers_of_each_access(void **state)
{
	static const struct {
		u32 raw;
		const char *text;
	} rows[] = {
		{ CSR_INSN(0x305u, 5u, 1u), "csrrw mtvec" },
		{ CSR_INSN(0x300u, 0u, 2u), "csrrs mstatus" },
		{ CSR_INSN(0x304u, 5u, 3u), "csrrc mie" },
		{ CSR_INSN(0x340u, 1u, 5u), "csrrwi mscratch" },
		{ CSR_INSN(0x344u, 1u, 6u), "csrrsi mip" },
		{ CSR_INSN(0x100u, 1u, 7u), "csrrci sstatus" },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(name_insn(&n, rows[i].raw), rows[i].text);
}

/* Rows of several registers: the first, the last, and what comes after it. */
static void registers_of_rows(void **state)
{
	(void)state;
	assert_string_equal(name_insn(&n, CSR_INSN(0x3b0u, 0u, 2u)), "csrrs pmpaddr0");
	assert_string_equal(name_insn(&n, CSR_INSN(0x3efu, 0u, 2u)), "csrrs pmpaddr63");
	assert_string_equal(name_insn(&n, CSR_INSN(0xb03u, 0u, 2u)), "csrrs mhpmcounter3");
	assert_string_equal(name_insn(&n, CSR_INSN(0xb1fu, 0u, 2u)), "csrrs mhpmcounter31");
	assert_string_equal(name_insn(&n, CSR_INSN(0x323u, 0u, 2u)), "csrrs mhpmevent3");
	assert_string_equal(name_insn(&n, CSR_INSN(0x8ffu, 0u, 2u)), "csrrs 8ff");
}

static void other_instructions(void **state)
{
	(void)state;
	assert_string_equal(name_insn(&n, 0x30200073), "mret");
	assert_string_equal(name_insn(&n, 0x10500073), "wfi");
	assert_string_equal(name_insn(&n, 0x12000073), "sfence_vma");
	assert_string_equal(name_insn(&n, 0), "instruction 0");
	assert_string_equal(name_insn(&n, 0xffffffff), "instruction ffffffff");
}

static void calls_by_name(void **state)
{
	(void)state;
	assert_string_equal(name_call(&n, SBI_EXT_TIME, 0), "TIME.set_timer");
	assert_string_equal(name_call(&n, SBI_EXT_BASE, 3), "BASE.probe_extension");
	assert_string_equal(name_call(&n, SBI_EXT_TIME, 77), "TIME.4d");
	assert_string_equal(name_call(&n, 0x12345, 6), "12345.6");
	/* A legacy call has no FID: a6 is anything. */
	assert_string_equal(name_call(&n, SBI_EXT_LEGACY_SET_TIMER, 9),
			    name_call(&(struct name){ "" }, SBI_EXT_LEGACY_SET_TIMER, 0));
	assert_non_null(strchr(n.text, '.'));
	/* The high half of a number counts: this is not the TIME extension. */
	assert_string_equal(name_call(&n, SBI_EXT_TIME | 1ul << 32, 0), "154494d45.0");
}

/* The longest names fit, and no number of a guest's writes beyond the text. */
static void all_fit(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		size_t len = strlen(name_call(&n, calls[i].eid, calls[i].fid));

		assert_true(len && len < sizeof(n.text) - 1);
	}
	for (u32 number = 0; number < 4096; number++) {
		size_t len = strlen(name_insn(&n, CSR_INSN(number, 1u, 7u)));

		assert_true(len && len < sizeof(n.text) - 1);
	}
	name_call(&n, ~0ul, ~0ul);
	assert_string_equal(n.text, "ffffffffffffffff.ffffffffffffffff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_of_each_access),
		cmocka_unit_test(registers_of_rows),
		cmocka_unit_test(other_instructions),
		cmocka_unit_test(calls_by_name),
		cmocka_unit_test(all_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
