"""What a run tells the screen beside its outputs: status records and toasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Stage = Literal["pending", "generating", "streaming", "complete", "error"]
Level = Literal["error", "warning", "info", "success"]


@dataclass(frozen=True, slots=True)
class Status:
    """One status record of one run (EV-320).

    ``position`` is the 0-based place among the waiting runs of the group, ``size`` their number; ``eta``,
    ``time`` and ``duration`` are seconds; ``origin`` is the page that triggered the run, if one did.
    """

    listener: int
    run: int
    stage: Stage
    queue: bool = True
    position: int | None = None
    size: int | None = None
    eta: float | None = None
    progress: list[dict[str, Any]] | None = None
    message: str | None = None
    title: str | None = None
    duration: float | None = None
    visible: bool = True
    time: float | None = None
    origin: str | None = None

    @property
    def terminal(self) -> bool:
        """Whether this is the last record of its run."""
        return self.stage in ("complete", "error")


@dataclass(frozen=True, slots=True)
class Message:
    """One toast: ``duration`` in seconds, None until the user closes it."""

    level: Level
    message: str
    title: str
    duration: float | None = 10
    visible: bool = True
    listener: int | None = None
