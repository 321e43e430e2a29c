"""What a function is found to be, and which arguments it gets."""

from __future__ import annotations

import functools
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Optional

import pytest

import nbblocks as gr
from nbblocks.core.events import EventData, SelectData
from nbblocks.core.functions import inspect_function
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request

from .nodes import App


async def _coroutine(x: Any = None) -> Any:
    return x


async def _async_steps(x: Any = None) -> AsyncIterator[Any]:
    yield x


def _steps(x: Any = None) -> Iterator[Any]:
    yield x


class Makes:
    """Callable objects and bound methods of each kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def plain(self, x: Any = None) -> Any:
        return x

    async def coroutine(self, x: Any = None) -> Any:
        return x

    def generator(self, x: Any = None) -> Iterator[Any]:
        yield x

    async def async_generator(self, x: Any = None) -> AsyncIterator[Any]:
        yield x


def callable_of(kind: str) -> Any:
    """An instance whose ``__call__`` is of that kind."""
    return type("Callable", (), {"__call__": getattr(Makes, kind)})()


@pytest.mark.parametrize(
    ("fn", "kind"),
    [
        (lambda: 1, "plain"),
        (len, "plain"),
        (str, "plain"),
        ("".join, "plain"),
        (_steps, "generator"),
        (_coroutine, "coroutine"),
        (_async_steps, "async_generator"),
        *(
            (getattr(Makes("x"), kind), kind)
            for kind in ("plain", "coroutine", "generator", "async_generator")
        ),
        *((callable_of(kind), kind) for kind in ("plain", "coroutine", "generator", "async_generator")),
        (functools.partial(_steps, 1), "generator"),
        (functools.partial(_coroutine), "coroutine"),
        (functools.partial(functools.partial(_async_steps), 1), "async_generator"),
        (functools.partial(callable_of("coroutine")), "coroutine"),
    ],
)
def test_the_kind_of_a_function_is_seen_through_wrappers(fn: Any, kind: str) -> None:  # EV-8
    assert inspect_function(fn).kind == kind


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: f"<{x}>",
        str.title,
        "<{}>".format,
        functools.partial("{}{}".format, "<"),
        Makes("x").plain,
        Makes("x").coroutine,
        Makes("x").generator,
        Makes("x").async_generator,
        callable_of("plain"),
        callable_of("coroutine"),
        callable_of("generator"),
        callable_of("async_generator"),
        functools.partial(_steps),
        functools.partial(_coroutine),
    ],
)
async def test_whatever_can_be_called_can_handle_an_event(app: App, fn: Any) -> None:  # EV-8
    app.a.click(fn, app.a, app.b)
    async with app.running():
        app.session.set_value(app.a, "ada")
        await app.pressed()
    assert len(app.sink.values(app.b)) == 1 and "ada" in app.sink.values(app.b)[0].lower()


@pytest.mark.parametrize("fn", [3, "click me", [print]])
def test_what_cannot_be_called_is_refused(app: App, fn: Any) -> None:  # EV-8
    with pytest.raises(TypeError, match="fn must be callable"):
        app.a.click(fn)


# -- how many arguments


def _special(x: int, request: Request, event: SelectData, progress: Any = Progress()) -> None: ...


@pytest.mark.parametrize(
    ("fn", "inputs", "complaint"),
    [
        (lambda x, y: 1, 1, "Expected 2 arguments for function <lambda>, received 1"),
        (lambda x: 1, 2, "Expected 1 arguments for function <lambda>, received 2"),
        (lambda: 1, 1, "Expected 0 arguments"),
        (lambda x, y, *rest: 1, 1, "Expected 2 arguments"),
        (functools.partial(lambda x, y: 1, 1), 2, "Expected 1 arguments"),
        (Makes("x").plain, 2, "Expected 1 arguments for function plain"),
        (_special, 2, "Expected 1 arguments for function _special, received 2"),
        (_special, 0, "Expected 1 arguments for function _special, received 0"),
    ],
)
def test_a_wrong_number_of_inputs_is_a_warning(
    app: App, fn: Any, inputs: int, complaint: str
) -> None:  # EV-9 EV-90
    with pytest.warns(UserWarning, match=complaint):
        dependency = app.a.click(fn, [app.a, app.b][:inputs])
    assert app.graph.listeners == {0: dependency.listener}


@pytest.mark.parametrize(
    ("fn", "inputs"),
    [
        (lambda x, y=2: 1, 1),
        (lambda x, y=2: 1, 2),
        (lambda *rest: 1, 2),
        (_special, 1),
        (functools.partial(lambda x, y: 1, 1), 1),
        (functools.partial(lambda x, y: 1, y=1), 1),
        (Makes("x").plain, 1),
        (callable_of("generator"), 1),
        (print, 2),
        (type, 2),  # its signature cannot be read
        (max, 2),
    ],
)
def test_a_number_of_inputs_that_fits_is_silent(app: App, fn: Any, inputs: int) -> None:  # EV-9 EV-90
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.a.click(fn, [app.a, app.b][:inputs])


def test_a_set_of_inputs_counts_as_one(app: App) -> None:  # EV-9 EV-22
    app.a.click(lambda values: 1, {app.a, app.b, app.c})
    with pytest.warns(UserWarning, match="Expected 2 arguments"):
        app.a.click(lambda a, b: 1, {app.a, app.b})


async def test_missing_arguments_are_defaults_or_none_with_a_warning(app: App) -> None:  # EV-10
    seen: list[Any] = []

    def fn(x: Any, y: Any, z: Any = "default", request: Request | None = None) -> None:
        seen.append((x, y, z, isinstance(request, Request)))

    with pytest.warns(UserWarning, match="Expected 2"):
        app.a.click(fn, app.a)
    async with app.running():
        app.session.set_value(app.a, 1)
        with pytest.warns(UserWarning, match="fn got no value for 'y'; None is passed") as told:
            await app.pressed()
    assert seen == [(1, None, "default", True)] and len(told) == 1


async def test_too_many_arguments_end_the_run_in_error(app: App) -> None:  # EV-10
    app.graph.settings.show_error = True
    with pytest.warns(UserWarning, match="Expected 1"):
        dependency = app.a.click(lambda x: x, [app.a, app.b], app.c)
    async with app.running():
        await app.pressed()
    assert "takes 1 positional argument but 2 were given" in app.error(dependency)


# -- special parameters


class OwnData(SelectData):
    """A subclass of the user's."""


@pytest.mark.parametrize(
    ("annotation", "make"),
    [
        (Request, Request),
        (Optional[Request], Request),  # noqa: UP045 - as people write it
        (Request | None, Request),
        ("Request", Request),
        ("gr.Request", Request),
        ("Optional[Request]", Request),
        (EventData, EventData),
        (SelectData, SelectData),
        ("gr.SelectData", SelectData),
        (OwnData, OwnData),
        ("OwnData", OwnData),
    ],
)
def test_annotations_make_parameters_special(annotation: Any, make: type[Any]) -> None:  # EV-90
    def fn(x: Any, special: Any, y: Any = 1) -> None: ...

    fn.__annotations__["special"] = annotation
    function = inspect_function(fn)
    assert [(one.name, one.make) for one in function.specials] == [("special", make)]
    function.check_count(2)


@pytest.mark.parametrize("annotation", [str, "list[int]", Any, dict[str, int], type, "not there"])
def test_other_annotations_do_not(annotation: Any) -> None:  # EV-90
    def fn(x: Any) -> None: ...

    fn.__annotations__["x"] = annotation
    assert inspect_function(fn).specials == ()


def test_a_progress_is_special_by_its_default(app: App) -> None:  # EV-90 EV-96
    def own(x: Any, report: Any = Progress(track_tqdm=True)) -> None: ...
    def annotated(x: Any, progress: Progress) -> None: ...

    (special,) = inspect_function(own).specials
    assert (special.name, special.make, special.default.track_tqdm) == ("report", Progress, True)
    assert inspect_function(annotated).specials == ()


class Handles:
    """Special parameters of bound methods and callable objects."""

    def method(self, request: Request, x: Any) -> str:
        return f"{request.session_hash} {x}"

    __call__ = method


def by_keyword(x: Any, *, request: Request) -> str:
    return f"{request.session_hash} {x}"


def first_and_last(request: Request, x: Any, progress: Any = Progress(), again: Request | None = None) -> str:
    assert again is not None and again.session_hash == request.session_hash
    assert isinstance(progress, Progress)
    return f"{request.session_hash} {x}"


def partly(x: Any, y: Any, request: Request) -> str:
    return f"{request.session_hash} {y}"


@pytest.mark.parametrize(
    "fn",
    [Handles().method, Handles(), by_keyword, first_and_last, functools.partial(partly, "kept")],
)
async def test_special_parameters_may_stand_anywhere(app: App, fn: Callable[..., Any]) -> None:  # EV-90
    app.a.click(fn, app.a, app.b)
    async with app.running():
        app.session.set_value(app.a, "Ada")
        await app.pressed()
    assert app.sink.values(app.b) == [f"{app.session.id} Ada"]


@pytest.mark.parametrize("name", ["OAuthProfile", "OAuthToken", "Header"])
def test_parameters_that_need_a_web_server_are_refused(app: App, name: str) -> None:  # EV-91
    special: Any = getattr(gr, name)
    for annotation in (special, Optional[special]):  # noqa: UP045 - as people write it

        def fn(x: Any, special: Any) -> None: ...

        fn.__annotations__["special"] = annotation
        with pytest.raises(NotImplementedError, match=rf"'special': gr\.{name} needs a web server"):
            app.a.click(fn, app.a)
    assert not app.graph.listeners
