// SPDX-License-Identifier: BSD-2-Clause
/*
 * Traps of enclaves. Each is served here, redirected to the enclave's S-mode,
 * or kills the enclave; none reaches the firmware or the payload.
 */
#include <arch/csr.h>
#include <arch/insn.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/service.h>
#include <cordon/string.h>
#include <cordon/trap.h>
#include <cordon/vmem.h>
#include <drivers/clint.h>

#include "attest.h"
#include "build.h"
#include "maker.h"
#include "platform.h"
#include "run.h"
#include "serve.h"

#define SBI_VERSION	(2ul << 24)	/* 2.0 */
#define SBI_IMPL	0x08434f52ul	/* our extension's number, because none
					 * is assigned */

static ulong probe_extension(ulong eid)
{
	switch (eid) {
	case SBI_EXT_LEGACY_SET_TIMER:
	case SBI_EXT_BASE:
	case SBI_EXT_TIME:
	case SBI_EXT_CORDON:
	case KEYSTONE_EID:
		return 1;
	case SBI_EXT_LEGACY_PUTCHAR:
	case SBI_EXT_DBCN:
		return IS_ENABLED(CONFIG_KEYSTONE_CONSOLE);
	default:
		return 0;
	}
}

static enum trap_result base_call(struct hart *h, ulong fid)
{
	switch (fid) {
	case SBI_BASE_get_spec_version:
		return keystone_answer(h, SBI_SUCCESS, SBI_VERSION);
	case SBI_BASE_get_impl_id:
		return keystone_answer(h, SBI_SUCCESS, SBI_IMPL);
	case SBI_BASE_probe_extension:
		return keystone_answer(h, SBI_SUCCESS, probe_extension(h->x[REG_A0]));
	case SBI_BASE_get_impl_version:
	case SBI_BASE_get_mvendorid:
	case SBI_BASE_get_marchid:
	case SBI_BASE_get_mimpid:
		return keystone_answer(h, SBI_SUCCESS, 0);
	}
	return keystone_answer(h, (ulong)SBI_ERR_NOT_SUPPORTED, 0);
}

/* Write one byte to the monitor's console, shared by everyone. */
static void put_char(ulong c)
{
	log_raw("%c", (int)(c & 0xff));
}

static enum trap_result legacy_call(struct hart *h, ulong eid)
{
	ulong a0 = h->x[REG_A0], error = 0;

	if (eid == SBI_EXT_LEGACY_SET_TIMER)
		keystone_set_timer(h, a0);
	else if (eid == SBI_EXT_LEGACY_PUTCHAR &&
		 IS_ENABLED(CONFIG_KEYSTONE_CONSOLE))
		put_char(a0);
	else
		error = (ulong)SBI_ERR_NOT_SUPPORTED;
	/* Legacy calls return only a0. */
	h->x[REG_A0] = error;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

static enum trap_result cordon_call(struct hart *h, ulong fid)
{
	u32 eid = keystone_running(h);
	const ulong *a = &h->x[REG_A0];
	struct sbi_ret r;

	switch (fid) {
	case SBI_CORDON_interruptions:
		return keystone_answer(h, SBI_SUCCESS, enclaves.slot[eid].interrupts);
	case SBI_CORDON_attest_enclave:
		r = platform_call_enclave(h, &enclaves.slot[eid], runs[eid].hash,
					  a[0], a[1], a[2]);
		return keystone_answer(h, (ulong)r.error, r.value);
	case SBI_CORDON_maker_key:
		if (!IS_ENABLED(CONFIG_KEYSTONE_MAKERS))
			break;
		r = maker_call(h, runs[eid].hash, a);
		return keystone_answer(h, (ulong)r.error, r.value);
	}
	return keystone_answer(h, (ulong)SBI_ERR_NOT_SUPPORTED, 0);
}

static enum trap_result sbi_call(struct hart *h, ulong eid, ulong fid)
{
	switch (eid) {
	case 0 ... SBI_EXT_LEGACY_SHUTDOWN:
		return legacy_call(h, eid);
	case SBI_EXT_BASE:
		return base_call(h, fid);
	case SBI_EXT_TIME:
		if (fid != SBI_TIME_set_timer)
			break;
		keystone_set_timer(h, h->x[REG_A0]);
		return keystone_answer(h, SBI_SUCCESS, 0);
	case SBI_EXT_DBCN:
		if (!IS_ENABLED(CONFIG_KEYSTONE_CONSOLE) ||
		    fid != SBI_DBCN_console_write_byte)
			break;
		put_char(h->x[REG_A0]);
		return keystone_answer(h, SBI_SUCCESS, 0);
	case SBI_EXT_CORDON:
		return cordon_call(h, fid);
	default:
		break;
	}
	return keystone_answer(h, (ulong)SBI_ERR_NOT_SUPPORTED, 0);
}

/* @report, @data: virtual addresses. */
static __noinline enum keystone_error serve_attest(struct hart *h, ulong report,
						   ulong data, ulong size)
{
	const u8 *hash = runs[keystone_running(h)].hash;
	u8 r[KEYSTONE_REPORT_SIZE] __aligned(8);
	u8 d[KEYSTONE_DATA_MAX] __aligned(8);
	enum keystone_error err = enclave_check_attest(size);

	if (err)
		return err;
	if (vmem_copy_in(h, d, data, size)) {
		err = KEYSTONE_NOT_ACCESSIBLE;
	} else {
		attest_report(r, hash, d, size);
		if (vmem_copy_out(h, report, r, sizeof(r)))
			err = KEYSTONE_ILLEGAL_ARGUMENT;
	}
	/* The data is the enclave's secret until reported. */
	crypto_wipe(d, sizeof(d));
	crypto_wipe(r, sizeof(r));
	return err;
}

/* @out, @id: physical addresses, which must be in the enclave's own memory. */
static enum keystone_error serve_sealing_key(struct hart *h, ulong out, ulong id,
					     ulong len)
{
	u32 eid = keystone_running(h);
	u8 key[KEYSTONE_SEALING_SIZE], name[ENCLAVE_ID_MAX];
	enum keystone_error err =
		enclave_check_sealing(&enclaves.slot[eid], out, id, len);

	if (err)
		return err;
	if (!keystone_memory_exists(out, sizeof(key)) ||
	    (len && !keystone_memory_exists(id, len)))
		return KEYSTONE_NOT_ACCESSIBLE;
	memcpy(name, (const void *)id, len);
	attest_sealing_key(key, runs[eid].hash, name, len);
	memcpy((void *)out, key, sizeof(key));
	crypto_wipe(key, sizeof(key));
	crypto_wipe(name, sizeof(name));
	return KEYSTONE_OK;
}

/* Fail rather than return a predictable number. */
static enum trap_result serve_random_number(struct hart *h)
{
	u64 value;
	int rc = random_u64(&value);

	return keystone_answer(h, rc ? KEYSTONE_NO_FREE_RESOURCE : KEYSTONE_OK,
			       rc ? 0 : value);
}

static enum trap_result keystone_call(struct hart *h, ulong fid)
{
	const ulong *a = &h->x[REG_A0];
	enum keystone_error err = enclave_call_allowed(fid, true);

	if (err)
		return keystone_answer(h, err, 0);
	switch (fid) {
	case KEYSTONE_RANDOM:
		return serve_random_number(h);
	case KEYSTONE_ATTEST:
		return keystone_answer(h, serve_attest(h, a[0], a[1], a[2]), 0);
	case KEYSTONE_SEALING_KEY:
		return keystone_answer(h, serve_sealing_key(h, a[0], a[1], a[2]), 0);
	case KEYSTONE_STOP:
		return keystone_stop(h, a[0]);
	case KEYSTONE_EXIT:
		return keystone_exit(h, a[0]);
	default:
		return keystone_answer(h, KEYSTONE_NO_SUCH_CALL, 0);
	}
}

static enum trap_result resume_or_kill(struct hart *h, enum trap_result r)
{
	return r == TRAP_ADVANCE || r == TRAP_RESUME ? r : keystone_kill(h);
}

/* Deliver what the monitor does not serve to the enclave's own handler. */
static enum trap_result redirect_or_kill(struct hart *h, enum trap_result r)
{
	if (r == TRAP_PASS)
		r = service_redirect(h, h->trap.cause, h->trap.tval, false);
	return resume_or_kill(h, r);
}

static enum trap_result illegal_insn(struct hart *h)
{
	int rc = vmem_fetch_payload(h, &h->insn);

	/* The instruction was there a moment ago. Resume, so that the hart faults. */
	if (rc == -EFAULT)
		return TRAP_RESUME;
	return redirect_or_kill(h, rc ? TRAP_PASS : service_time_read(h));
}

enum trap_result keystone_enclave_trap(struct hart *h)
{
	ulong cause = h->trap.cause;

	if (cause & CAUSE_INTERRUPT)
		return keystone_interrupt(h, cause & ~CAUSE_INTERRUPT);
	switch (cause) {
	case CAUSE_ECALL_S:
		if (h->x[REG_A7] == KEYSTONE_EID)
			return keystone_call(h, h->x[REG_A6]);
		return sbi_call(h, h->x[REG_A7], h->x[REG_A6]);
	case CAUSE_ILLEGAL_INSN:
		return illegal_insn(h);
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_STORE_MISALIGNED:
		return redirect_or_kill(h, service_misaligned(h));
	default:
		return keystone_kill(h);
	}
}
