// SPDX-License-Identifier: BSD-2-Clause
/*
 * Control transfer records (Ssctr): what the host has recorded are none of an
 * enclave's branches, and an enclave reads or has recorded none of the host's.
 */
/*
 * GUEST: world=keystone
 *	cpu=rv64,smctr=on,ssctr=on,smcsrind=on,sscsrind=on,smstateen=on;max,smctr=on,ssctr=on
 */
#include "enclave.h"

#define SCTRCTL		0x14e
#define SCTRSTATUS	0x14f
#define SISELECT	0x150
#define RECORDS		0x200	/* the first of the records' indirect registers */
#define CTR_US		3ul

#define W(n, v) __asm__ volatile("csrw " STR(n) ", %0" :: "r"((u64)(v)) : "memory")
#define R(n) ({ u64 v_; __asm__ volatile("csrr %0, " STR(n) : "=r"(v_)); v_; })

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };

/* RESUME with records on from before the call until after it. */
static u64 recorded_turn(void)
{
	register u64 a0 __asm__("a0") = e.eid;
	register u64 a1 __asm__("a1");
	register u64 a6 __asm__("a6") = KS_RESUME;
	register u64 a7 __asm__("a7") = KEYSTONE;

	__asm__ volatile("csrw " STR(SCTRSTATUS) ", zero\n"
			 "csrw " STR(SCTRCTL) ", %[on]\n"
			 "j 1f\n"
			 "1: ecall\n"
			 "csrw " STR(SCTRCTL) ", zero\n"
			 : "+r"(a0), "=r"(a1)
			 : [on] "r"(CTR_US), "r"(a6), "r"(a7)
			 : "memory");
	return a0;
}

/* Counts the records, and those with an end in [start, end). */
static unsigned int records(u64 start, u64 end, unsigned int *all)
{
	unsigned int hit = 0;

	for (*all = 0; *all < 256; ++*all) {
		u64 from, to;

		W(SISELECT, RECORDS + *all);
		from = R(0x151);
		to = R(0x152);
		if (!(from & 1))
			break;
		hit += (from >= start && from < end) || (to >= start && to < end);
	}
	return hit;
}

static void host_reads_enclave(void)
{
	unsigned int all, hit;
	u64 error;

	for (u64 taken = 0; taken < 2; taken++) {
		e.utm->nr_words = 3;
		e.utm->words[0] = 0x00058463;	/* beqz a1, .+8 */
		e.utm->words[1] = 0x00000013;
		e.utm->words[2] = 0x00000013;
		e.utm->arg[1] = !taken;
		e.utm->op = OP_RUN;
		do {
			error = recorded_turn();
			hit = records(e.epm, e.epm + e.size, &all);
			CHECKF(!hit, "%u of %u records are the enclave's", hit, all);
			CHECK(all);
		} while (error == KS_INTERRUPTED);
		CHECK_EQ(error, KS_EDGE_CALL);
	}
}

/* It tries to leave records on; sctrctl is its own at the most. */
static void enclave_records_host(void)
{
	unsigned int all;

	W(SCTRCTL, 0);
	W(SCTRSTATUS, 0);
	ask_word(&e, CSRW_A0(SCTRCTL), CTR_US, 0);
	CHECK_EQ(R(SCTRCTL), 0);
	ask_word(&e, CSRW_A0(0x24e), CTR_US, 0);
	CHECK_EQ(records(0, ~0ul, &all), 0);
	CHECK_EQ(all, 0);
	W(SCTRCTL, CTR_US);
	CHECK(ask_word(&e, CSRR_A0(0x151), 0, 0) != NO_TRAP);
	CHECK_EQ(R(SCTRCTL), CTR_US);
	W(SCTRCTL, 0);
}

static void host(void)
{
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	host_reads_enclave();
	enclave_records_host();
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

TEST()
{
	firmware_init();
	/* S-mode may use all that the hart has. */
	csr_w(0x30a, ~0ul);
	for (u32 n = 0x30c; n < 0x310; n++)
		if (csr_exists(n))
			csr_w(n, ~0ul);
	if (run_word(MODE_S, CSRR_A0(SCTRCTL), 0, 0, 0).taken)
		skip("no records for S-mode");
	in_s_mode(host);
}
