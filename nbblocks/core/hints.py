"""What an error says of threads, and what its author may not know of them: notes for the log."""

from __future__ import annotations

import re
from typing import Any, cast

from .errors import text_of
from .tracebacks import came_of

HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (
            r"SQLite objects created in a thread",
            "The connection was made in another thread, that of a cell for instance. Open it in the "
            "handler, or make it with sqlite3.connect(..., check_same_thread=False) and give the "
            "listeners that use it one concurrency_id, so that one at a time does.",
        ),
        (
            r"no (current|running) event loop|(bound|attached|belongs?) to a different (event )?loop"
            r"|other than the current one|event loop is already running|from a running event loop"
            r"|non-thread-safe operation",
            "Handlers do not run on the notebook's event loop: coroutines run on one of the app's, other "
            "functions in threads without one. Make what belongs to a loop in the handler itself (async "
            "def), or hand the work over: asyncio.run_coroutine_threadsafe(coroutine, loop), with the "
            "loop that a cell has got from asyncio.get_running_loop().",
        ),
        (
            r"main thread is not in main loop|calling tcl from different|GUI outside of the main thread"
            r"|\bQ[A-Z]\w+.*thread|NSWindow|different apartment",
            "Handlers run in threads of their own, and windows belong to the main thread. Let the handler"
            " compute, and show its result in the app (gr.Plot, gr.Image); of matplotlib use Figure, or "
            "the backend 'agg': matplotlib.use('agg').",
        ),
        (
            r"\b(main|different|another|other|same|wrong) (interpreter )?thread\b",
            "Handlers run in worker threads, and not always in the same one. Make what belongs to a "
            "thread in the handler itself.",
        ),
    )
)
"""What the text of an error is like, and what is said of it; the first that fits."""


def annotate(error: BaseException) -> None:
    """Add a note to ``error``, or to what it came of, if it is one of those: once."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        text = text_of(one)
        hint = next((hint for pattern, hint in HINTS if pattern.search(text)), None)
        if hint is not None:
            _note(one, hint)
            return
        cause, context = came_of(one)
        one = context if cause is None else cause


def _note(error: Any, hint: str) -> None:
    notes: Any = getattr(error, "__notes__", None)
    if notes is None:
        error.__notes__ = [hint]  # as `add_note` does, since Python 3.11
    elif isinstance(notes, list) and hint not in notes:
        cast("list[str]", notes).append(hint)
