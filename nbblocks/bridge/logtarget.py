"""Where the output of an app's code goes: to its log drawer, or to Python's `logging` where no page is."""

from __future__ import annotations

import base64
import contextvars
import json
import logging
import weakref
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.context import current_run

from . import output
from .assets import parts

if TYPE_CHECKING:
    from nbblocks.core.runs import Run

    from .host import Host

logger = logging.getLogger("nbblocks")

WIDGET = "application/vnd.jupyter.widget-view+json"
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
CHUNKS: dict[str, tuple[str, ...]] = {
    "text/html": ("html",),
    "text/markdown": ("markdown", "katex", "highlight"),
    "text/latex": ("markdown", "katex"),
}
"""What a page needs to draw a form; the richest comes first."""
FORMS = (WIDGET, *CHUNKS, "image/svg+xml", *IMAGES, "application/json")
MOST = 4_000_000
"""Characters of a form that is sent; of something larger, a smaller form is."""
MOST_NAMED = 1000
"""Displays that can be updated later."""


class LogTarget(output.Target):
    """Of one run, or of an app outside of runs. It keeps neither: threads that outlive them have it.

    :param run: None for what is called outside of runs
    """

    def __init__(self, host: Host, run: Run | None) -> None:
        super().__init__(self._write)
        self._host = weakref.ref(host)
        self._listener = None if run is None else run.listener.id
        self._run = None if run is None else run.id
        self._name = "the app" if run is None else repr(run.listener.name)
        self._own = run is None or run.session is host.session
        """Whether it belongs to the session that the pages show."""

    @property
    def alive(self) -> bool:
        """Until the app is closed."""
        host = self._host()
        return host is not None and not host.closed

    def _in_drawer(self) -> Host | None:
        host = self._host()
        return host if host is not None and (self._own or host.root is not None) else None

    def _write(self, stream: str, text: str) -> None:
        host = self._in_drawer()
        if host is not None:
            host.outbox.log(stream, text, self._listener, self._run)
        elif text.strip():
            # A handler that prints must not lead back here.
            contextvars.Context().run(logger.info, "%s of %s: %s", stream, self._name, text.rstrip())
        if (run := current_run.get()) is not None:
            run.reach.check()

    def show(self, data: dict[str, Any], metadata: dict[str, Any], name: str | None, *, update: bool) -> bool:
        """Send the richest form that the drawer can show."""
        host = self._in_drawer()
        if host is None:
            return super().show(data, metadata, name, update=update)
        known = host.surroundings.displayed
        if update and name not in known:
            return False
        form, value = _richest(data)
        size = len(value) if isinstance(value, str) else len(json.dumps(value))
        content: dict[str, Any] = {"form": form, "value": value}
        shape = {side: one for side in ("width", "height") if (one := _number(metadata, form, side))}
        if shape:
            content["shape"] = shape
        if name is not None:
            content["display_id"] = name
            known[name] = None
            while len(known) > MOST_NAMED:
                known.pop(next(iter(known)), None)
        if update:
            content["update"] = True
        part = parts().get("showing")
        if host.outline.need([*([part] if part else []), *CHUNKS.get(form, ())]):
            host.outbox.state({"chunks": {}})  # they are filled in when it is sent
        host.outbox.show(content, size, self._listener, self._run)
        return True

    def clear(self, *, wait: bool) -> None:
        """Clear what the run has put out."""
        host = self._in_drawer()
        if host is not None:
            host.outbox.clear_log(self._listener, self._run, wait=wait)


def _richest(data: dict[str, Any]) -> tuple[str, Any]:
    """The form to show, and its content as pages take it."""
    for form in FORMS:
        value = data.get(form)
        if value is None or _says_nothing(form, value):
            continue
        value = _as_sent(value)
        if (len(value) if isinstance(value, str) else len(json.dumps(value, default=str))) <= MOST:
            return form, value
    plain = str(data.get("text/plain", ", ".join(data)))
    if len(plain) > MOST:
        plain = f"{plain[:MOST]}\n… {len(plain) - MOST:,} characters left out"
    return "text/plain", plain


def _says_nothing(form: str, value: Any) -> bool:
    """Whether it is HTML that its scripts would draw, and so empty where none run."""
    return form == "text/html" and "<script" in str(value).lower()


def _as_sent(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (dict, list)):
        return json.loads(json.dumps(value, default=str))
    return str(cast("object", value))


def _number(metadata: dict[str, Any], form: str, side: str) -> int | None:
    """Width or height in px that somebody has asked for."""
    told: Any = metadata.get(form)
    value = (cast("dict[str, Any]", told) if isinstance(told, dict) else metadata).get(side)
    return int(value) if isinstance(value, (int, float)) and 0 < value < 100_000 else None
