"""What a run tells the screen beside its outputs: status records and toasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Stage = Literal["pending", "generating", "streaming", "complete", "error"]
Level = Literal["error", "warning", "info", "success"]


@dataclass(slots=True)  # not frozen: that would make each record thrice as dear, and runs send several
class Status:
    """One status record of one run (EV-320), never changed once sent.

    ``fn_index`` is the listener's id; ``position`` the 0-based place among the waiting runs of the group,
    ``size`` their number; ``eta``, ``time`` and ``duration`` are seconds, ``time`` since the run started;
    ``message`` is simple HTML, as a toast's; ``origin`` is the page that triggered the run, if one did;
    ``stopping`` tells that it was stopped and its function has not ended. A
    ``stage`` of None is no status: a validator has refused the run, and ``validation`` holds its messages by
    the id of the input (EV-298).
    """

    fn_index: int
    run: int
    stage: Stage | None
    queue: bool = True
    position: int | None = None
    size: int | None = None
    eta: float | None = None
    progress_data: list[dict[str, Any]] | None = None
    message: str | None = None
    title: str | None = None
    duration: float | None = None
    visible: bool = True
    time: float | None = None
    origin: str | None = None
    stopping: bool | None = None
    validation: dict[int, str] | None = None

    @property
    def terminal(self) -> bool:
        """Whether this is the last record of its run."""
        return self.stage in ("complete", "error", None)


@dataclass(frozen=True, slots=True)
class Message:
    """One toast: ``duration`` in seconds, None until the user closes it.

    ``message`` is simple HTML (see `markup`), ``written`` what it was made from, for those who show text.
    """

    level: Level
    message: str
    title: str
    duration: float | None = 10
    visible: bool = True
    listener: int | None = None
    written: str | None = field(default=None, compare=False)
