"""State of 50 MB: who copies it, and when it is let go."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

import nbblocks as gr
from tests.support import FakeComm
from tests.waiting import until

from .test_host import show


class Array(np.ndarray[Any, Any]):
    """An array that counts how often it is copied."""

    copies = 0

    def __deepcopy__(self, memo: Any) -> Any:
        Array.copies += 1
        return super().__deepcopy__(memo).view(Array)

    def __copy__(self) -> Any:
        Array.copies += 1
        return super().__copy__()

    def __reduce__(self) -> Any:
        Array.copies += 1
        return super().__reduce__()


def large() -> Any:
    """50 MB."""
    return np.ones(50_000_000 // 8).view(Array)


def test_a_large_state_is_copied_by_nobody_and_freed_in_time(
    comms: list[FakeComm],
) -> None:  # ST-14 ST-31 ST-43
    made: list[weakref.ref[Any]] = []
    seen: list[int] = []
    changes: list[int] = []

    def new(*_: Any) -> Any:
        array = large()
        made.append(weakref.ref(array))
        return array

    def use(array: Any) -> tuple[str, Any]:
        seen.append(id(array))
        array[0] += 1
        return f"{len(seen)}: {array[0]}", array

    def steps(array: Any) -> Iterator[Any]:
        for _ in range(2):
            seen.append(id(array))
            yield new()

    with gr.Blocks() as app:
        state = gr.State(new, time_to_live=0.5, delete_callback=lambda array: seen.append(id(array)))
        out, button, again = gr.Textbox(), gr.Button(), gr.Button()
        button.click(use, state, [out, state], api_name="use")
        again.click(steps, state, state, api_name="steps")
        state.change(lambda: changes.append(1))
    page = show(app, comms)
    until(lambda: made)
    Array.copies = 0
    for number in range(1, 4):
        page.fire(button, "click")
        page.until(out, f"{number}: {number + 1}.0")
    first = id(made[0]())
    assert seen == [first] * 3 and Array.copies == 0 and len(made) == 1

    def freed() -> bool:
        gc.collect()
        return all(one() is None for one in made)

    until(freed)
    assert seen == [first] * 4
    page.fire(again, "click")
    until(lambda: len(made) == 4)  # the initial one, and two that were yielded
    until(freed)
    assert Array.copies == 0 and changes
    with gr.Client(app) as client:
        assert client.predict(api_name="/use").endswith("2.0")
        assert Array.copies == 0
        until(freed)


def test_a_value_is_copied_once_for_the_app_and_once_for_each_session() -> None:  # ST-21 ST-22 ST-31
    Array.copies = 0
    array = large()
    with gr.Blocks() as app:
        state = gr.State(array)
        gr.Button().click(lambda value: value, state, state, api_name="same")
        gr.Button().click(lambda: gr.State(array), None, state, api_name="instance")
    assert Array.copies == 1
    for number in range(2, 4):
        with gr.Client(app) as client:
            for _ in range(3):
                client.predict(api_name="/same")
            mine = client.session.state(state)
        assert Array.copies == number and mine is not array
    app.close(verbose=False)
