"""Which listeners share a limit, and which one that is."""

from __future__ import annotations

from typing import Any

import pytest

from .nodes import App


class Thing:
    def method(self) -> None: ...


def make() -> Any:
    return lambda: 1


def limits(app: App) -> list[int | None]:
    """The limits of the app's listeners, in order."""
    return [app.graph.limit_of(one) for one in app.graph.listeners.values()]


def test_listeners_of_one_function_share_a_group(app: App) -> None:  # EV-223
    def fn() -> None: ...

    app.a.click(fn)
    app.b.click(fn, concurrency_limit=5)
    app.c.click(fn, concurrency_id="apart")
    assert limits(app) == [5, 5, 1]


def test_equal_functions_that_are_others_do_not(app: App) -> None:  # EV-223
    thing = Thing()
    for fn, limit in ((make(), 3), (make(), "default"), (thing.method, 3), (thing.method, "default")):
        app.a.click(fn, concurrency_limit=limit)
    assert limits(app) == [3, 1, 3, 1]
    same = thing.method
    first, second = app.a.click(same), app.b.click(same, concurrency_limit=7)
    assert app.graph.limit_of(first.listener) == app.graph.limit_of(second.listener) == 7


def test_equal_ids_share_whatever_the_function(app: App) -> None:  # EV-223
    app.a.click(lambda: 1, concurrency_id="gpu")
    app.b.click(lambda: 2, concurrency_id="gpu", concurrency_limit=4)
    app.c.click(lambda: 2, concurrency_id="cpu")
    assert limits(app) == [4, 4, 1]


@pytest.mark.parametrize(
    ("members", "limit"),
    [
        (["default", 3, 2], 2),
        (["default", 3, None], 3),
        ([None, 4], 4),
        ([7, 1, "default"], 1),
        (["default"], 6),
        (["default", None], 6),
        ([None], None),
        ([None, None], None),
    ],
)
def test_the_limit_of_a_group_is_the_lowest_one_set(
    app: App, members: list[Any], limit: int | None
) -> None:  # EV-224
    app.graph.settings.default_limit = 6
    for given in members:
        app.a.click(lambda: 1, concurrency_id="g", concurrency_limit=given)
    assert limits(app) == [limit] * len(members)


def test_a_listener_that_comes_later_counts_at_once(app: App) -> None:  # EV-224
    app.a.click(lambda: 1, concurrency_id="g", concurrency_limit=3)
    assert limits(app) == [3]
    last = app.a.click(lambda: 1, concurrency_id="g", concurrency_limit=2)
    assert limits(app) == [2, 2]
    app.graph.remove(last.listener)
    assert limits(app) == [3]


@pytest.mark.parametrize(
    ("given", "ours", "gradios", "limit"),
    [
        ("not_set", None, None, 1),
        ("not_set", None, "7", 7),
        ("not_set", "3", "7", 3),
        ("not_set", "none", "7", None),
        ("not_set", None, "None", None),
        (2, "3", "7", 2),
        (None, "3", "7", None),
    ],
)
def test_the_default_limit_is_given_or_comes_from_the_environment(
    app: App, monkeypatch: pytest.MonkeyPatch, given: Any, ours: Any, gradios: Any, limit: int | None
) -> None:  # EV-225
    for name, value in (("NBBLOCKS", ours), ("GRADIO", gradios)):
        monkeypatch.delenv(f"{name}_DEFAULT_CONCURRENCY_LIMIT", raising=False)
        if value is not None:
            monkeypatch.setenv(f"{name}_DEFAULT_CONCURRENCY_LIMIT", value)
    app.graph.settings.default_limit = given
    app.a.click(lambda: 1)
    assert limits(app) == [limit]


@pytest.mark.parametrize("text", ["many", "0", "-1", "1.5"])
def test_a_limit_in_the_environment_that_is_none_is_named(
    app: App, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:  # EV-225
    monkeypatch.setenv("NBBLOCKS_DEFAULT_CONCURRENCY_LIMIT", text)
    app.a.click(lambda: 1)
    with pytest.raises(ValueError, match="must be a positive integer or 'none', got"):
        limits(app)
