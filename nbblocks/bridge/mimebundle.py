"""What a notebook stores of a displayed app: the widget, and plain forms for viewers without widgets."""

from __future__ import annotations

from typing import Any

MODEL_MIME = "application/vnd.jupyter.widget-view+json"


def mimebundle(model_id: str, text: str, picture: str | None) -> dict[str, Any]:
    """The MIME bundle of a view of the widget with that id.

    :param picture: for viewers that know no widgets; empty if one follows, None if there is to be none
    """
    html = {} if picture is None else {"text/html": picture}
    view = {MODEL_MIME: {"version_major": 2, "version_minor": 0, "model_id": model_id}}
    return {**view, **html, "text/plain": text}
