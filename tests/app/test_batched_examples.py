"""Examples of batch functions."""

from __future__ import annotations

from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


class Swapping:
    """Two texts that a batch function swaps, and examples of them."""

    def __init__(self, fn: Any = None, **options: Any) -> None:
        self.calls: list[Any] = []
        with gr.Blocks() as self.app:
            self.a, self.b = gr.Textbox(), gr.Textbox()
            self.left, self.right = gr.Textbox(), gr.Textbox()
            self.examples = gr.Examples(
                [["x", "y"]],
                [self.a, self.b],
                [self.left, self.right],
                fn or self.swap,
                batch=True,
                **options,
            )

    def swap(self, xs: list[str], ys: list[str]) -> tuple[list[str], list[str]]:
        self.calls.append((xs, ys))
        return ys, xs

    def choose(self) -> Page:
        page = Page(self.app.host.show().comm)  # pyright: ignore[reportArgumentType]
        page.say("hello")
        page.fire(self.examples.dataset, "click", values=[(self.examples.dataset, 0)])
        return page


@pytest.mark.parametrize(
    "options", [{"cache_examples": True}, {"cache_examples": "lazy"}, {"run_on_click": True}]
)
def test_the_function_gets_lists_of_one(comms: list[FakeComm], options: dict[str, Any]) -> None:  # EV-260
    swapping = Swapping(**options)
    page = swapping.choose()
    page.until(swapping.left, "y")
    page.until(swapping.right, "x")
    assert swapping.calls == [(["x"], ["y"])]


@pytest.mark.parametrize("options", [{"cache_examples": "lazy"}, {"run_on_click": True}])
@pytest.mark.parametrize("returned", [["ab", "cd"], [["a"]], None])
def test_a_wrong_shape_is_an_error(
    comms: list[FakeComm], options: dict[str, Any], returned: Any
) -> None:  # EV-252
    swapping = Swapping(lambda xs, ys: returned, **options)
    page = swapping.choose()
    error = page.until_told("log", stream="error")
    assert "must return" in error["text"]
    assert page.shown(swapping.left) is None
