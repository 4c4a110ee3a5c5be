# SPDX-License-Identifier: BSD-2-Clause
"""Decode records to events: requests to a hart, by whom, and their results."""

import struct

from . import tables

RECORD = struct.Struct("<QQQQ")
WORLDS = ("firmware", "payload", "enclave")
MODES = {0: "U", 1: "S", 3: "M", 16: "VU", 17: "VS"}
SIGN = 1 << 63
EXCEPTION = 1           # the kind
CSR_FIELD = 20          # shift of the register number in an instruction


class Event:
    """One line of the output. @what is a kind of record, or "call", which includes its answer."""

    __slots__ = ("time", "hart", "what", "world", "pc", "name", "old", "new", "args", "answer",
                 "end", "inside", "trap", "origin")

    def __init__(self, time, hart, what, world, pc, name):
        self.time, self.hart, self.what, self.world, self.pc = time, hart, what, world, pc
        self.name = name
        self.old = self.new = self.answer = self.end = None
        self.args = ()
        self.inside = 0         # ticks of a call spent in the firmware
        self.trap = None        # the trap that caused this event, if it has no line of its own
        self.origin = None      # of a request: its call; of an MSI: (hart, request, call) of each


def find_origins(by_hart):
    """Tell each MSI that a hart took which requests of other harts it brought."""
    asked = {}
    for events in by_hart.values():
        for event in events:
            if event.what == "request":
                asked.setdefault(event.args[0], []).append(event)
    for hart, requests in asked.items():
        requests.sort(key=lambda event: event.time, reverse=True)
        for event in by_hart.get(hart, ()):
            if event.what == "interrupt" and event.name == "MSI":
                event.origin = []
                while requests and requests[-1].time <= event.time:
                    one = requests.pop()
                    event.origin.append((one.hart, one.name, one.origin))


class Decoder:
    """Decode rings to events."""

    def __init__(self, devices=None):
        self.kinds = {number: row[0] for number, row in tables.kinds().items()}
        self.csrs = tables.csr_names()
        self.instructions = tables.instructions()
        self.calls = tables.sbi_calls()
        self.causes = tables.causes()
        self.asks = tables.requests()
        self.devices = devices
        self.words = {}
        self.unknown = 0

    def instruction(self, word):
        """Return the name of an instruction, or None."""
        if word not in self.words:
            self.words[word] = next((name for mask, match, name in self.instructions
                                     if word & mask == match), None)
        return self.words[word]

    def csr(self, number):
        return self.csrs.get(number, f"csr {number:#x}")

    def device(self, address):
        name = self.devices.find(address) if self.devices else None
        return name or f"{address:#x}"

    def cause(self, interrupt, number):
        return self.causes.get((interrupt, number), f"cause {number}")

    def call(self, eid, fid):
        """Return the name and number of arguments of an SBI call."""
        name, calls, legacy = self.calls.get(eid, (f"{eid:#x}", {}, False))
        if legacy:
            return "legacy " + calls[0][0], calls[0][1]
        function, count = calls.get(fid, (f"{fid:#x}", 6))
        return f"{name}.{function}", count

    def requests(self, mask):
        """Return the names of what one hart asks of another."""
        return ", ".join(self.asks.get(bit, str(bit)) for bit in range(32) if mask >> bit & 1)

    def trap_name(self, cause, tval, world):
        """Describe an exception."""
        if cause == 2 and tval:
            return self.instruction(tval) or f"illegal instruction {tval:#x}"
        if cause in (5, 7) and world == 0:
            return f"{self.cause(False, cause)} {self.device(tval)}"
        return self.cause(False, cause)

    def events(self, ring):
        """Return all events of a ring, in order, as a list."""
        return HartDecoder(self, ring).run()


class HartDecoder:
    """Decoder state that is kept from one record to the next."""

    def __init__(self, decoder, ring):
        self.d = decoder
        self.ring = ring
        self.out = []
        self.time = None
        self.kinds = ring.kinds
        self.trap = None        # an exception that may not need a line of its own
        self.calling = None     # a call not yet answered
        self.first = None       # what its first record has of its arguments
        self.entered = None     # time of the last entry to the firmware
        self.handlers = {number: getattr(self, "on_" + name, None)
                         for number, name in decoder.kinds.items()}

    def run(self):
        handlers = self.handlers
        for word0, word1, word2, head in RECORD.iter_unpack(self.ring.data):
            handler = handlers.get(head & 255)
            # a guest may have written the ring of a dump
            if handler is None or head >> 8 & 255 >= len(WORLDS):
                self.d.unknown += 1
                continue
            handler(word0, word1, word2, head)
        self.flush()
        return self.out

    def flush(self):
        """A trap that no other record tells of. Without exceptions among the kinds it is there
        for the time of others alone."""
        if self.trap is not None and self.kinds >> EXCEPTION & 1:
            self.out.append(self.trap)
        self.trap = None

    def event(self, what, head, pc, name, absorb=False):
        event = Event(self.time, self.ring.hart, what, head >> 8 & 255, pc, name)
        if self.trap is not None and absorb:
            event.trap = self.trap.name
            self.trap = None
        self.flush()
        self.out.append(event)
        return event

    def on_exception(self, time, pc, tval, head):
        self.time = time
        self.flush()
        world, cause = head >> 8 & 255, head >> 16 & 0xffff
        self.trap = Event(time, self.ring.hart, "exception", world, pc,
                          self.d.trap_name(cause, tval, world))
        self.trap.args = (cause, tval)

    def on_interrupt(self, time, pc, tval, head):
        self.time = time
        event = self.event("interrupt", head, pc, self.d.cause(True, head >> 16 & 0xffff))
        event.args = (head >> 16 & 0xffff, tval)

    def on_csr_read(self, pc, old, _new, head):
        event = self.event("csr_read", head, pc, self.d.csr(head >> 32 + CSR_FIELD), True)
        event.old = old

    def on_csr_write(self, pc, old, new, head):
        event = self.event("csr_write", head, pc, self.d.csr(head >> 32 + CSR_FIELD), True)
        event.old, event.new = old, new

    def on_call(self, eid, fid, arg0, head):
        name, count = self.d.call(eid, fid)
        event = self.event("call", head, self.trap.pc if self.trap else None, name, True)
        event.args = (arg0,)[:count]
        self.first = (count, arg0, head >> 32)
        self.calling = event

    def on_arguments(self, arg1, arg2, arg3, head):
        if self.calling is not None and self.first is not None:
            count, arg0, arg4 = self.first
            self.calling.args = (arg0, arg1, arg2, arg3, arg4, head >> 32)[:count]
            self.first = None

    def on_answer(self, time, value0, value1, _head):
        self.time = time
        call = self.calling
        if call is not None:
            call.answer = (value0 - (1 << 64) if value0 & SIGN else value0, value1)
            call.end = time
            self.calling = None

    def on_world(self, time, pc, status, head):
        self.time = time
        world = head >> 8 & 255
        event = self.event("world", head, pc, WORLDS[world])
        event.args = (head >> 16 & 0xffff, status)
        if world == 0:
            self.entered = time
        elif self.entered is not None:
            if self.calling is not None:
                self.calling.inside += time - self.entered
            self.entered = None

    def on_deliver(self, time, pc, cause, head):
        self.time = time
        interrupt = bool(cause & SIGN)
        event = self.event("deliver", head, pc, self.d.cause(interrupt, cause & 0xffff),
                           absorb=True)
        event.args = (cause, head >> 32)

    def on_mmio_read(self, pc, address, value, head):
        event = self.event("mmio_read", head, pc, self.d.device(address), True)
        event.args = (address, head >> 16 & 0xffff)
        event.old = value

    def on_mmio_write(self, pc, address, value, head):
        event = self.event("mmio_write", head, pc, self.d.device(address), True)
        event.args = (address, head >> 16 & 0xffff)
        event.new = value

    def on_dropped(self, time, pc, number, head):
        self.time = time
        event = self.event("dropped", head, pc, self.d.cause(True, number))
        event.args = (number,)

    def on_request(self, time, hart, requests, head):
        self.time = time
        event = self.event("request", head, None, self.d.requests(requests))
        event.args = (hart, requests)
        if self.calling is not None:
            event.origin = self.calling.name

    def on_pmp(self, time, firmware, payload, head):
        self.time = time
        event = self.event("pmp", head, None, "pmp")
        event.args = (head >> 16 & 0xffff, head >> 32 & 1, firmware, payload)

    def on_mark(self, time, kinds, _none, head):
        self.time, self.kinds = time, kinds
        event = self.event("mark", head, None, "begins" if head >> 16 & 1 else "ends")
        event.args = (kinds,)
