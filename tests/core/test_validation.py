"""Validators: they look at the inputs of a run before it is queued."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core.errors import Error, ValidationError
from nbblocks.core.requests import Request
from nbblocks.core.runs import Run
from nbblocks.core.validation import validate

from .nodes import App, Gate, quiet, until, values_of

VALID, INVALID = validate(True), validate(False, "not so")


class Handler:
    """A function of two inputs that notes its calls, and its validator."""

    def __init__(self, app: App, verdict: Any, **options: Any) -> None:
        self.calls: list[Any] = []
        self.looked: list[Any] = []

        def look(*values: Any) -> Any:
            self.looked.append(values)
            return verdict() if callable(verdict) else verdict

        def handle(*values: Any) -> str:
            self.calls.append(values)
            return "handled"

        self.dependency = app.a.click(handle, [app.a, app.b], app.c, validator=look, **options)


def test_a_verdict_says_what_is_wrong() -> None:  # EV-298
    assert validate(True) == {"__type__": "validate", "is_valid": True, "message": ""}
    assert INVALID == {"__type__": "validate", "is_valid": False, "message": "not so"}


@pytest.mark.parametrize(
    "verdict",
    [VALID, [VALID, VALID], [VALID], None, True, False, 5, "text", [None, 3], [], (VALID, None), {}],
)
async def test_what_is_not_invalid_is_valid(app: App, verdict: Any) -> None:  # EV-298
    handler = Handler(app, verdict)
    async with app.running():
        app.session.set_value(app.a, 1)
        await app.pressed()
    assert handler.looked == handler.calls == [(1, None)]
    assert app.stages(handler.dependency) == ["pending", "pending", "complete"]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (INVALID, {1: "not so", 2: "not so"}),
        ([INVALID, VALID], {1: "not so"}),
        ([VALID, INVALID], {2: "not so"}),
        ((INVALID, validate(False)), {1: "not so", 2: ""}),
        ([None, INVALID], {2: "not so"}),
        ([INVALID], {1: "not so"}),
    ],
)
@pytest.mark.parametrize("queue", [True, False])
async def test_an_invalid_input_refuses_the_run(
    app: App, verdict: Any, told: Any, queue: bool
) -> None:  # EV-298
    handler = Handler(app, verdict, queue=queue)
    seen: list[str] = []
    for kind in ("then", "success", "failure"):
        getattr(handler.dependency, kind)(lambda kind=kind: seen.append(kind))
    async with app.running():
        await app.pressed()
        await app.pressed()  # it may be tried again
    records = app.records(handler.dependency)
    assert [(one.stage, one.validation) for one in records] == [(None, told)] * 2
    assert handler.calls == [] and len(handler.looked) == 2 and seen == []
    assert not app.sink.messages and not app.sink.steps


async def test_it_gets_what_the_function_gets(app: App) -> None:  # EV-298 EV-110
    app.b.shout = True
    looked: list[Any] = []
    called: list[Any] = []

    def look(request: Request, text: str, state: list[Any], other: str) -> None:
        looked.append((request.session_hash, text, state, other))

    def handle(text: str, state: list[Any], other: str) -> None:
        called.append((text, state, other))

    app.a.click(handle, [app.b, app.state, app.c], validator=look)
    app.d.click(handle, [app.b, app.state, app.c], preprocess=False, validator=look)
    async with app.running():
        app.session.set_value(app.b, "loud")
        await app.pressed(app.a)
        await app.pressed(app.d)
    assert looked == [(app.session.id, *values) for values in called]
    assert [values[0] for values in called] == ["LOUD", "loud"]
    assert looked[0][2] is app.session.state(app.state)


async def test_a_set_of_inputs_is_one_dict_here_too(app: App) -> None:  # EV-298 EV-22
    looked: list[Any] = []

    def look(values: dict[Any, Any]) -> Any:
        looked.append(values)
        return validate(values[app.a] > 0, "too small")

    dependency = app.a.click(lambda values: 1, {app.a}, app.b, validator=look)
    async with app.running():
        for value in (0, 1):
            app.session.set_value(app.a, value)
            await app.pressed()
    assert looked == [{app.a: 0}, {app.a: 1}]
    assert app.records(dependency)[0].validation == {1: "too small"} and app.sink.values(app.b) == [1]


@pytest.mark.parametrize("error", [ValueError("broken"), Error("broken"), SystemExit("broken")])
async def test_an_exception_in_it_is_an_error(app: App, error: BaseException) -> None:  # EV-298 EV-290
    app.graph.settings.show_error = True

    def fail() -> None:
        raise error

    handler = Handler(app, fail)
    seen: list[str] = []
    handler.dependency.failure(lambda: seen.append("failure"))
    async with app.running():
        await app.pressed()
    assert app.error(handler.dependency) == "broken"
    assert handler.calls == [] and seen == ["failure"]
    assert [toast.message for toast in app.sink.messages] == ["broken"]


async def test_what_cannot_be_preprocessed_is_an_error_before_it(app: App) -> None:  # EV-298 EV-113
    handler = Handler(app, INVALID)
    async with app.running():
        app.session.set_value(app.a, "unreadable")
        await app.pressed()
    assert app.stages(handler.dependency) == ["error"] and handler.looked == handler.calls == []


async def test_the_queue_comes_after_it(app: App) -> None:  # EV-298 EV-229
    blocker = Gate()
    app.d.click(blocker, trigger_mode="multiple")
    invalid = Handler(app, INVALID)
    valid = Handler(app, VALID)
    app.graph.settings.show_error = True
    async with app.running():
        app.press(app.d)
        await until(lambda: blocker.inside)
        app.graph.settings.max_size = 0
        app.press(app.a)
        await until(lambda: not app.session.runs([invalid.dependency.listener, valid.dependency.listener]))
        blocker.open.set()
        await app.settle()
    assert app.stages(invalid.dependency) == ["None"]
    assert "Queue is full" in app.error(valid.dependency) and valid.calls == []


async def test_each_run_of_a_batch_is_looked_at_alone(app: App) -> None:  # EV-298 EV-250
    blocker = Gate()
    seen: list[Any] = []

    def batch(values: list[int]) -> list[list[int]]:
        seen.append(values)
        return [values]

    app.d.click(blocker, concurrency_id="g")
    look = lambda value: validate(value != 1, "one")  # noqa: E731
    app.a.click(batch, app.a, app.b, batch=True, validator=look, concurrency_id="g")
    sessions = [app.session_of() for _ in range(3)]
    async with app.running():
        app.press(app.d)
        for number, session in enumerate(sessions):
            session.set_value(app.a, number)
            app.press(session=session)
        await until(lambda: app.scheduler.waiting == 2)
        blocker.open.set()
        await app.settle(*sessions)
    assert sorted(seen[0]) == [0, 2]
    assert [list(values_of(session, app.b)) for session in sessions] == [[0], [], [2]]


async def test_a_run_that_is_looked_at_can_be_cancelled(app: App) -> None:  # EV-298 EV-273
    gate = Gate()
    handler = Handler(app, gate)
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.cancel(handler.dependency)
        assert not app.session.pending
        gate.open.set()
        await quiet()
    assert handler.calls == [] and app.stages(handler.dependency) == ["complete"]


async def test_a_direct_call_is_told_the_messages(app: App) -> None:  # EV-298
    handler = Handler(app, [INVALID, validate(False, "nor this")])
    async with app.running():
        run: Run = app.scheduler.submit(app.session, handler.dependency.listener, [1, 2])
        await app.settle()
    assert run.outcome == "refused" and isinstance(run.error, ValidationError)
    assert str(run.error) == "not so; nor this" and handler.calls == []


@pytest.mark.parametrize("kind", ["coroutine", "generator", 3])
def test_only_plain_functions_can_validate(app: App, kind: Any) -> None:  # EV-298
    async def coroutine() -> None: ...

    def generator() -> Any:
        yield VALID

    validator = {"coroutine": coroutine, "generator": generator}.get(kind, kind)
    with pytest.raises(TypeError, match="validator must be a plain function|fn must be callable"):
        app.a.click(lambda: 1, validator=validator)
