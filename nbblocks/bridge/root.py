"""Root: the one widget of an app that has a front-end. It carries the properties of all blocks (D1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

import traitlets as t
from anywidget import AnyWidget
from ipywidgets import Widget

from .assets import asset, text_of
from .packing import fit, fit_bytes, packed
from .refusals import refusals

logger = logging.getLogger("nbblocks")

Unshown = Callable[[str, Exception], Mapping[str, Any]]
"""Is told of a key that cannot be sent, and why; gives keys that are sent instead."""


class Source(Protocol):
    """The app behind a root."""

    def page_state(self) -> dict[str, Any]:
        """All keys that the page needs beside the root's own traits."""
        ...

    def receive(self, content: object, buffers: Sequence[Any]) -> None:
        """Take a custom message from a page: any thread, must return at once."""
        ...


class Root(AnyWidget):
    """Shows an app. Its state holds ``tree``, ``listeners``, ``options``, and each property of each block."""

    layout = t.Any(None, allow_none=True).tag(sync=True)
    """No Layout widget: the page takes the whole width, and one comm less is opened."""
    bundle = t.Unicode().tag(sync=True)
    version = t.Unicode().tag(sync=True)

    def __init__(self, source: Source, version: str, resend: Callable[[], object] | None = None) -> None:
        """Open the comm, with the whole app in its first message.

        :param resend: has the writer send the whole state, for a page that asks for it
        """
        self._source = source
        self._resend: Callable[[], object] = resend or cast("Any", self).send_state
        self._esm = text_of("loader.js")
        super().__init__(bundle=f"anywidget:{asset('bundle.js').model_id}", version=version)

    def open(self) -> None:
        """Open the comm, and let clicks be served while a cell runs (D4)."""
        super().open()
        keep_asked_subshell(self.comm)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The root's traits and, for a whole state, the app's."""
        state = cast("dict[str, Any]", super().get_state(key, drop_defaults))  # pyright: ignore[reportUnknownMemberType]
        if key is None:
            state |= self._source.page_state()
        return state

    def send_changes(self, changes: Mapping[str, Any], unshown: Unshown | None = None) -> None:
        """Send changed keys of the app's state as one update: all that can be sent. The writer calls it.

        :param unshown: is told of keys that cannot
        """
        unshown = unshown or _left_out
        update = _update(changes, unshown)
        if not update[0]["state"]:
            return
        try:
            self._post(*update)
        except Exception as error:
            if len(changes) == 1:
                raise
            logger.debug("an update is sent key by key: %s", error)
            self._send_each(changes, unshown)

    def _send_each(self, changes: Mapping[str, Any], unshown: Unshown) -> None:
        """Send an update key by key: the host's way to pack it has failed."""
        for key, value in changes.items():
            try:
                self._post(*_update({key: value}, unshown))
            except Exception as error:  # noqa: BLE001, PERF203 - the others are sent
                self._post(*_update(unshown(key, error), _left_out))

    def send_custom(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Send a custom message. The writer calls it.

        :raises Unfit: if there is something in it that JSON does not know
        """
        self._post({"method": "custom", "content": fit(content)}, [fit_bytes(one) for one in buffers])

    def _post(self, data: dict[str, Any], buffers: Sequence[Any]) -> None:
        comm = cast("Any", self.comm)
        if comm is not None:
            comm.send(data=data, buffers=buffers)

    def _handle_msg(self, msg: Any) -> None:
        """Take what a page sends. It is untrusted: anything odd is logged and dropped."""
        try:
            data = msg["content"]["data"]
            method = data["method"]
            if method == "custom":
                self._source.receive(data["content"], msg.get("buffers") or [])
            elif method == "request_state":
                self._resend()
            elif method == "update" and data["state"].keys() <= {"value"}:
                pass  # of a handle: the page sends the value besides, as it does whatever is changed there
            else:
                refusals.note("a page sent the method %.40r, which is not for pages to use", method)
        except (KeyError, TypeError, AttributeError) as error:
            refusals.note("a malformed comm message was refused: %s: %s", type(error).__name__, error)

    def end(self, *, keep_views: bool) -> None:
        """Close the comm.

        :param keep_views: leave the views in the pages: told of a closed comm, a page would take them away
        """
        close_comm(self, keep_views=keep_views)


def close_comm(widget: Widget, *, keep_views: bool) -> None:
    """Close a widget's comm, and leave its views in the pages if they are to be kept: see `Root.end`."""
    if keep_views and widget.comm is not None:
        cast("Any", widget.comm).publish_msg = _say_nothing
    widget.close()


def _update(changes: Mapping[str, Any], unshown: Unshown) -> tuple[dict[str, Any], list[Any]]:
    state, paths, buffers = packed(changes, unshown)
    return {"method": "update", "state": state, "buffer_paths": paths}, buffers


def _left_out(key: str, error: Exception) -> dict[str, Any]:
    logger.error("the key %s of an app's state cannot be sent: %s", key, error)
    return {}


def _say_nothing(*_: Any, **__: Any) -> None:
    """Stands in for sending."""


def keep_asked_subshell(comm: Any) -> None:
    """Let messages of ``comm`` go to the subshell that the page asked for.

    ipykernel 7.2 and later sends them to the one that published last, which waits for the running cell. The
    method is private; where it is missing, clicks wait for the cell as everywhere in ipywidgets.
    """
    if hasattr(comm, "_reply_subshell_for"):
        route: Callable[[Any, Any], Any] = lambda data, default: default  # noqa: E731
        comm._reply_subshell_for = route
