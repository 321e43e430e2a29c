"""Preprocess and postprocess, and how a step reaches the session."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from nbblocks.core.errors import ComponentProcessingError, Error
from nbblocks.core.nodes import Node, quick
from nbblocks.core.updates import skip, update

from .nodes import App, Box, Frame


class Traced(Box):
    """Notes in which threads it processes, and turns values into (direction, value)."""

    threads: list[threading.Thread]

    def preprocess(self, payload: Any) -> Any:
        self.threads.append(threading.current_thread())
        return ("in", payload)

    def postprocess(self, value: Any) -> Any:
        self.threads.append(threading.current_thread())
        return ("out", value)


@pytest.fixture
def traced(app: App) -> Traced:
    node = Traced(11)
    node.threads = []
    app.graph.add_node(node)
    return node


def plain(x: Any) -> Any:
    return x


async def coroutine(x: Any) -> Any:
    return x


def generator(x: Any) -> Iterator[Any]:
    yield x


async def async_generator(x: Any) -> AsyncIterator[Any]:
    yield x


KINDS = [plain, coroutine, generator, async_generator]


@pytest.mark.parametrize("fn", KINDS)
async def test_values_are_processed_in_worker_threads(
    app: App, traced: Traced, fn: Any
) -> None:  # EV-110 EV-111 EV-114
    app.a.click(fn, traced, traced)
    async with app.running():
        app.session.set_value(traced, "x")
        await app.pressed()
    assert app.sink.values(traced) == [("out", ("in", "x"))]
    assert len(traced.threads) == 2 and threading.main_thread() not in traced.threads


@pytest.mark.parametrize("batch", [False, True])
async def test_batches_and_validators_process_in_worker_threads(
    app: App, traced: Traced, batch: bool
) -> None:  # EV-114 EV-298
    fn: Callable[[Any], Any] = (lambda values: [values]) if batch else plain
    app.a.click(fn, traced, traced, batch=batch, validator=lambda x: None)
    async with app.running():
        app.session.set_value(traced, "x")
        await app.pressed()
    assert app.sink.values(traced) == [("out", ("in", "x"))]
    assert len(traced.threads) == 3 and threading.main_thread() not in traced.threads


async def test_what_is_marked_as_quick_is_marked_anew_by_those_that_override_it(app: App) -> None:  # EV-114
    class Quick(Box):
        @quick
        def postprocess(self, value: Any) -> Any:
            return threading.current_thread() is threading.main_thread()

    class Slow(Quick):
        def postprocess(self, value: Any) -> Any:
            return threading.current_thread() is threading.main_thread()

    quick_one, slow_one = Quick(11), Slow(12)
    for node in (quick_one, slow_one):
        app.graph.add_node(node)
        app.a.click(coroutine, app.d, node)
    async with app.running():
        await app.pressed()
    assert (app.sink.values(quick_one), app.sink.values(slow_one)) == ([True], [False])


@pytest.mark.parametrize("fn", KINDS)
async def test_processing_can_be_left_out(app: App, traced: Traced, fn: Any) -> None:  # EV-110 EV-111
    app.a.click(fn, traced, traced, preprocess=False)
    app.b.click(fn, traced, traced, postprocess=False)
    async with app.running():
        app.session.set_value(traced, {"path": "wire"})
        await app.pressed(app.a)
        app.session.set_value(traced, {"path": "wire"})
        await app.pressed(app.b)
    assert app.sink.values(traced) == [("out", {"path": "wire"}), ("in", {"path": "wire"})]


@pytest.mark.parametrize("returned", [update(value="v"), Traced(99, "v"), "v"])
async def test_the_value_of_an_update_is_processed_or_not(
    app: App, traced: Traced, returned: Any
) -> None:  # EV-111
    app.a.click(lambda: returned, None, traced)
    app.b.click(lambda: returned, None, traced, postprocess=False)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.b)
    assert app.sink.values(traced) == [("out", "v"), "v"]


@pytest.mark.parametrize("fn", KINDS)
@pytest.mark.parametrize("processing", [True, False])
async def test_a_state_bypasses_both(app: App, fn: Any, processing: bool) -> None:  # EV-112
    app.a.click(fn, app.state, app.state, preprocess=processing, postprocess=processing)
    async with app.running():
        before = app.session.state(app.state)
        await app.pressed()
        assert app.session.state(app.state) is before
    assert app.sink.steps == []


# -- errors


@pytest.mark.parametrize("fn", KINDS)
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("unreadable", "preprocess of input at index 0 (box)"),
        ("bad", "postprocess of output at index 0 (box)"),
    ],
)
async def test_errors_of_either_end_the_run(
    app: App, fn: Any, value: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:  # EV-113 EV-290
    app.graph.settings.show_error = True
    dependency = app.a.click(fn, app.a, app.b)
    async with app.running():
        app.session.set_value(app.a, value)
        await app.pressed()
    ((kind, error, _),) = [record.exc_info for record in caplog.records if record.exc_info]
    assert kind is ComponentProcessingError and isinstance(error, ValueError)
    assert type(error.__cause__) is ValueError
    for part in (told, fn.__name__, repr(value).replace("'", '"'), str(error.__cause__)):
        assert part in app.error(dependency), part
    assert app.sink.steps == []


async def test_the_place_of_the_component_is_told(app: App) -> None:  # EV-113
    app.graph.settings.show_error = True
    calls: list[Any] = []
    first = app.a.click(lambda *args: calls.append(args), [app.c, app.d, app.a])
    second = app.b.click(lambda: (1, 2, "bad"), None, [app.c, app.d, app.b])
    async with app.running():
        app.session.set_value(app.a, "unreadable")
        await app.pressed(app.a)
        await app.pressed(app.b)
    assert "input at index 2" in app.error(first) and not calls
    assert "output at index 2" in app.error(second) and app.sink.steps == []


@pytest.mark.parametrize("side", ["preprocess", "postprocess"])
async def test_the_users_error_passes_unchanged(app: App, side: str) -> None:  # EV-113 EV-291
    class Picky(Box):
        """Complains to the user."""

    def complain(self: Any, value: Any) -> Any:
        raise Error("too long", title="Oh", duration=None)

    setattr(Picky, side, complain)
    picky = Picky(11)
    app.graph.add_node(picky)
    dependency = app.a.click(plain, picky, picky)
    async with app.running():
        await app.pressed()
    last = app.records(dependency)[-1]
    assert (last.stage, last.message, last.title, last.duration) == ("error", "too long", "Oh", None)


# -- what a step does


async def test_none_empties_and_a_skip_leaves(app: App) -> None:  # EV-45 EV-46
    changes: list[Any] = []
    app.a.click(lambda: None, None, app.b)
    app.c.click(skip, None, app.b)
    app.c.click(lambda: (skip(), skip()), None, [app.b, app.state])
    app.b.change(lambda value: changes.append(value), app.b)
    app.state.change(lambda: changes.append("state"))
    async with app.running():
        app.session.set_value(app.b, "full")
        await app.pressed(app.c)
        assert app.session.value(app.b) == "full" and app.sink.steps == [] and changes == []
        await app.pressed(app.a)
    assert app.sink.values(app.b) == [None] and changes == [None]


async def test_updated_properties_last_for_the_session_and_no_other(app: App) -> None:  # EV-51
    app.a.click(lambda: update(shout=True), None, app.b)
    app.c.click(lambda text: text + " then", app.b, app.b)
    other = app.session_of()
    async with app.running():
        for session in (app.session, other):
            session.set_value(app.b, "now")
        await app.pressed(app.a)
        for session in (app.session, other):
            app.press(app.c, session=session)
            await app.settle(session)
        await app.pressed(app.c)
    assert app.sink.values(app.b) == ["NOW THEN", "NOW THEN THEN"]
    assert other.sink.values(app.b) == ["now then"]  # type: ignore[attr-defined]
    assert not app.b.shout


async def test_an_update_processes_its_value_by_the_new_properties(app: App) -> None:  # EV-47 EV-51
    app.a.click(lambda: update(shout=True, value="hi"), None, app.b)
    app.c.click(lambda: Box(99, "low", shout=False), None, app.b)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert app.sink.steps == [
        {app.b: {"shout": True, "value": "HI"}},
        {app.b: {"shout": False, "value": "low"}},
    ]


async def test_forms_mix_freely_in_each_step(app: App) -> None:  # EV-53 EV-40
    def steps() -> Iterator[Any]:
        yield 1, update(label="x"), Frame(99, visible=False)
        yield {app.c: Box(99, "c"), app.b: 2}
        yield [skip(), 3, update()]

    app.a.click(steps, None, [app.b, app.c, app.frame])
    async with app.running():
        await app.pressed()
    assert app.sink.steps == [
        {app.b: {"value": 1}, app.c: {"label": "x"}, app.frame: {"visible": False}},
        {app.c: {"value": "c"}, app.b: {"value": 2}},
        {app.c: {"value": 3}},
    ]


@pytest.mark.parametrize("outputs", ["state first", "state last"])
async def test_a_step_that_fails_delivers_nothing(app: App, outputs: str) -> None:  # EV-54 EV-290
    first = outputs == "state first"
    nodes: list[Node] = [app.state, app.c, app.b] if first else [app.b, app.c, app.state]
    dependency = app.a.click(lambda: ([1], 2, "bad") if first else ("bad", 2, [1]), None, nodes)
    async with app.running():
        app.session.set_value(app.c, "before")
        await app.pressed()
    assert app.stages(dependency)[-1] == "error"
    assert app.sink.steps == [] and app.session.value(app.c) == "before"
    assert app.session.state(app.state) == []


async def test_only_the_step_that_fails_is_lost(app: App) -> None:  # EV-54 EV-77
    def steps() -> Iterator[Any]:
        yield [1], 1
        yield [2], "bad"
        yield [3], 3

    app.a.click(steps, None, [app.state, app.b])
    async with app.running():
        await app.pressed()
    assert app.session.state(app.state) == [1] and app.sink.values(app.b) == [1]
