# SPDX-License-Identifier: BSD-2-Clause
"""Write a timeline in Chrome's trace format, for Perfetto and chrome://tracing.

One process per hart, with tracks for the firmware, the payload, the SBI calls and the
interrupts.
"""

import json
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "timeline.html"
TRACKS = ("firmware", "payload", "enclave", "SBI calls", "interrupts")
CALLS, INTERRUPTS = 3, 4
POINTS = ("csr_read", "csr_write", "mmio_read", "mmio_write", "exception", "deliver")


def write(shown, by_hart, out):
    """@by_hart: hart ID -> its events in order."""
    encode = json.JSONEncoder(separators=(",", ":")).encode
    first = True
    out.write('{"displayTimeUnit":"ns","traceEvents":[')
    for hart, events in by_hart.items():
        for entry in hart_entries(shown, hart, events):
            out.write(("\n" if first else ",\n") + encode(entry))
            first = False
    out.write("\n]}\n")


def write_page(shown, by_hart, out):
    """The same as a page for any browser, without network."""
    text = json.dumps([entry for hart, events in by_hart.items()
                       for entry in hart_entries(shown, hart, events)], separators=(",", ":"))
    # A script element ends at the first "</".
    out.write(PAGE.read_text(encoding="utf-8").replace("ENTRIES", text.replace("<", "\\u003c"), 1))


def hart_entries(shown, hart, events):
    yield {"ph": "M", "pid": hart, "tid": 0, "name": "process_name",
           "args": {"name": f"hart {hart}"}}
    for number, name in enumerate(TRACKS):
        yield {"ph": "M", "pid": hart, "tid": number, "name": "thread_name",
               "args": {"name": name}}
    since, world, why = None, 0, "start"
    last = None
    for event in events:
        if event.time is None:
            continue
        last = event.time
        if event.what == "mark":
            since = event.time
        elif event.what == "world":
            if since is not None:
                yield span(shown, hart, world, since, event.time, why)
            since, world = event.time, event.world
            why = TRACKS[min(world, 2)]
        elif event.what == "call" and event.end is not None:
            yield span(shown, hart, CALLS, event.time, event.end, event.name,
                       {"args": [hex(value) for value in event.args],
                        "answer": shown.answer(event)})
        elif event.what == "interrupt":
            yield point(shown, hart, INTERRUPTS, event)
        elif event.what in POINTS:
            yield point(shown, hart, min(event.world, 2), event)
    if since is not None and last is not None:
        yield span(shown, hart, world, since, last, why)


def stamp(shown, time):
    return round(shown.seconds(time) * 1e6, 3)


def span(shown, hart, track, start, end, name, args=None):
    entry = {"ph": "X", "pid": hart, "tid": track, "ts": stamp(shown, start),
             "dur": round((end - start) * 1e6 / shown.timebase, 3), "name": name}
    if args:
        entry["args"] = args
    return entry


def point(shown, hart, track, event):
    return {"ph": "i", "s": "t", "pid": hart, "tid": track, "ts": stamp(shown, event.time),
            "name": shown.what(event), "args": {"at": shown.place(event)}}


def check(document):
    """Return why a document is not a timeline that viewers open, or None."""
    if not isinstance(document, dict) or not isinstance(document.get("traceEvents"), list):
        return "no list traceEvents"
    for entry in document["traceEvents"]:
        if not isinstance(entry.get("name"), str) or entry.get("ph") not in ("M", "X", "i"):
            return f"an entry without name, or of another kind: {entry}"
        if not isinstance(entry.get("pid"), int) or not isinstance(entry.get("tid"), int):
            return f"an entry without process and thread: {entry}"
        if entry["ph"] != "M" and not isinstance(entry.get("ts"), (int, float)):
            return f"an entry without a time: {entry}"
        if entry["ph"] == "X" and not entry.get("dur", -1) >= 0:
            return f"a span without a length: {entry}"
    return None
