"""Errors as the log drawer shows them: the user's lines as notebooks name them, ours folded."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from traceback import StackSummary, TracebackException
from typing import Any

from nbblocks.core.places import is_ours

from . import cells


def format_error(error: BaseException) -> str:
    """The traceback as text. What led from this library to the user's code is left out, what follows folded.

    The kernel's log has all of it.
    """
    told = TracebackException(type(error), error, error.__traceback__)
    for one in _all(told):
        first = next((at for at, frame in enumerate(one.stack) if not is_ours(frame.filename)), 0)
        one.stack = _Folded(one.stack[first:])
    return "".join(told.format()) + _notes(error)


def _all(told: TracebackException) -> Iterator[TracebackException]:
    """It and what it came of."""
    waiting: list[TracebackException | None] = [told]
    while waiting:
        if (one := waiting.pop()) is not None:
            yield one
            waiting += [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]


def _notes(error: BaseException) -> str:
    """Its notes, where Python itself does not tell them."""
    if sys.version_info >= (3, 11):
        return ""
    return "".join(f"{note}\n" for note in getattr(error, "__notes__", ()))


class _Folded(StackSummary):
    """Lines of a traceback."""

    def format(self, **how: Any) -> list[str]:
        """The user's lines, and how many of ours lie between them."""
        lines: list[str] = []
        for ours, group in itertools.groupby(self, lambda frame: is_ours(frame.filename)):
            frames = list(group)
            if ours:
                lines.append(f"  … {len(frames)} line{'s' * (len(frames) > 1)} of nbblocks\n")
                continue
            names = {frame.filename: cells.cell_of(frame.filename) for frame in frames}
            for text in StackSummary.from_list(frames).format(**how):
                for name, cell in names.items():
                    if cell is not None:
                        text = text.replace(f'File "{name}"', cell, 1)
                lines.append(text)
        return lines
