# SPDX-License-Identifier: BSD-2-Clause
"""Crypto, ownership and SBI calls as data, without SERVICE, selected by a policy made here."""

import os
import pathlib
import subprocess

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
# Start of the signature of "nonce" with the key of seed 00 01 ... 1f.
SIGNATURE = "67a1108f80091a90"
HASH = "b751850b1a57168a"  # of "abc"

KCONFIG = """\
config POLICY_PARTS
	bool "Parts"
	default y
	select CRYPTO
	select OWNERSHIP
	help
	  For a test. Say N elsewhere.
"""
SOURCE = """\
#include <cordon/crypto.h>
#include <cordon/log.h>
#include <cordon/policy.h>

#include "%s/policies/keystone/enclave.c"

static struct owned list[8];
static struct ownership map = { .list = list, .max = 8 };
static struct enclaves enclaves = { .map = &map };

static int parts_init(void)
{
	struct keystone_create c = {
		.epm_start = 0x1000, .epm_size = 0x1000, .utm_start = 0x2000,
		.utm_size = 0x1000, .runtime = 0x1000, .user = 0x1000, .free = 0x2000,
	};
	const struct sbi_call *call = sbi_find(0x10, 3);
	struct range all = { 0, 0x10000 };
	struct ed25519_key key;
	u8 hash[64], sig[64], seed[32];
	u32 eid = 99;

	for (unsigned int i = 0; i < sizeof(seed); i++)
		seed[i] = (u8)i;
	ownership_set(&map, all, OWNER_PAYLOAD, 0);
	sha3_512("abc", 3, hash);
	ed25519_sha3_key(&key, seed);
	ed25519_sha3_sign(&key, "nonce", 5, sig);
	for (unsigned int i = 0; i < 8; i++)
		log_raw("%%02x", hash[i]);
	log_raw(" ");
	for (unsigned int i = 0; i < 8; i++)
		log_raw("%%02x", sig[i]);
	log_raw(" create %%u", (unsigned int)enclave_create_begin(&enclaves, &c, &eid));
	log_raw(" eid %%u owners %%u call %%s end\\n", eid, map.nr,
		call ? "found" : "none");
	return 0;
}

const struct policy_ops policy_parts = { .name = "parts", .init = parts_init };
"""


def test_parts_run_in_the_monitor(tmp_path):
    """Freestanding, with the monitor's own flags and warnings."""
    folder = tmp_path / "ours" / "policies" / "parts"
    folder.mkdir(parents=True)
    (folder / "Kconfig").write_text(KCONFIG)
    (folder / "policy.def").write_text("POLICY(90, CONFIG_POLICY_PARTS, parts)\n")
    (folder / "Makefile").write_text("obj-$(CONFIG_POLICY_PARTS) += parts.o\n")
    (folder / "parts.c").write_text(SOURCE % REPO)
    env = {k: v for k, v in os.environ.items() if k not in (
        "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM", "CROSS_COMPILE", "EXTERNAL")}
    build = subprocess.run(
        ["make", "-j2", f"O={tmp_path}/out", f"EXTERNAL={tmp_path}/ours", "qemu_virt_defconfig",
         "all"], cwd=REPO, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert build.returncode == 0, build.stdout + build.stderr
    run = subprocess.run(
        [REPO / "tools/run", "--build", tmp_path / "out", "--payload", "none", "--timeout", "120",
         "--expect", f"{HASH} {SIGNATURE} create 0 eid 0 owners 4 call found end"],
        env=env, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
