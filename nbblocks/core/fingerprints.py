"""Tells whether the object of a State has changed (ST-63)."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable
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
        except BaseException:  # noqa: BLE001 - the user's __hash__ or __repr__ may raise anything (ST-67)
            self._digest = object()  # equals nothing
        self._held = walk.held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fingerprint) and self._digest == other._digest

    __hash__ = None  # pyright: ignore[reportAssignmentType]


def fingerprint(value: Any) -> Fingerprint:
    """A comparable summary of ``value``; an exception while taking it gives one that equals nothing."""
    return Fingerprint(value)


_Visit = Generator[Any, "bytes | None", bytes]
"""Sums up one value: yields what stands in it, and is sent the digest of that."""


class _Walk:
    """One walk through a value. Each container is summed up once, however often it is met."""

    def __init__(self) -> None:
        self.held: list[Any] = []
        self._done: dict[int, bytes] = {}
        self._path: dict[int, int] = {}

    def digest(self, value: Any) -> bytes:
        """A digest of the content of ``value``, however deep."""
        stack = [self._visit(value)]
        found: bytes | None = None
        while stack:
            try:
                child = stack[-1].send(found)
            except StopIteration as ended:  # noqa: PERF203 - that is how a visit ends
                stack.pop()
                found = ended.value
            else:
                stack.append(self._visit(child))
                found = None
        assert found is not None
        return found

    def _visit(self, value: Any) -> _Visit:
        if value is None or isinstance(value, (int, float, str, bytes)):
            return _digest(type(value).__name__, repr(cast("object", value)))
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return (yield from self._container(cast("Any", value)))
        self.held.append(value)
        try:
            return _digest("hash", type(value).__name__, str(hash(value)))
        except TypeError:
            return _digest("id", str(id(value)))

    def _container(self, value: Any) -> _Visit:
        key = id(value)
        if key in self._path:
            return _digest("cycle", str(self._path[key]))
        if key not in self._done:
            self._path[key] = len(self._path)
            self._done[key] = yield from self._content(value)
            del self._path[key]
        return self._done[key]

    def _content(self, value: Any) -> _Visit:
        if isinstance(value, dict):
            pairs: list[tuple[bytes, Any]] = []
            for key, item in cast("dict[Any, Any]", value).items():
                pairs.append(((yield key) or b"", item))
            pairs.sort(key=lambda pair: pair[0])
            parts: list[bytes] = []
            for key, item in pairs:
                parts += [key, (yield item) or b""]
            return _joined("dict", parts)
        found: list[bytes] = []
        for item in value:
            found.append((yield item) or b"")  # noqa: PERF401 - no comprehension can yield
        if isinstance(value, (set, frozenset)):
            return _joined("set", sorted(found))
        return _joined("sequence", found)


def _digest(*parts: str) -> bytes:
    return _joined("", (part.encode("utf-8", "surrogatepass") for part in parts))


def _joined(kind: str, parts: Iterable[bytes]) -> bytes:
    state = hashlib.blake2b(kind.encode(), digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()
