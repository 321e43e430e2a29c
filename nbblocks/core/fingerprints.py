"""Tells whether the object of a State has changed (ST-63)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, cast


class Fingerprint:
    """A summary of a value at one moment, equal to that of an equal value.

    It holds on to the objects that are judged by identity or by a hash that may come of it, so that no other
    object can take their place in memory.
    """

    __slots__ = ("_digest", "_held")

    def __init__(self, value: Any) -> None:
        walk = _Walk()
        try:
            self._digest: object = walk.digest(value)
        except Exception:  # noqa: BLE001 - the user's __hash__ or __repr__ may raise anything (ST-67)
            self._digest = object()  # equals nothing
        self._held = walk.held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fingerprint) and self._digest == other._digest

    __hash__ = None  # pyright: ignore[reportAssignmentType]


def fingerprint(value: Any) -> Fingerprint:
    """A comparable summary of ``value``; an exception while taking it gives one that equals nothing."""
    return Fingerprint(value)


class _Walk:
    """One walk through a value. Each container is summed up once, however often it is met."""

    def __init__(self) -> None:
        self.held: list[Any] = []
        self._done: dict[int, bytes] = {}
        self._path: dict[int, int] = {}

    def digest(self, value: Any) -> bytes:
        """A digest of the content of ``value``."""
        if value is None or isinstance(value, (int, float, str, bytes)):
            return _digest(type(value).__name__, repr(cast("object", value)))
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return self._container(cast("Any", value))
        self.held.append(value)
        try:
            return _digest("hash", type(value).__name__, str(hash(value)))
        except TypeError:
            return _digest("id", str(id(value)))

    def _container(self, value: Any) -> bytes:
        key = id(value)
        if key in self._path:
            return _digest("cycle", str(self._path[key]))
        if key not in self._done:
            self._path[key] = len(self._path)
            self._done[key] = self._content(value)
            del self._path[key]
        return self._done[key]

    def _content(self, value: Any) -> bytes:
        if isinstance(value, dict):
            pairs = cast("dict[Any, Any]", value).items()
            in_order = sorted(((self.digest(k), v) for k, v in pairs), key=lambda pair: pair[0])
            return _joined("dict", (part for k, v in in_order for part in (k, self.digest(v))))
        items = (self.digest(item) for item in value)
        if isinstance(value, (set, frozenset)):
            return _joined("set", sorted(items))
        return _joined("sequence", items)


def _digest(*parts: str) -> bytes:
    return _joined("", (part.encode("utf-8", "surrogatepass") for part in parts))


def _joined(kind: str, parts: Iterable[bytes]) -> bytes:
    state = hashlib.blake2b(kind.encode(), digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()
