/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the formal model's PMP vectors, as a virtual PMP and accesses. */
#ifndef UNIT_PMP_LINES_H
#define UNIT_PMP_LINES_H

#include <vectors.h>

#include <cordon/view.h>

struct pmp_access {
	u64 addr;
	unsigned int size;
	u8 need;
	char mode;		/* 'M', 'S' or 'U' */
	bool allowed;
};

struct pmp_line {
	u64 cfg[2];
	u64 addr[16];
	unsigned int count;
	struct pmp_access access[16];
	unsigned int nr;
};

/** Read one access, " ADDRESS,SIZE,TYPE,MODE,ALLOWED"; false at the end. */
static inline bool pmp_line_access(char **s, struct pmp_access *a)
{
	unsigned int allowed;
	char type;
	int len = 0;

	if (sscanf(*s, " %lx,%u,%c,%c,%u%n", &a->addr, &a->size, &type,
		   &a->mode, &allowed, &len) != 5)
		return false;
	*s += len;
	a->need = type == 'R' ? PMP_R : type == 'W' ? PMP_W : PMP_X;
	a->allowed = allowed;
	return true;
}

/** Read the next line of vectors for @count entries; false at the end. */
static inline bool pmp_line_read(FILE *f, struct pmp_line *l,
				 unsigned int count)
{
	char text[4096], *s = text;

	if (!fgets(text, sizeof(text), f))
		return false;
	l->count = count;
	l->cfg[0] = strtoul(s, &s, 16);
	l->cfg[1] = strtoul(s, &s, 16);
	for (unsigned int i = 0; i < count; i++)
		l->addr[i] = strtoul(s, &s, 16);
	assert_memory_equal(s, " :", 2);
	s += 2;
	for (l->nr = 0; l->nr < 16; l->nr++)
		if (!pmp_line_access(&s, &l->access[l->nr]))
			break;
	assert_true(l->nr > 0 && strspn(s, " \n") == strlen(s));
	return true;
}

/** The virtual PMP of a line. */
static inline void pmp_line_load(const struct pmp_line *l, struct vpmp *v)
{
	vpmp_reset(v, l->count, 2);
	for (unsigned int i = 0; i < l->count; i++)
		vpmp_write_addr(v, i, l->addr[i]);
	vpmp_write_cfg(v, 0, l->cfg[0]);
	vpmp_write_cfg(v, 2, l->cfg[1]);
}

#endif
