"""From a trigger to the runs it starts, and the change events that steps cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nbblocks.core.equality import same
from nbblocks.core.events import EventData
from nbblocks.core.updates import skip, update

from .nodes import App, AsyncGate, Clock, Gate, JsPage, quiet, until


async def test_all_listeners_of_a_trigger_are_dispatched_in_order_at_once(app: App) -> None:  # EV-120
    gate = Gate()
    app.a.click(gate, None, app.b)
    app.a.click(lambda: "at once", None, app.c)
    app.c.click(lambda: "not asked for")
    app.a.click(lambda: "too", None, app.d)
    async with app.running():
        app.press()
        assert app.order == [0, 1, 3]
        await until(lambda: app.sink.values(app.c) and app.sink.values(app.d))
        assert app.sink.values(app.b) == []
        gate.open.set()
        await app.settle()


async def test_an_error_or_a_refusal_of_one_does_not_hold_the_others(app: App) -> None:  # EV-120 EV-290
    app.a.click(lambda x: x, app.frame)
    app.a.click(lambda: 1 / 0)
    app.a.click(lambda: "well", None, app.b)
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b) == ["well"]


# -- the order of one dispatch


async def test_cancels_then_trigger_mode_then_inputs_then_js_then_fn(app: App) -> None:  # EV-121
    order: list[str] = []

    class Page(JsPage):
        def run_js(self, run: Any, begun: Any) -> bool:
            order.append(f"js with {run.values[0]}")
            return super().run_js(run, begun)

    app.session.page = page = Page()
    gate = Gate()
    first = app.c.click(gate, None, app.d)
    first.then(lambda: order.append("after the cancelled one"), queue=False)
    app.a.click(lambda x: order.append(f"fn with {x}"), app.b, cancels=first, js="x => x")
    async with app.running():
        app.session.set_value(app.b, "b")
        app.press(app.c)
        await until(lambda: gate.inside)
        app.press(app.a)
        assert order == ["js with b"] and not app.session.runs([first.listener])
        await until(lambda: len(order) > 1)
        app.scheduler.js_ended(page.asked[0], ["c"])
        gate.open.set()
        await app.settle()
    assert order == ["js with b", "after the cancelled one", "fn with c"]


@pytest.mark.parametrize("mode", ["once", "always_last"])
async def test_cancels_take_effect_even_if_the_run_is_refused(app: App, mode: Any) -> None:  # EV-121
    gate, other = Gate(), Gate()
    first = app.c.click(gate)
    app.a.click(other, None, app.b, cancels=first, trigger_mode=mode)
    async with app.running():
        app.press(app.a)
        app.press(app.c)
        assert app.session.runs([first.listener])
        app.press(app.a)
        assert not app.session.runs([first.listener])
        gate.open.set()
        other.open.set()
        await app.settle()
    assert other.calls == (1 if mode == "once" else 2)


# -- pending


@pytest.mark.parametrize("state", ["js", "validating", "queued", "running", "iterating", "repeating"])
async def test_a_listener_is_pending_from_its_acceptance_to_its_end(app: App, state: str) -> None:  # EV-122
    gate = Gate()
    calls: list[int] = []

    def steps() -> Iterator[int]:
        yield 1
        gate()
        calls.append(1)

    def once() -> None:
        if state == "running":
            gate()
        calls.append(1)

    blocker = app.c.click(gate, concurrency_id="g")
    dependency = app.a.click(
        steps if state == "iterating" else once,
        None,
        app.b,
        js="() => 1" if state == "js" else None,
        validator=gate if state == "validating" else None,
        every=3600 if state == "repeating" else None,
        concurrency_id="g" if state == "queued" else None,
    )
    app.session.page = page = JsPage()
    other = app.session_of()
    async with app.running():
        if state == "queued":
            app.press(app.c)
        app.press()
        if state in ("running", "iterating", "validating"):
            await until(lambda: gate.inside)
        elif state == "repeating":
            await until(lambda: calls)
        for _ in range(3):
            app.press()
        assert len(app.session.runs([dependency.listener])) == 1
        app.press(session=other)
        assert len(other.runs([dependency.listener])) == 1
        if state == "js":
            app.scheduler.js_ended(page.asked[0], [])
        gate.open.set()
        if state == "repeating":
            app.cancel(dependency)
            app.cancel(dependency, session=other)
        await app.settle(app.session, other)
        before = len(calls)
        app.press()
        assert app.session.runs([dependency.listener])
        app.scheduler.js_ended(page.asked[-1], []) if state == "js" else None
        await until(lambda: len(calls) > before)
        app.cancel(dependency, blocker)
    assert len(calls) == before + 1


@pytest.mark.parametrize(("mode", "calls"), [("once", 1), ("multiple", 4), ("always_last", 2)])
@pytest.mark.parametrize("trigger", ["event", "chain", "timer"])
async def test_trigger_mode_decides_about_triggers_while_pending(
    app: App, mode: Any, calls: int, trigger: str
) -> None:  # EV-123
    gate = Gate()
    clock = Clock(7)
    app.graph.add_node(clock)
    first = app.c.click(None)
    bound = {"event": app.a.click, "chain": first.then, "timer": clock.tick}[trigger]
    dependency = bound(gate, None, app.b, trigger_mode=mode)
    ended = app.session_of()
    async with app.running():
        for _ in range(4):
            app.press(
                app.c if trigger == "chain" else clock if trigger == "timer" else app.a,
                event={"timer": "tick"}.get(trigger, "click"),
            )
        assert len(app.session.runs([dependency.listener])) == (4 if mode == "multiple" else 1)
        app.press(session=ended)
        gate.open.set()
        await app.settle(app.session, ended)
    assert gate.calls - (trigger == "event") == calls
    assert app.stages(dependency).count("complete") == calls


async def test_always_last_takes_the_values_of_the_end_and_the_latest_event(app: App) -> None:  # EV-123
    gate = Gate()
    seen: list[Any] = []

    def look(value: Any, event: EventData) -> None:
        gate()
        seen.append((value, event.number))

    app.a.click(look, app.a, trigger_mode="always_last")
    async with app.running():
        for number in range(4):
            app.session.set_value(app.a, number)
            app.scheduler.trigger(app.session, app.a, "click", {"number": number})
        app.session.set_value(app.a, "at the end")
        gate.open.set()
        await app.settle()
    assert seen == [(0, 0), ("at the end", 3)]


async def test_always_last_runs_again_for_what_was_noted_in_the_extra_run(app: App) -> None:  # EV-123
    gates = [Gate(), Gate(), Gate()]
    calls = iter(gates)
    app.a.click(lambda: next(calls)(), trigger_mode="always_last")
    async with app.running():
        for gate in gates:
            app.press()
            await until(lambda: gate.inside)  # noqa: B023
            if gate is not gates[-1]:
                app.press()
                app.press()
            gate.open.set()
        await app.settle()
    assert [gate.calls for gate in gates] == [1, 1, 1]


@pytest.mark.parametrize("end", ["error", "cancel"])
async def test_the_extra_run_comes_after_errors_and_cancellations_too(app: App, end: str) -> None:  # EV-125
    gate = Gate()
    seen: list[Any] = []

    def look(value: Any) -> None:
        seen.append(value)
        gate()
        if end == "error" and value == 1:
            raise ValueError

    dependency = app.a.click(look, app.a, trigger_mode="always_last", concurrency_limit=2)
    async with app.running():
        app.session.set_value(app.a, 1)
        app.press()
        await until(lambda: gate.inside)
        app.press()
        app.session.set_value(app.a, 2)
        if end == "cancel":
            app.cancel(dependency)
        gate.open.set()
        await app.settle()
    assert seen == [1, 2]


async def test_a_closed_session_has_no_extra_run(app: App) -> None:  # EV-125 EV-278
    gate = Gate()
    app.a.click(gate, trigger_mode="always_last")
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.press()
        app.scheduler.close_session(app.session)
        gate.open.set()
    assert gate.calls == 1 and not app.session.pending


@pytest.mark.parametrize("mode", ["once", "multiple", "always_last"])
async def test_direct_calls_have_no_trigger_mode(direct: App, mode: Any) -> None:  # EV-126
    gate = AsyncGate()
    dependency = direct.a.click(gate.pass_through, trigger_mode=mode, concurrency_limit=None)
    async with direct.running():
        for _ in range(3):
            direct.scheduler.submit(direct.session, dependency.listener, [])
        await quiet()
        assert gate.inside == 3
        gate.open.set()
        await direct.settle()
    assert gate.calls == 3


# -- change and input


async def test_change_fires_if_an_output_became_different(app: App) -> None:  # EV-127 EV-129
    app.a.click(lambda x: x, app.d, app.b)
    app.b.change(lambda value: value, app.b, app.c)
    async with app.running():
        for value in (1, 1, [1, {"a": 2}], [1, {"a": 2}], [1, {"a": 3}], None, None, 0, False, 0):
            app.session.set_value(app.d, value)
            await app.pressed()
    assert app.sink.values(app.c) == [1, [1, {"a": 2}], [1, {"a": 3}], None, 0, False, 0]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        (None, 0, False),
        ([1], [1], True),
        ([1], [True], False),
        ({"a": [1, 2]}, {"a": [1, 2]}, True),
        ({"a": [1, 2]}, {"a": [1, 3]}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        (b"ab", b"ab", True),
    ],
)
def test_difference_is_that_of_wire_values(one: Any, other: Any, equal: bool) -> None:  # EV-127
    assert same(one, other) is same(other, one) is equal


async def test_change_does_not_fire_without_a_change(app: App) -> None:  # EV-127
    seen: list[Any] = []
    app.b.change(lambda: seen.append("change"))
    app.a.click(lambda: skip(), None, app.b)
    app.a.click(lambda: update(label="new"), None, app.b)
    app.a.click(lambda: None, None, app.b)
    app.a.click(lambda: 1, None, app.c)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await app.settle()
        await app.pressed()
    assert seen == []


async def test_two_listeners_that_set_each_other_settle(app: App) -> None:  # EV-127
    app.a.change(lambda x: x, app.a, app.b)
    app.b.change(lambda x: x, app.b, app.a)
    async with app.running():
        for value in (5, {"a": [1]}):
            app.session.set_value(app.a, value)
            app.scheduler.changed(app.session, [app.a])
            await app.settle()
    assert app.sink.values(app.b) == [5, {"a": [1]}] == app.sink.values(app.a)


async def test_outputs_do_not_fire_input(app: App) -> None:  # EV-128
    seen: list[str] = []
    app.b.input(lambda: seen.append("input"))
    app.b.change(lambda: seen.append("change"))
    app.a.click(lambda: 1, None, app.b)
    async with app.running():
        await app.pressed()
    assert seen == ["change"]


async def test_all_outputs_are_applied_before_what_they_cause(app: App) -> None:  # EV-129
    seen: list[Any] = []
    app.a.click(lambda: (1, 2, 3), None, [app.d, app.b, app.c]).then(
        lambda *values: seen.append(values), [app.b, app.c, app.d]
    )
    for node in (app.b, app.c, app.d):
        node.change(lambda *values: seen.append(values), [app.b, app.c, app.d], queue=False)
    async with app.running():
        await app.pressed()
    assert seen == [(2, 3, 1)] * 4
    assert app.order == [0, 4, 2, 3, 1]  # changes in the order of outputs, then the chain


async def test_changes_of_each_step_come_with_it(app: App) -> None:  # EV-129 EV-74
    def steps() -> Iterator[Any]:
        yield 1, 1
        gate()
        yield 1, 2

    gate = Gate()
    seen: list[Any] = []
    app.a.click(steps, None, [app.b, app.c])
    app.b.change(lambda *values: seen.append(("b", values)), [app.b, app.c])
    app.c.change(lambda *values: seen.append(("c", values)), [app.b, app.c], concurrency_id="c")
    async with app.running():
        app.press()
        await until(lambda: len(seen) == 2)
        gate.open.set()
        await app.settle()
    assert sorted(seen) == [("b", (1, 1)), ("c", (1, 1)), ("c", (1, 2))]


async def test_sessions_that_follow_nothing_cause_nothing(app: App) -> None:  # EV-127 EV-166
    seen: list[str] = []
    first = app.a.click(lambda: (1, [1]), None, [app.b, app.state])
    app.b.change(lambda: seen.append("change"))
    app.state.change(lambda: seen.append("state"))
    first.then(lambda: seen.append("then"))
    calls = app.session_of(follows=False)
    async with app.running():
        app.scheduler.submit(calls, first.listener, [])
        await app.settle(calls)
    assert seen == [] and calls.value(app.b) == 1 and calls.state(app.state) == [1]
