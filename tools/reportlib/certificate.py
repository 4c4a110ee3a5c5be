# SPDX-License-Identifier: BSD-2-Clause
"""A maker's certificate of an enclave: struct maker_certificate in policies/keystone/maker.h."""

import hashlib
import struct

from . import ed25519

HEAD = struct.Struct("<8sII64s32s")     # magic, format, version, enclave's hash, maker
MAGIC, FORMAT = b"CORDONMC", 1
SIGNATURE_SIZE = 64
SIZE = HEAD.size + SIGNATURE_SIZE
VERSIONS = range(1, 1 << 32)


class Malformed(Exception):
    """The bytes are no certificate; the text says why."""


def encode(version, enclave_hash, maker):
    """Return the bytes to sign: all but the signature."""
    return HEAD.pack(MAGIC, FORMAT, version, enclave_hash, maker)


def header(maker):
    """Return a C header with the maker's public key, for the enclave that trusts it."""
    return f"#define MAKER_KEY {{ {', '.join(f'0x{byte:02x}' for byte in maker)} }}\n"


def decode(data):
    """Return version, enclave's hash and maker. The signature is not verified."""
    if len(data) != SIZE or data[:len(MAGIC)] != MAGIC:
        raise Malformed("is no certificate")
    _, number, version, enclave_hash, maker = HEAD.unpack_from(data)
    if number != FORMAT:
        raise Malformed(f"has format {number}, which is not known")
    return version, enclave_hash, maker


def is_signed(data):
    """True if the signature is the maker's."""
    maker = decode(data)[2]
    return ed25519.signature_ok(maker, data[:HEAD.size], data[HEAD.size:], hashlib.sha512)
