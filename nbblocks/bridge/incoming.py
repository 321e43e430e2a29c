"""One file that is coming from a page, and what pages are told of those that were cut off."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import anyio
from typing_extensions import TypedDict

from .files import FileRecord

Key = tuple[int, str, int, int]
"""Component, name, size in bytes, time of the last change: files that agree in these are taken for one."""


class Offer(TypedDict):
    """An upload that was cut off: its first ``received`` bytes, of the CRC-32 ``crc``, are here."""

    node: int
    name: str
    size: int
    modified: int
    received: int
    crc: int


@dataclass
class Incoming:
    """An upload under way, or one that has come and is no value yet."""

    id: str
    view: str
    key: Key
    name: str
    file: Any = None
    path: str = ""
    taken: int = 0
    """Bytes that have come."""
    acknowledged: int = 0
    written: int = 0
    """Bytes that are in the file, which ``crc`` and ``digest`` are of."""
    crc: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    parts: deque[Any] = field(default_factory=deque[Any])
    more: anyio.Event = field(default_factory=anyio.Event)
    end: int | None = None
    """The page's checksum, once all parts were sent."""
    fault: str | None = None
    suspended: bool = False
    """Its page is gone, or has not been heard of for long."""
    missing: bool = False
    """The page was asked to go back to where something is missing."""
    record: FileRecord | None = None
    """The whole file, until it is the value of its component."""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.key[2]
