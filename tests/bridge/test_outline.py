"""What pages need not be told any more, because newer news wait or what it is about is gone."""

from __future__ import annotations

import nbblocks as gr
from nbblocks.bridge.outline import Outline


def test_news_of_what_is_gone_and_older_outlines_are_left_out() -> None:  # AP-63
    with gr.Blocks() as app:
        box = gr.Textbox()
        run = box.submit(lambda: None)
    outline = Outline(app, app.graph)
    changes = {
        **outline.renewed(),
        "options": {},
        f"{app._id}.visible": True,
        f"{box._id}.value": "a",
        f"{box._id + 1000}.value": "b",
        f"run.{run['id']}": {},
        "run.1000": {},
    }
    kept = outline.current(changes)
    assert changes.keys() - kept.keys() == {f"{box._id + 1000}.value", "run.1000"}
    newer = outline.renewed()
    assert outline.current(changes).keys() == kept.keys() - {"tree", "listeners"}
    assert outline.current(newer) == newer == outline.now()
