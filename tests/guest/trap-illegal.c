// SPDX-License-Identifier: BSD-2-Clause
/* Illegal instructions of all kinds reach the M-mode handler, all modes. */
/* GUEST: cpu=rv64;rv64,h=off;sifive-u54 compare */
#include "guest.h"

static const struct {
	const char *name;
	u32 word;
} words[] = {
	{ "c.unimp", 0x0000 },
	{ "unimp", 0xc0001073 },
	{ "all ones", 0xffffffff },
	{ "custom-0", 0x0000000b },
	{ "custom-1", 0x0000002b },
	{ "reserved opcode", 0x0000006b },
	{ "48-bit", 0x0000001f },
	{ "64-bit", 0x0000003f },
	{ "c.lwsp x0", 0x4002 },
	{ "c.addiw x0", 0x2001 },
	{ "c.jr x0", 0x8002 },
	{ "c.reserved", 0x8000 },
	{ "csrr unknown", 0x5c002573 },
	{ "csrw unknown", 0x5c051073 },
	{ "csrr mnscratch", 0x74002573 },
	{ "csrw vendor 0x7c0", 0x7c051073 },
	{ "csrw cycle", 0xc0051073 },
	{ "system funct3 4", 0x00004073 },
	{ "ecall rd", 0x000000f3 },
	{ "ebreak rd", 0x001000f3 },
	{ "mret rd", 0x302000f3 },
	{ "wfi rs1", 0x10508073 },
	{ "hlv.w", 0x680545f3 },
	{ "hsv.w", 0x6aa5c073 },
	{ "hfence.vvma", 0x22000073 },
	{ "hfence.gvma", 0x62000073 },
	{ "sinval.vma", 0x16000073 },
	{ "sfence.w.inval", 0x18000073 },
	{ "wrs.nto", 0x00d00073 },
	{ "wrs.sto", 0x01d00073 },
	{ "cbo.inval", 0x0005200f },
	{ "cbo.clean", 0x0015200f },
	{ "cbo.flush", 0x0025200f },
	{ "cbo.zero", 0x0045200f },
	{ "amo reserved", 0x60b5352f },
	{ "amo.b", 0x00b5052f },
	{ "load funct3 7", 0x00057503 },
	{ "store funct3 7", 0x00b57023 },
	{ "op-imm shift", 0x80051513 },
	{ "op reserved", 0x80b50533 },
	{ "fadd.q", 0x06b50553 },
	{ "flq", 0x00054507 },
	{ "fadd.h", 0x04b50553 },
	{ "vsetvli", 0x0c05f557 },
	{ "vadd.vv", 0x02220157 },
	{ "vle8.v", 0x02050107 },
	{ "vse64.v", 0x02057127 },
	{ "cease", 0x30500073 },
	{ "dret", 0x7b200073 },
};

/* Some of these exist on certain harts: the printed line is compared. */
static void one(enum mode mode, u32 word, const char *name)
{
	static u64 target[8] __attribute__((aligned(64)));
	struct trap t = run_word(mode, word, (u64)target, 0, 0);

	checks++;
	if (!t.taken) {
		print("= mode %d %s runs\n", mode, name);
		return;
	}
	if (t.cause == CAUSE_ILLEGAL) {
		EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, code_buffer());
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
		CHECK_EQ(t.a0, target);
		print("= mode %d %s illegal, tval %lx\n", mode, name, t.tval);
	} else {
		print("= mode %d %s cause %lx\n", mode, name, t.cause);
	}
}

TEST()
{
	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		one(MODE_M, words[i].word, words[i].name);
		one(MODE_S, words[i].word, words[i].name);
		one(MODE_U, words[i].word, words[i].name);
	}
	csr_set(mstatus, MSTATUS_FS | MSTATUS_VS);
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		one(MODE_M, words[i].word, words[i].name);
}
