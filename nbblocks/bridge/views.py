"""Which pages look at an app: counted by hello, heartbeat and goodbye (ST-9)."""

from __future__ import annotations

from collections.abc import Callable

HEARTBEAT = 15.0
"""Seconds between the heartbeats of a view."""
SILENT = 3 * HEARTBEAT
"""A view that was silent for so long is gone; a later heartbeat brings it back."""
MOST = 1000
"""Views of one app: more than any page has. For a further one that silent longest goes."""


class Views:
    """The live views of one app. On the loop only.

    :param changed: called with True when the first view comes, with False when the last one goes
    """

    def __init__(self, changed: Callable[[bool], None], clock: Callable[[], float]) -> None:
        self._changed = changed
        self._clock = clock
        self._heard: dict[str, float] = {}
        self._hidden: set[str] = set()

    def __len__(self) -> int:
        return len(self._heard)

    def names(self) -> list[str]:
        """The live views, the oldest first."""
        return list(self._heard)

    @property
    def visible(self) -> bool:
        """Whether one of them is in sight."""
        return bool(self._heard.keys() - self._hidden)

    def hide(self, view: str, hidden: bool) -> None:
        """A view's page has gone to the background, or is in sight again."""
        if hidden:
            self._hidden.add(view)
        else:
            self._hidden.discard(view)

    def heard(self, view: str) -> None:
        """A view has said something."""
        first = not self._heard
        self._heard[view] = self._clock()
        if first:
            self._changed(True)

    def crowded_out(self, view: str) -> str | None:
        """The view that has to go for ``view`` to come, if one has."""
        if view in self._heard or len(self._heard) < MOST:
            return None
        return min(self._heard, key=self._heard.__getitem__)

    def gone(self, view: str) -> None:
        """A view has said goodbye."""
        self._hidden.discard(view)
        if self._heard.pop(view, None) is not None and not self._heard:
            self._changed(False)

    def sweep(self) -> list[str]:
        """Drop the views that were silent too long, and name them."""
        now = self._clock()
        silent = [view for view, at in self._heard.items() if now - at > SILENT]
        for view in silent:
            self.gone(view)
        return silent
