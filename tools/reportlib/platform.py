# SPDX-License-Identifier: BSD-2-Clause
"""Cordon's report about the machine: struct platform_report."""

import hashlib
import struct

from .ed25519 import signature_ok
from .measure import IMAGE_MAX, payload_hash
from .report import (NotVerified, check_device, check_one_of, check_size, is_test_key,
                     tell_missing, tell_verified)

# struct platform_facts
FACTS = "QQ 32s64s 64s 64sQ 64sQ 64sQQQQ 32s32s64s"
FACT_NAMES = """flags security_version monitor_version policies
    monitor_hash firmware_hash firmware_size tree_hash tree_size payload_hash payload_size
    payload_entry payload_a0 payload_a1 platform_key device_key device_signature""".split()
FORMAT = struct.Struct("<8sII 64s" + FACTS + "64s")
NAMES = ["magic", "version", "size", "nonce", *FACT_NAMES, "signature"]
SIZE = FORMAT.size
VERSION = 1
FLAG_TEST, FLAG_HEADER = 1, 2


def text(field):
    """A string that fills its field with zeros, or fills it. It will be printed."""
    string = field.rstrip(b"\0").decode("ascii", "replace")
    if not (string.isascii() and string.isprintable()):
        raise NotVerified("a string of the report is none")
    return string.strip()


class Signed:
    """The fields of a report with facts about a machine."""

    MAGIC, WHAT = b"CORDONPR", "report of a platform"
    FORMAT, NAMES = FORMAT, NAMES

    def __init__(self, raw):
        self.__dict__.update(zip(self.NAMES, self.FORMAT.unpack(raw)))
        if self.magic != self.MAGIC:
            raise NotVerified(f"it is no {self.WHAT}")
        if self.version != VERSION or self.size != self.FORMAT.size:
            raise NotVerified(f"it is of version {self.version}, which this tool does not know")
        self.signed = raw[:-64]
        self.signed_by_device = b"CORDONPK" + self.monitor_hash + self.platform_key
        self.monitor_version = text(self.monitor_version)
        self.policies = text(self.policies)


class Report(Signed):
    """A report about a machine alone."""

    def __init__(self, raw):
        check_size(raw, SIZE)
        super().__init__(raw)


def check_signatures(report):
    if not signature_ok(report.device_key, report.signed_by_device, report.device_signature,
                        hashlib.sha512):
        raise NotVerified("the device key's signature of the monitor is wrong")
    if not signature_ok(report.platform_key, report.signed, report.signature, hashlib.sha512):
        raise NotVerified("the monitor's signature of the report is wrong")


def check_part(size, value, trusted, what):
    """One measurement against what the user expects, if anything."""
    if trusted is None:
        return
    if not size:
        raise NotVerified(f"the {what} was not measured")
    if value != trusted:
        raise NotVerified(f"another {what} was started there: {value.hex()}")


def check_expected(report, args):
    """Compare with what the user said the report should say."""
    if args.nonce is not None and report.nonce != args.nonce.ljust(64, b"\0"):
        raise NotVerified("it has another nonce: it may be an old report")
    check_one_of(report.monitor_hash, args.monitor_hash, "another monitor runs there")
    check_part(report.firmware_size, report.firmware_hash, args.firmware, "firmware")
    check_part(report.tree_size, report.tree_hash, args.tree, "device tree")
    if args.payload is not None:
        if report.payload_size > IMAGE_MAX:
            raise NotVerified("no monitor measures a payload of that size")
        check_part(report.payload_size, report.payload_hash,
                   payload_hash(args.payload, report.payload_size), "payload")
        if report.payload_size < len(args.payload) and not args.partial:
            raise NotVerified(f"only the first {report.payload_size} bytes of the payload were "
                              "measured (--partial accepts that)")
    if args.policies is not None and report.policies.split() != args.policies:
        raise NotVerified(f"other policies are at work there: {report.policies or 'none'}")
    if args.min_version is not None and report.security_version < args.min_version:
        raise NotVerified(f"its security version {report.security_version} is too old")


def check_report(report, args):
    """Raise NotVerified if the machine is not all that args ask for."""
    test = bool(report.flags & FLAG_TEST)
    if test != is_test_key(report.device_key):
        raise NotVerified("it is not honest about the test key")
    check_device(report.device_key, args.device_key, args.allow_test_key)
    check_signatures(report)
    check_expected(report, args)


def verify(raw, args):
    """Return the report if it is all that args ask for; else raise NotVerified."""
    report = Report(raw)
    check_report(report, args)
    return report


def tell_part(name, size, value, more=""):
    print(f"{name:9}" + (f"{value.hex()} ({size} bytes{more})" if size else "(not measured)"))


def tell_proved(report, args):
    print("It proves that")
    print("- who holds the device's secret key vouched for the monitor's hash and key;")
    print("- who holds the monitor's key signed what is said here" +
          (", after the nonce was chosen." if args.nonce is not None else "."))


def tell_machine(report):
    print(f"         version {report.monitor_version}, security version "
          f"{report.security_version}, policies: {report.policies or 'none'}")
    tell_part("firmware", report.firmware_size, report.firmware_hash)
    tell_part("tree", report.tree_size, report.tree_hash)
    tell_part("payload", report.payload_size, report.payload_hash,
              f" from {report.payload_entry:#x}, a0 {report.payload_a0:#x}, "
              f"a1 {report.payload_a1:#x}")


def not_proved(args):
    """Rows for tell_missing()."""
    return (
        (args.nonce is not None, "how old it is (--nonce)"),
        (args.monitor_hash, "that the monitor is one to trust (--monitor, --monitor-hash)"),
        (args.firmware is not None, "which firmware was started (--firmware)"),
        (args.tree is not None, "which device tree was used (--tree)"),
        (args.payload is not None, "which payload was started (--payload)"),
        (False, "what the firmware, or the payload itself, did to the payload since then"),
    )


def tell(report, args):
    """Print what a verified report proves and what not."""
    proves = tell_verified(report)
    tell_machine(report)
    if proves:
        tell_proved(report, args)
    tell_missing(not_proved(args), proves)
