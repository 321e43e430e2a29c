"""Registering listeners: what is accepted, what it becomes, what is refused."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from nbblocks.core.errors import InvalidBlockError
from nbblocks.core.events import BoundEvent, on
from nbblocks.core.graph import building
from nbblocks.core.listeners import Dependency

from .nodes import App, Box, Clock

SEEDED = {
    "api_name": (None, "lambda"),
    "scroll_to_output": (False, False),
    "show_progress": ("full", "full"),
    "queue": (True, True),
    "batch": (False, False),
    "max_batch_size": (4, 4),
    "preprocess": (True, True),
    "postprocess": (True, True),
    "cancels": (None, ()),
    "every": (None, None),
    "trigger_mode": (None, "once"),
    "js": (None, None),
    "concurrency_limit": ("default", "default"),
    "concurrency_id": (None, None),
    "show_api": (True, None),
}
"""The seeds' parameters after the outputs, in their order: the default, and what it makes of a click."""
NEWER = {
    "show_progress_on": (None, None),
    "api_visibility": ("public", "public"),
    "api_description": (None, None),
    "key": (None, None),
    "validator": (None, None),
    "time_limit": (None, None),
    "stream_every": (0.5, 0.5),
}


# -- which parameters there are


def test_every_event_is_a_method_with_all_parameters(app: App) -> None:  # EV-1 EV-2
    given = {"fn": lambda x: x, "inputs": app.a, "outputs": app.b}
    given |= {name: default for name, (default, _) in (SEEDED | NEWER).items()}
    first = app.a.click(**given)
    for bound in (app.b.change, app.c.key_up, first.then, first.success, first.failure):
        assert isinstance(bound, BoundEvent)
        assert isinstance(bound(**given), Dependency)
    assert isinstance(on([app.a.click], **given), Dependency)
    assert isinstance(app.d.click(lambda x: x, app.a, app.b, queue=False), Dependency)


def test_positional_parameters_follow_the_documented_order(app: App) -> None:  # EV-2 EV-360
    listed = list(inspect.signature(BoundEvent.__call__).parameters)[1:]
    assert listed[:3] == ["fn", "inputs", "outputs"]
    assert listed[3 : 3 + len(SEEDED)] == list(SEEDED)
    first = app.a.click(lambda: 1)
    values = ["name", True, "minimal", True, False, 8, False, False, first, None, "multiple", "() => 1"]
    dependency = app.a.click(lambda x: x, app.a, app.b, *values, 3, "group", False)
    listener = dependency.listener
    assert (listener.inputs, listener.outputs, listener.cancels) == ((app.a,), (app.b,), (first.listener,))
    for name, value in zip(SEEDED, [*values, 3, "group"], strict=False):
        assert name == "cancels" or getattr(listener, name) == value, name
    assert listener.api_visibility == "undocumented"


def test_newer_parameters_are_keyword_only(app: App) -> None:  # EV-360
    for name, (default, _) in NEWER.items():
        app.a.click(lambda: 1, **{name: default})
    with pytest.raises(TypeError, match="positional"):
        app.a.click(*[None] * (3 + len(SEEDED) + 1))


def test_defaults_are_the_documented_ones(app: App) -> None:  # EV-360 EV-124 EV-221
    listener = app.a.click(lambda: 1).listener
    assert (listener.inputs, listener.outputs) == ((), ())
    for name, (_, made) in (SEEDED | NEWER).items():
        assert name == "show_api" or getattr(listener, name) == made, name
    assert app.a.click(lambda: 1, queue=None).listener.queue is True
    assert Clock(7).tick(lambda: 1)["show_progress"] == "hidden"
    assert app.a.stream(lambda: 1)["show_progress"] == "minimal"


def test_an_unknown_parameter_is_a_type_error(app: App) -> None:  # EV-11
    first = app.a.click(lambda: None)
    for register in (app.a.click, first.then, lambda *_, **given: on(app.a.click, **given)):
        with pytest.raises(TypeError, match="colour"):
            register(lambda: None, colour="red")
    assert list(app.graph.listeners) == [0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trigger_mode": "never"}, "'once', 'multiple', 'always_last'"),  # EV-12
        ({"concurrency_limit": 0}, "concurrency_limit must be an integer >= 1"),  # EV-228
        ({"concurrency_limit": -1}, "got -1"),  # EV-228
        ({"concurrency_limit": 1.5}, r"got 1\.5"),  # EV-228
        ({"concurrency_limit": True}, "got True"),  # EV-228
        ({"concurrency_limit": "two"}, "None or 'default', got 'two'"),  # EV-228
        ({"max_batch_size": 0}, "max_batch_size must be at least 1"),  # EV-254
        ({"max_batch_size": -3}, "got -3"),  # EV-254
        ({"every": 0}, "every must be a positive number"),  # EV-194
        ({"every": -0.5}, r"got -0\.5"),  # EV-194
        ({"every": float("nan")}, "got nan"),  # EV-194
        ({"every": "1"}, "got '1'"),  # EV-194
        ({"every": True}, "got True"),  # EV-194
        ({"every": 1, "batch": True}, "together with batch=True"),  # EV-194
        ({"every": 1, "concurrency_limit": 2}, "explicit concurrency_limit"),  # EV-194
        ({"show_progress": "some"}, "'full', 'minimal', 'hidden'"),  # EV-13
        ({"api_visibility": "secret"}, "'public', 'undocumented', 'private'"),  # EV-343
    ],
)
def test_an_option_outside_its_values_is_refused(app: App, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        app.a.click(lambda: None, **options)
    assert not app.graph.listeners


def test_repeating_needs_a_function_and_means_no_limit(app: App) -> None:  # EV-194
    with pytest.raises(ValueError, match="together with fn=None"):
        app.a.click(None, every=1)
    first = app.a.click(lambda: None, every=1)
    assert app.graph.limit_of(first.listener) is None
    assert app.graph.limit_of(app.a.click(lambda: None, every=1, concurrency_limit=None).listener) is None
    clock = Clock(7, 1)
    assert app.a.click(lambda: None, every=clock).listener.every is clock


def test_progress_may_be_a_bool(app: App) -> None:  # EV-13
    assert app.a.click(lambda: None, show_progress=True)["show_progress"] == "full"
    assert app.a.click(lambda: None, show_progress=False)["show_progress"] == "hidden"


def test_js_of_a_translated_function_is_not_to_be_had(app: App) -> None:  # EV-155
    with pytest.raises(NotImplementedError, match="js=True"):
        app.a.click(lambda x: x, app.a, app.b, js=True)
    assert not app.graph.listeners


# -- what comes of it


def test_outside_a_context_there_is_nothing_to_register_with() -> None:  # EV-3
    assert building.get() is None
    for fn in (lambda: None, None, "decorator"):
        with pytest.raises(AttributeError, match=r"outside of a nbblocks\.Blocks context"):
            Box(1).click(fn)


def test_it_returns_a_dependency_with_the_configuration(app: App) -> None:  # EV-4
    first = app.a.click(lambda: 1)
    dependency = app.a.click(
        lambda x: x + 1,
        app.a,
        [app.b, app.c],
        api_name="more",
        batch=True,
        max_batch_size=2,
        cancels=first,
        js="x => x",
        trigger_mode="multiple",
        show_progress="minimal",
    )
    assert isinstance(dependency, dict)
    assert dependency == dependency | {
        "id": 1,
        "targets": [[1, "click"]],
        "inputs": [1],
        "outputs": [2, 3],
        "js": "x => x",
        "queue": True,
        "api_name": "more",
        "batch": True,
        "max_batch_size": 2,
        "cancels": [0],
        "trigger_after": None,
        "trigger_mode": "multiple",
        "show_progress": "minimal",
        "every": None,
    }
    assert app.a.click(lambda: 1, every=2)["every"] == 2
    chained = dependency.then(lambda: 1)
    assert (chained["trigger_after"], chained["targets"]) == (1, [[None, "then"]])
    assert (
        dependency.success(lambda: 1)["trigger_after"] == dependency.failure(lambda: 1)["trigger_after"] == 1
    )


def test_calling_a_dependency_calls_the_function_as_it_is(app: App) -> None:  # EV-4
    def weigh(text: str, *, factor: int = 1) -> int:
        return len(text) * factor

    app.a.shout = True
    dependency = app.a.click(weigh, app.a, app.b)
    assert dependency("abc") == 3 and dependency("abc", factor=2) == 6
    with pytest.raises(TypeError, match="no Python function"):
        app.a.click(None)()


def test_ids_count_the_registrations(app: App) -> None:  # EV-4
    made = [app.a.click(lambda: 1), app.b.change(lambda: 1), app.c.click(None)]
    assert [one["id"] for one in made] == [0, 1, 2] == list(app.graph.listeners)


def test_a_decorator_registers_once_and_leaves_a_plain_function(app: App) -> None:  # EV-5
    decorate = app.a.click(inputs=app.a, outputs=app.b)
    assert not app.graph.listeners

    @decorate
    def double(x: int) -> int:
        """Twice as much."""
        return 2 * x

    assert inspect.isfunction(double) and double(3) == 6
    assert (double.__name__, double.__doc__) == ("double", "Twice as much.")
    assert [one.name for one in app.graph.listeners.values()] == ["double"]
    assert app.graph.listeners[0].outputs == (app.b,)


def test_chains_and_on_decorate_too(app: App) -> None:  # EV-5 EV-183
    first = app.a.click(lambda: 1)

    @first.then(inputs=app.a)
    def after(x: int) -> int:
        return x

    @on([app.a.click, app.b.click], inputs=app.a)
    def either(x: int) -> int:
        return -x

    assert (after(1), either(1)) == (1, -1)
    assert [one.name for one in app.graph.listeners.values()] == ["<lambda>", "after", "either"]


def test_js_alone_is_a_listener_that_a_decorated_function_replaces(app: App) -> None:  # EV-6
    standing = app.a.click(js="() => 1", outputs=app.b)
    assert app.graph.listeners[0].function is None
    assert (standing["id"], standing["js"], standing["api_name"]) == (0, "() => 1", "js_fn")

    @standing
    def one() -> int:
        return 1

    (listener,) = app.graph.listeners.values()
    assert (listener.id, listener.name, listener.js) == (0, "one", "() => 1")
    assert (listener.api_name, listener.api_visibility) == ("one", "public")
    assert one() == 1 and app.graph.triggered_by(app.a, "click") == (listener,)


def test_what_was_chained_to_js_alone_follows_the_function_that_replaces_it(app: App) -> None:  # EV-6 EV-160
    standing = app.a.click(js="() => 1")
    before = standing.then(lambda: 1)
    standing(lambda: 1)
    after = standing.then(lambda: 1)
    assert app.graph.triggered_by(app.graph.listeners[0], "then") == (before.listener, after.listener)
    assert app.a.click(None, cancels=standing).listener.cancels == (app.graph.listeners[0],)


def test_a_listener_without_function_is_private(app: App) -> None:  # EV-7 EV-344
    for given in ({}, {"js": "() => 1"}, {"api_name": "name"}, {"api_visibility": "public"}):
        assert app.a.click(None, **given)["api_visibility"] == "private"


@pytest.mark.parametrize("inputs", [None, []])
def test_no_inputs_are_no_arguments(app: App, inputs: Any) -> None:  # EV-20
    assert app.a.click(lambda: 1, inputs).listener.inputs == ()


def test_inputs_and_outputs_are_one_several_or_a_set(app: App) -> None:  # EV-20 EV-40
    both = (app.c, app.a)
    for given, expected in ((app.c, (app.c,)), (list(both), both), (both, both), ({*both}, (app.a, app.c))):
        listener = app.a.click(lambda *_: None, given, given).listener
        assert listener.inputs == listener.outputs == expected
        assert listener.inputs_as_dict is isinstance(given, set)
    assert app.a.click(lambda: None, None, None).listener.outputs == ()
    assert app.a.click(lambda: None, None, [app.frame, app.b]).listener.outputs == (app.frame, app.b)


def test_what_is_no_block_is_named_at_once(app: App) -> None:
    with pytest.raises(TypeError, match="inputs must be components, got str"):
        app.a.click(lambda x: x, "a")
    with pytest.raises(TypeError, match="outputs must be components, got int"):
        app.a.click(lambda: 1, None, [app.a, 3])


# -- cancels


def test_cancels_names_listeners_of_the_app(app: App) -> None:  # EV-270
    first, second = app.a.click(lambda: 1), app.b.click(lambda: 1)

    @app.c.click()
    def decorated() -> None: ...

    for given, ids in (
        (first, [0]),
        ([first, second], [0, 1]),
        (dict(first), [0]),
        ([dict(first), second], [0, 1]),
        (decorated, [2]),
        ([], []),
    ):
        assert app.d.click(None, cancels=given)["cancels"] == ids


def test_cancels_refuses_everything_else(app: App) -> None:  # EV-270
    app.a.click(lambda: 1, api_name="mine")
    other = App()
    with other.open():
        strange = other.a.click(lambda: 1, api_name="theirs")
    for given in (3, "click", app.a, {}, {"id": 7}, strange, [strange], dict(strange)):
        with pytest.raises(ValueError, match="cancels must name listeners of this app"):
            app.a.click(None, cancels=given)
    with pytest.raises(ValueError, match="cancels must name listeners of this app"):
        app.a.click(None, cancels=[app.a.click(lambda: 1), 3])


# -- what is checked when the app is shown


@pytest.mark.parametrize("side", ["input", "output", "trigger"])
def test_an_unplaced_component_is_named_when_the_app_is_shown(app: App, side: str) -> None:  # EV-14
    strange, known = Box(99), app.b
    source = strange if side == "trigger" else app.a
    source.click(lambda x: x, strange if side == "input" else known, strange if side == "output" else known)
    with pytest.raises(InvalidBlockError, match="id 99") as caught:
        app.graph.check()
    assert isinstance(caught.value, ValueError)
    app.graph.add_node(strange)
    app.graph.check()


def test_cancelling_needs_the_queue(app: App) -> None:  # EV-275
    first = app.a.click(lambda: 1, queue=False)
    app.b.click(None, cancels=first)
    with pytest.raises(ValueError, match="Queue needs to be enabled"):
        app.graph.check()


@pytest.mark.parametrize("options", [{"batch": True}, {"every": 1}])
def test_batches_and_repetitions_need_the_queue(app: App, options: dict[str, Any]) -> None:  # EV-259 EV-194
    app.a.click(lambda x: x, app.a, app.b, queue=False, **options)
    with pytest.raises(ValueError, match="needs queue=True"):
        app.graph.check()


def test_a_decorated_function_can_be_decorated_again(app: App) -> None:  # EV-5 EV-8 EV-223
    @app.a.click(outputs=app.b)
    @app.c.click(outputs=app.b, concurrency_limit=3)
    def steps() -> Any:
        yield 1

    assert [one.function and one.function.kind for one in app.graph.listeners.values()] == ["generator"] * 2
    assert [app.graph.limit_of(one) for one in app.graph.listeners.values()] == [3, 3]
