"""What goes wrong in a run: how it ends, and who is told what."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from nbblocks.core.calls import Plain
from nbblocks.core.errors import Error
from nbblocks.core.runs import Run

from .nodes import App, Box

BROKEN: list[type[BaseException]] = [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration]


class Notes(Plain):
    """Surroundings that note the tracebacks of failed runs: what the log area of an app is told."""

    def __init__(self) -> None:
        self.tracebacks: list[BaseException] = []

    def failed(self, run: Run, error: BaseException) -> None:
        self.tracebacks.append(error)


@pytest.fixture
def notes(app: App) -> Notes:
    """The log area of the app."""
    app.scheduler.surroundings = notes = Notes()
    return notes


def failing(kind: str, fail: Callable[[], Any]) -> Callable[..., Any]:
    """A handler of that kind that fails."""

    def plain() -> Any:
        return fail()

    async def coroutine() -> Any:
        return fail()

    def generator() -> Iterator[Any]:
        yield fail()

    async def async_generator() -> AsyncIterator[Any]:
        yield fail()

    return {"plain": plain, "coroutine": coroutine, "generator": generator}.get(kind, async_generator)


# -- what fails


@pytest.mark.parametrize("kind", ["plain", "coroutine", "generator", "async generator"])
@pytest.mark.parametrize("raised", [*BROKEN, asyncio.CancelledError])
async def test_whatever_a_handler_raises_ends_its_run_and_nothing_else(
    app: App, kind: str, raised: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:  # EV-290 EV-297
    def fail() -> None:
        raise raised("boom")

    dependency = app.a.click(failing(kind, fail), None, app.b, trigger_mode="multiple")
    app.c.click(lambda: "well", None, app.d)
    async with app.running():
        app.session.set_value(app.b, "before")
        app.press()
        app.press()
        app.press(app.c)
        await app.settle()
        await app.pressed(app.c)
    assert app.stages(dependency).count("error") == 2 and app.stages(dependency)[-1] == "error"
    assert app.session.value(app.b) == "before" and app.sink.values(app.d) == ["well", "well"]
    assert "boom" in caplog.text


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("place", ["preprocess", "postprocess", "validator", "every", "finally"])
async def test_an_interrupt_anywhere_ends_only_its_run(
    app: App, raised: type[BaseException], place: str
) -> None:  # EV-297 EV-290
    def fail(*_: Any) -> None:
        raise raised

    class Raising(Box):
        """Raises it in one direction."""

    node = Raising(11)
    app.graph.add_node(node)
    if place in ("preprocess", "postprocess"):
        setattr(Raising, place, fail)

    def steps(x: Any) -> Iterator[Any]:
        try:
            yield "bad"
        finally:
            fail()

    options: dict[str, Any] = {"validator": fail} if place == "validator" else {}
    options |= {"every": 1} if place == "every" else {}
    fn = steps if place == "finally" else fail if place == "every" else lambda x: x
    dependency = app.a.click(fn, node, app.b if place == "finally" else node, **options)
    app.c.click(lambda: "well", None, app.d)
    async with app.running():
        await app.pressed()
        await app.pressed(app.c)
    assert app.stages(dependency)[-1] == "error" and app.sink.values(app.d) == ["well"]


async def test_a_wrong_result_is_an_error(app: App, notes: Notes) -> None:  # EV-290 EV-41
    app.graph.settings.show_error = True
    dependency = app.a.click(lambda: 1, None, [app.b, app.c])
    async with app.running():
        await app.pressed()
    assert "not return enough output values" in app.error(dependency)
    assert [type(error) for error in notes.tracebacks] == [ValueError]


async def test_a_value_that_cannot_be_had_is_an_error(app: App) -> None:  # EV-290 EV-122
    class Odd(Box):
        """A component that cannot say what it starts with."""

        def initial(self) -> Any:
            raise TypeError("nobody knows")

    odd = Odd(11)
    app.graph.add_node(odd)
    dependency = app.a.click(lambda x: x, odd)
    app.a.click(lambda: "well", None, app.d)
    async with app.running():
        await app.pressed()
    assert app.stages(dependency) == ["error"] and app.sink.values(app.d) == ["well"]


# -- Error


def test_the_users_error_has_gradios_parameters() -> None:  # EV-291
    parameters = inspect.signature(Error.__init__).parameters
    assert {name: one.default for name, one in list(parameters.items())[1:]} == {
        "message": "Error raised.",
        "duration": 10,
        "visible": True,
        "title": "Error",
        "print_exception": True,
    }
    assert str(Error("text")) == "text" == Error("text").message


@pytest.mark.parametrize("show_error", [False, True])
@pytest.mark.parametrize(("duration", "seconds"), [(10, 10), (3, 3), (0.5, 0.5), (None, None), (0, None)])
async def test_the_users_error_is_always_shown(
    app: App, show_error: bool, duration: Any, seconds: Any
) -> None:  # EV-291
    app.graph.settings.show_error = show_error

    def fail() -> None:
        raise Error("not <b>so</b>", duration=duration, title="Oh")

    dependency = app.a.click(fail)
    async with app.running():
        await app.pressed()
    (toast,) = app.sink.messages
    assert (toast.level, toast.message, toast.title) == ("error", "not <b>so</b>", "Oh")
    assert (toast.duration, toast.listener) == (seconds, dependency.listener.id)
    last = app.records(dependency)[-1]
    assert (last.stage, last.message, last.title, last.duration) == ("error", toast.message, "Oh", seconds)


async def test_the_users_error_may_be_unseen(app: App) -> None:  # EV-291
    def fail() -> None:
        raise Error("quiet", visible=False)

    dependency = app.a.click(fail)
    async with app.running():
        await app.pressed()
    last = app.records(dependency)[-1]
    assert (last.stage, last.visible) == ("error", False) and app.sink.messages == []


async def test_a_subclass_of_the_users_error_is_one(app: App) -> None:  # EV-291
    class Own(Error):
        """One of the user's."""

    def fail() -> None:
        raise Own("mine")

    app.a.click(fail)
    async with app.running():
        await app.pressed()
    assert [toast.message for toast in app.sink.messages] == ["mine"]


@pytest.mark.parametrize("printed", [True, False])
async def test_the_traceback_of_the_users_error_may_be_left_out(
    app: App, notes: Notes, printed: bool, caplog: pytest.LogCaptureFixture
) -> None:  # EV-292
    def fail() -> None:
        raise Error("mine", print_exception=printed)

    app.a.click(fail)
    async with app.running():
        await app.pressed()
    assert len(notes.tracebacks) == printed and ("mine" in caplog.text) is printed


class Spoken(Error):
    """One of the user's own."""

    def __init__(self) -> None:
        super().__init__("mine", None, print_exception=True)


@pytest.mark.parametrize(
    ("make", "traced"),
    [
        (lambda: Error("mine"), False),
        (lambda: Error("mine", None, True, "Oh"), False),
        (lambda: Error("mine", None, True, "Oh", True), True),
        (lambda: type("Own", (Error,), {})("mine"), False),
        (Spoken, True),
    ],
)
async def test_the_users_error_is_a_message_and_no_traceback_unless_that_is_written(
    app: App, notes: Notes, make: Any, traced: bool, caplog: pytest.LogCaptureFixture
) -> None:  # TR-66
    def fail() -> None:
        raise make()

    dependency = app.a.click(fail)
    async with app.running():
        await app.pressed()
    assert [toast.message for toast in app.sink.messages] == ["mine"]
    assert app.stages(dependency)[-1] == "error"
    assert len(notes.tracebacks) == traced and ("mine" in caplog.text) is traced


# -- other errors


@pytest.mark.parametrize("show_error", [False, True])
async def test_other_errors_are_told_only_with_show_error(
    app: App, notes: Notes, show_error: bool, caplog: pytest.LogCaptureFixture
) -> None:  # EV-292
    app.graph.settings.show_error = show_error

    def fail() -> None:
        raise ValueError("a <secret>")

    dependency = app.a.click(fail)
    async with app.running():
        await app.pressed()
    told = ["a &lt;secret&gt;"] if show_error else []
    assert [toast.message for toast in app.sink.messages] == told
    last = app.records(dependency)[-1]
    assert (last.stage, last.message, last.visible) == ("error", told[0] if told else None, True)
    (error,) = notes.tracebacks
    assert type(error) is ValueError and error.__traceback__ is not None
    assert "Traceback" in caplog.text and "a <secret>" in caplog.text


class Mute(Exception):
    """An exception whose text cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


@pytest.mark.parametrize(("error", "told"), [(ValueError(), "ValueError"), (Mute(), "Mute")])
@pytest.mark.parametrize("show_error", [False, True])
async def test_an_error_without_a_text_is_told_by_its_kind(
    app: App, error: Exception, told: str, show_error: bool
) -> None:  # EV-290 EV-292
    app.graph.settings.show_error = show_error

    def fail() -> None:
        raise error

    dependency = app.a.click(fail)
    app.c.click(lambda: "well", None, app.d)
    async with app.running():
        await app.pressed()
        await app.pressed(app.c)
    assert app.records(dependency)[-1].stage == "error" and app.sink.values(app.d) == ["well"]
    assert [toast.message for toast in app.sink.messages] == ([told] if show_error else [])


async def test_errors_of_direct_calls_are_told_their_caller(app: App) -> None:  # EV-290
    ended: list[Any] = []

    class Watching:
        """Follows one run."""

        def step(self, deliveries: Any) -> None: ...
        def status(self, status: Any) -> None: ...
        def message(self, message: Any) -> None: ...
        def ended(self, outcome: Any, error: Any) -> None:
            ended.append((outcome, type(error)))

    dependency = app.a.click(failing("plain", lambda: 1 / 0))
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, [], Watching())
        await app.settle()
    assert ended == [("error", ZeroDivisionError)]
