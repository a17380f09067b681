# SPDX-License-Identifier: Apache-2.0
"""Bytes that say where they belong: bodies of any size that are the same at every end, and tell a shift at once."""

import hashlib
import struct

_WORDS = 1 << 17
# A length that shares no factor with pages or buffers.
BLOCK = struct.pack(f"<{_WORDS}Q", *((i * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF for i in range(_WORDS)))[:-3]


def pieces(size):
    """The body of `size` bytes, in pieces."""
    for start in range(0, size, len(BLOCK)):
        yield BLOCK[: size - start]


def digest(size):
    """SHA-256 of the body of `size` bytes, in hexadecimal."""
    sha = hashlib.sha256()
    for piece in pieces(size):
        sha.update(piece)
    return sha.hexdigest()
