"""An app with a rendering that a test gives, and a page that shows it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from typing_extensions import Self

import nbblocks as gr
from nbblocks.bridge.portal import portal
from tests.support import FakeComm, Page

Comms = list[FakeComm]


def settle() -> None:
    """Wait until the loop has taken everything that was handed to it before."""
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(5)


def until(condition: Callable[[], Any]) -> None:
    """Wait for something that the loop brings about."""
    end = time.monotonic() + 10
    while not condition():
        settle()
        assert time.monotonic() < end, "waited in vain"


def show(app: gr.Blocks, view: str = "here") -> Page:
    """A page that shows ``app`` and has said hello."""
    page = Page(app.host.show().comm, view)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    return page


def tree_of(page: Page, container: Any) -> list[Any]:
    """What stands in a container, as the page was told: ids, of layouts with their content."""

    def find(tree: list[Any]) -> list[Any] | None:
        if tree[0] == container._id:
            return tree[2]
        return next((found for child in tree[2] if (found := find(child)) is not None), None)

    return find(page.comm.state["tree"]) or []


def fields_in(page: Page, container: Any) -> list[list[Any]]:
    """What stands in the container, as ``[id, type, children]``, taken out of their frames."""
    return [one for tree in tree_of(page, container) for one in (tree[2] if tree[1] == "form" else [tree])]


class Counted:
    """An app with a number ``n``, an Out box, two buttons, and a rendering that the test gives."""

    def __init__(self, build: Callable[..., Any], start: int = 1, **options: Any) -> None:
        self.made: dict[str, Any] = {}
        """What the function has made, newest rendering."""
        with gr.Blocks() as self.app:
            self.n = gr.Number(start, label="N", precision=0)
            self.out = gr.Textbox(label="Out")
            self.button, self.other = gr.Button("Go"), gr.Button("Other")

            @gr.render(self.n, **options)
            def rendering(n: int) -> None:
                build(self, n)

        self.container: Any = self.app.children[-1]
        self.function = rendering
        self.page: Any = None

    def open(self) -> Self:
        """Show it, and wait for the first rendering."""
        with self._rendering():
            self.page = show(self.app)
        return self

    def again(self, n: int) -> None:
        """Change the number, and wait for the rendering that it sets off."""
        with self._rendering():
            self.page.enter(self.n, n)

    @contextlib.contextmanager
    def _rendering(self) -> Iterator[None]:
        """What is done in the context sets off a rendering: wait until it is there and the page was told."""
        before, told = self.container.rendered, self._outlines
        yield
        self.page.comm.wait(lambda: self.container.rendered is not before and self._outlines > told)

    @property
    def _outlines(self) -> int:
        return sum("tree" in one for one in self.page.comm.updates) if self.page else 0

    def fails(self, n: int) -> str:
        """Change the number, wait for the failure, and return what the log says."""
        self.page.enter(self.n, n)
        self.page.comm.wait(lambda: self.page.comm.state["run.0"]["stage"] == "error")
        return self.page.until_told("log", stream="error")["text"]

    @property
    def session(self) -> Any:
        """The notebook session."""
        return self.app.host.session

    @property
    def ids(self) -> list[int]:
        """Ids of the fields in the container, as the page has them."""
        return [one[0] for one in fields_in(self.page, self.container)]


def boxes(key: Callable[[int], Any] = lambda i: None, **given: Any) -> Callable[[Counted, int], None]:
    """Builds ``n`` text boxes that say "i of n"."""

    def build(self: Counted, n: int) -> None:
        self.made = {f"box{i}": gr.Textbox(f"{i} of {n}", key=key(i), **given) for i in range(n)}

    return build


keyed = boxes(lambda i: f"box{i}")
