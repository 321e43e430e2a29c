"""Several triggers for one listener, and which trigger mode follows from them."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core.events import on
from nbblocks.core.nodes import Node

from .nodes import App, Gate, until


def test_on_binds_several_triggers_to_one_listener(app: App) -> None:  # EV-180 EV-181
    first = app.d.click(lambda: 1)
    dependency = on([app.a.click, app.b.change, app.owner.load, first.then], lambda: 1, None, app.c)
    assert dependency["targets"] == [[1, "click"], [2, "change"], [0, "load"], [None, "then"]]
    assert dependency["trigger_mode"] == "once"
    assert len(app.graph.listeners) == 2
    assert on(app.a.click, lambda x: x, app.a, app.b, api_name="x", queue=False)["targets"] == [[1, "click"]]
    with pytest.raises(TypeError, match="positional"):
        on(app.a.click, lambda: 1, None, None, "name")  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match=r"events such as button\.click, got Box"):
        on([app.a], lambda: 1)  # pyright: ignore[reportArgumentType]


def test_on_without_triggers_listens_to_its_inputs_and_the_load(app: App) -> None:  # EV-182
    def targets(inputs: Any) -> Any:
        return on(fn=lambda *_: 1, inputs=inputs)["targets"]

    assert targets([app.a, app.b]) == [[1, "change"], [2, "change"], [0, "load"]]
    assert targets({app.b, app.a}) == targets([app.a, app.b])
    assert targets(app.a) == [[1, "change"], [0, "load"]]
    assert targets(None) == [[0, "load"]]

    class Still(Node):
        """A component that never tells of a change."""

        _id, has_value = 77, True

    assert targets([Still(), app.a]) == [[1, "change"], [0, "load"]]


def test_on_needs_a_context() -> None:  # EV-183
    with pytest.raises(AttributeError, match="outside of a"):
        on(fn=lambda: 1)


@pytest.mark.parametrize(
    ("events", "mode"),
    [
        (["click"], "once"),
        (["load"], "once"),
        (["change"], "always_last"),
        (["key_up"], "always_last"),
        (["stream"], "multiple"),
        (["click", "change"], "once"),
        (["change", "click"], "always_last"),
    ],
)
def test_the_default_trigger_mode_follows_the_first_event(
    app: App, events: list[str], mode: str
) -> None:  # EV-124
    bound = [getattr(app.a, event) for event in events]
    assert on(bound, lambda: None)["trigger_mode"] == mode
    assert on(bound, lambda: None, trigger_mode="multiple")["trigger_mode"] == "multiple"


async def test_a_listener_of_several_triggers_is_pending_for_all_of_them(app: App) -> None:  # EV-180 EV-122
    gate = Gate()
    dependency = on([app.a.click, app.b.click], gate, None, app.c)
    async with app.running():
        app.press(app.a)
        app.press(app.b)
        assert len(app.session.runs([dependency.listener])) == 1
        gate.open.set()
        await app.settle()
        await app.pressed(app.b)
    assert gate.calls == 2
    assert dependency["api_name"] == "Gate" and len(app.graph.listeners) == 1


async def test_the_end_of_a_run_may_be_one_of_the_triggers(app: App) -> None:  # EV-181
    seen: list[str] = []
    first = app.a.click(lambda: seen.append("first"))
    on([first.then, app.b.click], lambda: seen.append("either"))
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.b)
    assert seen == ["first", "either", "either"]


async def test_without_triggers_it_follows_its_inputs(app: App) -> None:  # EV-182
    seen: list[Any] = []
    on(fn=lambda *values: seen.append(values), inputs=[app.a, app.b])
    app.c.click(lambda: 5, None, app.b)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(lambda: seen)
        await app.settle()
        await app.pressed(app.c)
    assert seen == [(None, None), (None, 5)]
