"""Tells whether the object of a State has changed (ST-63)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterable
from typing import Any, cast

from .contents import Items, parts_of

PATIENCE = 0.05
"""Seconds of work for one value, after which nobody knows whether it has changed."""
SIMPLE = frozenset((type(None), bool, int, float, str, bytes))
"""Types whose ``repr`` tells the value and the type."""
PIECE = 4096
"""Items that are summed up between two looks at the clock."""
RAW_PIECE = 1 << 20
"""As `PIECE`, in bytes."""


class Fingerprint:
    """A summary of a value at one moment, equal to that of an equal value.

    It holds on to the objects that are judged by identity or by a hash that may come of it, so that no other
    object can take their place in memory.
    """

    __slots__ = ("_digest", "_held", "by_content", "whole")

    def __init__(self, value: Any) -> None:
        walk = _Walk()
        self.whole = True
        """False if the value was too large to look at all of it: whether it has changed is not known."""
        self.by_content = False
        """Whether all of it was judged by what it is made of, and nothing by which object it is."""
        try:
            self._digest: object = walk.digest(value)
            self.by_content = walk.by_content
        except TimeoutError:
            self._digest, self.whole = object(), False
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
        self.by_content = True
        self._made: list[Items] = []
        self._until = time.thread_time() + PATIENCE
        self._done: dict[int, bytes] = {}
        self._path: dict[int, int] = {}

    def digest(self, value: Any) -> bytes:
        """A digest of the content of ``value``, however deep."""
        stack = [self._visit(value)]
        found: bytes | None = None
        count = 0
        while stack:
            count += 1
            if count % PIECE == 0:
                self._look_at_the_clock()
            try:
                child = stack[-1].send(found)
            except StopIteration as ended:
                stack.pop()
                found = ended.value
            else:
                stack.append(self._visit(child))
                found = None
        assert found is not None
        return found

    def _look_at_the_clock(self) -> None:
        if time.thread_time() > self._until:
            raise TimeoutError

    def _visit(self, value: Any) -> _Visit:
        if value is None or isinstance(value, (int, float, str, bytes)):
            return _digest(type(value).__name__, repr(cast("object", value)))
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return (yield from self._container(cast("Any", value)))
        if (parts := parts_of(value)) is not None:
            self._made.append(parts)  # no other may come to lie in its place meanwhile
            return (yield from self._container(value, parts))
        self.held.append(value)
        if type(value).__hash__ in (None, object.__hash__):
            self.by_content = False
        try:
            return _digest("hash", type(value).__name__, str(hash(value)))
        except TypeError:
            return _digest("id", str(id(value)))

    def _container(self, value: Any, parts: Items | None = None) -> _Visit:
        key = id(value)
        if key in self._path:
            return _digest("cycle", str(self._path[key]))
        if key not in self._done:
            self._path[key] = len(self._path)
            visit = self._content(value) if parts is None else self._parts(value, parts)
            self._done[key] = yield from visit
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
        if not isinstance(value, (set, frozenset)):
            return (yield from self._items(value))
        found: list[bytes] = []
        for item in cast("set[Any]", value):
            found.append((yield item) or b"")  # noqa: PERF401 - no comprehension can yield
        return _joined("set", sorted(found))

    def _items(self, value: Any) -> _Visit:
        """Those of a sequence; many scalars at a time, where there are no others."""
        if all(type(item) in SIMPLE for item in value):
            pieces: list[bytes] = []
            for start in range(0, len(value), PIECE):
                pieces.append(repr(list(value[start : start + PIECE])).encode("utf-8", "surrogatepass"))
                self._look_at_the_clock()
            return _joined("scalars", pieces)
        found: list[bytes] = []
        for item in value:
            found.append((yield item) or b"")  # noqa: PERF401 - no comprehension can yield
        return _joined("sequence", found)

    def _parts(self, value: Any, parts: Items) -> _Visit:
        kind = type(cast("object", value))
        found = [f"{kind.__module__}.{kind.__qualname__}".encode()]
        for part in parts:
            found.append((yield from self._part(part)))  # noqa: PERF401 - no comprehension can yield
        return _joined("parts", found)

    def _part(self, part: Any) -> _Visit:
        """One that was made for this walk alone: what it is called by in memory tells nothing."""
        if isinstance(part, memoryview):
            return self._raw(cast("memoryview", part))
        if not isinstance(part, Items):
            return (yield part) or b""
        if all(type(item) in SIMPLE for item in part):
            return (yield from self._items(part))
        found: list[bytes] = []
        for item in part:
            found.append((yield from self._part(item)))  # noqa: PERF401 - no comprehension can yield
        return _joined("sequence", found)

    def _raw(self, view: memoryview) -> bytes:
        state = hashlib.blake2b(digest_size=16)
        for start in range(0, len(view), RAW_PIECE):
            state.update(view[start : start + RAW_PIECE])
            self._look_at_the_clock()
        return state.digest()


def _digest(*parts: str) -> bytes:
    return _joined("", (part.encode("utf-8", "surrogatepass") for part in parts))


def _joined(kind: str, parts: Iterable[bytes]) -> bytes:
    state = hashlib.blake2b(kind.encode(), digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()
