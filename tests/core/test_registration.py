"""Registering listeners: what is accepted, what it becomes, what is refused."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from nbblocks.core.errors import InvalidBlockError
from nbblocks.core.events import EventData, on
from nbblocks.core.functions import inspect_function
from nbblocks.core.graph import building
from nbblocks.core.listeners import Dependency
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request

from .nodes import App, Box


def test_outside_a_context_there_is_nothing_to_register_with() -> None:  # EV-3
    assert building.get() is None
    with pytest.raises(AttributeError, match=r"outside of a nbblocks\.Blocks context"):
        Box(1).click(lambda: None)


def test_positional_parameters_follow_the_documented_order(app: App) -> None:  # EV-2 EV-360
    dependency = app.a.click(
        lambda x: x, app.a, app.b, "name", True, "minimal", False, False, 8, False, False
    )
    assert (dependency["api_name"], dependency["scroll_to_output"]) == ("name", True)
    assert (dependency["show_progress"], dependency["queue"], dependency["max_batch_size"]) == (
        "minimal",
        False,
        8,
    )
    assert not dependency.listener.preprocess
    assert not dependency.listener.postprocess


def test_it_returns_a_dependency_that_can_be_called(app: App) -> None:  # EV-1 EV-4
    dependency = app.a.click(lambda x: x + 1, app.a, app.b)
    assert isinstance(dependency, Dependency)
    assert dependency["id"] == 0
    assert dependency["targets"] == [[1, "click"]]
    assert (dependency["inputs"], dependency["outputs"]) == ([1], [2])
    assert dependency(4) == 5


def test_a_decorator_registers_once_and_leaves_a_plain_function(app: App) -> None:  # EV-5
    @app.a.click(inputs=app.a, outputs=app.b)
    def double(x: int) -> int:
        return 2 * x

    assert double(3) == 6
    assert [one.name for one in app.graph.listeners.values()] == ["double"]


def test_js_alone_is_a_listener_that_a_decorated_function_replaces(app: App) -> None:  # EV-6 EV-7
    first = app.a.click(js="() => 1")
    assert app.graph.listeners[0].function is None
    assert first["api_name"] == "js_fn"
    first(lambda: 1)
    assert list(app.graph.listeners) == [0]
    assert app.graph.listeners[0].function is not None


def test_a_listener_without_function_is_private(app: App) -> None:  # EV-7 EV-344
    assert app.a.click(None)["api_visibility"] == "private"


async def _coroutine() -> None: ...


async def _async_steps() -> Any:
    yield 1


def _steps() -> Any:
    yield 1


class _Callable:
    def __call__(self) -> Any:
        yield 1


@pytest.mark.parametrize(
    ("fn", "kind"),
    [
        (lambda: 1, "plain"),
        (len, "plain"),
        (functools.partial(_steps), "generator"),
        (_Callable(), "generator"),
        (_coroutine, "coroutine"),
        (functools.partial(_coroutine), "coroutine"),
        (_async_steps, "async_generator"),
        ("".join, "plain"),
    ],
)
def test_the_kind_of_a_function_is_seen_through_wrappers(fn: Any, kind: str) -> None:  # EV-8
    assert inspect_function(fn).kind == kind


def test_a_wrong_number_of_inputs_is_a_warning(app: App) -> None:  # EV-9
    with pytest.warns(UserWarning, match="Expected 2 arguments for function f, received 1"):

        @app.a.click(inputs=app.a)
        def f(x: int, y: int) -> None: ...


def test_special_parameters_take_no_input(app: App) -> None:  # EV-9 EV-90
    def f(request: Request, x: int, progress: Any = Progress(), event: EventData | None = None) -> None: ...

    app.a.click(f, app.a)
    assert [s.make for s in app.graph.listeners[0].function.specials] == [Request, Progress, EventData]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trigger_mode": "never"}, "'once', 'multiple', 'always_last'"),  # EV-12
        ({"concurrency_limit": 0}, "concurrency_limit must be an integer >= 1"),  # EV-228
        ({"max_batch_size": 0}, "max_batch_size must be at least 1"),  # EV-254
        ({"every": 0}, "every must be a positive number"),  # EV-194
        ({"every": 1, "batch": True}, "together with batch=True"),  # EV-194
        ({"every": 1, "concurrency_limit": 2}, "explicit concurrency_limit"),  # EV-194
        ({"show_api": False, "api_visibility": "private"}, "contradicts"),  # EV-343
        ({"cancels": [3]}, "cancels must name listeners of this app"),  # EV-270
    ],
)
def test_an_option_outside_its_values_is_refused(app: App, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        app.a.click(lambda: None, **options)


def test_an_unknown_parameter_is_a_type_error(app: App) -> None:  # EV-11
    with pytest.raises(TypeError, match="colour"):
        app.a.click(lambda: None, colour="red")


def test_progress_may_be_a_bool(app: App) -> None:  # EV-13
    assert app.a.click(lambda: None, show_progress=True)["show_progress"] == "full"
    assert app.a.click(lambda: None, show_progress=False)["show_progress"] == "hidden"


def test_an_unplaced_component_is_named_when_the_app_is_shown(app: App) -> None:  # EV-14
    app.a.click(lambda x: x, Box(99), app.b)
    with pytest.raises(InvalidBlockError, match="id 99"):
        app.graph.check()


@pytest.mark.parametrize(("event", "mode"), [("click", "once"), ("change", "always_last")])
def test_the_default_trigger_mode_follows_the_event(app: App, event: str, mode: str) -> None:  # EV-124
    assert getattr(app.a, event)(lambda: None)["trigger_mode"] == mode


def test_api_names_are_cleaned_and_unique(app: App) -> None:  # EV-340 EV-341 EV-342
    assert app.a.click(lambda: None)["api_name"] == "lambda"
    assert app.a.click(lambda: None)["api_name"] == "lambda_1"
    assert app.a.click(lambda: None, api_name="Run me")["api_name"] == "Run me"
    hidden = app.a.click(lambda: None, api_name=False)
    assert (hidden["api_name"], hidden["api_visibility"]) == (False, "private")


def test_on_binds_several_triggers_to_one_listener(app: App) -> None:  # EV-180 EV-181
    dependency = on([app.a.click, app.b.change], lambda: 1, None, app.c)
    assert dependency["targets"] == [[1, "click"], [2, "change"]]
    assert dependency["trigger_mode"] == "once"


def test_on_without_triggers_listens_to_its_inputs_and_the_load(app: App) -> None:  # EV-182
    assert on(fn=lambda a, b: 1, inputs=[app.a, app.b])["targets"] == [
        [1, "change"],
        [2, "change"],
        [0, "load"],
    ]


def test_on_needs_a_context() -> None:  # EV-183
    with pytest.raises(AttributeError, match="outside of a"):
        on(fn=lambda: 1)


def test_the_limit_of_a_group_is_the_lowest_one_set(app: App) -> None:  # EV-224
    first = app.a.click(lambda: 1, concurrency_id="g")
    app.b.click(lambda: 1, concurrency_id="g", concurrency_limit=3)
    app.c.click(lambda: 1, concurrency_id="g", concurrency_limit=2)
    assert app.graph.limit_of(first.listener) == 2


def test_listeners_of_one_function_share_a_group(app: App) -> None:  # EV-223
    def f() -> None: ...

    first = app.a.click(f)
    app.b.click(f, concurrency_limit=5)
    assert app.graph.limit_of(first.listener) == 5


def test_the_default_limit_comes_from_the_environment(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:  # EV-225
    monkeypatch.setenv("GRADIO_DEFAULT_CONCURRENCY_LIMIT", "7")
    first = app.a.click(lambda: 1)
    assert app.graph.limit_of(first.listener) == 7
    monkeypatch.setenv("NBBLOCKS_DEFAULT_CONCURRENCY_LIMIT", "none")
    app.graph.settings_changed()
    assert app.graph.limit_of(first.listener) is None


def test_batch_and_every_need_the_queue_when_shown(app: App) -> None:  # EV-259 EV-275
    first = app.a.click(lambda: 1, queue=False)
    app.b.click(None, cancels=first)
    with pytest.raises(ValueError, match="Queue needs to be enabled"):
        app.graph.check()


def test_a_set_of_inputs_is_ordered_by_creation_and_passed_as_one_dict(app: App) -> None:  # EV-22
    app.a.click(lambda values: 1, {app.c, app.a})
    listener = app.graph.listeners[0]
    assert listener.inputs == (app.a, app.c)
    assert listener.inputs_as_dict


def test_only_blocks_can_be_inputs(app: App) -> None:
    with pytest.raises(TypeError, match="inputs must be components, got str"):
        app.a.click(lambda x: x, "a")
