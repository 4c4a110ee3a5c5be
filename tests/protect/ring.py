# SPDX-License-Identifier: BSD-2-Clause
"""For GDB: the firmware on one hart rings another that is on its way into the firmware.

Each time the way ends ring_step instructions later, so that it is interrupted everywhere.
"""

import gdb

WAY = 150       # more than the instructions of protect_switch_call()


def go_to(name, thread, alone):
    gdb.execute(f"thread {thread}", to_string=True)
    gdb.execute(f"set scheduler-locking {'on' if alone else 'off'}")
    gdb.execute(f"thbreak {name}", to_string=True)
    gdb.execute("continue", to_string=True)


def ring_after(steps):
    """Stop hart 0 there, let hart 1 ring, and let both go on."""
    go_to("*protect_switch_call", 1, False)
    gdb.execute("set scheduler-locking on")
    if steps:
        gdb.execute(f"stepi {steps}", to_string=True)
    gdb.execute("set var *(int *)&ring_now = 1")
    go_to("*rung", 2, True)


go_to("*rung", 1, False)
for at in range(0, WAY, ring_step):     # noqa: F821  set by the caller
    ring_after(at)
gdb.execute("set scheduler-locking off")
gdb.execute("set var *(int *)&ring_over = 1")
gdb.execute("detach")
