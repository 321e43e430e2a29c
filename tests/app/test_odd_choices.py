"""What becomes of numbers and choices on their way from a page to a handler, and back."""

from __future__ import annotations

from typing import Any

import nbblocks as gr
from nbblocks.bridge.exact import unpacked
from tests.bridge.test_host import show
from tests.support import FakeComm


class Thing:
    """Nothing that JSON knows."""


def test_a_seed_and_an_infinity_come_to_the_handler_and_back(comms: list[FakeComm]) -> None:  # TR-40 TR-41
    seen: list[Any] = []
    with gr.Blocks() as app:
        seed, copy = gr.Number(precision=0), gr.Number()
        seed.submit(lambda value: seen.append(value) or value, seed, copy)
    page = show(app, comms)
    for number in (2**53 + 1, float("inf")):
        packed = {"nbb:exact": [[seed._id, {"nbb:number": str(number)}]]}
        page.say("event", node=seed._id, event="submit", data=None, values=packed)
        page.until(copy, {"nbb:exact": {"nbb:number": str(number)}})
    assert seen == [2**53 + 1, float("inf")]
    app.close()


def test_a_handler_gets_the_object_that_was_chosen_and_hears_of_it(comms: list[FakeComm]) -> None:  # TR-43
    one, two = Thing(), Thing()
    seen: list[Any] = []

    def told(value: Any, event: gr.SelectData) -> str:
        seen.append((value, event.value, event.index))
        return "heard"

    with gr.Blocks() as app:
        radio, text, swap = gr.Radio([("same", one), ("same", two)]), gr.Textbox(), gr.Button()
        radio.select(told, radio, text)
        swap.click(lambda: gr.Radio(choices=[("same", two), ("same", one)], value=two), None, radio)
    page = show(app, comms)
    tokens = [token for _, token in unpacked(page.shown(radio, "choices"))]
    page.fire(radio, "select", {"index": 1, "value": tokens[1], "selected": True}, [(radio, tokens[1])])
    page.until(text, "heard")
    assert seen == [(two, two, 1)] and app.host.session.value(radio) is two

    page.fire(swap, "click")
    page.comm.wait(lambda: any(f"{radio._id}.choices" in update for update in page.comm.updates))
    after = [token for _, token in unpacked(page.shown(radio, "choices"))]
    assert page.shown(radio) == after[0] and not set(tokens) & set(after)
    page.fire(radio, "select", {"index": 0, "value": tokens[0], "selected": True}, [(radio, tokens[0])])
    page.fire(radio, "select", {"index": 1, "value": after[1], "selected": True}, [(radio, after[1])])
    page.comm.wait(lambda: len(seen) == 2)
    assert seen[1] == (one, one, 1)
    app.close()
