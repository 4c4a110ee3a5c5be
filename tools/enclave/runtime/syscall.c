// SPDX-License-Identifier: BSD-2-Clause
// Application calls: host calls, monitor calls, exit.

#include <cordon/string.h>

#include "../include/enclave-abi.h"
#include "../../../policies/keystone/keystone.h"
#include "paging.h"
#include "runtime.h"

#define FAILED		1
#define EAGAIN		11
#define EFAULT		14
#define ENOSYS		38

/* Cordon's own extension: Documentation/policies/keystone-attestation.md. */
#define CORDON_EID		0x08434f52
#define CORDON_ATTEST_ENCLAVE	17
#define CORDON_MAKER_KEY	18
#define CORDON_NONCE		64
#define CORDON_ID		256
#define SBI_INVALID_PARAM	(-(u64)3)
#define SBI_INVALID_ADDRESS	(-(u64)5)

#define UTM		((volatile u8 *)UTM_VIRT)

/* Buffer for the monitor: within one page of the EPM. */
static u8 in_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u8 out_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/*
 * * Copy between the application's @user and @mine. The page tables decide
 * whether the application itself may access it, and where the memory is: its
 * pointers are never dereferenced.
 * Return: true if everything was copied
 */
static bool copy(u64 user, volatile u8 *mine, u64 size, bool to_user)
{
	u64 rights = PTE_U | (to_user ? PTE_W : PTE_R);

	while (size) {
		u64 left = PAGE_SIZE - user % PAGE_SIZE;
		u64 pa = translate(user, rights);
		u8 *there = at_physical(pa);

		if (!pa)
			return false;
		if (left > size)
			left = size;
		for (u64 i = 0; i < left; i++) {
			if (to_user)
				there[i] = mine[i];
			else
				mine[i] = there[i];
		}
		user += left;
		mine += left;
		size -= left;
	}
	return true;
}

static bool in_utm(u64 offset, u64 size, u64 utm_size)
{
	return offset <= utm_size && size <= utm_size - offset;
}

/*
 * * Leave the enclave so that the host serves a call; then copy its reply. The
 * host may write anything at any time, so read each word once and check that
 * copy.
 */
static u64 ocall(const struct frame *f, u64 utm_size)
{
	volatile struct edge_call *call = (volatile struct edge_call *)UTM_VIRT;
	u64 data = f->x[11], data_size = f->x[12];
	u64 reply = f->x[13], reply_size = f->x[14];
	u64 offset, size;

	if (!in_utm(sizeof(*call), data_size, utm_size) ||
	    !copy(data, UTM + sizeof(*call), data_size, false))
		return FAILED;
	call->id = f->x[10];
	call->data_offset = sizeof(*call);
	call->data_size = data_size;
	call->status = EDGE_BAD_CALL;
	call->reply_offset = 0;
	call->reply_size = 0;
	if (monitor(KEYSTONE_STOP, KEYSTONE_STOP_EDGE_CALL, 0, 0).error ||
	    call->status != EDGE_OK)
		return FAILED;
	offset = call->reply_offset;
	size = call->reply_size;
	if (!in_utm(offset, size, utm_size))
		return FAILED;
	if (size > reply_size)
		size = reply_size;
	return copy(reply, UTM + offset, size, true) ? 0 : FAILED;
}

static u64 shared_copy(const struct frame *f, u64 utm_size)
{
	if (!in_utm(f->x[11], f->x[12], utm_size) ||
	    !copy(f->x[10], UTM + f->x[11], f->x[12], true))
		return FAILED;
	return 0;
}

/* The monitor takes virtual addresses for this call ... */
static u64 attest(const struct frame *f)
{
	u64 size = f->x[12], error;

	if (size > KEYSTONE_DATA_MAX || !copy(f->x[11], in_page, size, false))
		return KEYSTONE_ILLEGAL_ARGUMENT;
	error = monitor(KEYSTONE_ATTEST, (u64)out_page, (u64)in_page, size).error;
	if (!error && !copy(f->x[10], out_page, KEYSTONE_REPORT_SIZE, true))
		error = KEYSTONE_NOT_ACCESSIBLE;
	return error;
}

/* Likewise. */
static u64 attest_all(const struct frame *f)
{
	struct answer a;

	if (!copy(f->x[11], in_page, CORDON_NONCE, false))
		return SBI_INVALID_ADDRESS;
	a = sbi(CORDON_EID, CORDON_ATTEST_ENCLAVE, (u64)in_page, (u64)out_page, PAGE_SIZE,
		0, 0);
	if (!a.error && !copy(f->x[10], out_page, a.value, true))
		a.error = SBI_INVALID_ADDRESS;
	return a.error;
}

/*
 * Nothing reads the page before it is written again; keep the compiler from dropping
 * the zeroing.
 */
static void clear_out_page(void)
{
	memset(out_page, 0, sizeof(out_page));
	__asm__ volatile("" :: "r"(out_page) : "memory");
}

/* ... and physical ones for this. */
static u64 sealing_key(const struct frame *f)
{
	u64 size = f->x[11], id_size = f->x[13], error;

	if (size > KEYSTONE_SEALING_SIZE || id_size > sizeof(in_page) ||
	    !copy(f->x[12], in_page, id_size, false))
		return KEYSTONE_ILLEGAL_ARGUMENT;
	error = monitor(KEYSTONE_SEALING_KEY, translate((u64)out_page, PTE_W),
			translate((u64)in_page, PTE_R), id_size).error;
	if (!error && !copy(f->x[10], out_page, size, true))
		error = KEYSTONE_NOT_ACCESSIBLE;
	clear_out_page();
	return error;
}

/* Virtual addresses, too. The certificate and the identifier share a page. */
static u64 maker_key(const struct frame *f)
{
	u64 id_size = f->x[14];
	u8 *id = in_page + CERTIFICATE_BYTES;
	struct answer a;

	if (id_size > CORDON_ID)
		return SBI_INVALID_PARAM;
	if (!copy(f->x[11], in_page, CERTIFICATE_BYTES, false) ||
	    !copy(f->x[13], id, id_size, false))
		return SBI_INVALID_ADDRESS;
	a = sbi(CORDON_EID, CORDON_MAKER_KEY, (u64)in_page, f->x[12], (u64)id, id_size,
		(u64)out_page);
	if (!a.error && !copy(f->x[10], out_page, SEALING_KEY_BYTES, true))
		a.error = SBI_INVALID_ADDRESS;
	clear_out_page();
	return a.error;
}

static u64 getrandom(const struct frame *f)
{
	u64 to = f->x[10], size = f->x[11], done = 0;

	while (done < size) {
		struct answer random = monitor(KEYSTONE_RANDOM, 0, 0, 0);
		u64 n = size - done < sizeof(random.value) ? size - done : sizeof(random.value);

		if (random.error)
			return -(u64)EAGAIN;
		if (!copy(to + done, (u8 *)&random.value, n, true))
			return -(u64)EFAULT;
		done += n;
	}
	return done;
}

/* Free memory of the enclave, page by page. */
static u64 brk(u64 want)
{
	static u64 end = RUNTIME_HEAP;

	while (end < want) {
		u64 page = page_alloc();

		if (!page || map_pages(end, page, PAGE_SIZE, PTE_R | PTE_W | PTE_U))
			break;
		end += PAGE_SIZE;
	}
	__asm__ volatile("sfence.vma" ::: "memory");
	return end;
}

void syscall(struct frame *f, u64 utm_size)
{
	u64 *a0 = &f->x[10];

	switch (f->x[17]) {
	case RUNTIME_OCALL:
		*a0 = ocall(f, utm_size);
		break;
	case RUNTIME_SHARED_COPY:
		*a0 = shared_copy(f, utm_size);
		break;
	case RUNTIME_ATTEST:
		*a0 = attest(f);
		break;
	case RUNTIME_ATTEST_ALL:
		*a0 = attest_all(f);
		break;
	case RUNTIME_SEALING_KEY:
		*a0 = sealing_key(f);
		break;
	case RUNTIME_MAKER_KEY:
		*a0 = maker_key(f);
		break;
	case RUNTIME_GETRANDOM:
		*a0 = getrandom(f);
		break;
	case RUNTIME_BRK:
		*a0 = brk(*a0);
		break;
	case RUNTIME_EXIT:
		exit_with(0, *a0 & 0xffffffff);
	default:
		*a0 = -(u64)ENOSYS;
		break;
	}
}
