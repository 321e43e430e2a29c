"""Tells whether the object of a State has changed (ST-63)."""

from __future__ import annotations

from typing import Any, cast


def fingerprint(value: Any) -> Any:
    """A comparable summary of ``value``; an exception while taking it gives one that equals nothing."""
    try:
        return _summary(value, frozenset())
    except Exception:  # noqa: BLE001 - the user's __hash__ or __repr__ may raise anything (ST-67)
        return object()


def _summary(value: Any, seen: frozenset[int]) -> Any:
    if value is None or isinstance(value, (int, float, str, bytes)):
        return type(value).__name__, repr(cast("object", value))
    if id(value) in seen:
        return "cycle"
    if isinstance(value, (list, tuple)):
        inner = seen | {id(cast("object", value))}
        return "sequence", tuple(_summary(item, inner) for item in cast("list[Any]", value))
    if isinstance(value, dict):
        inner = seen | {id(cast("object", value))}
        pairs = cast("dict[Any, Any]", value).items()
        return "dict", frozenset((_summary(k, inner), _summary(v, inner)) for k, v in pairs)
    if isinstance(value, (set, frozenset)):
        inner = seen | {id(cast("object", value))}
        return "set", frozenset(_summary(item, inner) for item in cast("set[Any]", value))
    try:
        return "hash", type(value).__name__, hash(value)
    except TypeError:
        return "id", id(value)
