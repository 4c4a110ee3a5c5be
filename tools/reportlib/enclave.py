# SPDX-License-Identifier: BSD-2-Clause
"""Keystone's report about an enclave."""

import struct

from .ed25519 import signature_ok
from .report import (NotVerified, check_device, check_one_of, check_size, tell_missing,
                     tell_verified)

SIZE = 1352
DATA_MAX = 1024
DATA_AT = 72
SLACK_END = DATA_AT + DATA_MAX


class Report:
    """The fields of a report."""

    def __init__(self, raw):
        check_size(raw, SIZE)
        (length,) = struct.unpack_from("<Q", raw, 64)
        if length > DATA_MAX:
            raise NotVerified(f"the report says that it holds {length} bytes of data; "
                              f"there is room for {DATA_MAX}")
        end = DATA_AT + length
        self.enclave_hash = raw[:64]
        self.data = raw[DATA_AT:end]
        self.slack = raw[end:SLACK_END]
        self.signed_by_monitor = raw[:end]
        self.enclave_signature = raw[1096:1160]
        self.monitor_hash = raw[1160:1224]
        self.monitor_key = raw[1224:1256]
        self.signed_by_device = raw[1160:1256]
        self.monitor_signature = raw[1256:1320]
        self.device_key = raw[1320:1352]


def check_signatures(report):
    if not signature_ok(report.device_key, report.signed_by_device, report.monitor_signature):
        raise NotVerified("the device key's signature of the monitor is wrong")
    if not signature_ok(report.monitor_key, report.signed_by_monitor, report.enclave_signature):
        raise NotVerified("the monitor's signature of the enclave is wrong")


def check_expected(report, args):
    """Compare with what the user said the report should say."""
    if args.nonce is not None and report.data != args.nonce:
        raise NotVerified("its data is not the nonce: it may be an old report")
    check_one_of(report.monitor_hash, args.monitor_hash, "another monitor runs there")
    check_one_of(report.enclave_hash, args.enclave_hash, "another enclave runs there")


def verify(raw, args):
    """Return the report if it is all that args ask for; else raise NotVerified."""
    report = Report(raw)
    if any(report.slack) and not args.allow_slack:
        raise NotVerified("there are bytes after the data that nobody signed "
                          "(--allow-slack accepts Keystone's own monitor, which does not "
                          "clear them)")
    check_device(report.device_key, args.device_key, args.allow_test_key)
    check_signatures(report)
    check_expected(report, args)
    return report


def tell_proved(report, args):
    print("It proves that")
    print("- who holds the device's secret key vouched for the monitor's hash and key;")
    print("- who holds the monitor's secret key vouched for the enclave's hash and data" +
          ("," if args.nonce is not None else "."))
    if args.nonce is not None:
        print("  after the nonce was chosen.")
    if args.monitor_hash:
        print("- the monitor is the one that you expect.")
    if args.enclave_hash:
        print("- the enclave began as the one that you expect.")


def tell(report, args):
    """Print what a verified report proves and what not."""
    proves = tell_verified(report)
    print(f"enclave  {report.enclave_hash.hex()}")
    print(f"data     {report.data.hex() or '(none)'}")
    if proves:
        tell_proved(report, args)
    tell_missing((
        (args.nonce is not None, "how old it is (--nonce)"),
        (args.monitor_hash, "that the monitor is one to trust (--monitor, --monitor-hash)"),
        (args.enclave_hash, "which program the enclave is (--enclave, --enclave-hash)"),
    ), proves)
