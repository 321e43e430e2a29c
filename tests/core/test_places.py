"""Warnings and errors stand at the user's line."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nbblocks
import nbblocks as gr
from nbblocks.core import places

from .nodes import App, Box

PACKAGE = Path(nbblocks.__file__).parent
HERE = __file__


def here() -> int:
    """The line of the caller."""
    return sys._getframe(1).f_lineno


def told(act: Callable[[], Any]) -> tuple[str, int]:
    """Where the warning stands that it gives."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        act()
    assert seen, "no warning"
    return seen[-1].filename, seen[-1].lineno


def test_the_package_warns_in_one_way() -> None:  # TR-67
    found = {
        (path.name, node.lineno)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("warn", "warn_explicit")
    }
    assert {name for name, _ in found} == {"places.py"}


CALLS: list[Callable[[], Any]] = [
    lambda: gr.Textbox(scale=1.5),  # type: ignore
    lambda: gr.Textbox(container=False, show_label=True),
    lambda: gr.Textbox(type="password", lines=3),
    lambda: gr.Dropdown(["a"], value="b"),
    lambda: gr.Dropdown(["a"], max_choices=2),
    lambda: gr.Dropdown(["a"], value=["a", "b"]),
    lambda: gr.JSON(value=3),
    lambda: gr.JSON(value={1: 1, "1": 2}),
    lambda: gr.File(file_count="directory", file_types=[".txt"]),
    lambda: gr.UploadButton(type="file"),
    lambda: gr.Blocks(analytics_enabled=True, theme="x/y"),
    lambda: gr.Warning("mind"),
    lambda: gr.themes.Theme.from_hub("x/y"),
    lambda: gr.Interface(lambda x: x, "text", "text", allow_flagging="never", flagging_mode="auto"),
    lambda: gr.TabbedInterface([gr.Interface(lambda x: x, "text", "text")], ["a", "b"]),
    lambda: gr.Textbox().change(lambda x, y: x, None, None),
    lambda: [gr.Textbox(buttons=["copy"], show_copy_button=False)],
]


@pytest.mark.parametrize("act", CALLS)
def test_a_warning_stands_at_the_line_that_led_to_it(act: Callable[[], Any]) -> None:  # TR-67
    with gr.Blocks():
        found = told(act)
    assert found == (HERE, act.__code__.co_firstlineno)


class Quiet(gr.Textbox):
    """A class of the user's."""

    def __init__(self) -> None:
        super().__init__(scale=1.5)  # type: ignore
        self.line = here() - 1


def test_a_class_of_the_users_is_the_users_line() -> None:  # TR-67
    made: list[Quiet] = []
    found = told(lambda: made.append(Quiet()))
    assert found == (HERE, made[0].line)


@pytest.mark.parametrize("kind", ["plain", "coroutine", "generator"])
async def test_what_a_handler_returned_is_told_at_its_first_line(app: App, kind: str) -> None:  # TR-67
    def plain() -> Any:
        return 1, 2, 3

    async def coroutine() -> Any:
        return 1, 2, 3

    def generator() -> Any:
        yield 1, 2, 3

    fn = {"plain": plain, "coroutine": coroutine, "generator": generator}[kind]
    app.a.click(fn, None, [app.b, app.c])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with app.running():
            await app.pressed()
    (one,) = [one for one in seen if issubclass(one.category, UserWarning)]
    assert (one.filename, one.lineno) == (HERE, fn.__code__.co_firstlineno)


async def test_what_a_handler_does_is_told_at_its_own_line(app: App) -> None:  # TR-67
    lines: list[int] = []

    def handler() -> None:
        lines.append(here() + 1)
        gr.Textbox(scale=1.5)  # type: ignore

    app.a.click(handler)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with app.running():
            await app.pressed()
    assert [(one.filename, one.lineno) for one in seen] == [(HERE, lines[0])]


def test_a_warning_is_told_once_for_each_line() -> None:  # TR-67
    def twice() -> None:
        for _ in range(2):
            gr.Textbox(scale=1.5)  # type: ignore

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        twice()
        gr.Textbox(scale=1.5)  # type: ignore
    assert len(seen) == 2


def test_where_no_line_is_known_it_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:  # TR-67
    monkeypatch.setattr(places, "_libraries", lambda: ("", "/"))
    with pytest.warns(UserWarning, match="mind"):
        places.warn("mind")


def test_a_lambda_is_told_by_its_line(app: App) -> None:  # TR-67
    with pytest.warns(
        UserWarning, match=r"<lambda>, received 1 \(line \d+: app.a.click\(lambda: 1, app.b\)\)"
    ):
        app.a.click(lambda: 1, app.b)
    hidden = Box(99)
    with pytest.raises(gr.InvalidBlockError, match=r"listener '<lambda> \(line \d+: "):
        app.a.click(lambda x: x, hidden)
        app.graph.check()
