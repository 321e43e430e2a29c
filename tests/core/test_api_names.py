"""Names and visibility of endpoints."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from .nodes import App


class Answer:
    """What a callable object does."""

    def __call__(self) -> int:
        return 42

    def method(self) -> int:
        """What a method does."""
        return 1


def greet_politely(name: str = "") -> str:
    """Greet somebody,

    who is named.
    """
    return f"hello {name}"


@pytest.mark.parametrize("given", [None, "", "  "])
@pytest.mark.parametrize(
    ("fn", "name"),
    [
        (greet_politely, "greet_politely"),
        (lambda: 1, "lambda"),
        (Answer(), "Answer"),
        (Answer().method, "method"),
        (functools.partial(greet_politely, "you"), "greet_politely"),
        (str.upper, "upper"),
    ],
)
def test_the_name_is_that_of_the_function(app: App, fn: Any, name: str, given: Any) -> None:  # EV-340
    inputs = app.a if fn is str.upper else None
    assert app.a.click(fn, inputs, app.b, api_name=given)["api_name"] == name


def test_punctuation_is_left_out(app: App) -> None:  # EV-340
    def fn() -> None: ...

    fn.__name__ = "a-b_c.d<e>f/g!"
    assert app.a.click(fn)["api_name"] == "a-b_cdefg"


def test_what_has_no_function_is_named_too(app: App) -> None:  # EV-340
    assert app.a.click(None, js="() => 1").listener.api_name == "js_fn"
    assert app.a.click(None).listener.api_name == "unnamed"


def test_a_name_that_is_given_is_used_as_it_is(app: App) -> None:  # EV-341
    assert app.a.click(lambda: 1, api_name="Run me! (now)")["api_name"] == "Run me! (now)"


def test_equal_names_are_numbered(app: App) -> None:  # EV-341
    names = [app.a.click(lambda: 1, api_name=name)["api_name"] for name in ("x", None, "x", None, "x", "x_1")]
    assert names == ["x", "lambda", "x_1", "lambda_1", "x_2", "x_1_1"]
    other = App()
    with other.open():
        assert other.a.click(lambda: 1)["api_name"] == "lambda"


def test_no_name_is_no_endpoint(app: App) -> None:  # EV-342
    hidden = app.a.click(lambda: None, api_name=False)
    assert (hidden["api_name"], hidden["api_visibility"], hidden["show_api"]) == (False, "private", False)
    assert app.a.click(lambda: None, api_name=False)["api_name"] is False


@pytest.mark.parametrize(
    ("options", "visibility"),
    [
        ({}, "public"),
        ({"show_api": True}, "public"),
        ({"show_api": False}, "undocumented"),
        ({"api_visibility": "public"}, "public"),
        ({"api_visibility": "undocumented"}, "undocumented"),
        ({"api_visibility": "private"}, "private"),
        ({"api_name": False}, "private"),
        ({"api_name": False, "show_api": False}, "private"),
        ({"api_name": False, "api_visibility": "private"}, "private"),
        ({"show_api": False, "api_visibility": "undocumented"}, "undocumented"),
        ({"api_name": "x", "api_visibility": "private"}, "private"),
    ],
)
def test_visibility_has_two_spellings(app: App, options: dict[str, Any], visibility: str) -> None:  # EV-343
    dependency = app.a.click(lambda: None, **options)
    assert dependency["api_visibility"] == visibility
    assert dependency["show_api"] is (visibility == "public")


@pytest.mark.parametrize(
    "options",
    [
        {"show_api": False, "api_visibility": "private"},
        {"api_name": False, "api_visibility": "undocumented"},
        {"api_name": False, "api_visibility": "public"},
        {"show_api": False, "api_visibility": "public"},
    ],
)
def test_spellings_that_differ_are_refused(app: App, options: dict[str, Any]) -> None:  # EV-343
    with pytest.raises(ValueError, match="api_visibility='.*' contradicts"):
        app.a.click(lambda: None, **options)


@pytest.mark.parametrize(
    "options",
    [{}, {"api_name": "mine"}, {"show_api": True}, {"api_visibility": "public"}, {"js": "() => 1"}],
)
def test_without_a_function_it_is_private(app: App, options: dict[str, Any]) -> None:  # EV-344
    assert app.a.click(None, **options)["api_visibility"] == "private"


@pytest.mark.parametrize(
    ("fn", "given", "text"),
    [
        (greet_politely, None, "Greet somebody,"),
        (greet_politely, "Say hello.", "Say hello."),
        (greet_politely, False, None),
        (lambda: 1, None, None),
        (Answer().method, None, "What a method does."),
        (functools.partial(greet_politely), None, "Greet somebody,"),
    ],
)
def test_the_description_is_the_docstrings_first_part(
    app: App, fn: Any, given: Any, text: str | None
) -> None:  # EV-345
    assert app.a.click(fn, api_description=given)["api_description"] == text
