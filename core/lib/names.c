// SPDX-License-Identifier: BSD-2-Clause
// Names from the tables csr.def, insn.def and sbi.def.

#include <arch/csr_bits.h>
#include <arch/insn.h>
#include <cordon/compiler.h>
#include <cordon/names.h>
#include <cordon/printf.h>
#include <cordon/sbi.h>

#define HPM_FIRST	3	/* number of the first of 29 counters and events */
#define HPM_COUNT	29

static const struct {
	u16 number, count;
	char name[16];
} registers[] = {
#define CSR_VIRT(name, number, needs, wmask)		{ number, 1, #name },
#define CSR_FUNC(name, number, needs)			{ number, 1, #name },
#define CSR_ALIAS(name, number, count, needs, exist)	{ number, count, #name },
#define CSR_READONLY(name, number)			{ number, 1, #name },
#define CSR_RMW(name, number, needs)			{ number, 1, #name },
#define CSR_HW(name, number, count, access)		{ number, count, #name },
#define CSR_PART(name, number, needs, wmask)		{ number, 1, #name },
#include <arch/csr.def>
};

static const struct {
	u32 mask, match;
	char name[16];
} insns[] = {
#define INSN(name, mask, match, ...)	{ mask, match, #name },
#include <arch/insn.def>
#undef INSN
};

static const struct {
	u32 eid;
	char name[20];
} extensions[] = {
#define SBI_EXT(name, eid)	{ eid, #name },
#include <cordon/sbi.def>
};

static const struct {
	u32 eid;
	u16 fid, flags;
	char name[28];
} calls[] = {
#define SBI_CALL(ext, fid, name, nargs, flags)	{ SBI_EXT_##ext, fid, flags, #name },
#include <cordon/sbi.def>
};

static void name_register(struct name *n, const char *what, unsigned int number)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(registers); i++) {
		unsigned int index = number - registers[i].number;

		if (index >= registers[i].count)
			continue;
		if (registers[i].count == 1)
			snprintf(n->text, sizeof(n->text), "%s %s", what, registers[i].name);
		else
			snprintf(n->text, sizeof(n->text), "%s %s%u", what,
				 registers[i].name, registers[i].count == HPM_COUNT ?
				 index + HPM_FIRST : index);
		return;
	}
	snprintf(n->text, sizeof(n->text), "%s %x", what, number);
}

const char *name_insn(struct name *n, u32 raw)
{
	static const char access[8][8] = {
		"?", "csrrw", "csrrs", "csrrc", "?", "csrrwi", "csrrsi", "csrrci",
	};

	if (insn_is_csr(raw)) {
		name_register(n, access[INSN_FUNCT3(raw)], INSN_CSR_NUM(raw));
		return n->text;
	}
	snprintf(n->text, sizeof(n->text), "instruction %x", raw);
	for (unsigned int i = 0; i < ARRAY_SIZE(insns); i++)
		if ((raw & insns[i].mask) == insns[i].match) {
			snprintf(n->text, sizeof(n->text), "%s", insns[i].name);
			break;
		}
	return n->text;
}

const char *name_call(struct name *n, ulong eid, ulong fid)
{
	const char *extension = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(extensions); i++)
		if (extensions[i].eid == eid)
			extension = extensions[i].name;
	if (extension)
		snprintf(n->text, sizeof(n->text), "%s.%lx", extension, fid);
	else
		snprintf(n->text, sizeof(n->text), "%lx.%lx", eid, fid);
	for (unsigned int i = 0; extension && i < ARRAY_SIZE(calls); i++)
		if (calls[i].eid == eid &&
		    (calls[i].fid == fid || (calls[i].flags & SBI_F_LEGACY)))
			snprintf(n->text, sizeof(n->text), "%s.%s", extension,
				 calls[i].name);
	return n->text;
}
