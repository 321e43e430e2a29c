"""Whatever a handler gives to a component: the run ends, and the other outputs arrive."""

from __future__ import annotations

import decimal
from typing import Any

import pytest

import nbblocks as gr
from nbblocks import components
from nbblocks.bridge.component import Component
from tests.support import FakeComm, Page

from .test_host import show

COMPONENTS: list[type[Component[Any, Any]]] = [getattr(components, name) for name in components.__all__]


class Odd:
    """What nobody knows."""


class Sulking:
    """What cannot even be looked at."""

    def __repr__(self) -> str:
        raise RuntimeError("not today")

    __str__ = __eq__ = __len__ = __iter__ = __bool__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


LOOP: list[Any] = []
LOOP.append(LOOP)
ODD = {
    "object": Odd(),
    "sulking": Sulking(),
    "set": {1, 2},
    "decimal": decimal.Decimal(1),
    "function": len,
    "tuple keys": {(1, 2): 3},
    "bytes keys": {b"a": 1},
    "bytes": b"\xff\x00",
    "circular": LOOP,
    "deep": {"a": [[{"b": Odd()}]]},
    "surrogate": "cut \ud83d",
    "nul": "\0",
    "long int": 10**5000,
    "complex": 1j,
    "huge": "1e999999",
}


@pytest.mark.parametrize("cls", [one for one in COMPONENTS if not one.stateful])
@pytest.mark.parametrize("postprocess", [False, True])
def test_it_takes_nothing_with_it(
    comms: list[FakeComm], cls: type[Component[Any, Any]], postprocess: bool
) -> None:  # TR-11 TR-12
    values = list(ODD.values())
    with gr.Blocks() as app:
        odd, count, button, checked = cls(), gr.Number(), gr.Button(), gr.Textbox()
        which = gr.State(0)
        button.click(
            lambda n: (values[n], n, n + 1), which, [odd, count, which], postprocess=postprocess,
            show_progress="hidden",
        )  # fmt: skip
        checked.submit(lambda: "well", None, checked)
        checked.input(lambda n: n + 1, which, which)
    page = show(app, comms)
    for number, kind in enumerate(ODD):
        before = len(page.comm.updates)
        page.fire(button, "click")
        status = page.comm.wait(lambda before=before: ended(page, before))  # pyright: ignore
        if status["stage"] == "error":
            assert postprocess, kind
            page.fire(checked, "input")  # the next one
            page.comm.wait(lambda before=before: ended(page, before, "run.2"))  # pyright: ignore
            continue
        page.until(count, number)
    page.fire(checked, "submit")
    page.until(checked, "well")


def ended(page: Page, before: int, key: str = "run.0") -> Any:
    """The status with which a run has ended since."""
    states = (one.get(key, {}) for one in page.comm.updates[before:])
    return next((one for one in states if one.get("stage") in ("complete", "error")), None)
