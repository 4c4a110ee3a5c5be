// SPDX-License-Identifier: BSD-2-Clause
// The demonstration: what an enclave can do, and what its host cannot do to it.
//
// usage: enclave-demo <folder with the enclave> <nonce in hex digits> <file for the report>
//        <file for the platform's report> <file for the joined report>
//        [<milliseconds that the endless enclave may run> [<MiB of the large enclave>]]

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/demo-protocol.h"
#include "../include/demo-series.h"
#include "keystone.h"

#define REPORT_SIZE	1352
#define JOINED_SIZE	904
#define MANY		12	/* enclaves at once, more than harts */
#define ENOUGH		300	/* more than any monitor has room for */
#define CYCLES_ENOUGH	30000000ul

static struct enclave_parts demo = { .free = 256 << 10, .shared = 8 << 10 };
static struct enclave_parts other;
/* A later version of demo, and what the makers of all three say about them. */
static struct enclave_parts update;
static struct file demo_certificate, update_certificate, other_certificate;
static struct file foreign_certificate;	/* other's maker about demo */
static struct file nonce;
static const char *report_path, *platform_path, *joined_path;
static unsigned int spin_time = 1000;	/* milliseconds */
static size_t large = 64 << 20;		/* bytes of the large enclave */
static int failures;		/* failures of all previous steps ... */
static int failed;		/* ... and of this one */

#define CHECK(condition) check(condition, #condition, __LINE__)

static bool check(bool good, const char *what, int line)
{
	if (!good) {
		printf("demo: FAILED: line %d: %s\n", line, what);
		failed++;
	}
	return good;
}

/* Report a step's result if it passed. */
static void __attribute__((format(printf, 1, 2))) report_step(const char *format, ...)
{
	va_list args;

	if (failed)
		return;
	va_start(args, format);
	printf("demo: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

/* The host's state of a running job. */
struct run {
	struct job job;
	struct result result;
	char said[128];		/* last text printed by the enclave */
};

static long serve(void *context, uint64_t id, const void *data, size_t size, void *reply,
		  size_t room)
{
	struct run *run = context;

	switch (id) {
	case CALL_GET_JOB:
		if (room < sizeof(run->job))
			return -1;
		memcpy(reply, &run->job, sizeof(run->job));
		return sizeof(run->job);
	case CALL_PRINT:
		if (size >= sizeof(run->said))
			size = sizeof(run->said) - 1;
		memcpy(run->said, data, size);
		run->said[size] = 0;
		return 0;
	case CALL_RESULT:
		if (size != sizeof(run->result))
			return -1;
		memcpy(&run->result, data, size);
		return 0;
	default:
		return -1;
	}
}

static struct run job(enum job_kind kind, uint64_t number, const void *bytes, size_t size)
{
	struct run run = { .job = { .kind = kind, .number = number, .size = size } };

	if (size)
		memcpy(run.job.bytes, bytes, size);
	return run;
}

/* Run @run in @e. Return true if the enclave exited normally with a result. */
static bool run_in(struct enclave *e, struct run *run)
{
	uint64_t value = 99;
	long rc = enclave_run(e, serve, run, &value);

	return CHECK(rc == 0) && CHECK(value == 0) && CHECK(run->result.size <= RESULT_BYTES);
}

/* Create an enclave, run @run, and destroy it. */
static bool run_once(const struct enclave_parts *parts, struct run *run)
{
	struct enclave e;
	bool good;

	if (!CHECK(enclave_create(&e, parts) == 0))
		return false;
	good = run_in(&e, run);
	enclave_destroy(&e);
	return good;
}

static void step_compute(void)
{
	struct run run = job(JOB_PRIMES, 10000, NULL, 0);

	if (!run_once(&demo, &run))
		return;
	CHECK(run.result.number == 1229);
	CHECK(!strcmp(run.said, "hello from the enclave demo"));
	report_step("it says \"%s\" and counts %lu primes", run.said, run.result.number);
}

static void write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	CHECK(fd >= 0);
	CHECK(write(fd, data, size) == (ssize_t)size);
	close(fd);
	report_step("a report of %zu bytes goes to %s", size, path);
}

static void step_attest(void)
{
	struct run run = job(JOB_ATTEST, 0, nonce.data, nonce.size);

	if (!run_once(&demo, &run) || !CHECK(run.result.error == 0) ||
	    !CHECK(run.result.size == REPORT_SIZE))
		return;
	write_file(report_path, run.result.bytes, REPORT_SIZE);
}

/* Get the report about an enclave and its machine. */
static void step_attest_all(void)
{
	struct run run = job(JOB_ATTEST_ALL, 0, nonce.data, nonce.size);

	if (!run_once(&demo, &run) || !CHECK(run.result.error == 0) ||
	    !CHECK(run.result.size == JOINED_SIZE))
		return;
	write_file(joined_path, run.result.bytes, JOINED_SIZE);
}

/* Get the platform report; the kernel requests it, not an enclave. */
static void step_platform(void)
{
	struct cordon_ioctl_platform p = { 0 };
	int fd = open("/dev/" KEYSTONE_DEVICE, O_RDWR | O_CLOEXEC);

	memcpy(p.nonce, nonce.data, nonce.size < sizeof(p.nonce) ? nonce.size : sizeof(p.nonce));
	if (CHECK(ioctl(fd, CORDON_IOC_ATTEST_PLATFORM, &p) == 0))
		write_file(platform_path, p.report, sizeof(p.report));
	close(fd);
}

static void step_seal(void)
{
	struct run first = job(JOB_COUNT, 0, NULL, 0), run = first;

	if (!run_once(&demo, &first))
		return;
	CHECK(first.result.error == 0 && first.result.number == 1);
	CHECK(!memmem(first.result.bytes, first.result.size, "can read", 8));
	for (uint64_t n = 2; n <= 4; n++) {
		run = job(JOB_COUNT, 0, n == 2 ? first.result.bytes : run.result.bytes,
			  first.result.size);
		if (!run_once(&demo, &run))
			return;
		CHECK(run.result.error == 0 && run.result.number == n);
	}
	run = job(JOB_COUNT, 0, first.result.bytes, first.result.size);
	if (run_once(&other, &run))
		CHECK(run.result.error == ERROR_SEAL);
	run = job(JOB_COUNT, 0, first.result.bytes, first.result.size);
	run.job.bytes[40] ^= 1;
	if (run_once(&demo, &run))
		CHECK(run.result.error == ERROR_SEAL);
	report_step("sealed data outlive the enclave; another enclave cannot unseal them");
}

/* Let @parts count on from @sealed, with a key of @certificate's maker. */
static struct run count_of_maker(const struct enclave_parts *parts,
				 const struct file *certificate, uint64_t lowest,
				 const struct run *sealed)
{
	struct run run = job(JOB_COUNT_OF_MAKER, lowest, certificate->data, certificate->size);

	if (sealed) {
		memcpy(run.job.bytes + certificate->size, sealed->result.bytes,
		       sealed->result.size);
		run.job.size += sealed->result.size;
	}
	run_once(parts, &run);
	return run;
}

static void step_update(void)
{
	struct run first, next, run;

	if (!CHECK(demo_certificate.size == CERTIFICATE_BYTES) ||
	    !CHECK(update_certificate.size == CERTIFICATE_BYTES) ||
	    !CHECK(other_certificate.size == CERTIFICATE_BYTES) ||
	    !CHECK(foreign_certificate.size == CERTIFICATE_BYTES))
		return;
	first = count_of_maker(&demo, &demo_certificate, 1, NULL);
	CHECK(first.result.error == 0 && first.result.number == 1);
	next = count_of_maker(&update, &update_certificate, 1, &first);
	CHECK(next.result.error == 0 && next.result.number == 2);
	run = count_of_maker(&demo, &demo_certificate, 1, &next);
	CHECK(run.result.error == 0 && run.result.number == 3);
	run = count_of_maker(&other, &other_certificate, 1, &first);
	CHECK(run.result.error == ERROR_SEAL);
	next = count_of_maker(&update, &update_certificate, 2, NULL);
	CHECK(next.result.error == 0 && next.result.number == 1);
	run = count_of_maker(&demo, &demo_certificate, 2, &next);
	CHECK(run.result.error == ERROR_MONITOR && (int)run.result.number == -4);
	run = count_of_maker(&demo, &update_certificate, 2, &next);
	CHECK(run.result.error == ERROR_MONITOR && (int)run.result.number == -4);
	run = count_of_maker(&demo, &demo_certificate, 1, &next);
	CHECK(run.result.error == ERROR_SEAL);
	run = count_of_maker(&demo, &foreign_certificate, 1, NULL);
	CHECK(run.result.error == ERROR_MONITOR && (int)run.result.number == -4);
	report_step("version 2 unseals what version 1 sealed, and not the other way round; another "
		    "maker's enclave cannot");
	report_step("the enclave seals for the maker it was built with alone: it refuses another "
		    "maker's certificate");
	report_step("nothing keeps the host from giving back old data: the machine has no counter");
}

static void step_random(void)
{
	struct run a = job(JOB_RANDOM, 0, NULL, 0), b = a;

	if (!run_once(&demo, &a) || !run_once(&demo, &b))
		return;
	if (a.result.error == ERROR_RANDOM) {
		report_step("the monitor says that this machine has no randomness to give");
		return;
	}
	CHECK(!a.result.error && !b.result.error);
	CHECK(memcmp(a.result.bytes, b.result.bytes, 32));
	report_step("random numbers differ");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/*
 * Interrupt the enclave by signals every few milliseconds, and check that it
 * continues.
 */
static void step_preempt(void)
{
	struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never = { 0 };
	struct run run = job(JOB_SERIES, CYCLES_ENOUGH / 10, NULL, 0);
	struct enclave e;

	signal(SIGALRM, on_alarm);
	if (!CHECK(enclave_create(&e, &demo) == 0))
		return;
	setitimer(ITIMER_REAL, &often, NULL);
	run_in(&e, &run);
	setitimer(ITIMER_REAL, &never, NULL);
	CHECK(run.result.number == series(run.job.number));
	CHECK(e.signals > 0);
	report_step("interrupted by %lu signals, it computes the same as outside", e.signals);
	enclave_destroy(&e);
}

/*
 * Run @e in a child process. Its exit status tells whether the result was
 * @want.
 */
static pid_t run_forked(struct enclave *e, struct run *run, uint64_t want)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	failed = 0;
	if (run_in(e, run))
		CHECK(run->result.number == want);
	fflush(stdout);
	_exit(failed != 0);
}

static void step_many(void)
{
	struct enclave e[MANY];
	pid_t pid[MANY];
	int n, status;

	for (n = 0; n < MANY; n++) {
		if (!CHECK(enclave_create(&e[n], n % 3 ? &demo : &other) == 0))
			break;
	}
	for (int i = 0; i < n; i++) {
		uint64_t size = CYCLES_ENOUGH / 100 * (uint64_t)(i + 1) / MANY;
		struct run run = job(JOB_SERIES, size, NULL, 0);

		pid[i] = run_forked(&e[i], &run, series(size));
	}
	for (int i = 0; i < n; i++) {
		CHECK(waitpid(pid[i], &status, 0) == pid[i] && status == 0);
		enclave_destroy(&e[i]);
	}
	report_step("%d enclaves at once, each in a process of its own, on %ld hart(s)", n,
		    sysconf(_SC_NPROCESSORS_ONLN));
}

/* Check that a faulting application ends only its own enclave. */
static void step_faults(void)
{
	static const struct {
		enum fault_kind kind;
		unsigned int cause;
	} fault[] = {
		{ FAULT_NULL, 15 }, { FAULT_RUNTIME, 13 }, { FAULT_ILLEGAL, 2 },
		{ FAULT_STACK, 15 },
	};
	struct run run = job(JOB_FAULT, FAULT_OUTSIDE, NULL, 0);

	if (run_once(&demo, &run))
		CHECK(run.result.error == 0);
	for (unsigned int i = 0; i < sizeof(fault) / sizeof(fault[0]); i++) {
		struct enclave e;
		uint64_t value = 0;

		run = job(JOB_FAULT, fault[i].kind, NULL, 0);
		if (!CHECK(enclave_create(&e, &demo) == 0))
			return;
		CHECK(enclave_run(&e, serve, &run, &value) == 0);
		CHECK(EXIT_KIND(value) == EXIT_APP_TRAPPED);
		CHECK((value >> 48 & 0xff) == fault[i].cause);
		enclave_destroy(&e);
	}
	report_step("faults in the application end its enclave, and the host learns why");
}

/* Create enclaves until there is no room. Return their number. */
static int room(void)
{
	static struct enclave e[ENOUGH];
	int n = 0, rc = 0;

	while (n < ENOUGH && !rc) {
		rc = enclave_create(&e[n], &demo);
		n += !rc;
	}
	CHECK(rc == -ENOSPC);
	for (int i = 0; i < n; i++)
		enclave_destroy(&e[i]);
	return n;
}

/* Start a process with an endless enclave. */
static pid_t spin(int hart)
{
	struct run run = job(JOB_SPIN, 0, NULL, 0);
	cpu_set_t set;
	struct enclave e;
	uint64_t value;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	CPU_ZERO(&set);
	CPU_SET(hart, &set);
	sched_setaffinity(0, sizeof(set), &set);
	if (!enclave_create(&e, &demo))
		enclave_run(&e, serve, &run, &value);
	_exit(1);
}

/*
 * * Run an endless enclave on the same hart as this program, which must make
 * progress. Then kill its process, and check that all its resources are free
 * again.
 */
static void step_runaway(void)
{
	int before = room(), status;
	cpu_set_t set;
	pid_t pid;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	pid = spin(0);
	for (unsigned int i = 0; i < spin_time; i += 10)
		usleep(10000);
	CHECK(waitpid(pid, &status, WNOHANG) == 0);
	kill(pid, SIGKILL);
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	CHECK(room() == before);
	for (int i = 0; i < CPU_SETSIZE; i++)
		CPU_SET(i, &set);
	sched_setaffinity(0, sizeof(set), &set);
	report_step("an endless enclave stopped nobody else; its process was killed, and "
		    "there is room for %d enclaves again", before);
}

/* Read @address in a child process, and return the signal that it gets. */
static int signal_of_read(const volatile uint8_t *address)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(*address == 0xff);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* Try to hibernate, which must fail because private memory is inaccessible. */
static bool hibernates(void)
{
	int fd = open("/sys/power/state", O_WRONLY | O_CLOEXEC);
	bool refused = fd >= 0 && write(fd, "disk", 4) == -1 && errno == EBUSY;

	close(fd);
	return !refused;
}

/* Check that the driver refuses misuse by its host program. */
static void step_misuse(void)
{
	struct keystone_ioctl_create c = { .min_pages = 0 };
	struct keystone_ioctl_run r = { 0 };
	int fd = open("/dev/" KEYSTONE_DEVICE, O_RDWR | O_CLOEXEC);
	uint8_t *epm;

	CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, &c) == -1 && errno == EINVAL);
	c.min_pages = ~0ull;
	CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, &c) == -1 && errno == EINVAL);
	CHECK(ioctl(fd, KEYSTONE_IOC_RUN, &r) == -1 && errno == EINVAL);
	CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, NULL) == -1 && errno == EFAULT);
	c.min_pages = 8;
	CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, &c) == 0 && c.epm_size == 8 * 4096);
	CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, &c) == -1 && errno == EBUSY);
	r.eid = c.eid;
	CHECK(ioctl(fd, KEYSTONE_IOC_RUN, &r) == -1 && errno == EINVAL);
	CHECK(ioctl(fd, KEYSTONE_IOC_FINALIZE, &c) == -1 && errno == EBUSY);
	CHECK(mmap(NULL, 9 * 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
	epm = mmap(NULL, c.epm_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memset(epm, 0x13, c.epm_size);
	CHECK(signal_of_read(epm) == 0);
	c.utm_size = 4096;
	CHECK(ioctl(fd, KEYSTONE_IOC_UTM_INIT, &c) == 0);
	c.runtime_paddr = c.epm_paddr + 4096;
	c.user_paddr = c.epm_paddr;
	c.free_paddr = c.epm_paddr + 3 * 4096;
	CHECK(ioctl(fd, KEYSTONE_IOC_FINALIZE, &c) == -1 && errno == EINVAL);
	c.user_paddr = c.epm_paddr + 2 * 4096;
	CHECK(ioctl(fd, KEYSTONE_IOC_FINALIZE, &c) == 0);
	CHECK(signal_of_read(epm) == SIGBUS);
	CHECK(!hibernates());
	r.eid++;
	CHECK(ioctl(fd, KEYSTONE_IOC_RUN, &r) == -1 && errno == EINVAL);
	r.eid--;
	CHECK(ioctl(fd, KEYSTONE_IOC_RESUME, &r) == -1 && errno == EINVAL);
	CHECK(ioctl(fd, KEYSTONE_IOC_DESTROY, &c) == 0);
	CHECK(ioctl(fd, KEYSTONE_IOC_RUN, &r) == -1 && errno == EINVAL);
	CHECK(signal_of_read(epm) == SIGBUS);
	munmap(epm, c.epm_size);
	close(fd);
	report_step("the driver refuses what makes no sense; private memory is out of reach, "
		    "and Linux does not hibernate with it");
}

/*
 * Fill private memory, never give it to the monitor, and look what the next one
 * finds there.
 */
static void leave_and_look(void)
{
	struct keystone_ioctl_create c = { .min_pages = large / 4096 / 2 + 1 };
	size_t size = c.min_pages * 4096;

	for (int i = 0; i < 2; i++) {
		int fd = open("/dev/" KEYSTONE_DEVICE, O_RDWR | O_CLOEXEC);
		uint8_t *epm;

		CHECK(ioctl(fd, KEYSTONE_IOC_CREATE, &c) == 0 && c.epm_size == size);
		epm = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (CHECK(epm != MAP_FAILED)) {
			CHECK(!epm[0] && !epm[size / 2] && !epm[size - 1]);
			epm[0] = epm[size / 2] = epm[size - 1] = 0xff;
			munmap(epm, size);
		}
		close(fd);
	}
}

/* Read physical memory past the driver, where Linux lets a program do that. */
static bool reads_physical(uint64_t address)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, (off_t)address);
	bool reads = at != MAP_FAILED && !signal_of_read(at);

	if (at != MAP_FAILED)
		munmap(at, 4096);
	close(fd);
	return reads;
}

static size_t pages(size_t size)
{
	return (size + 4095) & ~4095ul;
}

/* More memory than Linux has in one piece: from the pool. */
static void step_large(void)
{
	struct run run = job(JOB_MEMORY, large - (4 << 20), NULL, 0);
	struct enclave_parts parts = demo;
	struct enclave e, next;

	leave_and_look();
	parts.free = large - pages(parts.loader.size) - pages(parts.runtime.size) -
		     pages(parts.app.size);
	if (!CHECK(enclave_create(&e, &parts) == 0))
		return;
	CHECK(!reads_physical(e.epm) && !reads_physical(e.epm + e.epm_size - 4096));
	parts.free = 8 << 20;
	if (CHECK(enclave_create(&next, &parts) == 0)) {
		CHECK(next.epm >= e.epm + e.epm_size || next.epm + next.epm_size <= e.epm);
		enclave_destroy(&next);
	}
	parts.free = (size_t)1 << 40;
	CHECK(enclave_create(&next, &parts) == -EINVAL);
	parts.free = (size_t)1 << 39;
	CHECK(enclave_create(&next, &parts) == -ENOMEM);
	if (run_in(&e, &run))
		CHECK(run.result.error == 0 && run.result.number == run.job.number);
	report_step("an enclave of %zu MiB writes and reads %lu MiB", e.epm_size >> 20,
		    run.result.number >> 20);
	enclave_destroy(&e);
}

/* Count the kernel's page faults of one read. */
static long faults_of_read(const volatile uint8_t *address)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &after);
	getrusage(RUSAGE_SELF, &before);
	(void)*address;
	getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt - before.ru_minflt;
}

/* Create and destroy an enclave while another's shared memory stays mapped. */
static void step_apart(void)
{
	struct enclave stays, goes;

	CHECK(enclave_create(&stays, &demo) == 0);
	CHECK(faults_of_read(stays.shared) == 1);
	CHECK(enclave_create(&goes, &demo) == 0);
	enclave_destroy(&goes);
	CHECK(faults_of_read(stays.shared) == 0);
	enclave_destroy(&stays);
	report_step("enclaves leave each other's mappings alone");
}

static struct file from_hex(const char *hex)
{
	struct file f = { malloc(strlen(hex) / 2 + 1), strlen(hex) / 2 };
	unsigned int byte;

	for (size_t i = 0; i < f.size; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1 || f.size > JOB_BYTES) {
			fprintf(stderr, "enclave-demo: the nonce has to be hex digits\n");
			exit(2);
		}
		((uint8_t *)f.data)[i] = (uint8_t)byte;
	}
	return f;
}

static struct file part(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return file_read(path);
}

int main(int argc, char **argv)
{
	static void (*const steps[])(void) = {
		step_compute, step_attest, step_platform, step_attest_all, step_seal,
		step_update, step_random, step_preempt, step_many, step_large, step_faults,
		step_misuse, step_apart, step_runaway,
	};

	if (argc < 6) {
		fprintf(stderr, "usage: enclave-demo <folder> <nonce> <report> "
			"<platform's report> <joined report> [<milliseconds> [<MiB>]]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	demo.loader = part(argv[1], "loader.bin");
	demo.runtime = part(argv[1], "runtime.elf");
	demo.app = part(argv[1], "app.elf");
	other = demo;
	other.app = part(argv[1], "other.elf");
	update = demo;
	update.app = part(argv[1], "update.elf");
	demo_certificate = part(argv[1], "app.cert");
	update_certificate = part(argv[1], "update.cert");
	other_certificate = part(argv[1], "other.cert");
	foreign_certificate = part(argv[1], "foreign.cert");
	nonce = from_hex(argv[2]);
	report_path = argv[3];
	platform_path = argv[4];
	joined_path = argv[5];
	if (argc > 6)
		spin_time = (unsigned int)atoi(argv[6]);
	if (argc > 7)
		large = (size_t)atoi(argv[7]) << 20;
	for (unsigned int i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		failed = 0;
		steps[i]();
		failures += failed;
	}
	printf("demo: %s\n", failures ? "FAILED" : "all is well");
	return failures != 0;
}
