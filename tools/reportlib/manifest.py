# SPDX-License-Identifier: BSD-2-Clause
"""The manifest of expected hashes: struct manifest in core/include/cordon/measure.h."""

import hashlib
import struct

from . import ed25519

MAGIC = b"CORDONM\x01"
HASH_SIZE = 64
SIGNATURE_SIZE = 64
# In the order of enum measurement.
NAMES = ("monitor", "firmware", "machine-tree", "payload", "payload-tree", "initrd")
HEAD = struct.Struct("<8sQQ")           # magic, version, listed
SIZE = HEAD.size + len(NAMES) * HASH_SIZE + SIGNATURE_SIZE


class Malformed(Exception):
    """The bytes are no manifest; the text says why."""


def encode(version, hashes):
    """Return the bytes to sign: all but the signature. @hashes: by name."""
    listed = sum(1 << n for n, name in enumerate(NAMES) if name in hashes)
    return HEAD.pack(MAGIC, version, listed) + \
        b"".join(hashes.get(name, bytes(HASH_SIZE)) for name in NAMES)


def decode(data):
    """Return the version and the hashes that count, by name. The signature is not verified."""
    if len(data) != SIZE or data[:len(MAGIC)] != MAGIC:
        raise Malformed("is no manifest")
    _, version, listed = HEAD.unpack_from(data)
    if listed >> len(NAMES):
        raise Malformed("lists hashes that are not known")
    hashes = [data[at:at + HASH_SIZE]
              for at in range(HEAD.size, SIZE - SIGNATURE_SIZE, HASH_SIZE)]
    return version, {name: digest for n, (name, digest) in enumerate(zip(NAMES, hashes))
                     if listed >> n & 1}


def is_signed(data, public):
    """True if the signature is this public key's."""
    return ed25519.signature_ok(public, data[:-SIGNATURE_SIZE], data[-SIGNATURE_SIZE:],
                                hashlib.sha512)
