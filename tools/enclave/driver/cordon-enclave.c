// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * * /dev/keystone_enclave: enclaves of a monitor with Keystone's SBI calls.
 *
 * An open file owns at most one enclave. When the last reference to the file is
 * gone, including mappings and child processes, the driver destroys the enclave
 * and frees its memory.
 *
 * Private memory is mapped by page frame number in the fault handler, never by
 * page references. Therefore no part of the kernel can hold a page that the
 * monitor has taken, and a program that touches one gets a bus error.
 * Hibernation reads all memory, so it fails with EBUSY while an enclave exists.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/genalloc.h>
#include <linux/gfp.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/suspend.h>
#include <linux/uaccess.h>

#include <asm/sbi.h>

#include "keystone-ioctl.h"

#define EID_KEYSTONE		0x08424b45
#define FID_CREATE		2001
#define FID_DESTROY		2002
#define FID_RUN			2003
#define FID_RESUME		2005
#define EID_CORDON		0x08434f52
#define FID_ATTEST_PLATFORM	5
#define ERR_FIRST		100000	/* all of Keystone's errors are above */
#define ERR_NO_FREE_RESOURCE	100013

/* The argument of FID_CREATE. The monitor reads it by its virtual address. */
struct create_args {
	u64 epm_start;
	u64 epm_size;
	u64 utm_start;
	u64 utm_size;
	u64 runtime;
	u64 user;
	u64 free;
	u64 free_requested;
};

/*
 * Contiguous pages: of the kernel's, a naturally aligned power of two; or any
 * number of the pool's, which the kernel does not map.
 */
struct block {
	phys_addr_t address;
	size_t size;			/* 0: none */
	bool pooled;
};

enum state {
	EMPTY,		/* no memory */
	FILLING,	/* the program fills private memory */
	FRESH,		/* the monitor owns it */
	STARTED,
};

/*
 * * @calls is held during a whole call, including the enclave's run. @map is
 * held briefly, so that page faults can take it: its holder neither accesses a
 * program's memory nor calls the monitor. @state, @epm and @utm change under
 * both. @id is constant while the file is open.
 */
struct enclave {
	struct mutex calls;
	struct mutex map;
	enum state state;
	struct block epm;		/* private memory */
	struct block utm;		/* shared memory */
	int id;				/* the enclave's ID for the program */
	unsigned long eid;		/* ... and for the monitor */
	struct create_args args;	/* not on the stack, which may be in
					 * vmalloc memory */
};

static DEFINE_IDA(ids);

/* Memory that the device tree sets aside for enclaves; may be empty. */
static struct gen_pool *pool;
#define POOL_COMPATIBLE		"cordon,enclave-pool"
/* Memory of the pool is cleared and mapped in pieces. */
#define PIECE			(2ul << 20)

/*
 * * The number of enclaves in the monitor, and whether creating more is
 * blocked. The semaphore ensures that neither changes while the other is
 * checked.
 */
static DECLARE_RWSEM(hibernation);
static atomic_t held = ATOMIC_INIT(0);
static bool hibernating;

/*
 * * The kernel identifies mappings by the device, which all files share, and an
 * offset. Each file has its own range of offsets, so that it unmaps only its
 * own pages, and no other mappings are searched.
 */
#define OFFSETS_SHIFT	28		/* pages: 1 TiB */

static unsigned long offset_base(const struct enclave *e)
{
	return (unsigned long)e->id << OFFSETS_SHIFT;
}

static struct sbiret monitor(unsigned int fid, unsigned long arg)
{
	return sbi_ecall(EID_KEYSTONE, fid, arg, 0, 0, 0, 0, 0);
}

static int clear(phys_addr_t address, size_t size)
{
	for (size_t done = 0; done < size; done += PIECE) {
		size_t piece = min(PIECE, size - done);
		void *at = memremap(address + done, piece, MEMREMAP_WB);

		if (!at)
			return -ENOMEM;
		memset(at, 0, piece);
		memunmap(at);
		cond_resched();
	}
	return 0;
}

/* @align: a power of two. The memory holds what its last user left. */
static int pool_take(struct block *b, size_t bytes, size_t align)
{
	struct genpool_data_align data = { .align = align };
	int rc;

	b->size = PAGE_ALIGN(bytes);
	b->address = gen_pool_alloc_algo(pool, b->size, gen_pool_first_fit_align, &data);
	if (!b->address)
		return -ENOMEM;
	b->pooled = true;
	rc = clear(b->address, b->size);
	if (rc)
		gen_pool_free(pool, b->address, b->size);
	return rc;
}

/* The kernel has less memory in one piece the longer it runs. */
static int kernel_take(struct block *b, size_t bytes)
{
	unsigned int order = get_order(bytes);
	unsigned long pages;

	if (order > MAX_PAGE_ORDER)
		return -ENOMEM;
	pages = __get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN, order);
	if (!pages)
		return -ENOMEM;
	*b = (struct block){ __pa(pages), PAGE_SIZE << order, false };
	return 0;
}

/* @whole: a power of two, and naturally aligned, as shared memory is. */
static int block_alloc(struct block *b, u64 bytes, bool whole)
{
	size_t size;

	if (!bytes || bytes > (u64)PAGE_SIZE << OFFSETS_SHIFT)
		return -EINVAL;
	if (!kernel_take(b, bytes))
		return 0;
	size = whole ? roundup_pow_of_two(PAGE_ALIGN(bytes)) : bytes;
	return pool_take(b, size, whole ? size : PAGE_SIZE);
}

static void block_free(struct block *b)
{
	if (b->pooled)
		gen_pool_free(pool, b->address, b->size);
	else if (b->size)
		free_pages((unsigned long)__va(b->address), get_order(b->size));
}

/* Change the state, and unmap the pages that only the old state permits. */
static void change_state(struct enclave *e, struct file *file, enum state state)
{
	mutex_lock(&e->map);
	e->state = state;
	mutex_unlock(&e->map);
	unmap_mapping_range(file->f_mapping, (loff_t)offset_base(e) << PAGE_SHIFT,
			    (loff_t)PAGE_SIZE << OFFSETS_SHIFT, 1);
}

static int enclave_create(struct enclave *e, struct keystone_ioctl_create *c)
{
	struct block epm = { 0 };
	int rc;

	if (e->state != EMPTY)
		return -EBUSY;
	if (c->min_pages > 1ul << OFFSETS_SHIFT)
		return -EINVAL;
	rc = block_alloc(&epm, c->min_pages << PAGE_SHIFT, false);
	if (rc)
		return rc;
	mutex_lock(&e->map);
	e->epm = epm;
	e->state = FILLING;
	mutex_unlock(&e->map);
	c->eid = e->id;
	c->epm_paddr = epm.address;
	c->epm_size = epm.size;
	return 0;
}

static int enclave_utm_init(struct enclave *e, struct keystone_ioctl_create *c)
{
	struct block utm = { 0 };
	int rc;

	if (e->state != FILLING || e->utm.size)
		return -EBUSY;
	rc = block_alloc(&utm, c->utm_size, true);
	if (rc)
		return rc;
	mutex_lock(&e->map);
	e->utm = utm;
	mutex_unlock(&e->map);
	c->utm_paddr = utm.address;
	return 0;
}

/* Let the monitor take the memory, which may take long. */
static int monitor_create(struct enclave *e)
{
	struct sbiret ret;
	int rc = 0;

	down_read(&hibernation);
	if (hibernating) {
		rc = -EBUSY;
		goto out;
	}
	ret = monitor(FID_CREATE, (unsigned long)&e->args);
	if (ret.error) {
		pr_debug("create: %ld\n", ret.error);
		rc = ret.error == ERR_NO_FREE_RESOURCE ? -ENOSPC : -EINVAL;
		goto out;
	}
	e->eid = ret.value;
	atomic_inc(&held);
out:
	up_read(&hibernation);
	return rc;
}

static int enclave_finalize(struct enclave *e, struct file *file,
			    const struct keystone_ioctl_create *c)
{
	int rc;

	if (e->state != FILLING || !e->utm.size)
		return -EBUSY;
	e->args = (struct create_args) {
		.epm_start = e->epm.address,
		.epm_size = e->epm.size,
		.utm_start = e->utm.address,
		.utm_size = e->utm.size,
		.runtime = c->runtime_paddr,
		.user = c->user_paddr,
		.free = c->free_paddr,
		.free_requested = c->free_requested,
	};
	change_state(e, file, FRESH);
	rc = monitor_create(e);
	if (rc)
		change_state(e, file, FILLING);
	return rc;
}

/*
 * * The monitor returns on each interrupt, and the kernel takes it here. The
 * loop ends when the enclave needs something or a signal is pending. A signal
 * must not restart the call by itself, because the program relies on RESUME.
 */
static int enclave_run(struct enclave *e, struct keystone_ioctl_run *r, bool resume)
{
	struct sbiret ret;

	if (e->state != (resume ? STARTED : FRESH))
		return -EINVAL;
	ret = monitor(resume ? FID_RESUME : FID_RUN, e->eid);
	mutex_lock(&e->map);
	e->state = STARTED;
	mutex_unlock(&e->map);
	while (ret.error == KEYSTONE_RUN_INTERRUPTED && !signal_pending(current)) {
		cond_resched();
		ret = monitor(FID_RESUME, e->eid);
	}
	r->error = ret.error;
	r->value = ret.value;
	return 0;
}

/*
 * * Return: 0, or -EIO if the monitor does not return the memory. The memory is
 * then lost, because any access faults.
 */
static int enclave_destroy(struct enclave *e, struct file *file)
{
	struct sbiret ret = { 0 };

	if (e->state == EMPTY)
		return -EINVAL;
	if (e->state >= FRESH)
		ret = monitor(FID_DESTROY, e->eid);
	if (ret.error) {
		pr_err("enclave %lu: cannot be destroyed: %ld\n", e->eid, ret.error);
		return -EIO;
	}
	if (e->state >= FRESH)
		atomic_dec(&held);
	change_state(e, file, EMPTY);
	block_free(&e->epm);
	block_free(&e->utm);
	/* The fault handler does not read these in EMPTY. */
	e->epm = (struct block){ 0 };
	e->utm = (struct block){ 0 };
	return 0;
}

static int call_create(struct enclave *e, struct file *file, unsigned int cmd,
		       struct keystone_ioctl_create *c)
{
	if (cmd == KEYSTONE_IOC_CREATE)
		return enclave_create(e, c);
	if (c->eid != e->id)
		return -EINVAL;
	switch (cmd) {
	case KEYSTONE_IOC_UTM_INIT:
		return enclave_utm_init(e, c);
	case KEYSTONE_IOC_FINALIZE:
		return enclave_finalize(e, file, c);
	default:
		return enclave_destroy(e, file);
	}
}

static int call_run(struct enclave *e, unsigned int cmd, struct keystone_ioctl_run *r)
{
	if (r->eid != e->id)
		return -EINVAL;
	return enclave_run(e, r, cmd == KEYSTONE_IOC_RESUME);
}

static int attest_platform(void __user *arg)
{
	struct cordon_ioctl_platform *p = memdup_user(arg, sizeof(*p));
	struct sbiret ret;
	int rc = 0;

	if (IS_ERR(p))
		return PTR_ERR(p);
	ret = sbi_ecall(EID_CORDON, FID_ATTEST_PLATFORM, (unsigned long)p->nonce,
			(unsigned long)p->report, sizeof(p->report), 0, 0, 0);
	if (ret.error || ret.value != sizeof(p->report))
		rc = -EOPNOTSUPP;
	else if (copy_to_user(arg, p, sizeof(*p)))
		rc = -EFAULT;
	kfree(p);
	return rc;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct enclave *e = file->private_data;
	union {
		struct keystone_ioctl_create create;
		struct keystone_ioctl_run run;
	} u;
	bool run = false;
	int rc;

	switch (cmd) {
	case CORDON_IOC_ATTEST_PLATFORM:
		return attest_platform((void __user *)arg);
	case KEYSTONE_IOC_RUN:
	case KEYSTONE_IOC_RESUME:
		run = true;
		break;
	case KEYSTONE_IOC_CREATE:
	case KEYSTONE_IOC_UTM_INIT:
	case KEYSTONE_IOC_FINALIZE:
	case KEYSTONE_IOC_DESTROY:
		break;
	default:
		return -ENOTTY;
	}
	if (copy_from_user(&u, (void __user *)arg, _IOC_SIZE(cmd)))
		return -EFAULT;
	if (mutex_lock_interruptible(&e->calls))
		return -ERESTARTSYS;
	rc = run ? call_run(e, cmd, &u.run) : call_create(e, file, cmd, &u.create);
	mutex_unlock(&e->calls);
	if (!rc && copy_to_user((void __user *)arg, &u, _IOC_SIZE(cmd)))
		rc = -EFAULT;
	return rc;
}

/*
 * A mapping is of private or shared memory, depending on the state when it was
 * made.
 */
static vm_fault_t fault(struct vm_fault *vmf, bool private)
{
	struct enclave *e = vmf->vma->vm_file->private_data;
	unsigned long offset = (vmf->pgoff - offset_base(e)) << PAGE_SHIFT;
	const struct block *b = private ? &e->epm : &e->utm;
	vm_fault_t rc = VM_FAULT_SIGBUS;

	mutex_lock(&e->map);
	if ((private ? e->state == FILLING : e->state >= FRESH) && offset < b->size)
		rc = vmf_insert_pfn(vmf->vma, vmf->address,
				    (b->address + offset) >> PAGE_SHIFT);
	mutex_unlock(&e->map);
	return rc;
}

static vm_fault_t fault_private(struct vm_fault *vmf)
{
	return fault(vmf, true);
}

static vm_fault_t fault_shared(struct vm_fault *vmf)
{
	return fault(vmf, false);
}

static const struct vm_operations_struct private_ops = { .fault = fault_private };
static const struct vm_operations_struct shared_ops = { .fault = fault_shared };

static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct enclave *e = file->private_data;
	unsigned long pages;
	bool private;

	mutex_lock(&e->map);
	private = e->state == FILLING;
	pages = (private ? e->epm.size : e->utm.size) >> PAGE_SHIFT;
	mutex_unlock(&e->map);
	if (!(vma->vm_flags & VM_SHARED) || vma->vm_pgoff > pages ||
	    vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	vma->vm_pgoff += offset_base(e);
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = private ? &private_ops : &shared_ops;
	return 0;
}

static int device_open(struct inode *inode, struct file *file)
{
	struct enclave *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return -ENOMEM;
	e->id = ida_alloc_min(&ids, 1, GFP_KERNEL);
	if (e->id < 0) {
		int rc = e->id;

		kfree(e);
		return rc;
	}
	mutex_init(&e->calls);
	mutex_init(&e->map);
	file->private_data = e;
	return 0;
}

/* Called when the last reference to the file is gone, including mappings. */
static int device_release(struct inode *inode, struct file *file)
{
	struct enclave *e = file->private_data;

	enclave_destroy(e, file);
	ida_free(&ids, e->id);
	kfree(e);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.mmap = device_mmap,
	.unlocked_ioctl = device_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KEYSTONE_DEVICE,
	.fops = &fops,
	.mode = 0600,
};

/*
 * Block hibernation: the kernel's mapping of private memory faults, and
 * enclaves cannot be moved.
 */
static int on_hibernation(struct notifier_block *nb, unsigned long event, void *data)
{
	int rc = 0;

	down_write(&hibernation);
	if (event == PM_POST_HIBERNATION)
		hibernating = false;
	else if (event == PM_HIBERNATION_PREPARE && atomic_read(&held))
		rc = -EBUSY;
	else if (event == PM_HIBERNATION_PREPARE)
		hibernating = true;
	up_write(&hibernation);
	return notifier_from_errno(rc);
}

static struct notifier_block notifier = { .notifier_call = on_hibernation };

/* A machine without a pool has an empty one. */
static int __init pool_init(void)
{
	struct device_node *node = NULL;
	struct resource r;
	int rc = 0;

	pool = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	if (!pool)
		return -ENOMEM;
	while (!rc && (node = of_find_compatible_node(node, NULL, POOL_COMPATIBLE)))
		if (!of_address_to_resource(node, 0, &r))
			rc = gen_pool_add(pool, r.start, resource_size(&r), NUMA_NO_NODE);
	of_node_put(node);
	if (rc)
		gen_pool_destroy(pool);
	return rc;
}

static int __init enclave_init(void)
{
	int rc;

	/* Firmware without these calls returns a negative SBI error. */
	if (monitor(FID_RESUME, ULONG_MAX).error < ERR_FIRST) {
		pr_err("this machine's monitor runs no enclaves\n");
		return -ENODEV;
	}
	rc = pool_init();
	if (rc)
		return rc;
	rc = register_pm_notifier(&notifier);
	if (rc)
		goto out_pool;
	rc = misc_register(&device);
	if (rc)
		goto out_notifier;
	return 0;

out_notifier:
	unregister_pm_notifier(&notifier);
out_pool:
	gen_pool_destroy(pool);
	return rc;
}

static void __exit enclave_exit(void)
{
	misc_deregister(&device);
	unregister_pm_notifier(&notifier);
	gen_pool_destroy(pool);
	ida_destroy(&ids);
}

module_init(enclave_init);
module_exit(enclave_exit);

MODULE_DESCRIPTION("Enclaves by Keystone's SBI calls");
MODULE_LICENSE("Dual BSD/GPL");
