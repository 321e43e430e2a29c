"""Settings of an app's scheduler: its limits."""

from __future__ import annotations

import numbers
import os
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Literal


def _grace() -> float:
    text = os.environ.get("NBBLOCKS_SESSION_GRACE")
    if not text:
        return 3600.0
    try:
        return seconds("NBBLOCKS_SESSION_GRACE", float(text))
    except ValueError:
        raise ValueError(f"NBBLOCKS_SESSION_GRACE must be a number of seconds, got {text!r}") from None


def seconds(what: str, given: object) -> float:
    """``given`` as a number of seconds.

    :raises ValueError: naming ``what``, if it is no number, or negative
    """
    number = float(given) if isinstance(given, numbers.Real) and given is not True else -1.0
    if not number >= 0 or given is False:
        raise ValueError(f"{what} must be a number of seconds >= 0, got {given!r}")
    return number


@dataclass
class QueueSettings:
    """What ``queue()`` and ``launch()`` set: limits of the app's scheduler."""

    max_size: int | None = None
    default_limit: int | None | Literal["not_set"] = "not_set"
    status_update_rate: float | Literal["auto"] = "auto"
    max_threads: int = 40
    show_error: bool = False
    session_grace: float = field(default_factory=_grace)
    """Seconds after which a session that nobody looks at is closed (ST-11)."""
    session_capacity: int = 10_000
    """Sessions beyond so many cost the least recently used Client its own."""
    executor: Executor | None = None
    """Runs the plain functions of the app, if they are not to run in this process."""

    def default_concurrency_limit(self) -> int | None:
        """The limit of groups that set none (EV-225).

        :raises ValueError: if the environment variable is neither an integer nor ``none``
        """
        if self.default_limit != "not_set":
            return self.default_limit
        for name in ("NBBLOCKS_DEFAULT_CONCURRENCY_LIMIT", "GRADIO_DEFAULT_CONCURRENCY_LIMIT"):
            text = os.environ.get(name)
            if text:
                if text.lower() == "none":
                    return None
                if not text.isdigit() or int(text) < 1:
                    raise ValueError(f"{name} must be a positive integer or 'none', got {text!r}")
                return int(text)
        return 1
