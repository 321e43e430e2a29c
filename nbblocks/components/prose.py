"""Which parts of the front-end a text in Markdown needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

PROSE = ("markdown", "katex", "highlight")
"""The ``chunks`` of a component that shows Markdown."""
DELIMITERS = [{"left": "$$", "right": "$$", "display": True}]
"""What stands around formulas if nothing is said."""

_CODE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)


def prose_chunks(text: str | None, delimiters: Iterable[Mapping[str, Any]] = DELIMITERS) -> Iterator[str]:
    """Those of `PROSE` that are needed to show ``text``, for a component's ``chunks_for``."""
    yield "markdown"
    if text and any(one["left"] in text for one in delimiters):
        yield "katex"
    if text and _CODE.search(text):
        yield "highlight"


def delimiters_of(kind: str, given: object) -> list[dict[str, Any]]:
    """The ``latex_delimiters`` of a component called ``kind``, checked; None gives `DELIMITERS`.

    :raises ValueError: if it is no list of dicts of ``left``, ``right`` and ``display``
    """
    if given is None:
        return DELIMITERS
    listed = cast("list[Any]", given) if isinstance(given, (list, tuple)) else [given]
    return [_delimiter(kind, one) for one in listed]


def _delimiter(kind: str, given: Any) -> dict[str, Any]:
    known = cast("Mapping[str, Any]", given if isinstance(given, Mapping) else {})
    left, right = known.get("left"), known.get("right")
    if not (isinstance(left, str) and isinstance(right, str) and left and right):
        raise ValueError(
            f"latex_delimiters of {kind} must be dicts like {DELIMITERS[0]}, left and right not empty, "
            f"got {given!r}"
        )
    return {"left": left, "right": right, "display": bool(known.get("display", False))}
