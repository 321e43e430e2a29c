"""A notebook for apps to be shown in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nbblocks.bridge import cells
from tests.support import FakeComm


class Shell:
    """A shell with a kernel, as far as an app looks at it."""

    kernel = object()

    def __init__(self) -> None:
        self.events = self

    def register(self, event: str, callback: Callable[..., None]) -> None:
        """Call nothing."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, comms: list[FakeComm]) -> list[Any]:
    """What is displayed in a notebook."""
    displayed: list[Any] = []
    shell = Shell()
    monkeypatch.setattr(cells, "shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    return displayed
