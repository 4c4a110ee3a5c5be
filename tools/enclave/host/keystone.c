// SPDX-License-Identifier: BSD-2-Clause
// Enclaves through /dev/keystone_enclave. Copy this file into your own program.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keystone.h"

#define PAGE		4096ul
#define PAGE_UP(n)	(((n) + PAGE - 1) / PAGE * PAGE)

struct file file_read(const char *path)
{
	struct file file;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st)) {
		perror(path);
		exit(2);
	}
	file.size = (size_t)st.st_size;
	file.data = malloc(file.size + 1);
	if (!file.data || read(fd, file.data, file.size) != (ssize_t)file.size) {
		perror(path);
		exit(2);
	}
	close(fd);
	return file;
}

/*
 * Map page by page, because Keystone's driver maps no more private memory at a
 * time.
 */
static int put(const struct enclave *e, size_t offset, const struct file *file)
{
	const uint8_t *from = file->data;

	for (size_t done = 0; done < file->size; done += PAGE) {
		size_t left = file->size - done;
		void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, e->fd,
				  (off_t)(offset + done));

		if (page == MAP_FAILED)
			return -errno;
		memcpy(page, from + done, left < PAGE ? left : PAGE);
		munmap(page, PAGE);
	}
	return 0;
}

/* Copy the three files into private memory, each page-aligned. */
static int fill(const struct enclave *e, const struct enclave_parts *p, size_t runtime,
		size_t user)
{
	int rc = put(e, 0, &p->loader);

	if (!rc)
		rc = put(e, runtime, &p->runtime);
	if (!rc)
		rc = put(e, user, &p->app);
	return rc;
}

static int create(struct enclave *e, const struct enclave_parts *p)
{
	size_t runtime = PAGE_UP(p->loader.size);
	size_t user = runtime + PAGE_UP(p->runtime.size);
	size_t free = user + PAGE_UP(p->app.size);
	struct keystone_ioctl_create c = {
		.min_pages = (free + PAGE_UP(p->free)) / PAGE,
		.utm_size = p->shared,
	};
	int rc;

	if (ioctl(e->fd, KEYSTONE_IOC_CREATE, &c))
		return -errno;
	e->id = c.eid;
	e->epm = c.epm_paddr;
	e->epm_size = c.epm_size;
	rc = fill(e, p, runtime, user);
	if (rc)
		return rc;
	c.utm_size = p->shared;
	if (ioctl(e->fd, KEYSTONE_IOC_UTM_INIT, &c))
		return -errno;
	c.runtime_paddr = e->epm + runtime;
	c.user_paddr = e->epm + user;
	c.free_paddr = e->epm + free;
	c.free_requested = p->free;
	if (ioctl(e->fd, KEYSTONE_IOC_FINALIZE, &c))
		return -errno;
	e->shared_size = p->shared;
	e->shared = mmap(NULL, e->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED, e->fd, 0);
	return e->shared == MAP_FAILED ? -errno : 0;
}

int enclave_create(struct enclave *e, const struct enclave_parts *p)
{
	int rc;

	memset(e, 0, sizeof(*e));
	e->fd = open("/dev/" KEYSTONE_DEVICE, O_RDWR | O_CLOEXEC);
	if (e->fd < 0)
		return -errno;
	rc = create(e, p);
	if (rc)
		close(e->fd);		/* frees everything created so far */
	return rc;
}

/*
 * * Validate data from the enclave before using it, to protect the host from
 * its enclave.
 */
static void serve_call(struct enclave *e, enclave_serve serve, void *context)
{
	volatile struct edge_call *call = e->shared;
	uint8_t *shared = e->shared;
	uint64_t id = call->id, offset = call->data_offset, size = call->data_size;
	uint64_t reply;
	long n;

	e->calls++;
	if (offset > e->shared_size || size > e->shared_size - offset) {
		call->status = EDGE_BAD_OFFSET;
		return;
	}
	/*
	 * Place the answer after the request, so that neither overwrites the
	 * other.
	 */
	reply = (offset + size + 15) / 16 * 16;
	if (reply < sizeof(*call))
		reply = sizeof(*call);
	if (reply > e->shared_size)
		reply = e->shared_size;
	n = serve(context, id, shared + offset, size, shared + reply, e->shared_size - reply);
	call->reply_offset = reply;
	call->reply_size = n < 0 ? 0 : (uint64_t)n;
	call->status = n < 0 ? EDGE_BAD_CALL : EDGE_OK;
}

long enclave_run(struct enclave *e, enclave_serve serve, void *context, uint64_t *value)
{
	struct keystone_ioctl_run r = { .eid = e->id };

	for (;;) {
		if (ioctl(e->fd, e->started ? KEYSTONE_IOC_RESUME : KEYSTONE_IOC_RUN, &r)) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		e->started = true;
		if (r.error == KEYSTONE_RUN_EDGE_CALL) {
			serve_call(e, serve, context);
		} else if (r.error == KEYSTONE_RUN_INTERRUPTED) {
			e->signals++;
		} else {
			*value = r.value;
			return (long)r.error;
		}
	}
}

void enclave_destroy(struct enclave *e)
{
	munmap(e->shared, e->shared_size);
	close(e->fd);
}
