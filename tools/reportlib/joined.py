# SPDX-License-Identifier: BSD-2-Clause
"""Cordon's report about an enclave and its machine: struct joined_report."""

import struct

from . import platform
from .report import NotVerified, check_one_of, check_size, tell_missing, tell_verified

FORMAT = struct.Struct("<8sII 64s 32s64s 64s7Q" + platform.FACTS + "64s")
NAMES = ["magic", "version", "size", "nonce", "boot_id", "configuration", "enclave_hash",
         "epm_start", "epm_size", "runtime", "user", "free", "utm_start", "utm_size",
         *platform.FACT_NAMES, "signature"]
SIZE = FORMAT.size
FLAG_BOOT_RANDOM = 4


class Report(platform.Signed):
    """The fields of a report."""

    MAGIC, WHAT = b"CORDONER", "report of an enclave and its machine"
    FORMAT, NAMES = FORMAT, NAMES

    def __init__(self, raw):
        check_size(raw, SIZE)
        super().__init__(raw)
        self.configuration = platform.text(self.configuration)


def verify(raw, args):
    """Return the report if it is all that args ask for; else raise NotVerified."""
    report = Report(raw)
    platform.check_report(report, args)
    check_one_of(report.enclave_hash, args.enclave_hash, "another enclave runs there")
    if args.boot_id is not None and report.boot_id != args.boot_id:
        raise NotVerified("it is of another boot")
    return report


def tell(report, args):
    """Print what a verified report proves and what not."""
    proves = tell_verified(report)
    platform.tell_machine(report)
    print(f"         configuration {report.configuration}")
    print(f"boot     {report.boot_id.hex()}")
    print(f"enclave  {report.enclave_hash.hex()}")
    print(f"         private memory {report.epm_start:#x}, {report.epm_size:#x} bytes: loader 0x0, "
          f"runtime {report.runtime:#x}, application {report.user:#x}, free from "
          f"{report.free:#x}")
    print(f"         shared memory {report.utm_start:#x}, {report.utm_size:#x} bytes")
    if proves:
        platform.tell_proved(report, args)
    random = bool(report.flags & FLAG_BOOT_RANDOM)
    tell_missing((
        *platform.not_proved(args),
        (args.enclave_hash, "which program the enclave is (--enclave, --enclave-hash)"),
        (random, "that no other boot has this ID: the machine had no entropy"),
    ), proves)
