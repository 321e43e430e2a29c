"""Where the user's code stands: the line that a warning names, and the line that a lambda is."""

from __future__ import annotations

import functools
import linecache
import os
import site
import sys
import sysconfig
import warnings
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from .context import current_run

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
"""Where the code of this library lies."""
_MOST = 100
"""Characters of a line that are told."""


def is_ours(filename: str) -> bool:
    """Whether it is a file of this library."""
    return filename.startswith(OURS)


def warn(text: str, category: type[Warning] = UserWarning, about: Callable[..., Any] | None = None) -> None:
    """Warn of something at the user's line: the nearest one that has led here.

    Where none has, as in a worker thread, it is the first line of the handler that runs.

    :param about: the function whose line it is then, if it is not the handler
    """
    frame = users_frame()
    if frame is not None:
        name, line, scope = frame.f_code.co_filename, frame.f_lineno, frame.f_globals
    else:
        code, scope = _code_at_hand(about)
        if code is None:
            warnings.warn(text, category, stacklevel=2)
            return
        name, line = code.co_filename, code.co_firstlineno
    known = scope.setdefault("__warningregistry__", {})
    warnings.warn_explicit(text, category, name, line, scope.get("__name__"), known)


def users_frame() -> FrameType | None:
    """The innermost frame that is of no library: not of this one, of Python, or of an installed one."""
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and is_library(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def is_library(filename: str) -> bool:
    """Whether it is a file of this library, of Python, or of an installed package."""
    return filename.startswith(_libraries())


@functools.cache
def _libraries() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib", "scripts")
    found = [*map(sysconfig.get_path, names), *site.getsitepackages(), site.getusersitepackages()]
    return OURS, "<frozen ", *(os.path.join(one, "") for one in dict.fromkeys(found))


def _code_at_hand(about: Callable[..., Any] | None) -> tuple[CodeType | None, dict[str, Any]]:
    run = current_run.get()
    fn = about or (run.listener.fn if run is not None else None)
    inner = _unwrapped(fn)
    return getattr(inner, "__code__", None), getattr(inner, "__globals__", {})


def _unwrapped(fn: Any) -> Any:
    while isinstance(fn, functools.partial):
        fn = fn.func  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return getattr(fn, "__func__", fn)  # pyright: ignore[reportUnknownArgumentType]


def line_of(fn: Callable[..., Any]) -> str:
    """The line that a function begins at, for messages, in brackets; nothing if it has none."""
    code: CodeType | None = getattr(_unwrapped(fn), "__code__", None)
    if code is None:
        return ""
    source = linecache.getline(code.co_filename, code.co_firstlineno).strip()
    if len(source) > _MOST:
        source = source[: _MOST - 3] + "..."
    return f" (line {code.co_firstlineno}{': ' * bool(source)}{source})"
