# SPDX-License-Identifier: BSD-2-Clause
"""The back door demonstration: built and judged here, run by tools/run --door."""

import fcntl
import re
import subprocess
import sys

import enclave
import machine
import store

SOURCES = store.ROOT / "tools/door"
FILES = ("door-demo", "cordon-door.ko", "measured")


def build(folder):
    """Build program, driver and initrd in a folder."""
    out = folder.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with open(out / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kernel = enclave.kernel_tree(out / "kernel")
        done = subprocess.run(["make", "-s", "-C", SOURCES, f"O={out}", f"KERNEL={kernel}"],
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode:
            raise machine.MachineError(f"the demonstration does not build:\n{done.stdout}")
        enclave.initrd(out, "door", SOURCES / "guest-init", FILES)
    return out


class Demonstration:
    """One machine whose firmware has a back door, and its expected output."""

    def __init__(self, folder, monitor):
        config = monitor / ".config" if monitor else None
        self.protected = bool(config and config.exists()
                              and "CONFIG_POLICY_PROTECT=y" in config.read_text())
        self.out = build(folder)

    def apply(self, opts):
        """Adjust tools/run's options to boot it."""
        words = [opts.append, "rdinit=/door/init", "quiet"]
        if self.protected and "door.kills" not in opts.append:
            words.append("door.deadly")
        opts.append = " ".join(words).strip()
        opts.initrd = self.out / "initrd.gz"

    def implant(self, firmware):
        """Return the firmware with the door implanted."""
        image = self.out / f"open-{firmware.parent.name}-{firmware.name}"
        print(f"run: a back door goes into {firmware.parent.name}/{firmware.name}:", flush=True)
        if subprocess.run([sys.executable, str(store.ROOT / "tools/implant"), str(firmware),
                           "-o", str(image)], check=False).returncode:
            raise machine.MachineError("no back door, see above")
        return image

    def judge(self, console):
        """Watch a run. Return an error message or None."""
        match = console.expect(r"DOOR (OPEN|SHUT|AJAR): .*\n|Kernel panic")
        if not match or not match[1]:
            return "no result from the guest"
        text = console.text
        secret = re.search(r"keeps a secret: (\w{32})", text)
        if not console.expect(r"guest:\S*# "):
            return "no shell in the guest"
        console.send("echo the shell says $((6 * 7))")
        if not console.expect(r"the shell says 42"):
            return "the shell does not answer"
        console.send("poweroff -f")
        if console.wait() != 0:
            return "the guest did not power off"
        if "demo: FAILED" in text or not secret:
            return "the guest reports a failure"
        if match[1] != ("SHUT" if self.protected else "OPEN"):
            return "the policy let something through" if self.protected \
                else "the door did not open, though nobody protects this system"
        if (f"[door] {secret[1]}" in text) == self.protected:
            return "the secret on the console is not what it should be"
        return None
