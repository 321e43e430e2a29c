"""What a notebook stores of a displayed app: the widget, and plain forms for viewers without widgets."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, cast

from .block import Block
from .component import Component
from .layout import Layout

MODEL_MIME = "application/vnd.jupyter.widget-view+json"


def mimebundle(model_id: str, blocks: Sequence[Block], text: str) -> dict[str, Any]:
    """The MIME bundle of a view of the widget with that id, which shows these blocks."""
    return {
        MODEL_MIME: {"version_major": 2, "version_minor": 0, "model_id": model_id},
        "text/html": f'<div style="font-family:sans-serif">{_picture(blocks)}</div>',
        "text/plain": text,
    }


def _picture(blocks: Sequence[Block]) -> str:
    """A plain picture of the app, for viewers that know no widgets: captions and values, no scripts."""
    parts: list[str] = []
    for child in blocks:
        if child.visible is not True or child.transparent or child.unseen:
            continue
        if isinstance(child, Layout):
            parts.append(_picture(child.children))
        elif isinstance(child, Component):
            block = cast("Component[Any, Any]", child)
            value = block.value if isinstance(block.value, (str, int, float, bool)) else ""
            caption = str(getattr(block, "label", None) or block.type_name.capitalize())
            parts.append(f"<p><b>{html.escape(caption)}</b> {html.escape(str(value)[:1000])}</p>")
    return "".join(parts)
