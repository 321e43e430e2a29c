"""Parts of an app that join it whole, content for layouts, and what is meant for blocks that are gone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

from nbblocks.core.errors import DuplicateBlockError, InvalidBlockError
from nbblocks.core.events import on
from nbblocks.core.graph import building
from nbblocks.core.parts import Part, join
from nbblocks.core.results import Content
from nbblocks.core.sessions import Session

from .nodes import App, Box, Gate, Memory, until


def part_of(app: App, *nodes: Any, build: Callable[[], Any] = lambda: None, place: Any = None) -> Part:
    """A part with these blocks and with the listeners that ``build`` registers."""
    part = Part(app.graph, place or app.frame)
    for node in nodes:
        part.add_node(node)
    token = building.set(part)
    try:
        build()
    finally:
        building.reset(token)
    part.settle()
    return part


def act(*_: Any) -> None:
    """Do nothing."""


def other(*_: Any) -> None:
    """Do nothing either."""


class Handed(Content):
    """Content that notes where it was applied."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sessions: list[Session] = []
        self.error = error

    def apply(self, session: Session) -> None:
        if self.error:
            raise self.error
        self.sessions.append(session)


# -- joining


def test_nothing_of_a_part_is_in_the_app_before_it_joins(app: App) -> None:
    box = Box(20)
    part = part_of(app, box, build=lambda: box.click(act, app.a, box))
    assert box._id not in app.graph.nodes and not app.graph.listeners
    assert app.graph.triggered_by(box, "click") == ()
    join(part, [])
    assert app.graph.nodes[20] is box
    assert app.graph.triggered_by(box, "click") == tuple(part.listeners.values())


def test_ids_of_listeners_are_good_in_the_app_from_the_beginning(app: App) -> None:
    first = app.a.click(act)
    made: list[Any] = []
    part = part_of(app, build=lambda: made.append(app.b.click(act)))
    second = app.a.click(act)
    join(part, [])
    assert len({first["id"], made[0]["id"], second["id"]}) == 3
    assert app.graph.listeners[made[0]["id"]] is made[0].listener


def test_the_parts_before_go_with_all_they_had(app: App) -> None:  # AP-63
    kept = app.a.click(act)
    old = Box(20)
    inner = Box(21)
    before = part_of(app, old, build=lambda: old.click(act, old, app.b))
    join(before, [])
    nested = part_of(app, inner, place=old, build=lambda: inner.click(act, old))
    join(nested, [])
    new = Box(22)
    after = part_of(app, new)
    exchange = join(after, [before, nested])
    assert exchange.gone == [old, inner] and len(exchange.dropped) == 2
    assert (
        list(app.graph.listeners.values())
        == [kept.listener]
        == [d.listener for d in app.graph.dependencies.values()]
    )
    assert set(app.graph.nodes) == {1, 2, 3, 4, 5, 6, 22} and set(app.graph.homes) == {22}
    assert not app.graph.is_output(app.b)


def test_what_is_gone_is_known_as_long_as_somebody_holds_it(app: App) -> None:
    old, never = Box(20), Box(21)
    before = part_of(app, old)
    join(before, [])
    assert app.graph.current(old) is old
    join(part_of(app), [before])
    assert app.graph.current(old) is None and 20 in app.graph.gone
    assert app.graph.current(never) is never
    del before, old
    gc.collect()
    assert 20 not in app.graph.gone


def test_a_block_with_the_id_of_one_before_stands_for_it(app: App) -> None:  # ST-70
    old, new = Box(20), Box(30)
    before = part_of(app, old)
    join(before, [])
    after = part_of(app, new)
    after.renumber(new, 20)
    exchange = join(after, [before])
    assert exchange.gone == [] and app.graph.current(old) is new


def test_a_block_stands_once_in_an_app(app: App) -> None:  # AP-7
    box = Box(20)
    with pytest.raises(DuplicateBlockError, match="has been rendered in this app already"):
        part_of(app, app.a)
    one, other = part_of(app, box), part_of(app, box)
    join(one, [])
    with pytest.raises(DuplicateBlockError, match="has been rendered in this app already"):
        join(other, [])
    join(part_of(app, box), [one])
    assert app.graph.homes[20] is not one


def test_a_state_of_the_app_stays_the_apps(app: App) -> None:  # ST-26
    part = part_of(app, app.state)
    join(part, [])
    exchange = join(part_of(app), [part])
    assert exchange.gone == [] and app.graph.nodes[app.state._id] is app.state


def test_what_fails_to_join_leaves_the_app_as_it_was(app: App) -> None:  # AP-67
    old, lost = Box(20), Box(21)
    before = part_of(app, old, build=lambda: old.click(act, old))
    join(before, [])
    nodes, listeners = dict(app.graph.nodes), dict(app.graph.listeners)
    with pytest.raises(InvalidBlockError, match="not rendered in this app"):
        join(part_of(app, Box(22), build=lambda: app.a.click(act, lost)), [before])
    with pytest.raises(InvalidBlockError, match="not rendered in this app"):
        join(part_of(app, build=lambda: app.a.click(act, old)), [before])
    with pytest.raises(ValueError, match="needs queue=True"):
        join(part_of(app, build=lambda: app.a.click(act, app.a, batch=True, queue=False)), [before])
    assert (app.graph.nodes, app.graph.listeners) == (nodes, listeners)


def test_blocks_of_a_part_are_for_its_own_listeners_and_those_inside(app: App) -> None:  # AP-64
    box = Box(20)
    outer = part_of(app, box)
    join(outer, [])
    for register in (
        lambda: app.a.click(act, box),
        lambda: app.a.click(act, app.a, box),
        lambda: box.click(act, app.a),
        lambda: on(None, act, [app.a, box]),
    ):
        with pytest.raises(InvalidBlockError, match="register the listener in that function"):
            register()
    assert not app.graph.listeners
    with pytest.raises(InvalidBlockError, match="register the listener in that function"):
        join(part_of(app, build=lambda: app.a.click(act, box)), [])
    join(part_of(app, place=box, build=lambda: app.a.click(act, box)), [])


def test_api_names_are_as_wished_for_and_made_unique_in_the_app(app: App) -> None:  # EV-341
    app.a.click(act)

    def build() -> None:
        for _ in range(2):
            app.b.click(act)
        app.b.click(act, api_name="act_1")

    before = part_of(app, build=build)
    join(before, [])
    names = [one.api_name for one in before.listeners.values()]
    after = part_of(app, build=build)
    join(after, [before])
    assert [one.api_name for one in after.listeners.values()] == names == ["act_1", "act_2", "act_1_1"]
    assert [d["api_name"] for d in after.dependencies.values()] == names


# -- keyed listeners


def test_a_listener_with_a_key_stays_the_object_that_it_was(app: App) -> None:  # ST-77
    old, new = Box(20), Box(21)
    made: list[Any] = []
    before = part_of(app, old, build=lambda: made.append(app.a.click(act, app.b, old, key="k")))
    join(before, [])
    listener = made[0].listener

    def build() -> None:
        run = app.a.click(other, [app.b, app.c], new, key="k", api_name="biggest")
        made.extend((run, run.then(act), app.c.click(None, cancels=run)))

    exchange = join(part_of(app, new, build=build), [before])
    _, run, chained, cancelling = made
    assert run.listener is listener and run["id"] == listener.id == made[0]["id"]
    assert (listener.fn, listener.inputs, listener.outputs) == (other, (app.b, app.c), (new,))
    assert listener.api_name == "biggest" and list(app.graph.listeners.values())[0] is listener
    assert chained.listener.after is listener and cancelling.listener.cancels == (listener,)
    assert chained["trigger_after"] == listener.id and cancelling["cancels"] == [listener.id]
    assert exchange.kept == {listener: True} and exchange.dropped == []


def test_keys_of_listeners_are_unique_in_a_part(app: App) -> None:  # ST-77
    def build() -> None:
        app.a.click(act, key=1)
        app.b.click(act, key=1)

    with pytest.raises(ValueError, match="two listeners have the key 1"):
        join(part_of(app, build=build), [])


def test_a_part_may_cancel_listeners_of_the_app(app: App) -> None:  # EV-270
    run = app.a.click(act)
    made: list[Any] = []
    join(part_of(app, build=lambda: made.append(app.b.click(None, cancels=run))), [])
    assert made[0].listener.cancels == (run.listener,)


# -- what the scheduler does


async def test_content_for_a_layout_is_applied_with_the_step(app: App) -> None:  # EV-54
    content = Handed()
    run = app.a.click(lambda: (content, "b"), None, [app.frame, app.b])
    async with app.running():
        await app.pressed()
    assert content.sessions == [app.session]
    assert app.stages(run)[-1] == "complete" and app.session.value(app.b) == "b"


async def test_a_step_whose_content_fails_delivers_nothing(app: App) -> None:  # EV-54 AP-67
    app.graph.settings.show_error = True
    run = app.a.click(lambda: ("b", Handed(ValueError("no room"))), None, [app.b, app.frame])
    async with app.running():
        await app.pressed()
    assert app.error(run) == "no room" and app.session.value(app.b) is None


async def test_content_is_no_value(app: App) -> None:  # EV-52
    app.graph.settings.show_error = True
    content = Handed()
    app.a.click(lambda: content, None, app.b)
    async with app.running():
        await app.pressed()
    assert content.sessions == [] and app.session.value(app.b) is content


async def test_steps_reach_what_is_still_there(app: App) -> None:  # AP-63
    gone, kept, heir = Box(20), Box(21), Box(22)
    gate = Gate(("late", "late", "late", [1]))
    state = Memory(23)

    def build() -> None:
        app.a.click(gate, None, [gone, kept, app.b, state])

    before = part_of(app, gone, kept, state, build=build)
    join(before, [])
    heard: list[Any] = []
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        after = part_of(app, heir, build=lambda: heir.change(heard.append, heir))
        after.renumber(heir, kept._id)
        join(after, [before])
        gate.open.set()
        await until(lambda: heard)
        await app.settle()
    assert heard == ["late"] and app.session.value(app.b) == "late"
    assert [set(step) for step in app.sink.steps] == [{heir, app.b}]
    assert not app.session.has_set(gone) and app.session.states.peek(state) is None


async def test_a_noted_trigger_of_a_listener_that_is_gone_is_dropped(app: App) -> None:  # AP-63 EV-123
    gate = Gate("through")
    before = part_of(app, build=lambda: app.a.click(gate, None, app.b, trigger_mode="always_last"))
    join(before, [])
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.press()
        join(part_of(app), [before])
        gate.open.set()
        await app.settle()
    assert gate.calls == 1 and app.session.value(app.b) == "through"


async def test_what_has_joined_an_open_session_is_loaded(app: App) -> None:  # AP-65
    loads: list[str] = []
    app.owner.load(lambda: loads.append("app"))
    new = part_of(app, build=lambda: app.owner.load(lambda: loads.append("part")))
    join(new, [])
    async with app.running():
        app.scheduler.joined(app.session, [], new.listeners.values())
        assert loads == []  # nobody has opened it
        app.scheduler.open_session(app.session, None)
        await app.settle()
        assert sorted(loads) == ["app", "part"]
        app.scheduler.joined(app.session, [], new.listeners.values())
        await app.settle()
    assert sorted(loads) == ["app", "part", "part"]


def test_parts_join_while_others_build(app: App) -> None:
    numbers = iter(range(100, 100_000))
    stop = threading.Event()

    def build() -> None:
        token = building.set(app.graph)
        while not stop.is_set():
            box = Box(next(numbers))
            app.graph.add_node(box)
            box.click(act)
        building.reset(token)

    thread = threading.Thread(target=build)
    thread.start()
    before: list[Part] = []
    try:
        for _ in range(200):
            box = Box(next(numbers))
            part = part_of(app, box, build=lambda box=box: box.click(act, box))
            join(part, before)
            before = [part]
    finally:
        stop.set()
        thread.join()
    graph = app.graph
    assert len(graph.homes) == 1
    assert len(graph.listeners) == len(graph.dependencies) == len(graph.nodes) - 6
