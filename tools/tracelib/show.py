# SPDX-License-Identifier: BSD-2-Clause
"""Show events as text, JSON and statistics: latencies of calls, and sources of traps."""

import json
from collections import Counter, defaultdict

from . import tables
from .decode import MODES, WORLDS


class Shown:
    """Display settings: time base and available symbols."""

    def __init__(self, start, timebase, firmware=None, payload=None):
        self.start, self.timebase = start, timebase
        self.functions = (firmware, payload)
        self.errors = tables.sbi_errors()
        self.places = {}

    def seconds(self, time):
        return (time - self.start) / self.timebase if time is not None else None

    def function(self, event):
        """Return (name, offset) of the function at an event's pc, or None."""
        if event.pc is None:
            return None
        table = self.functions[event.world] if event.world < 2 else None
        return table.find(event.pc) if table else None

    def place(self, event):
        key = (event.world, event.pc)
        if key not in self.places:
            found = self.function(event)
            if found:
                self.places[key] = f"{found[0]}+{found[1]:#x}"
            else:
                self.places[key] = "-" if event.pc is None else f"{event.pc:#x}"
        return self.places[key]

    def error(self, value):
        return self.errors.get(value, str(value))

    def answer(self, event):
        if event.answer is None:
            return "?"
        error, value = event.answer
        if event.name.startswith("legacy"):
            return str(error)
        return f"{self.error(error)} {value:#x}"

    def what(self, event):
        """Return the event as text, without time and place."""
        what = event.what
        if what == "csr_read":
            return f"{event.name} -> {event.old:#x}"
        if what == "csr_write":
            if event.old == event.new:
                return f"{event.name} <- {event.new:#x} (as it was)"
            return f"{event.name} <- {event.new:#x} (was {event.old:#x})"
        if what == "call":
            args = ", ".join(f"{value:#x}" for value in event.args)
            return f"{event.name}({args}) = {self.answer(event)}{self.took(event)}"
        if what == "mmio_read":
            return f"{event.name} -> {event.old:#x} ({event.args[1]} bytes)"
        if what == "mmio_write":
            return f"{event.name} <- {event.new:#x} ({event.args[1]} bytes)"
        if what == "exception":
            cause, tval = event.args
            return event.name if cause == 2 else f"{event.name}, tval {tval:#x}"
        if what == "interrupt":
            return f"interrupt {event.name}" + "".join(
                f", hart {hart} asks for {request}{for_call(call)}"
                for hart, request, call in event.origin or ())
        if what == "dropped":
            return f"no guest has {event.name}"
        if what == "request":
            return f"asks hart {event.args[0]} for {event.name}{for_call(event.origin)}"
        if what == "pmp":
            used, cache, firmware, payload = event.args
            return (f"PMP: {used} entries{' (a cache)' if cache else ''}, pmpcfg0 {firmware:#x} of "
                    f"the firmware, {payload:#x} of the payload")
        if what == "world":
            mode = MODES.get(event.args[0], str(event.args[0]))
            return "to the firmware" if event.world == 0 else f"to the {event.name}, {mode}-mode"
        if what == "deliver":
            return f"the firmware takes {event.name}"
        return f"trace {event.name}"

    def took(self, event):
        if event.end is None:
            return ""
        text = f" <{micro(event.end - event.time, self.timebase)}"
        if event.inside:
            text += f", firmware {micro(event.inside, self.timebase)}"
        return text + ">"

    def line(self, event):
        seconds = "" if event.time is None else f"{self.seconds(event.time):.7f}"
        return (f"[{seconds:>13}] {event.hart} {WORLDS[event.world][0].upper()} "
                f"{self.place(event):<36} {self.what(event)}")

    def plain(self, event):
        """Return the line without times and code addresses, to compare two runs."""
        found = self.function(event)
        what = self.what(event)
        if event.what == "call":
            args = ", ".join(f"{value:#x}" for value in event.args)
            what = f"{event.name}({args}) = {self.answer(event)}"
        return f"{WORLDS[event.world][0].upper()} {found[0] if found else '-'}: {what}"

    def record(self, event):
        """Return the event as an object for JSON."""
        out = {"time": self.seconds(event.time), "hart": event.hart, "what": event.what,
               "world": WORLDS[event.world], "pc": event.pc, "name": event.name}
        found = self.function(event)
        if found:
            out["function"], out["offset"] = found
        if event.origin:
            out["origin"] = event.origin
        if event.args:
            out["args"] = list(event.args)
        if event.old is not None:
            out["old"] = event.old
        if event.new is not None:
            out["new"] = event.new
        if event.answer is not None:
            out["error"], out["value"] = event.answer
            out["seconds"] = (event.end - event.time) / self.timebase
            out["firmware_seconds"] = event.inside / self.timebase
        return out


def for_call(name):
    """Return what a request is for, where that is known."""
    return f" ({name})" if name else ""


def micro(ticks, timebase):
    return f"{ticks * 1e6 / timebase:.1f} us"


def write_text(shown, events, out, progress):
    place = shown.line
    for number, event in enumerate(events):
        out.write(place(event) + "\n")
        if not number & 0x3fff:
            progress(number)


def write_json(shown, events, out, progress):
    """Write a list with one object per line."""
    out.write("[")
    dump = json.JSONEncoder(separators=(",", ":")).encode
    for number, event in enumerate(events):
        out.write((",\n" if number else "\n") + dump(shown.record(event)))
        if not number & 0x3fff:
            progress(number)
    out.write("\n]\n")


def latencies(shown, events):
    """Return lines: a latency histogram of each SBI call, in powers of two."""
    taken, open_calls = defaultdict(list), Counter()
    for event in events:
        if event.what == "call":
            if event.end is None:
                open_calls[event.name] += 1
            else:
                taken[event.name].append((event.end - event.time, event.inside))
    lines = []
    for name in sorted(set(taken) | set(open_calls)):
        times = sorted(time for time, _inside in taken[name])
        lines.append(f"{name}: {len(times)} answered"
                     + (f", {open_calls[name]} not" if open_calls[name] else ""))
        if not times:
            continue
        inside = sum(part for _time, part in taken[name])
        lines.append(f"    median {micro(times[len(times) // 2], shown.timebase)}, "
                     f"longest {micro(times[-1], shown.timebase)}, of all time "
                     f"{100 * inside / max(1, sum(times)):.0f} % in the firmware")
        lines += buckets(times, shown.timebase)
    return lines


def stays(shown, events):
    """Return function -> durations of the stays there, from one event of the firmware on a hart
    to the first of another function or world. @events: of one hart."""
    found, since, where = defaultdict(list), None, None
    for event in events:
        now = None
        if event.time is None:
            continue
        if event.world == 0 and event.pc is not None and event.what != "world":
            function = shown.function(event)
            now = function[0] if function else f"{event.pc & ~255:#x}.."
        if now == where:
            continue
        if where is not None:
            found[where].append(event.time - since)
        since, where = event.time, now
    return found


def function_times(shown, by_hart):
    """Return lines: a histogram of time for each function of the firmware, longest in sum
    first. What ran between two traps counts for the function of the first one."""
    found = defaultdict(list)
    for events in by_hart.values():
        for name, times in stays(shown, events).items():
            found[name] += times
    lines = []
    for name, times in sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])):
        times.sort()
        lines.append(f"{name}: {micro(sum(times), shown.timebase)} in {len(times)} stays")
        lines.append(f"    median {micro(times[len(times) // 2], shown.timebase)}, "
                     f"longest {micro(times[-1], shown.timebase)}")
        lines += buckets(times, shown.timebase)
    return lines


def buckets(times, timebase):
    counts = Counter(max(0, int(time * 1e6 / timebase)).bit_length() for time in times)
    most = max(counts.values())
    return [f"    {'<' if not bit else ''} {(1 << bit) >> 1 if bit else 1:>8} us "
            f"{counts[bit]:>8} {'#' * -(-40 * counts[bit] // most)}"
            for bit in range(min(counts), max(counts) + 1)]


def stacks(shown, events):
    """Return folded stacks of the firmware's traps: "function;what" -> count."""
    found = Counter()
    for event in events:
        if event.world or event.what not in ("csr_read", "csr_write", "exception", "mmio_read",
                                             "mmio_write", "interrupt"):
            continue
        function = shown.function(event)
        what = {"csr_read": "read ", "csr_write": "write ", "mmio_read": "load ",
                "mmio_write": "store "}.get(event.what, "") + event.name
        where = function[0] if function else f"{event.pc & ~255:#x}.."
        found["firmware", where, what.replace(";", ",")] += 1
    return found
