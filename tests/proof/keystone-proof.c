// SPDX-License-Identifier: BSD-2-Clause
/* The states of enclaves: who may do what when, and whose the memory is. */
#include <lib/proof.h>

#include <cordon/pmp.h>

#include "policies/keystone/enclave.c"

static struct enclaves all;
static struct ownership memory_map;

/* The last request to the map, which answers anything. */
static struct {
	unsigned int taken, given;
	struct range to_payload[2];
} asked;

int ownership_move(struct ownership *o, struct range range, enum owner from, u32 from_id,
		   enum owner to, u32 to_id)
{
	static const int answers[] = { 0, -EBUSY, -ENOSPC, -EINVAL };
	int rc = answers[any_up_to(3)];

	(void)from_id;
	(void)to_id;
	PROVE(o == &memory_map);
	if (to == OWNER_PAYLOAD) {
		PROVE(from == OWNER_ENCLAVE || from == OWNER_SHARED);
		asked.to_payload[asked.given++ & 1] = range;
		return 0;
	}
	PROVE(from == OWNER_PAYLOAD);
	asked.taken += !rc;
	return rc;
}

static void any_enclaves(void)
{
	struct enclaves any;

	all = any;
	all.map = &memory_map;
	asked.taken = asked.given = 0;
	for (unsigned int i = 0; i < ENCLAVES_MAX; i++)
		ASSUME(all.slot[i].state <= ENCLAVE_DESTROYING);
}

PROOF(create_arguments_do_not_wrap, "words of the struct", "none", "unwind=1")
{
	struct keystone_create c;

	ASSUME(parameters_are_valid(&c) && pmp_can_express(&c));
	PROVE(c.epm_start + c.epm_size > c.epm_start && c.epm_start + c.epm_size <= PMP_SPACE_END);
	PROVE(c.utm_start + c.utm_size > c.utm_start && c.utm_start + c.utm_size <= PMP_SPACE_END);
	PROVE(c.epm_start <= c.runtime && c.runtime <= c.user && c.user <= c.free &&
	      c.free <= c.epm_start + c.epm_size);
	PROVE(!((c.epm_start | c.epm_size | c.runtime | c.user | c.free) & (SZ_4K - 1)));
	PROVE(c.utm_size >= SZ_4K);
}

PROOF(private_range_is_inside, "enclave, start, length, byte", "none", "unwind=1")
{
	struct enclave e;
	u64 start = any_u64(), len = any_u64(), byte = any_u64();

	ASSUME(e.epm.start < e.epm.end && is_private(&e, start, len));
	PROVE(start + len >= start);
	PROVE(byte < start || byte >= start + len || range_has(&e.epm, byte));
}

PROOF(create_takes_all_or_nothing, "arguments, states of 16 enclaves, answers of the map", "none",
      "long unwind=17")
{
	struct keystone_create c;
	unsigned int i = any_up_to(ENCLAVES_MAX - 1);
	struct enclave before;
	u32 eid = ENCLAVES_MAX;
	enum keystone_error rc;

	any_enclaves();
	before = all.slot[i];
	rc = enclave_create_begin(&all, &c, &eid);
	if (rc == KEYSTONE_OK) {
		PROVE(eid < ENCLAVES_MAX && asked.taken == 2 && !asked.given);
		PROVE(all.slot[eid].state == ENCLAVE_CREATING && all.slot[eid].busy);
		PROVE(i != eid || before.state == ENCLAVE_NONE);
	} else {
		PROVE(asked.taken == asked.given);
		PROVE(all.slot[i].state == before.state);
	}
	PROVE(i == eid || before.state == ENCLAVE_NONE || all.slot[i].state == before.state);
}

PROOF(only_fresh_and_stopped_run, "states, number, hart", "none", "long unwind=17")
{
	ulong eid = any_u64();
	u32 hart = any_u32();
	bool resumes = any_bool(), set_a0;
	u32 before;
	enum keystone_error rc;

	any_enclaves();
	before = eid < ENCLAVES_MAX ? all.slot[eid].state : ENCLAVE_NONE;
	rc = resumes ? enclave_resume(&all, eid, hart, &set_a0) : enclave_run(&all, eid, hart);
	PROVE((rc == KEYSTONE_OK) ==
	      (before == (resumes ? ENCLAVE_STOPPED : ENCLAVE_FRESH)));
	PROVE(rc != KEYSTONE_OK || (all.slot[eid].state == ENCLAVE_RUNNING &&
				    all.slot[eid].hart == hart));
}

/* The states that one of the calls below may lead to from @from. */
static bool may_become(u32 from, u32 to)
{
	if (from == to)
		return true;
	switch (from) {
	case ENCLAVE_FRESH:
	case ENCLAVE_STOPPED:
		return to == ENCLAVE_RUNNING || to == ENCLAVE_DESTROYING;
	case ENCLAVE_RUNNING:
		return to == ENCLAVE_STOPPED || to == ENCLAVE_EXITED;
	case ENCLAVE_EXITED:
	case ENCLAVE_CREATING:
		return to == ENCLAVE_DESTROYING;
	}
	return false;
}

/* One call of a host's or an enclave's, any. */
static void any_call(ulong eid, u32 hart)
{
	bool out;

	switch (any_up_to(5)) {
	case 0:
		enclave_run(&all, eid, hart);
		break;
	case 1:
		enclave_resume(&all, eid, hart, &out);
		break;
	case 2:
		enclave_interrupt(&all, eid, hart);
		break;
	case 3:
		enclave_stop(&all, eid, hart, any_u64());
		break;
	case 4:
		enclave_exit(&all, eid, hart);
		break;
	case 5:
		enclave_destroy_begin(&all, eid, &out);
		break;
	}
}

PROOF(enclave_states_are_the_tables, "states of 16 enclaves, call, number, hart", "none",
      "long unwind=17")
{
	unsigned int i = any_up_to(ENCLAVES_MAX - 1);
	ulong eid = any_u64();
	struct enclave before;

	any_enclaves();
	before = all.slot[i];
	any_call(eid, any_u32());
	PROVE(may_become(before.state, all.slot[i].state));
	PROVE(i == eid || all.slot[i].state == before.state);
	PROVE(all.slot[i].epm.start == before.epm.start && all.slot[i].epm.end == before.epm.end);
	/* No call gives memory away: only the end of a wipe does. */
	PROVE(!asked.given && !asked.taken);
}

PROOF(running_enclave_is_its_harts, "states, call, number, hart", "none", "long unwind=17")
{
	unsigned int i = any_up_to(ENCLAVES_MAX - 1);
	u32 hart = any_u32();
	struct enclave before;

	any_enclaves();
	before = all.slot[i];
	ASSUME(before.state == ENCLAVE_RUNNING && before.hart != hart);
	any_call(any_u64(), hart);
	PROVE(all.slot[i].state == ENCLAVE_RUNNING && all.slot[i].hart == before.hart);
}

PROOF(destroy_is_one_harts_at_a_time, "states, number", "none", "long unwind=17")
{
	ulong eid = any_u64();
	bool begins;

	any_enclaves();
	ASSUME(eid < ENCLAVES_MAX && all.slot[eid].busy);
	PROVE(enclave_destroy_begin(&all, eid, &begins) == KEYSTONE_NOT_DESTROYABLE);
}

PROOF(destroyed_memory_is_its_own, "states, number", "none", "long unwind=17")
{
	u32 eid = any_up_to(ENCLAVES_MAX - 1);
	struct enclave before;

	any_enclaves();
	before = all.slot[eid];
	enclave_destroy_end(&all, eid);
	PROVE(asked.given == 2 && all.slot[eid].state == ENCLAVE_NONE);
	PROVE(asked.to_payload[0].start == before.utm.start &&
	      asked.to_payload[0].end == before.utm.end);
	PROVE(asked.to_payload[1].start == before.epm.start &&
	      asked.to_payload[1].end == before.epm.end);
}

PROOF(calls_are_for_one_side, "function number", "none", "unwind=1")
{
	ulong fid = any_u64();

	PROVE(enclave_call_allowed(fid, true) != KEYSTONE_OK ||
	      enclave_call_allowed(fid, false) != KEYSTONE_OK);
	PROVE(enclave_call_allowed(fid, false) != KEYSTONE_OK || (fid >= 2000 && fid < 3000));
	PROVE(enclave_call_allowed(fid, true) != KEYSTONE_OK || (fid >= 3000 && fid < 4000));
}
