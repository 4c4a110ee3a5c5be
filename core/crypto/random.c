// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random numbers: samples of a physical source with the health tests of SP
 * 800-90B, conditioned by HMAC_DRBG, which is reseeded regularly.
 *
 * The source is the board's or else the hart's seed CSR (Zkr). We assume 8 bits
 * of min-entropy per 16-bit sample, half of what each holds.
 */
#include <arch/csr.h>
#include <arch/spinlock.h>
#include <cordon/board.h>
#include <cordon/crypto.h>
#include <cordon/errno.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/stack.h>

/* The seed CSR (Unpriv., Zkr): state, and 16 bits if that is ES16. */
#define SEED_OPST	GENMASK(31, 30)
#define OPST_ES16	2
#define OPST_DEAD	3

/* 512 bits of min-entropy: 256 and a nonce of 128, or 256 for a reseed. */
#define SAMPLES		64
/* Polls per block, including BIST and WAIT. */
#define POLLS		100000
/* Samples tested before the first is used (SP 800-90B, 4.3). */
#define STARTUP_SAMPLES	1024
#define RESEED_INTERVAL	1024
/* Without a source on the harts that ask, this many. */
#define RESEED_LIMIT	(1u << 20)

/*
 * SP 800-90B, 4.4.1 and 4.4.2, with H = 8 and one false alarm in 2^30: repeated
 * samples, and occurrences of a window's first sample.
 */
#define RCT_CUTOFF	5
#define APT_CUTOFF	16
#define APT_WINDOW	512

struct health {
	u32 run;		/* equal samples in a row */
	u32 at;			/* position in the window */
	u32 same;		/* samples equal to the first */
	u16 last;
	u16 first;
};

enum state {
	NO_SOURCE,
	READY,
	BROKEN,
};

static struct {
	struct spinlock lock;	/* held for one request */
	u32 state;		/* enum state */
	struct health health;
	struct drbg drbg;
} rng;

static bool sample_is_healthy(struct health *t, u16 sample)
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

static bool block_is_healthy(struct health *t, const u16 *sample)
{
	bool good = true;

	for (unsigned int i = 0; i < SAMPLES; i++)
		good &= sample_is_healthy(t, sample[i]);
	return good;
}

static int poll_source(u16 *sample)
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

/* Read one block. Takes no lock, because the source may be slow. */
static int read_block(u16 sample[SAMPLES])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < POLLS; i++) {
		int rc = poll_source(&sample[n]);

		if (!rc && ++n == SAMPLES)
			return 0;
		if (rc && rc != -EAGAIN)
			return rc;
	}
	return -EAGAIN;
}

static int start_drbg(struct bytes personal)
{
	u16 sample[SAMPLES];
	struct bytes entropy = { sample, sizeof(sample) }, none = { NULL, 0 };
	int rc = 0;

	for (unsigned int i = 0; !rc && i < STARTUP_SAMPLES / SAMPLES + 1; i++) {
		rc = read_block(sample);
		if (!rc && !block_is_healthy(&rng.health, sample))
			rc = -EIO;
	}
	if (!rc)
		drbg_init(&rng.drbg, entropy, none, personal);
	crypto_wipe(sample, sizeof(sample));
	return rc;
}

void random_init(struct bytes personal)
{
	int rc = start_drbg(personal);

	if (!rc) {
		rng.state = READY;
	} else if (rc == -ENXIO) {
		rng.state = NO_SOURCE;
		log_info("no entropy source, so no random numbers");
	} else {
		rng.state = BROKEN;
		log_warn("the entropy source does not work: %d", rc);
	}
}

/* Call with the lock held. @sample: a new block, or NULL. */
static int generate_locked(u64 *value, const u16 *sample)
{
	struct bytes entropy = { sample, SAMPLES * sizeof(*sample) };
	struct bytes none = { NULL, 0 };

	if (rng.state != READY)
		return -EIO;
	if (sample) {
		if (!block_is_healthy(&rng.health, sample)) {
			rng.state = BROKEN;
			crypto_wipe(&rng.drbg, sizeof(rng.drbg));
			return -EIO;
		}
		drbg_reseed(&rng.drbg, entropy, none);
	}
	drbg_generate(&rng.drbg, none, value, sizeof(*value));
	return 0;
}

int random_u64(u64 *value)
{
	bool reseed = READ_ONCE(rng.drbg.count) > RESEED_INTERVAL;
	u16 sample[SAMPLES];
	int rc;

	*value = 0;
	if (READ_ONCE(rng.state) != READY)
		return READ_ONCE(rng.state) == NO_SOURCE ? -ENXIO : -EIO;
	rc = reseed ? read_block(sample) : 0;
	/* Zkr may be on other harts only: what these have gathered lasts a while. */
	if (rc == -ENXIO) {
		reseed = false;
		rc = READ_ONCE(rng.drbg.count) > RESEED_LIMIT ? -EAGAIN : 0;
	}
	if (!rc) {
		spin_lock(&rng.lock);
		rc = generate_locked(value, reseed ? sample : NULL);
		spin_unlock(&rng.lock);
	} else if (rc != -EAGAIN) {
		/* The source disappeared, or reported itself dead. */
		WRITE_ONCE(rng.state, BROKEN);
		rc = -EIO;
	}
	if (rc == -EIO)
		log_warn("the entropy source has failed");
	crypto_wipe(sample, sizeof(sample));
	stack_wipe(hart_self());
	return rc;
}
