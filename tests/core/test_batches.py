"""Batches: how they are formed, what they are called with, and what becomes of each of their runs."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from nbblocks.core.events import EventData
from nbblocks.core.listeners import Dependency
from nbblocks.core.nodes import Node
from nbblocks.core.requests import Request
from nbblocks.core.sessions import Session
from nbblocks.core.updates import skip, update

from .nodes import App, Box, Gate, Screen, quiet, until, values_of


class Doubling:
    """A batch function that waits at a gate in its first call, and notes what it is called with."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.calls: list[list[Any]] = []

    def __call__(self, values: list[Any]) -> tuple[list[Any]]:
        self.calls.append(list(values))
        self.gate()
        return ([2 * value for value in values],)


def press_each(app: App, sessions: Sequence[Session], node: Node | None = None) -> None:
    """Give each session its number as the value of ``a``, and press there."""
    for number, session in enumerate(sessions):
        session.set_value(app.a, number)
        app.press(node, session=session)


def sessions_of(app: App, count: int) -> list[Session]:
    return [app.session_of() for _ in range(count)]


def ends(app: App, dependency: Dependency, sessions: Sequence[Session]) -> list[str]:
    """The last stage of each session."""
    return [
        app.stages(dependency, session.sink)[-1] for session in sessions if isinstance(session.sink, Screen)
    ]


# -- forming


@pytest.mark.parametrize(("most", "sizes"), [(1, [1] * 7), (3, [1, 3, 3]), (4, [1, 4, 2]), (100, [1, 6])])
async def test_a_batch_is_formed_of_what_waits(
    app: App, most: int, sizes: list[int]
) -> None:  # EV-250 EV-253
    fn = Doubling()
    app.a.click(fn, app.a, app.b, batch=True, max_batch_size=most)
    sessions = sessions_of(app, 7)
    async with app.running():
        press_each(app, sessions)
        await until(lambda: fn.calls)
        assert fn.calls == [[0]]  # a lone run goes alone at once
        fn.gate.open.set()
        await app.settle(*sessions)
    assert [len(call) for call in fn.calls] == sizes
    assert [value for call in fn.calls for value in call] == list(range(7))
    assert [values_of(session, app.b) for session in sessions] == [[2 * number] for number in range(7)]


async def test_four_is_the_default_size(app: App) -> None:  # EV-250
    assert app.a.click(lambda values: [values], app.a, app.b, batch=True).listener.max_batch_size == 4


async def test_a_batch_takes_one_slot(app: App) -> None:  # EV-253
    fn = Doubling()
    app.a.click(fn, app.a, app.b, batch=True, max_batch_size=2, concurrency_limit=2)
    sessions = sessions_of(app, 8)
    async with app.running():
        press_each(app, sessions)
        await until(lambda: fn.gate.inside == 2)
        await quiet()
        assert fn.calls == [[0], [1]] or fn.calls == [[1], [0]]
        fn.gate.open.set()
        await app.settle(*sessions)
    assert sorted(map(len, fn.calls)) == [1, 1, 2, 2, 2] and fn.gate.most <= 2


async def test_runs_of_other_listeners_are_skipped_and_keep_their_places(app: App) -> None:  # EV-253 EV-227
    order: list[Any] = []
    gate = Gate()

    def first(values: list[int]) -> list[list[int]]:
        order.append(("first", values))
        gate()
        return [values]

    def second(values: list[int]) -> list[list[int]]:
        order.append(("second", values))
        return [values]

    app.a.click(first, app.a, app.b, batch=True, concurrency_id="g", trigger_mode="multiple")
    app.b.click(second, app.a, app.b, batch=True, concurrency_id="g", trigger_mode="multiple")
    app.c.click(lambda x: order.append(("single", x)), app.a, concurrency_id="g", trigger_mode="multiple")
    async with app.running():
        for number, node in enumerate((app.a, app.b, app.a, app.c, app.a, app.b, app.c, app.a)):
            app.session.set_value(app.a, number)
            app.press(node)
        gate.open.set()
        await app.settle()
    assert order == [
        ("first", [0]),
        ("second", [1, 5]),
        ("first", [2, 4, 7]),
        ("single", 3),
        ("single", 6),
    ]


# -- calling


@pytest.mark.parametrize("kind", ["plain", "coroutine"])
async def test_there_is_one_list_for_each_input_and_output(app: App, kind: str) -> None:  # EV-250 EV-251
    gate = Gate()
    seen: list[Any] = []

    def plain(xs: list[int], ys: list[int]) -> Any:
        seen.append((xs, ys))
        return [x + y for x, y in zip(xs, ys, strict=True)], [x - y for x, y in zip(xs, ys, strict=True)]

    async def coroutine(xs: list[int], ys: list[int]) -> Any:
        return list(plain(xs, ys))

    app.d.click(gate, concurrency_id="g")
    app.a.click(
        coroutine if kind == "coroutine" else plain,
        [app.a, app.b],
        [app.c, app.d],
        batch=True,
        concurrency_id="g",
    )
    sessions = sessions_of(app, 3)
    async with app.running():
        app.press(app.d)
        for session in sessions:
            session.set_value(app.b, 10)
        press_each(app, sessions)
        gate.open.set()
        await app.settle(*sessions)
    assert seen == [([0, 1, 2], [10, 10, 10])]
    assert [values_of(session, app.c) for session in sessions] == [[10], [11], [12]]
    assert [values_of(session, app.d) for session in sessions] == [[-10], [-9], [-8]]


async def test_a_set_of_inputs_is_one_dict_of_lists(app: App) -> None:  # EV-22 EV-250
    seen: list[Any] = []

    def look(values: dict[Any, list[Any]]) -> list[list[Any]]:
        seen.append(values)
        return [values[app.a]]

    app.a.click(look, {app.a, app.b}, app.c, batch=True)
    async with app.running():
        app.session.set_value(app.a, 1)
        await app.pressed()
    assert seen == [{app.a: [1], app.b: [None]}] and app.sink.values(app.c) == [1]


async def test_each_run_of_a_batch_may_get_any_form(app: App) -> None:  # EV-251 EV-53
    gate = Gate()
    app.d.click(gate, concurrency_id="g")
    answers = [update(label="x"), skip(), None, Box(99, "own", visible=False)]
    app.a.click(lambda values: [answers], app.a, app.b, batch=True, concurrency_id="g")
    sessions = sessions_of(app, 4)
    async with app.running():
        app.press(app.d)
        press_each(app, sessions)
        gate.open.set()
        await app.settle(*sessions)
    assert [session.sink.steps for session in sessions] == [  # type: ignore[attr-defined]
        [{app.b: {"label": "x"}}],
        [],
        [{app.b: {"value": None}}],
        [{app.b: {"value": "own", "visible": False}}],
    ]


@pytest.mark.parametrize("returned", [None, [], ()])
async def test_without_outputs_nothing_need_be_returned(app: App, returned: Any) -> None:  # EV-251
    dependency = app.a.click(lambda values: returned, app.a, batch=True)
    async with app.running():
        await app.pressed()
    assert app.stages(dependency)[-1] == "complete"


@pytest.mark.parametrize(
    ("outputs", "returned"),
    [
        (1, ["ab"]),
        (1, ["ab", "cd"]),
        (1, [1, 2]),
        (1, "ab"),
        (1, None),
        (1, [[1]]),
        (1, [[1, 2, 3]]),
        (1, [[1, 2], [3, 4]]),
        (1, {"a": [1, 2]}),
        (1, {1, 2}),
        (1, 5),
        (1, skip()),
        (1, []),
        (2, [[1, 2]]),
        (2, [[1, 2], [3]]),
        (2, [[1, 2], None]),
        (2, [1, 2]),
        (0, 5),
        (0, [[1, 2]]),
    ],
)
async def test_any_other_shape_fails_all_runs(
    app: App, outputs: int, returned: Any, caplog: pytest.LogCaptureFixture
) -> None:  # EV-251 EV-252
    app.graph.settings.show_error = True
    gate = Gate()
    app.d.click(gate, concurrency_id="g")

    def batch(values: list[Any]) -> Any:
        return returned

    dependency = app.a.click(batch, app.a, [app.b, app.c][:outputs], batch=True, concurrency_id="g")
    sessions = sessions_of(app, 2)
    async with app.running():
        app.press(app.d)
        press_each(app, sessions)
        gate.open.set()
        await app.settle(*sessions)
    assert ends(app, dependency, sessions) == ["error", "error"]
    assert [session.sink.steps for session in sessions] == [[], []]  # type: ignore[attr-defined]
    logged = [record.exc_info for record in caplog.records if record.exc_info]
    assert [info[0] for info in logged] == [ValueError, ValueError]
    assert "'batch' must return" in str(logged[0][1]) and f"tuple of {outputs} lists with 2" in str(
        logged[0][1]
    )


def test_a_generator_cannot_be_a_batch_function(app: App) -> None:  # EV-255
    def steps(values: list[Any]) -> Iterator[Any]:
        yield [values]

    async def async_steps(values: list[Any]) -> AsyncIterator[Any]:
        yield [values]

    for fn in (steps, async_steps):
        with pytest.raises(ValueError, match=rf"{fn.__name__} is a generator"):
            app.a.click(fn, app.a, app.b, batch=True)
    assert not app.graph.listeners


@pytest.mark.parametrize("error", [ValueError, SystemExit])
async def test_an_exception_fails_every_run(app: App, error: type[BaseException]) -> None:  # EV-256 EV-297
    app.graph.settings.show_error = True
    gate = Gate()
    app.d.click(gate, concurrency_id="g")

    def fail(values: list[Any]) -> None:
        raise error("all of them")

    dependency = app.a.click(fail, app.a, app.b, batch=True, concurrency_id="g")
    sessions = sessions_of(app, 3)
    async with app.running():
        app.press(app.d)
        press_each(app, sessions)
        gate.open.set()
        await app.settle(*sessions)
    assert ends(app, dependency, sessions) == ["error"] * 3
    for session in sessions:
        assert [message.message for message in session.sink.messages] == ["all of them"]  # type: ignore[attr-defined]


# -- sessions


async def test_each_run_is_processed_by_its_own_session(app: App) -> None:  # EV-257 EV-51
    gate = Gate()
    app.d.click(gate, concurrency_id="g")
    app.c.click(lambda: update(shout=True), None, app.b)
    seen: list[Any] = []

    def echo(values: list[Any], states: list[list[Any]]) -> Any:
        seen.append([*values])
        for state, value in zip(states, values, strict=True):
            state.append(value)
        return values, [[*state, "written"] for state in states]

    app.a.click(echo, [app.a, app.state], [app.b, app.state], batch=True, concurrency_id="g")
    sessions = sessions_of(app, 3)
    async with app.running():
        app.press(app.c, session=sessions[1])
        await app.settle(sessions[1])
        app.press(app.d)
        for session, name in zip(sessions, "abc", strict=True):
            session.set_value(app.a, name)
            app.press(session=session)
        gate.open.set()
        await app.settle(*sessions)
    assert seen == [["a", "b", "c"]]
    assert [values_of(session, app.b) for session in sessions] == [["a"], ["B"], ["c"]]
    assert [session.state(app.state) for session in sessions] == [[name, "written"] for name in "abc"]


@pytest.mark.parametrize("value", ["unreadable", "bad"])
async def test_a_processing_error_fails_that_run_only(app: App, value: str) -> None:  # EV-257
    gate = Gate()
    app.d.click(gate, concurrency_id="g")
    seen: list[Any] = []

    def echo(values: list[Any]) -> list[list[Any]]:
        seen.append(values)
        return [values]

    dependency = app.a.click(echo, app.a, app.b, batch=True, concurrency_id="g")
    sessions = sessions_of(app, 3)
    async with app.running():
        app.press(app.d)
        for session, own in zip(sessions, (value, "well", value), strict=True):
            session.set_value(app.a, own)
            app.press(session=session)
        gate.open.set()
        await app.settle(*sessions)
    assert ends(app, dependency, sessions) == ["error", "complete", "error"]
    assert seen == [["well"] if value == "unreadable" else [value, "well", value]]
    assert values_of(sessions[1], app.b) == ["well"]


async def test_a_batch_of_which_nothing_is_left_is_not_called(app: App) -> None:  # EV-257
    calls: list[Any] = []
    dependency = app.a.click(lambda values: calls.append(values), app.a, app.b, batch=True)
    async with app.running():
        app.session.set_value(app.a, "unreadable")
        await app.pressed()
    assert app.stages(dependency)[-1] == "error" and calls == []


async def test_special_arguments_are_those_of_the_first_run(app: App) -> None:  # EV-258
    gate = Gate()
    seen: list[Any] = []

    def look(values: list[Any], request: Request, event: EventData) -> list[list[Any]]:
        seen.append(
            (request.session_hash, event.number, threading.current_thread() is threading.main_thread())
        )
        return [values]

    app.d.click(gate, concurrency_id="g")
    app.a.click(look, app.a, app.b, batch=True, concurrency_id="g")
    sessions = sessions_of(app, 3)
    async with app.running():
        app.press(app.d)
        for number, session in enumerate(sessions):
            app.scheduler.trigger(session, app.a, "click", {"number": number})
        gate.open.set()
        await app.settle(*sessions)
    assert seen == [(sessions[0].id, 0, False)]


async def test_a_lone_call_of_a_client_is_a_batch_of_one(app: App) -> None:  # EV-250 EV-253
    seen: list[Any] = []

    def echo(values: list[Any]) -> list[list[Any]]:
        seen.append(values)
        return [values]

    dependency = app.a.click(echo, app.a, app.b, batch=True)
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, ["x"])
        await app.settle()
    assert seen == [["x"]] and app.sink.values(app.b) == ["x"]
