"""Finds calls that would wait for ever: handlers that hold every slot of the group they wait for (AP-92)."""

from __future__ import annotations

from .runs import Run


def is_stuck(run: Run, seen: set[Run] | None = None) -> bool:
    """Whether a waiting run can never start, since each slot's handler waits, at last, for such a run."""
    seen = set() if seen is None else seen
    group = run.waits_in
    if group is None or group.has_room:
        return False
    return all(any(_is_blocked(holder, seen) for holder in slot.runs) for slot in group.slots)


def _is_blocked(run: Run, seen: set[Run]) -> bool:
    if run in seen:
        return True
    awaited = run.waits_for
    if awaited is None or awaited.ended:
        return False
    seen.add(run)
    return _is_blocked(awaited, seen) if awaited.waits_in is None else is_stuck(awaited, seen)
