# SPDX-License-Identifier: BSD-2-Clause
"""Find and read the rings of policies/trace/ring.h in any readable memory."""

import re
import struct

MAGIC = b"CORDONTR"
VERSION = 2
HEADER = struct.Struct("<8sIIQQQQQQQQQQQQ")
PAGE = 4096
FIRST = 512             # bytes from the header to the records
LINE = re.compile(r"\[cordon \d+\] trace:((?: [0-9a-f]{1,16}){7} [0-9a-f]{8})\r?$", re.M)
FAR = 2048              # pages without a ring after which the search ends


class RingError(Exception):
    """No ring, or a damaged one; the text says what is wrong."""


class Ring:
    """One hart's records, oldest first."""

    def __init__(self, head, read):
        (magic, version, self.record_size, self.address, self.first, self.limit, self.next,
         self.end, self.restart, self.restart_end, self.wraps, self.kinds, self.hart,
         self.timebase, self.home_end) = HEADER.unpack_from(head)
        if magic != MAGIC or version != VERSION or self.record_size != 32:
            raise RingError(f"not a ring of version {VERSION}")
        size = self.limit - self.first
        if not 0 <= size <= 1 << 30 or size % 32 or not 0 < self.first - self.address <= PAGE \
                or not self.timebase or self.limit > self.home_end:
            raise RingError(f"the ring of hart {self.hart} is damaged")
        self.head = bytes(head[:self.first - self.address])
        full = size // 32
        if self.restart != self.first and self.wraps:       # full and stopped
            self.data = read(self.first, size)
            self.lost = self.wraps - 1
            return
        if not self.first <= self.next <= self.limit:
            raise RingError(f"the ring of hart {self.hart} is damaged")
        self.data = read(self.first, self.next - self.first)
        self.lost = 0
        if self.wraps:
            self.lost = (self.wraps - 1) * full + len(self.data) // 32
            self.data = read(self.next, self.limit - self.next) + self.data

    def __len__(self):
        return len(self.data) // 32

    def saved(self):
        """Return the ring as bytes, in the form of a ring that is full and has stopped."""
        head = bytearray(self.head)
        limit = self.first + len(self.data)
        struct.pack_into("<QQQQQQ", head, 32, limit, limit, limit, 0, 0, self.lost + 1)
        return bytes(head) + self.data


class Memory:
    """Physical memory, cached in blocks; @fetch reads one."""

    BLOCK = 1 << 20

    def __init__(self, fetch):
        self.fetch = fetch
        self.blocks = {}

    def read(self, address, size):
        out = bytearray()
        while size > 0:
            number, offset = divmod(address, self.BLOCK)
            if number not in self.blocks:
                self.blocks[number] = self.fetch(number * self.BLOCK, self.BLOCK)
            part = self.blocks[number][offset:offset + size]
            if not part:
                raise RingError(f"no memory at {address:#x}")
            out += part
            address += len(part)
            size -= len(part)
        return bytes(out)


def belongs(ring, found):
    """True if a ring may be of the same machine as the others, which guests could forge."""
    return all(ring.hart != other.hart and ring.timebase == other.timebase for other in found)


def find_above(memory, address):
    """Find the rings above an address inside the monitor, such as mscratch.

    The monitor's own come first, so the search ends at one that contradicts them, or where
    they say that the monitor's memory ends.
    """
    at, misses, found = address & ~(PAGE - 1), 0, []
    while misses < FAR and not (found and at >= found[0].home_end):
        head = memory.read(at, PAGE)
        if head.startswith(MAGIC) and HEADER.unpack_from(head)[3] == at:
            try:
                ring = Ring(head, memory.read)
            except RingError:
                if not found:
                    raise
                break
            if not belongs(ring, found):
                break
            found.append(ring)
            at, misses = -(-ring.limit // PAGE) * PAGE, 0
        else:
            at, misses = at + PAGE, misses + 1
    if not found:
        raise RingError(f"no trace above {address:#x}: is this a build with POLICY_TRACE?")
    return found


def find_in(data):
    """Find the rings in a memory dump or a file written by tools/trace."""
    found, at = [], data.find(MAGIC)
    while at >= 0:
        head = data[at:at + PAGE]
        try:
            shift = HEADER.unpack_from(head)[3] - at    # address of the dump's first byte
            ring = Ring(head, lambda address, size: cut(data, address - shift, size))
        except (RingError, struct.error):
            ring = None                     # the monitor's image also contains the magic
        if ring is not None and not belongs(ring, found):
            raise RingError(f"two rings of hart {ring.hart}, or of two machines: a guest may "
                            "have written one")
        found += [] if ring is None else [ring]
        at = data.find(MAGIC, at + 8)
    if not found:
        raise RingError("it contains no trace")
    return found


def packed(hart, timebase, records):
    """Return records by number as a ring that is full and has stopped; missing ones are lost."""
    data = b"".join(records[number] for number in sorted(records))
    limit = FIRST + len(data)
    lost = max(records) + 1 - len(records)
    head = HEADER.pack(MAGIC, VERSION, 32, 0, FIRST, limit, limit, limit, 0, 0, lost + 1,
                       (1 << 64) - 1, hart, timebase, limit)
    return head.ljust(FIRST, b"\0") + data


def in_console(text):
    """Return the rings whose records the monitor has sent as lines of its log (trace_send).

    Lines whose sum is wrong are left out.
    """
    found, timebases = {}, {}
    for match in LINE.finditer(text):
        *numbers, check = (int(word, 16) for word in match[1].split())
        total = sum(numbers) & (1 << 64) - 1
        if (total ^ total >> 32) & 0xffffffff != check:
            continue
        hart, number, timebase, *words = numbers
        record = struct.pack("<4Q", *words)
        records = found.setdefault(hart, {})
        if records.setdefault(number, record) != record or \
                timebases.setdefault(hart, timebase) != timebase:
            raise RingError(f"two records {number} of hart {hart}: is this more than one boot?")
    if not found:
        raise RingError("it contains no records: is this the log of a build with TRACE_UART?")
    return find_in(b"".join(packed(hart, timebases[hart], found[hart]) for hart in sorted(found)))


def cut(data, at, size):
    if at < 0 or at + size > len(data):
        raise RingError("the dump ends in a ring")
    return bytes(data[at:at + size])
