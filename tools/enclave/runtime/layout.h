/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual layout of an enclave's memory, as in Eyrie. */
#ifndef LAYOUT_H
#define LAYOUT_H

#define PAGE_SIZE		4096

#define USER_LOWEST		0x1000
#define USER_HIGHEST		0x3fff0000	/* upper limit of the application */
#define USER_STACK_TOP		0x40000000
#define USER_STACK_PAGES	8

#define EPM_VIRT		0xffffffff00000000	/* all private memory */
#define UTM_VIRT		0xffffffff80000000	/* memory shared with the host */
#define UTM_MAX			0x40000000
#define RUNTIME_VIRT		0xffffffffc0000000	/* link address of the
							 * runtime */
#define RUNTIME_HIGHEST		0xffffffffe0000000

#endif
