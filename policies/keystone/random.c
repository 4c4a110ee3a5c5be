// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random numbers: samples of a physical source, tested as SP 800-90B says,
 * conditioned by HMAC_DRBG, which is seeded again and again.
 *
 * The source is the board's, or else the hart's seed register (Zkr). Its samples
 * of 16 bits are taken to have 8 bits of min-entropy, half of what they hold.
 */
#include <arch/csr.h>
#include <arch/spinlock.h>
#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/stack.h>

#include "attest.h"
#include "random.h"

/* The seed register (Unpriv., Zkr): state, and 16 bits if that is ES16. */
#define SEED_OPST	GENMASK(31, 30)
#define OPST_ES16	2
#define OPST_DEAD	3

/* 512 bits of min-entropy for 256 and a nonce of 128, or for 256 again. */
#define SAMPLES		64
/* Polls for one block, BIST and WAIT included. */
#define POLLS		100000
/* Samples that are tested before the first one is used (SP 800-90B, 4.3). */
#define STARTUP_SAMPLES	1024
#define RESEED_INTERVAL	1024

/*
 * SP 800-90B, 4.4.1 and 4.4.2, with H = 8 and one false alarm in 2^30: this
 * many equal samples in a row; as many in a window as its first one.
 */
#define RCT_CUTOFF	5
#define APT_CUTOFF	16
#define APT_WINDOW	512

struct health {
	u32 run;		/* of equal samples until now */
	u32 at;			/* in the window */
	u32 same;		/* samples in it that are like the first */
	u16 last;
	u16 first;
};

enum state {
	NO_SOURCE,
	READY,
	BROKEN,
};

static struct {
	struct spinlock lock;	/* over all of it, for one request */
	u32 state;		/* enum state */
	struct health health;
	struct drbg drbg;
} rng;

static bool healthy(struct health *t, u16 sample)
{
	t->run = t->run && sample == t->last ? t->run + 1 : 1;
	t->last = sample;
	if (!t->at) {
		t->first = sample;
		t->same = 0;
	}
	t->same += sample == t->first;
	t->at = (t->at + 1) % APT_WINDOW;
	return t->run < RCT_CUTOFF && t->same < APT_CUTOFF;
}

static bool all_healthy(struct health *t, const u16 *sample)
{
	bool good = true;

	for (unsigned int i = 0; i < SAMPLES; i++)
		good &= healthy(t, sample[i]);
	return good;
}

static int poll(u16 *sample)
{
	ulong seed;

	if (board.entropy)
		return board.entropy(sample);
	if (csr_hw_read(CSR_seed, &seed))
		return -ENXIO;
	*sample = (u16)seed;
	switch (FIELD_GET(SEED_OPST, seed)) {
	case OPST_ES16:
		return 0;
	case OPST_DEAD:
		return -EIO;
	}
	return -EAGAIN;
}

/* One block. Takes no lock: the source may be slow. */
static int gather(u16 sample[SAMPLES])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < POLLS; i++) {
		int rc = poll(&sample[n]);

		if (!rc && ++n == SAMPLES)
			return 0;
		if (rc && rc != -EAGAIN)
			return rc;
	}
	return -EAGAIN;
}

static int start(struct bytes personal)
{
	u16 sample[SAMPLES];
	struct bytes entropy = { sample, sizeof(sample) }, none = { NULL, 0 };
	int rc = 0;

	for (unsigned int i = 0; !rc && i < STARTUP_SAMPLES / SAMPLES + 1; i++) {
		rc = gather(sample);
		if (!rc && !all_healthy(&rng.health, sample))
			rc = -EIO;
	}
	if (!rc)
		drbg_init(&rng.drbg, entropy, none, personal);
	crypto_wipe(sample, sizeof(sample));
	return rc;
}

void random_init(struct bytes personal)
{
	int rc = start(personal);

	if (!rc) {
		rng.state = READY;
	} else if (rc == -ENXIO) {
		rng.state = NO_SOURCE;
		log_info("keystone: no source of entropy, no random numbers");
	} else {
		rng.state = BROKEN;
		log_warn("keystone: the source of entropy does not work: %d", rc);
	}
}

/* Under the lock. @sample: a new block, or NULL. */
static int generate(u64 *value, const u16 *sample)
{
	struct bytes entropy = { sample, SAMPLES * sizeof(*sample) };
	struct bytes none = { NULL, 0 };

	if (rng.state != READY)
		return -EIO;
	if (sample) {
		if (!all_healthy(&rng.health, sample)) {
			rng.state = BROKEN;
			crypto_wipe(&rng.drbg, sizeof(rng.drbg));
			return -EIO;
		}
		drbg_reseed(&rng.drbg, entropy, none);
	}
	drbg_generate(&rng.drbg, none, value, sizeof(*value));
	return 0;
}

int attest_random(u64 *value)
{
	bool reseed = READ_ONCE(rng.drbg.count) > RESEED_INTERVAL;
	u16 sample[SAMPLES];
	int rc;

	*value = 0;
	if (READ_ONCE(rng.state) != READY)
		return READ_ONCE(rng.state) == NO_SOURCE ? -ENXIO : -EIO;
	rc = reseed ? gather(sample) : 0;
	if (!rc) {
		spin_lock(&rng.lock);
		rc = generate(value, reseed ? sample : NULL);
		spin_unlock(&rng.lock);
	} else if (rc != -EAGAIN) {
		/* It is gone, or it says itself that it is dead. */
		WRITE_ONCE(rng.state, BROKEN);
		rc = -EIO;
	}
	if (rc == -EIO)
		log_warn("keystone: the source of entropy has failed");
	crypto_wipe(sample, sizeof(sample));
	stack_wipe(hart_self());
	return rc;
}
