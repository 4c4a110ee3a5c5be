// SPDX-License-Identifier: BSD-2-Clause
// The runtime: start the application and handle its traps.

#include <cordon/string.h>

#include "../include/enclave-abi.h"
#include "../../../policies/keystone/keystone.h"
#include "elf.h"
#include "paging.h"
#include "runtime.h"

#define CAUSE_ECALL_U	8
#define SSTATUS_FS_INITIAL (1ul << 13)

#define csr_write(name, value) __asm__ volatile("csrw " #name ", %0" :: "r"(value) : "memory")
#define csr_read(name) ({					\
	u64 csr_value;						\
	__asm__ volatile("csrr %0, " #name : "=r"(csr_value));	\
	csr_value; })

/* From entry.S. Initially zero, because it is in .bss. */
extern struct frame app_frame;

void runtime_main(u64 user_end, u64 epm, u64 epm_size, u64 runtime, u64 user, u64 free,
		  u64 utm, u64 utm_bytes);
void trap(struct frame *f, u64 cause, u64 value);
void __attribute__((noreturn)) runtime_trapped(u64 cause, u64 pc);

static u64 utm_size;

struct answer monitor(u64 fid, u64 arg0, u64 arg1, u64 arg2)
{
	return sbi(KEYSTONE_EID, fid, arg0, arg1, arg2, 0, 0);
}

struct answer sbi(u64 eid, u64 fid, u64 arg0, u64 arg1, u64 arg2, u64 arg3, u64 arg4)
{
	register u64 a0 __asm__("a0") = arg0;
	register u64 a1 __asm__("a1") = arg1;
	register u64 a2 __asm__("a2") = arg2;
	register u64 a3 __asm__("a3") = arg3;
	register u64 a4 __asm__("a4") = arg4;
	register u64 a6 __asm__("a6") = fid;
	register u64 a7 __asm__("a7") = eid;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7) : "memory");
	return (struct answer) { a0, a1 };
}

void __attribute__((noreturn)) exit_with(u64 kind, u64 detail)
{
	for (;;)
		monitor(KEYSTONE_EXIT, kind << 56 | detail, 0, 0);
}

static u64 trap_detail(u64 cause, u64 pc)
{
	return (cause & 0xff) << 48 | (pc & 0xffffffffffff);
}

void __attribute__((noreturn)) runtime_trapped(u64 cause, u64 pc)
{
	exit_with(EXIT_RUNTIME_TRAPPED, trap_detail(cause, pc));
}

void trap(struct frame *f, u64 cause, u64 value)
{
	(void)value;		/* the host learns no address except the
				 * instruction's */
	if (cause != CAUSE_ECALL_U)
		exit_with(EXIT_APP_TRAPPED, trap_detail(cause, f->pc));
	f->pc += 4;
	syscall(f, utm_size);
}

static int map_stack(void)
{
	for (u64 n = 1; n <= USER_STACK_PAGES; n++) {
		u64 page = page_alloc();

		if (!page || map_pages(USER_STACK_TOP - n * PAGE_SIZE, page, PAGE_SIZE,
				       PTE_R | PTE_W | PTE_U))
			return -1;
	}
	return 0;
}

void runtime_main(u64 user_end, u64 epm, u64 epm_size, u64 runtime, u64 user, u64 free,
		  u64 utm, u64 utm_bytes)
{
	(void)runtime;
	(void)utm;
	memory = (struct memory) {
		.root = csr_read(satp) << 20 >> 8,	/* Priv. 4.1.11: the page's number */
		.free = free,
		.end = epm + epm_size,
		.offset = EPM_VIRT - epm,
	};
	utm_size = utm_bytes;
	app_frame.pc = elf_load(at_physical(user), user_end - user, PTE_U, USER_LOWEST,
				USER_HIGHEST);
	if (!app_frame.pc || map_stack())
		exit_with(EXIT_NOT_LOADED, 0);
	app_frame.x[2] = USER_STACK_TOP;
	/*
	 * SPP = 0: sret enters U-mode. SUM = 0: the runtime never dereferences
	 * user pointers.
	 */
	csr_write(sstatus, SSTATUS_FS_INITIAL);
	__asm__ volatile("fence.i\n\tsfence.vma" ::: "memory");
}
