"""What a function gets of its inputs, and when."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core.errors import InvalidComponentError
from nbblocks.core.requests import Request

from .nodes import App, Gate, until


class Seen:
    """A handler that notes the arguments of its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, *args: Any) -> None:
        self.calls.append(args)


@pytest.mark.parametrize("inputs", [None, [], (), set()])
async def test_without_inputs_there_are_no_arguments(app: App, inputs: Any) -> None:  # EV-20 EV-22
    seen = Seen()
    app.a.click((lambda values: seen(values)) if inputs == set() else seen, inputs)
    async with app.running():
        await app.pressed()
    assert seen.calls == [({},)] if inputs == set() else [()]


@pytest.mark.parametrize("kind", ["one", "list", "tuple"])
async def test_each_input_is_one_argument_in_order(app: App, kind: str) -> None:  # EV-20 EV-21
    inputs: Any = {"one": app.a, "list": [app.b, app.a, app.b], "tuple": (app.b, app.a, app.b)}[kind]
    seen = Seen()
    app.a.click(seen, inputs)
    async with app.running():
        app.session.set_value(app.a, ["a", "list"])
        app.session.set_value(app.b, "b")
        await app.pressed()
    assert seen.calls == [(["a", "list"],) if kind == "one" else ("b", ["a", "list"], "b")]


async def test_a_set_is_one_argument_a_dict_of_exactly_these_components(app: App) -> None:  # EV-22 EV-112
    seen: list[Any] = []

    def look(request: Request, values: dict[Any, Any]) -> None:
        seen.append((request.session_hash, values))

    app.a.click(look, {app.a, app.b, app.state})
    async with app.running():
        app.session.set_value(app.a, 1)
        app.session.set_value(app.c, "not asked for")
        await app.pressed()
    ((session, values),) = seen
    assert session == app.session.id
    assert values == {app.a: 1, app.b: None, app.state: []}
    assert values[app.state] is app.session.state(app.state)


async def test_values_are_those_of_the_dispatch(app: App) -> None:  # EV-23
    gate, seen = Gate(), Seen()
    app.a.click(gate, concurrency_id="g")
    app.b.click(seen, app.c, concurrency_id="g")
    app.session.set_value(app.c, "at registration")
    async with app.running():
        app.session.set_value(app.c, "at the dispatch")
        app.press(app.a)
        app.press(app.b)
        app.session.set_value(app.c, "while it waited")
        gate.open.set()
        await app.settle()
    assert seen.calls == [("at the dispatch",)]


async def test_values_have_the_updates_delivered_before(app: App) -> None:  # EV-23
    seen = Seen()
    app.a.click(lambda: 1, None, app.c).then(seen, app.c)
    app.c.change(seen, app.c)
    async with app.running():
        await app.pressed()
    assert seen.calls == [(1,), (1,)]


async def test_each_session_has_values_of_its_own(app: App) -> None:  # EV-23
    seen = Seen()
    app.a.click(seen, app.c)
    other = app.session_of()
    async with app.running():
        app.session.set_value(app.c, "mine")
        other.set_value(app.c, "theirs")
        app.press()
        await app.settle()
        app.press(session=other)
        await app.settle(other)
    assert seen.calls == [("mine",), ("theirs",)]


@pytest.mark.parametrize("block", ["layout", "app"])
@pytest.mark.parametrize("as_set", [False, True])
async def test_what_has_no_value_cannot_be_an_input(
    app: App, block: str, as_set: bool, caplog: pytest.LogCaptureFixture
) -> None:  # EV-24
    app.owner.has_value = False
    strange = app.frame if block == "layout" else app.owner
    seen = Seen()
    dependency = app.a.click(seen, {strange} if as_set else [app.a, strange])
    async with app.running():
        await app.pressed()
    assert app.stages(dependency) == ["error"] and not seen.calls
    (record,) = caplog.records
    assert record.exc_info is not None and record.exc_info[0] is InvalidComponentError
    assert issubclass(InvalidComponentError, ValueError)


async def test_a_call_that_names_a_layout_fails_too(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:  # EV-24
    seen = Seen()
    dependency = app.a.click(seen, app.frame)
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, ["x"])
        await app.settle()
    assert app.stages(dependency)[-1] == "error" and not seen.calls
    assert "InvalidComponentError" in caplog.text


async def test_a_state_is_passed_itself(app: App) -> None:  # EV-25 ST-22 ST-30
    def add(items: list[int]) -> str:
        items.append(1)
        return str(len(items))

    seen = Seen()
    app.a.click(add, app.state, app.b)
    app.c.click(seen, app.state)
    other = app.session_of()
    async with app.running():
        for session in (app.session, app.session, other):
            app.press(session=session)
            await app.settle(session)
        await app.pressed(app.c)
    assert app.sink.values(app.b) == ["1", "2"]
    assert other.sink.values(app.b) == ["1"]  # type: ignore[attr-defined]
    assert app.state.value == []
    assert seen.calls[0][0] is app.session.state(app.state)


@pytest.mark.parametrize("queue", [True, False])
async def test_a_call_with_too_few_values_says_how_many(app: App, queue: bool) -> None:  # EV-26
    seen = Seen()
    app.graph.settings.show_error = True
    dependency = app.a.click(seen, [app.a, app.state, app.b], queue=queue)
    async with app.running():
        run = app.scheduler.submit(app.session, dependency.listener, [1, None])
        assert isinstance(run.error, ValueError)
        assert "needs 3 values, got 2" in app.error(dependency)
        app.scheduler.submit(app.session, dependency.listener, [1, None, 2, "surplus"])
        await app.settle()
    assert seen.calls == [(1, app.session.state(app.state), 2)]


async def test_a_call_does_not_read_the_sessions_values(app: App) -> None:  # EV-26
    seen = Seen()
    dependency = app.a.click(seen, app.a)
    async with app.running():
        app.session.set_value(app.a, "the session's")
        app.scheduler.submit(app.session, dependency.listener, ["given"])
        await app.settle()
        assert app.session.value(app.a) == "the session's"
    assert seen.calls == [("given",)]


async def test_repeated_calls_begin_with_the_values_given(app: App) -> None:  # EV-26 EV-192
    seen = Seen()
    dependency = app.a.click(seen, app.a, every=3600)
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, ["given"])
        await until(lambda: seen.calls)
        app.cancel(dependency)
    assert seen.calls == [("given",)]
