"""Tracebacks that tell all and hold nothing: an exception that somebody keeps must not keep what ran."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, TracebackType
from typing import Any, cast

if sys.version_info >= (3, 11):
    from builtins import BaseExceptionGroup
else:
    from exceptiongroup import BaseExceptionGroup  # pyright: ignore

from .places import is_ours

MOST = 1000
"""Lines of a traceback that are kept; of a deeper one the middle is left out."""
MARK = "__nbblocks_told__"
_KNOWN = ("__name__", "__file__", "__loader__", "__spec__")
"""What is found of a line's source by."""

# An exception's own attributes, whatever a class of the user's has made of these names.
_traceback: Any = BaseException.__dict__["__traceback__"]
_cause: Any = BaseException.__dict__["__cause__"]
_context: Any = BaseException.__dict__["__context__"]


def detach(error: BaseException) -> None:
    """Give ``error``, and those it came of, tracebacks with the same lines and without the frames.

    A frame holds its variables and whoever called it: a run, its session, and with an exception that is
    raised again and again those of all times before. Of several raises the last one is told. What leads from
    this library to the user's code is left out.
    """
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += came_of(one)
        if isinstance(one, BaseExceptionGroup):
            waiting += _parts(one)
        _traceback.__set__(one, _told(_traceback.__get__(one)))


def came_of(error: BaseException) -> tuple[BaseException | None, BaseException | None]:
    """The cause and the context of an error, whatever a class of the user's has made of these names."""
    return _cause.__get__(error), _context.__get__(error)


def _parts(group: Any) -> tuple[BaseException, ...]:
    return cast("Any", BaseExceptionGroup).exceptions.__get__(group)


def _told(traceback: TracebackType | None) -> TracebackType | None:
    """The lines of the last raise."""
    found: list[TracebackType] = []
    while traceback is not None and MARK not in traceback.tb_frame.f_globals:
        found.append(traceback)
        traceback = traceback.tb_next
    if not found:
        return traceback  # it was not raised since
    begin = next((at for at, one in enumerate(found) if not is_ours(one.tb_frame.f_code.co_filename)), 0)
    found = found[begin:] if len(found) - begin <= MOST else found[begin:][: MOST // 2] + found[-MOST // 2 :]
    told: TracebackType | None = None
    for one in reversed(found):
        told = _line(one, told)
    return told


def _stub() -> Iterator[None]:
    yield


def _line(one: TracebackType, following: TracebackType | None) -> TracebackType:
    """The same line, with the frame of a generator that has never run: nobody has called it."""
    code, known = one.tb_frame.f_code, one.tb_frame.f_globals
    scope = {name: known[name] for name in _KNOWN if name in known}
    stub = FunctionType(_named(code, one.tb_lineno), {**scope, MARK: True})
    return TracebackType(following, stub().gi_frame, -1, one.tb_lineno)


def _named(code: CodeType, line: int) -> CodeType:
    return _stub.__code__.replace(co_name=code.co_name, co_filename=code.co_filename, co_firstlineno=line)
