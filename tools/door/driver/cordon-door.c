// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * /dev/door gives a program access to the back door in the firmware. Only
 * S-mode can call the firmware, so this driver does, and adds nothing: it
 * stands for any part of the kernel that calls SBI.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

#include "door-ioctl.h"
#include "door.h"

static DEFINE_MUTEX(one_caller);

static void knock_once(struct door_call *c, u64 function, u64 a)
{
	register unsigned long a0 asm("a0") = DOOR_TYPE(function);
	register unsigned long a1 asm("a1") = a;
	register unsigned long a6 asm("a6") = DOOR_FID;
	register unsigned long a7 asm("a7") = DOOR_EID;
	register unsigned long s11 asm("s11") = c->kept;

	asm volatile("ecall" : "+r"(a0), "+r"(a1)
		     : "r"(a6), "r"(a7), "r"(s11) : "memory");
	c->error = a0;
	c->value = a1;
}

static void knock(struct door_call *c, u64 function, u64 a)
{
	if (upper_32_bits(a))
		knock_once(c, DOOR_HIGH, upper_32_bits(a));
	knock_once(c, function, lower_32_bits(a));
}

static void call(struct door_call *c)
{
	mutex_lock(&one_caller);
	if (c->b)
		knock(c, DOOR_VALUE, c->b);
	knock(c, c->function, c->a);
	mutex_unlock(&one_caller);
}

static long door_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;
	struct door_call c;

	if (cmd != DOOR_CALL)
		return -ENOTTY;
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (copy_from_user(&c, user, sizeof(c)))
		return -EFAULT;
	call(&c);
	return copy_to_user(user, &c, sizeof(c)) ? -EFAULT : 0;
}

static const struct file_operations door_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = door_ioctl,
};

static struct miscdevice door_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "door",
	.fops = &door_operations,
	.mode = 0600,
};
module_misc_device(door_device);

MODULE_DESCRIPTION("Calls of a back door in the firmware");
MODULE_LICENSE("Dual BSD/GPL");
