"""Client: runs an app's listeners without a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import nbblocks as gr


@pytest.fixture
def demo() -> Iterator[gr.Blocks]:
    """An app that is closed after the test."""
    with gr.Blocks() as demo:
        pass
    yield demo
    demo.close(verbose=False)


def test_a_run_is_told_of_an_event(demo: gr.Blocks) -> None:  # EV-92 EV-93
    def told(text: str, event: gr.SelectData) -> str:
        return f"{text} {event.index} {event.value} {type(event.target).__name__}"

    with demo:
        box = gr.Textbox()
        listener = box.select(told, box, box).listener
    with gr.Client(demo) as client:
        assert (
            client.run(listener, ["a"], {"index": [0, 3], "value": "abc"}).result() == "a (0, 3) abc Textbox"
        )
        assert client.run(listener, ["a"]).result() == "a None None NoneType"  # EV-94
