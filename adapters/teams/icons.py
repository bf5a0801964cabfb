"""The app's icons: a ring that is three quarters full, around a dot. Drawn here, as PNG."""

import struct
import zlib
from collections.abc import Callable
from math import atan2, hypot, pi
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int, int]
Paint: TypeAlias = Callable[[float, float], Colour]

NAVY, WHITE, PALE = (31, 58, 95), (255, 255, 255), (122, 145, 175)
FULL = 0.75


def colour() -> bytes:
    """192×192, in colour."""
    return _png(192, _in_colour)


def outline() -> bytes:
    """32×32, white on nothing."""
    return _png(32, _in_white)


def _in_colour(x: float, y: float) -> Colour:
    ring, dot = _ring(x, y, 0.31, 0.05, 192), _dot(x, y, 0.11, 192)
    full = max(ring if _share(x, y) <= FULL else 0.0, dot)
    return (*_mixed(_mixed(NAVY, PALE, ring), WHITE, full), 255)


def _in_white(x: float, y: float) -> Colour:
    shown = max(_ring(x, y, 0.38, 0.055, 32), _dot(x, y, 0.14, 32))
    return (*WHITE, round(255 * shown))


def _ring(x: float, y: float, radius: float, half: float, size: int) -> float:
    """How much of a point lies on the ring, from 0 to 1."""
    return _inside(half - abs(hypot(x, y) - radius), size)


def _dot(x: float, y: float, radius: float, size: int) -> float:
    return _inside(radius - hypot(x, y), size)


def _inside(depth: float, size: int) -> float:
    return min(1.0, max(0.0, depth * size + 0.5))


def _share(x: float, y: float) -> float:
    """Where on the way round a point lies, clockwise from the top."""
    return (atan2(x, -y) / (2 * pi)) % 1.0


def _mixed(under: tuple[int, ...], over: tuple[int, ...], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(u + (o - u) * share) for u, o in zip(under, over, strict=True))
    return red, green, blue


def _png(size: int, paint: Paint) -> bytes:
    """A square picture; the middle is (0, 0), and one side is as long as 1."""
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            x, y = (column + 0.5) / size - 0.5, (row + 0.5) / size - 0.5
            rows += bytes(paint(x, y))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
