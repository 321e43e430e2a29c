"""Which cell made which app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nbblocks.bridge import cells


class Shell:
    """A shell with a kernel, as far as cells look at it."""

    kernel = object()

    def __init__(self) -> None:
        self.parent: dict[str, Any] = {}
        self.after: list[Callable[..., None]] = []
        self.events = self
        self.executions = 0

    def get_parent(self) -> dict[str, Any]:
        return self.parent

    def register(self, event: str, callback: Callable[..., None]) -> None:
        assert event == "post_run_cell"
        self.after.append(callback)

    def run(self, cell: str | None, code: Callable[[], Any]) -> Any:
        """Run ``code`` as a cell."""
        self.executions += 1
        header = {"msg_type": "execute_request", "msg_id": f"run {self.executions}"}
        self.parent = {"header": header, "metadata": {"cellId": cell} if cell else {}}
        result = code()
        for callback in self.after:
            callback(None)
        return result


class App:
    """An app that can be closed."""

    def __init__(self) -> None:
        self.closed = 0
        cells.note(self)

    def replaced(self) -> None:
        self.closed += 1

    def inherit(self, earlier: Any) -> None:
        """Take over nothing."""


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    shell = Shell()
    monkeypatch.setattr(cells, "shell", lambda: shell)
    monkeypatch.setattr(cells, "_made", {})
    yield shell


def test_running_a_cell_again_closes_what_it_made_before(shell: Shell) -> None:  # ST-5
    first = shell.run("a", App)
    assert first.closed == 0
    second = shell.run("a", App)
    assert (first.closed, second.closed) == (1, 0)
    shell.run("a", lambda: None)
    assert (first.closed, second.closed) == (1, 1)


def test_apps_of_other_cells_stay(shell: Shell) -> None:  # ST-5
    app = shell.run("a", App)
    shell.run("b", App)
    shell.run("b", App)
    assert app.closed == 0


def test_a_cell_may_make_several_apps(shell: Shell) -> None:  # ST-5
    apps = shell.run("a", lambda: [App(), App()])
    assert [app.closed for app in apps] == [0, 0]
    shell.run("a", App)
    assert [app.closed for app in apps] == [1, 1]


def test_the_app_of_before_stays_until_the_cell_has_run(shell: Shell) -> None:  # ST-5
    first = shell.run("a", App)

    def again() -> None:
        App()
        assert first.closed == 0

    shell.run("a", again)
    assert first.closed == 1


def test_where_cells_have_no_names_nothing_is_closed(shell: Shell) -> None:
    first = shell.run(None, App)
    shell.run(None, App)
    assert first.closed == 0


def test_what_a_page_triggers_is_not_the_cells(shell: Shell) -> None:
    shell.parent = {"header": {"msg_type": "comm_msg", "msg_id": "x"}, "metadata": {"cellId": "a"}}
    assert cells.current_cell() is None


def test_outside_of_a_kernel_there_are_no_cells() -> None:
    assert cells.shell() is None and cells.current_cell() is None
