"""What follows the end of a run: then, success, failure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from nbblocks.core.listeners import Dependency
from nbblocks.core.validation import validate

from .nodes import App, Gate, until


class Children:
    """The children of a listener, of each kind; they start at once, whatever the queue holds."""

    def __init__(self, app: App, parent: Dependency) -> None:
        self.app = app
        self.kinds = {
            getattr(parent, kind)(lambda: None, queue=False)["id"]: kind
            for kind in ("then", "success", "failure")
        }

    @property
    def seen(self) -> list[str]:
        """The kinds of those that were dispatched, in order."""
        return [self.kinds[one] for one in self.app.order if one in self.kinds]


async def test_children_take_all_parameters_and_can_be_extended(app: App) -> None:  # EV-160
    seen: list[Any] = []
    first = app.a.click(lambda: 1, None, app.b)
    second = first.then(
        lambda x: x + 1,
        app.b,
        app.c,
        api_name="second",
        queue=False,
        trigger_mode="multiple",
        show_progress="minimal",
    )
    third = second.success(lambda x: seen.append(x), app.c)
    fourth = third.failure(lambda: seen.append("no")).then(lambda: seen.append("nor this"))
    assert all(isinstance(one, Dependency) for one in (second, third, fourth))
    assert (second["api_name"], second["queue"], second["trigger_mode"]) == ("second", False, "multiple")
    async with app.running():
        await app.pressed()
    assert seen == [2]


@pytest.mark.parametrize("fails", [False, True])
async def test_the_order_is_state_changes_own_kind_then(app: App, fails: bool) -> None:  # EV-161
    def act() -> Iterator[Any]:
        yield [1]
        if fails:
            raise ValueError

    names: dict[int, str] = {}

    def add(name: str, bound: Any) -> None:
        names[bound(lambda: None)["id"]] = name

    first = app.a.click(act, None, app.state)
    names[first["id"]] = "parent"
    for number in (1, 2):
        add(f"then {number}", first.then)
        add(f"failure {number}", first.failure)
        add(f"success {number}", first.success)
        add(f"state {number}", app.state.change)
    async with app.running():
        await app.pressed()
    kind = "failure" if fails else "success"
    assert [names[one] for one in app.order] == [
        *("parent", "state 1", "state 2"),
        *(f"{kind} 1", f"{kind} 2", "then 1", "then 2"),
    ]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("complete", ["success", "then"]),
        ("error", ["failure", "then"]),
        ("wrong result", ["failure", "then"]),
        ("cancelled while running", ["failure", "then"]),
        ("cancelled while waiting", ["failure", "then"]),
        ("refused by the queue", ["failure", "then"]),
        ("refused by a validator", []),
    ],
)
async def test_which_children_follow(app: App, end: str, expected: list[str]) -> None:  # EV-161 EV-162 EV-163
    gate = Gate((1, 2))

    def act() -> Any:
        if end == "cancelled while running":
            gate()
        return 1 / 0 if end == "error" else (1,) if end == "wrong result" else (1, 2)

    validator = (lambda: validate(False)) if end == "refused by a validator" else None
    first = app.a.click(act, None, [app.b, app.c], validator=validator, concurrency_id="g")
    children = Children(app, first)
    app.d.click(gate, None, [app.b, app.c], concurrency_id="g", trigger_mode="multiple")
    async with app.running():
        if end in ("cancelled while waiting", "refused by the queue"):
            app.press(app.d)
            await until(lambda: gate.inside)
        if end == "refused by the queue":
            app.graph.settings.max_size = 0
        app.press()
        app.graph.settings.max_size = None
        if end == "cancelled while running":
            await until(lambda: gate.inside)
        if end.startswith("cancelled"):
            app.cancel(first)
        gate.open.set()
        await app.settle()
    assert children.seen == expected


async def test_a_dispatch_that_is_dropped_has_no_children(app: App) -> None:  # EV-163
    gate = Gate()
    children = Children(app, app.a.click(gate))
    async with app.running():
        for _ in range(3):
            app.press()
        gate.open.set()
        await app.settle()
    assert children.seen == ["success", "then"]


async def test_the_extra_run_has_children_of_its_own(app: App) -> None:  # EV-163 EV-123
    gate = Gate()
    first = app.a.click(gate, trigger_mode="always_last")
    seen: list[str] = []
    first.then(lambda: seen.append("then"), trigger_mode="multiple")
    async with app.running():
        for _ in range(3):
            app.press()
        gate.open.set()
        await app.settle()
    assert seen == ["then", "then"]


async def test_a_child_reads_its_inputs_after_the_parents_outputs(app: App) -> None:  # EV-164 EV-129
    seen: list[Any] = []
    first = app.a.click(lambda: ("new", [1]), None, [app.b, app.state])
    first.then(lambda *values: seen.append(values), [app.b, app.c, app.state])
    async with app.running():
        app.session.set_value(app.c, "own")
        await app.pressed()
    assert seen == [("new", "own", [1])]


async def test_a_child_has_a_trigger_mode_and_a_place_in_its_group(app: App) -> None:  # EV-164
    gate, other = Gate(), Gate()
    first = app.a.click(lambda: 1, trigger_mode="multiple")
    child = first.then(gate, concurrency_id="g")
    app.b.click(other, concurrency_id="g")
    assert child["trigger_mode"] == "once"
    async with app.running():
        app.press(app.b)
        await until(lambda: other.inside)
        for _ in range(3):
            app.press()
        await until(lambda: app.session.runs([child.listener]) and not app.session.runs([first.listener]))
        assert gate.calls == 0 and len(app.session.runs([child.listener])) == 1
        gate.open.set()
        other.open.set()
        await app.settle()
    assert gate.calls == 1


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_generator_has_children_once_at_its_end(app: App, asynchronous: bool) -> None:  # EV-165
    seen: list[Any] = []

    def steps() -> Iterator[int]:
        yield from range(3)

    async def async_steps() -> AsyncIterator[int]:
        for i in range(3):
            yield i

    first = app.a.click(async_steps if asynchronous else steps, None, app.b)
    first.then(seen.append, app.b)
    async with app.running():
        await app.pressed()
    assert seen == [2]


async def test_a_batched_parent_has_children_for_each_run(app: App) -> None:  # EV-165 EV-166
    gate = Gate()
    seen: list[Any] = []

    def double(values: list[int]) -> list[list[int]]:
        gate()
        return [[2 * value for value in values]]

    first = app.a.click(double, app.a, app.b, batch=True)
    first.success(seen.append, app.b, concurrency_limit=None)
    sessions = [app.session_of() for _ in range(4)]
    async with app.running():
        for number, session in enumerate(sessions):
            session.set_value(app.a, number)
            app.press(session=session)
        gate.open.set()
        await app.settle(*sessions)
    assert sorted(seen) == [0, 2, 4, 6]


async def test_a_chain_runs_in_the_session_of_its_parent(app: App) -> None:  # EV-166
    from nbblocks.core.requests import Request

    seen: list[str] = []

    def child(request: Request) -> None:
        seen.append(request.session_hash)

    app.a.click(lambda: 1).then(lambda: 1).then(child)
    other = app.session_of()
    async with app.running():
        app.press(session=other)
        await app.settle(other)
    assert seen == [other.id] and not app.sink.statuses


async def test_calls_start_no_chains(app: App) -> None:  # EV-166
    first = app.a.click(lambda: 1)
    children = Children(app, first)
    calls = app.session_of(follows=False)
    async with app.running():
        app.scheduler.submit(calls, first.listener, [])
        await app.settle(calls)
    assert children.seen == []


async def test_an_error_in_a_child_affects_neither_parent_nor_siblings(app: App) -> None:  # EV-167
    seen: list[str] = []
    first = app.a.click(lambda: 1, None, app.b)
    bad = first.then(lambda: 1 / 0)
    bad.failure(lambda: seen.append("child's failure"))
    bad.success(lambda: seen.append("child's success"))
    first.then(lambda: seen.append("sibling"))
    first.failure(lambda: seen.append("parent's failure"))
    async with app.running():
        await app.pressed()
        await app.pressed()
    assert sorted(seen) == ["child's failure"] * 2 + ["sibling"] * 2
    assert app.stages(first).count("complete") == 2 and app.sink.values(app.b) == [1, 1]


async def test_listeners_without_function_pass_chains_on(app: App) -> None:  # EV-7 EV-162
    gate = Gate()
    slow = app.b.click(gate)
    children = Children(app, app.a.click(None, cancels=slow, queue=True))
    app.graph.settings.max_size = 0
    async with app.running():
        await app.pressed(app.a)
        gate.open.set()
    assert children.seen == ["success", "then"]
