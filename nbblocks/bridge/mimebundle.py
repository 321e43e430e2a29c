"""What a notebook stores of a displayed app: the widget, and plain forms for viewers without widgets."""

from __future__ import annotations

import html
from typing import Any, cast

from .component import Component
from .host import Host
from .layout import Layout

MODEL_MIME = "application/vnd.jupyter.widget-view+json"


def mimebundle(host: Host, text: str) -> dict[str, Any]:
    """The MIME bundle of a view of ``host``'s app."""
    root = host.show()
    return {
        MODEL_MIME: {"version_major": 2, "version_minor": 0, "model_id": root.model_id},
        "text/html": f'<div style="font-family:sans-serif">{_picture(host.top)}</div>',
        "text/plain": text,
    }


def _picture(layout: Layout) -> str:
    """A plain picture of the app, for viewers that know no widgets: captions and values, no scripts."""
    parts: list[str] = []
    for child in layout.children:
        if child.visible is not True or child.transparent or child.unseen:
            continue
        if isinstance(child, Layout):
            parts.append(_picture(child))
        elif isinstance(child, Component):
            block = cast("Component[Any, Any]", child)
            value = block.value if isinstance(block.value, (str, int, float, bool)) else ""
            caption = str(getattr(block, "label", None) or block.type_name.capitalize())
            parts.append(f"<p><b>{html.escape(caption)}</b> {html.escape(str(value)[:1000])}</p>")
    return "".join(parts)
