# SPDX-License-Identifier: BSD-2-Clause
"""What tools/pack-fit and tools/pack-bootchain share: packing with tools/pack-image."""

import importlib.machinery
import importlib.util
import tempfile
from pathlib import Path

TOOL = Path(__file__).resolve().parent.parent / "pack-image"
MAGIC = b"CORDON\0\1"


def load():
    """tools/pack-image, which has no .py in its name, as a module."""
    loader = importlib.machinery.SourceFileLoader("pack_image", str(TOOL))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("pack_image", loader))
    loader.exec_module(module)
    return module


pack_image = load()
PackError = pack_image.PackError
write = pack_image.write


def is_cordon(data):
    """Is this a monitor, packed or not?"""
    return data[8:16] == MAGIC


def pack(monitor, firmware, name, fdt=None):
    """
    The monitor in front of a firmware, as bytes.
    @firmware: bytes, which errors call @name; @monitor and @fdt are paths
    """
    with tempfile.NamedTemporaryFile(suffix=".bin") as part:
        part.write(firmware)
        part.flush()
        try:
            return pack_image.pack(monitor, part.name, fdt)
        except PackError as err:
            raise PackError(str(err).replace(part.name, name)) from err
