"""Fonts by name."""

from __future__ import annotations

from collections.abc import Sequence


class Font:
    """A font family of the machine that shows the app."""

    def __init__(self, name: str) -> None:
        """Name it as CSS does."""
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class GoogleFont(Font):
    """A font from the web. It is not fetched: it is used where it is installed."""

    def __init__(self, name: str, weights: Sequence[int] = (400, 600)) -> None:
        """Name it; ``weights`` are those that are wanted."""
        super().__init__(name)
        self.weights = tuple(weights)


class LocalFont(GoogleFont):
    """A font that a web server would hand out. Here it is used where it is installed."""
