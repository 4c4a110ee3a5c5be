// SPDX-License-Identifier: BSD-2-Clause
/*
 * A process with a secret, on firmware with a back door. It calls the door,
 * tries what the firmware could do, and reports:
 *
 * door-demo			attacks that an unprotected machine survives
 * door-demo deadly		also attacks that only a protected system survives
 *
 * The last line is DOOR OPEN if all attempts succeeded, DOOR SHUT if none did.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "door-ioctl.h"
#include "door.h"

#define PAGE		4096ul
#define PRESENT		(1ull << 63)
#define FRAME		((1ull << 55) - 1)
#define CSR_STVEC	0x105
#define SBI_FAILED	(-1)
#define WAIT_MS		10000		/* for the firmware to restart */

static char *secret;			/* text, in its own page */
static uint64_t secret_at;		/* its physical address */
static int device;
static unsigned int opened, shut;

static void __attribute__((noreturn)) give_up(const char *what)
{
	printf("demo: FAILED: %s: %s\n", what, strerror(errno));
	exit(2);
}

static struct door_call knock(uint64_t function, uint64_t a, uint64_t b)
{
	struct door_call c = { .function = function, .a = a, .b = b };

	if (ioctl(device, DOOR_CALL, &c))
		give_up("/dev/door");
	return c;
}

static void report_attack(bool open, const char *what)
{
	opened += open;
	shut += !open;
	printf("demo: %-48s %s\n", what, open ? "YES" : "no");
	fflush(stdout);
}

static uint64_t first_word(const char *text)
{
	uint64_t v;

	memcpy(&v, text, sizeof(v));
	return v;
}

/* The physical address of a locked page. */
static uint64_t physical(const void *p)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry;

	if (fd < 0 || pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)p / PAGE * 8)) != 8)
		give_up("pagemap");
	close(fd);
	if (!(entry & PRESENT) || !(entry & FRAME))
		give_up("no physical address");
	return (entry & FRAME) * PAGE + (uintptr_t)p % PAGE;
}

static void keep_a_secret(void)
{
	uint64_t random[2];

	secret = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret == MAP_FAILED || mlock(secret, PAGE) ||
	    getrandom(random, sizeof(random), 0) != sizeof(random))
		give_up("no secret");
	snprintf(secret, PAGE, "%016llx%016llx", (unsigned long long)random[0],
		 (unsigned long long)random[1]);
	secret_at = physical(secret);
	printf("demo: a process of mine keeps a secret: %s\n", secret);
	/* the firmware does not wait until Linux's line has been sent */
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
}

/* Read the secret from every hart in this process's affinity mask. */
static void read_from_each_hart(void)
{
	long harts = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int got = 0;

	for (long n = 0; n < harts; n++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((unsigned int)n, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			give_up("affinity");
		got += !knock(DOOR_LOAD, secret_at, first_word(secret)).error;
	}
	if (got != 0 && got != harts)
		printf("demo: FAILED: %u of %ld harts\n", got, harts);
	report_attack(got != 0, "firmware reads the secret, on every hart");
}

static void attack_memory(void)
{
	char before[64];

	report_attack(!knock(DOOR_SHOW, secret_at, strlen(secret)).error,
		      "firmware prints the secret on the console");
	read_from_each_hart();
	report_attack(!knock(DOOR_LOAD_VIRTUAL, (uintptr_t)secret, first_word(secret)).error,
		      "firmware reads it through the page tables");
	strcpy(before, secret);
	knock(DOOR_STORE, secret_at, 0x21212121);
	report_attack(strcmp(before, secret), "firmware changes the secret");
	strcpy(secret, before);
}

/* Read a base-16 number from the first line of a file that ends in @name. */
static uint64_t find(const char *path, const char *name)
{
	FILE *f = fopen(path, "r");
	char line[256];
	uint64_t v = 0;

	if (!f)
		give_up(path);
	while (!v && fgets(line, sizeof(line), f)) {
		char *end = strstr(line, name);

		if (end && end[strlen(name)] == '\n')
			v = strtoull(line, NULL, 16);
	}
	fclose(f);
	return v;
}

static void attack_registers(void)
{
	uint64_t word = first_word(secret);
	struct door_call c = { .function = DOOR_REGISTER, .a = DOOR_KEPT, .b = word,
			       .kept = word };

	if (ioctl(device, DOOR_CALL, &c))
		give_up("/dev/door");
	report_attack(!c.error, "firmware sees the kernel's registers");
	__asm__ volatile("fmv.d.x fs1, %0" : : "r"(word) : "fs1");
	report_attack(!knock(DOOR_FLOAT, 9, word).error,
		      "firmware sees floating-point registers");
	report_attack(!knock(DOOR_CSR, CSR_STVEC,
			     find("/proc/kallsyms", " handle_exception")).error,
		      "firmware sees the kernel's control registers");
}

/* Patch the kernel so that getppid() returns 1337. */
static void patch_kernel(void)
{
	uint64_t at = find("/proc/kallsyms", " __riscv_sys_getppid");
	uint64_t text = find("/proc/kallsyms", " _text");
	uint64_t memory_at = find("/proc/iomem", " : Kernel code");
	struct door_call first, second;
	pid_t parent = getppid();

	if (!at || !text || !memory_at) {
		printf("demo: FAILED: where the kernel's code is\n");
		exit(2);
	}
	at += memory_at - text;
	first = knock(DOOR_LOAD, at & ~7ull, 0);
	second = knock(DOOR_LOAD, (at & ~7ull) + 8, 0);
	knock(DOOR_STORE, at, 0x53900513);	/* li a0, 1337 */
	knock(DOOR_STORE, at + 4, 0x00008067);	/* ret */
	report_attack(getppid() == 1337 && parent != 1337, "firmware patches the kernel's code");
	for (int i = 0; i < 4 && !first.error && !second.error; i++)
		knock(DOOR_STORE, (at & ~7ull) + 4 * (unsigned int)i,
		      (uint32_t)((i < 2 ? first.value : second.value) >> 32 * (i % 2)));
}

static long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool firmware_answers(void)
{
	return !knock(DOOR_HELLO, 0, 0).error;
}

/* Try a call that does not return by itself. True if the firmware recovers. */
static bool recovers_from(uint64_t function, const char *what)
{
	long start = milliseconds(), returned, now;
	struct door_call c = knock(function, secret_at, 0);

	returned = milliseconds() - start;
	report_attack(c.error != SBI_FAILED, what);
	do {
		usleep(10000);
		now = milliseconds() - start;
	} while (!firmware_answers() && now < WAIT_MS);
	printf("demo: the call came back after %ld ms", returned);
	if (now >= WAIT_MS)
		printf(", and the firmware is dead\n");
	else
		printf(", the firmware after %ld ms\n", now);
	return now < WAIT_MS;
}

/* Stop if the firmware stays dead. */
static void dead_ends(void)
{
	(void)(recovers_from(DOOR_LOOP, "firmware that loops stops the hart") &&
	       recovers_from(DOOR_SLEEP, "firmware that sleeps stops the hart") &&
	       recovers_from(DOOR_CRASH, "firmware that crashes stops the hart") &&
	       recovers_from(DOOR_JUMP, "firmware sends the kernel elsewhere") &&
	       recovers_from(DOOR_LOOP, "firmware that loops again stops the hart"));
}

/* Calls them in turn, @n times. */
static void kill_often(long n)
{
	static const uint64_t ends[] = { DOOR_LOOP, DOOR_SLEEP, DOOR_CRASH, DOOR_JUMP };
	long killed = 0;

	while (killed < n && recovers_from(ends[killed % 4], "firmware stops the hart"))
		killed++;
	printf("demo: the firmware came back %ld times of %ld\n", killed, n);
}

int main(int argc, char **argv)
{
	device = open("/dev/door", O_RDWR | O_CLOEXEC);
	if (device < 0)
		give_up("/dev/door");
	keep_a_secret();
	if (!firmware_answers()) {
		printf("demo: FAILED: this firmware has no door\n");
		return 2;
	}
	attack_memory();
	attack_registers();
	patch_kernel();
	if (argc > 1 && !strcmp(argv[1], "deadly"))
		dead_ends();
	else if (argc > 1)
		kill_often(strtol(argv[1], NULL, 10));
	printf("DOOR %s: %u of %u attempts succeeded\n",
	       !shut ? "OPEN" : !opened ? "SHUT" : "AJAR", opened, opened + shut);
	return 0;
}
