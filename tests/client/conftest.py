"""Clients for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr

Open = Callable[..., gr.Client]


@pytest.fixture
def opened() -> Iterator[Callable[[gr.Blocks], gr.Client]]:
    """Clients of apps, which are closed at the end."""
    clients: list[gr.Client] = []

    def open_client(app: gr.Blocks) -> gr.Client:
        clients.append(gr.Client(app))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()
        client.app.close(verbose=False)


def calls(fn: Callable[..., Any], inputs: int = 1, **options: Any) -> gr.Blocks:
    """An app with one endpoint /fn over textboxes."""
    with gr.Blocks() as app:
        boxes = [gr.Textbox() for _ in range(inputs)]
        gr.Button().click(fn, boxes, gr.Textbox(), api_name="fn", **options)
    return app
