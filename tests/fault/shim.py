# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule of shim.c, changed while the program runs."""
import errno
import mmap
import os
import struct

LAYOUT = "=IIiiIIII64s"
WRITE, SYNC, TRUNCATE = 1, 2, 4


class Shim:
    def __init__(self, library, folder):
        self.library = library
        self.path = os.path.join(folder, "shim.rule")
        with open(self.path, "wb") as file:
            file.write(bytes(struct.calcsize(LAYOUT)))
        self.file = open(self.path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), struct.calcsize(LAYOUT))

    def environment(self):
        kept = os.environ.get("ASAN_OPTIONS")
        return {"LD_PRELOAD": self.library, "NSK_SHIM": self.path,
                "ASAN_OPTIONS": (kept + ":" if kept else "") + "verify_asan_link_order=0"}

    def fail(self, calls, fault, name="", after=0, times=-1, part=False):
        """@times -1: until clear().  The calls are set last, which arms the rule."""
        assert len(name) < 64 and fault in errno.errorcode
        rule = struct.pack(LAYOUT, 0, fault, after, times, part, 0, 0, 0, name.encode())
        self.map[:] = rule
        self.map[0:4] = struct.pack("=I", calls)

    def clear(self):
        self.map[0:4] = bytes(4)

    def failed(self):
        """How many calls failed since the rule was made."""
        return struct.unpack(LAYOUT, self.map[:])[6]
