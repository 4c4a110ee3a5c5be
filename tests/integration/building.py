# SPDX-License-Identifier: BSD-2-Clause
"""Builds with make for the tests, which may run side by side and share build folders."""

import contextlib
import fcntl
import os
import pathlib
import subprocess

REPO = pathlib.Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def locked(folder):
    """Hold the lock of a build folder, because two runs of make would spoil each other's files."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def run_make(folder, *goals, source=REPO):
    """Run make while the folder is locked. Raise RuntimeError with the output if make fails."""
    done = subprocess.run(["make", "-s", "-j2", "-C", source, f"O={folder}", *map(str, goals)],
                          capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise RuntimeError(f"make O={folder} {' '.join(map(str, goals))}\n"
                           f"{done.stdout}{done.stderr}")


def make(folder, *goals, source=REPO):
    """Make goals of a source folder in a build folder."""
    with locked(folder):
        run_make(folder, *goals, source=source)


def monitor(folder, *configuration, text=None):
    """Build a monitor of this configuration: a defconfig, fragments, and lines of a fragment.

    The defconfig is qemu_virt's if nothing but lines is given, or nothing at all.
    Return the folder. It is not built again if the configuration is the one that it has.
    """
    configuration = configuration or ("qemu_virt_defconfig",)
    with locked(folder):
        if text is not None:
            fragment = folder.with_suffix(".config")
            if not fragment.exists() or fragment.read_text() != text:
                fragment.write_text(text)
            configuration = (*configuration, fragment)
        run_make(folder, *configuration)
        run_make(folder)
    return folder
