# SPDX-License-Identifier: BSD-2-Clause
"""Common code of all reports."""

# Their secret keys are public: anybody can sign with them. The first comes with
# Keystone's SDK, the second with Cordon (policies/keystone/secret.c).
TEST_KEY = bytes.fromhex("0faad4ff01178583baa588966f7c1ff32564dd17d7dc2b46cb50a84a69270b4c")
PLATFORM_TEST_KEY = bytes.fromhex(
    "78d3edee5e10acd2a5308a5a602084f9c137ce5141b79c1db59d9b9f95a43ef1")
TEST_KEYS = (TEST_KEY, PLATFORM_TEST_KEY)


class NotVerified(Exception):
    """The report does not prove what was asked; the text says why."""


def check_size(raw, size):
    if len(raw) != size:
        kind = f"truncated: {len(raw)} bytes, not" if len(raw) < size else "too long: more than"
        raise NotVerified(f"the report is {kind} {size} bytes")


def is_test_key(key):
    return key in TEST_KEYS


def check_device(key, trusted, allow_test_key):
    """Check that the device is the one that the user trusts, and no test key."""
    if is_test_key(key) and not allow_test_key:
        raise NotVerified("it is signed with the public test key: anybody can make such "
                          "a report (--allow-test-key accepts it in a test)")
    if key != trusted:
        raise NotVerified(f"it comes from another device: {key.hex()}")


def check_one_of(value, trusted, what):
    if trusted and value not in trusted:
        raise NotVerified(f"{what}: {value.hex()}")


def tell_verified(report):
    """Print the first lines about a good report. Return False if its key makes it worthless."""
    test = is_test_key(report.device_key)
    print("TEST KEY: the report is well formed, and proves nothing" if test else "VERIFIED")
    print(f"device   {report.device_key.hex()}")
    print(f"monitor  {report.monitor_hash.hex()}")
    return not test


def tell_missing(missing, proves=True):
    """Rows of (was it checked?, what it would have proved)."""
    texts = [text for given, text in missing if not given]
    if not proves:
        texts.insert(0, "who made it: everybody has the test key, and can sign any report")
    if texts:
        print("It does not prove")
        for text in texts:
            print(f"- {text}")
