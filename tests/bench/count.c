// SPDX-License-Identifier: BSD-2-Clause
/*
 * A plugin for QEMU 7.2 that counts what the benchmark's loops execute, on all harts: CSR
 * writes, fences, loads, stores, and the 64-byte lines of code and data that they touch.
 *
 *   qemu-system-riscv64 -plugin count.so,out=FILE ...
 *
 * A loop begins and ends at HINTs (loop.inc). Each one appends a
 * line to FILE: words "name value", among them "csr-NUMBER" with the writes of that CSR.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * QEMU's plugin interface, version 1 (docs/devel/tcg-plugins.rst): Debian has no package
 * with its header. A later QEMU, whose qemu_plugin_insn_data() differs, refuses version 1.
 */
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum { NO_REGISTERS, MEMORY_RW = 3 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
bool qemu_plugin_mem_is_store(uint32_t info);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*translated)(
	uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*executed)(
	unsigned int hart, void *data), int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, void (*accessed)(
	unsigned int hart, uint32_t info, uint64_t address, void *data),
	int flags, int kind, void *data);

int qemu_plugin_version = 1;
int qemu_plugin_install(uint64_t id, const void *about, int argc, char **argv);

#define COUNT_BEGIN	0x00102013u		/* slti x0, x0, 1 */
#define COUNT_END	0x00202013u		/* slti x0, x0, 2 */
#define NR_CSRS		4096
#define NR_HARTS	64
#define NR_SLOTS	65536u		/* many more than the lines that a loop touches */
#define LINE_SHIFT	6

enum event { OTHER, BEGIN, END, CSR_WRITE, FENCE };

struct insn {
	uint64_t pc;
	unsigned int size;
	enum event event;
	unsigned int csr;
};

/* A set of lines; 0 is an empty slot, because a line is stored plus 1. */
struct lines {
	uint64_t slots[NR_SLOTS];
	unsigned int count;
};

static struct {
	uint64_t instructions, fences, loads, stores, csr[NR_CSRS];
	struct lines code, data;
} counts;

static bool counting;
static FILE *out;
/* The last CSR write or fence of each hart: if it trapped, it did nothing. */
static const struct insn *pending[NR_HARTS];

static void add_line(struct lines *lines, uint64_t address)
{
	uint64_t line = (address >> LINE_SHIFT) + 1;
	unsigned int slot = (unsigned int)(line * 0x9e3779b97f4a7c15u >> 48) % NR_SLOTS;

	while (lines->slots[slot] && lines->slots[slot] != line)
		slot = (slot + 1) % NR_SLOTS;
	if (lines->slots[slot])
		return;
	if (lines->count == NR_SLOTS - 1) {
		fprintf(stderr, "count: a loop touches more than %u lines\n", NR_SLOTS - 2);
		exit(1);
	}
	lines->slots[slot] = line;
	lines->count++;
}

static void print_counts(void)
{
	fprintf(out, "instructions %" PRIu64 " fences %" PRIu64 " loads %" PRIu64
		" stores %" PRIu64 " code-lines %u data-lines %u",
		counts.instructions, counts.fences, counts.loads, counts.stores,
		counts.code.count, counts.data.count);
	for (unsigned int csr = 0; csr < NR_CSRS; csr++)
		if (counts.csr[csr])
			fprintf(out, " csr-%u %" PRIu64, csr, counts.csr[csr]);
	fputc('\n', out);
	fflush(out);
}

static void settle(unsigned int hart, uint64_t pc)
{
	const struct insn *before = pending[hart];

	pending[hart] = NULL;
	if (!before || pc != before->pc + before->size)
		return;
	if (before->event == FENCE)
		counts.fences++;
	else
		counts.csr[before->csr]++;
}

static void executed(unsigned int hart, void *data)
{
	const struct insn *insn = data;

	if (hart >= NR_HARTS)
		return;
	settle(hart, insn->pc);
	if (insn->event == END && counting) {
		counting = false;
		print_counts();
	}
	if (counting) {
		counts.instructions++;
		add_line(&counts.code, insn->pc);
	}
	if (insn->event == BEGIN) {
		memset(&counts, 0, sizeof(counts));
		counting = true;
	} else if (counting && (insn->event == CSR_WRITE || insn->event == FENCE)) {
		pending[hart] = insn;
	}
}

static void accessed(unsigned int hart, uint32_t info, uint64_t address, void *data)
{
	(void)hart;
	(void)data;
	if (!counting)
		return;
	add_line(&counts.data, address);
	if (qemu_plugin_mem_is_store(info))
		counts.stores++;
	else
		counts.loads++;
}

/* Unprivileged 2.8 (fences), 6.1 (CSRs); privileged 12.2 (SFENCE) and 18.2 (HFENCE, HINVAL). */
static enum event event_of(uint32_t word)
{
	unsigned int opcode = word & 0x7f, funct3 = word >> 12 & 7, rd = word >> 7 & 31;

	if (word == COUNT_BEGIN)
		return BEGIN;
	if (word == COUNT_END)
		return END;
	if (opcode == 0x0f)
		/* PAUSE is a FENCE without successors; CBO and prefetches are none. */
		return funct3 == 1 || (funct3 == 0 && word != 0x0100000f) ? FENCE : OTHER;
	if (opcode != 0x73)
		return OTHER;
	if (funct3 == 0)
		switch (word >> 25) {
		case 0x09: case 0x0b: case 0x0c: case 0x11: case 0x13: case 0x31: case 0x33:
			return rd ? OTHER : FENCE;
		default:
			return OTHER;
		}
	/* CSRRS and CSRRC with x0, or 0, only read. */
	return funct3 != 4 && ((funct3 & 3) == 1 || word >> 15 & 31) ? CSR_WRITE : OTHER;
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *from = qemu_plugin_tb_get_insn(tb, i);
		struct insn *insn = calloc(1, sizeof(*insn));
		uint32_t word = 0;

		if (!insn)
			abort();
		insn->pc = qemu_plugin_insn_vaddr(from);
		insn->size = (unsigned int)qemu_plugin_insn_size(from);
		memcpy(&word, qemu_plugin_insn_data(from), insn->size < 4 ? 2 : 4);
		insn->csr = word >> 20;
		if (insn->size == 4)
			insn->event = event_of(word);
		qemu_plugin_register_vcpu_insn_exec_cb(from, executed, NO_REGISTERS, insn);
		qemu_plugin_register_vcpu_mem_cb(from, accessed, NO_REGISTERS, MEMORY_RW, NULL);
	}
}

int qemu_plugin_install(uint64_t id, const void *about, int argc, char **argv)
{
	(void)about;
	if (argc != 1 || strncmp(argv[0], "out=", 4) || !(out = fopen(argv[0] + 4, "w"))) {
		fprintf(stderr, "count: cannot write out=FILE\n");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
