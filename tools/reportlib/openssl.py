# SPDX-License-Identifier: BSD-2-Clause
"""Ed25519 keys and signatures by the program openssl."""

import subprocess
import tempfile


class OpensslError(Exception):
    """openssl is missing or refuses; the text says what."""


def openssl(*args):
    try:
        done = subprocess.run(["openssl", *map(str, args)], capture_output=True, check=False)
    except OSError as err:
        raise OpensslError(f"openssl: {err.strerror}") from err
    if done.returncode:
        raise OpensslError(f"openssl: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def make_key(path):
    openssl("genpkey", "-algorithm", "ed25519", "-out", path)


def public_of(key):
    """The public key of a PEM file: the end of its DER form (RFC 8410, 4)."""
    der = openssl("pkey", "-in", key, "-pubout", "-outform", "DER")
    if len(der) != 44:
        raise OpensslError(f"{key} is not an Ed25519 key")
    return der[-32:]


def sign(key, message):
    with tempfile.NamedTemporaryFile() as file:
        file.write(message)
        file.flush()
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name)
