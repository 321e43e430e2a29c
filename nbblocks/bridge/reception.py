"""What an app does with what its pages say: values, events, results of js, and their coming and going."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.errors import InvalidPathError, MessageError
from nbblocks.core.events import FILE_EVENTS
from nbblocks.core.nodes import Node
from nbblocks.core.runs import Run

from .admission import admitted, looked_through
from .block import Block
from .component import Component
from .files import read_record
from .messages import Begun, EventMessage, Hello, JsEnded, PageMessage, Set, Values
from .portal import portal
from .refusals import refusals

if TYPE_CHECKING:
    from .host import Host


REGRET = 20.0
"""Seconds in which a deleted cell may be brought back, or put elsewhere, before its app is closed."""


class Reception:
    """Takes the checked messages of all pages of one app, each view's in order. On the loop only."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._heard: dict[str, int] = {}
        """The number of the last message of each view."""
        self._refused: list[Component[Any, Any]] = []
        """Whose values in the message at hand were refused."""

    def handle(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        """Take one message.

        :raises MessageError: if it names what the app does not have, or may not name
        """
        if self.host.closed or self.host.session is None:
            return
        with self.host.cache_active():
            message = cast("PageMessage", looked_through(message))
        try:
            self._take(message, buffers)
        finally:  # also of one that is refused: its page does not wait for ever
            self._end(message)

    def _end(self, message: PageMessage) -> None:
        """All that a message causes has begun: what goes out from now on takes it into account (TR-30)."""
        view, kind = message["view"], message["type"]
        if kind != "bye":
            self._heard[view] = message["seq"]
        self.host.outbox.heard(view, message["seq"], answer=kind in ("event", "values", "js", "refused"))
        refused, self._refused = self._refused, []
        session = self.host.session
        if refused and session is not None:  # the page is told what it is still
            self.host.outbox.deliver({one: {"value": session.value(one)} for one in refused})

    def _take(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        assert self.host.session is not None
        view = message["view"]
        if self.host.session.closed and message["type"] != "bye":
            self.host.new_session()  # somebody has come back after the grace time (ST-13)
            if message["type"] != "hello":  # it was there all the time, and its kernel or page asleep
                self.host.scheduler.open_session(self.host.session, view)
        if message["type"] == "bye":
            self.host.inbox.forget(view)
            self.view_gone(view)
            if message["deleted"]:
                portal.later(REGRET, self.host.abandoned)
            return
        if (silent := self.host.views.crowded_out(view)) is not None:
            self.view_gone(silent)
        self.host.views.heard(view)
        if message["type"] == "hello":
            self._see()
        match message["type"]:
            case "hello":
                self._open(message)
            case "js":
                self._js_ended(message)
            case "event":
                self._event(message)
            case "values":
                self.host.outbox.expect_answer()
                settled = self._waiting(message)
                self._changed(view, self._apply(message["values"]), message["js"])
                self._settle(settled)
            case "set":
                self._set(message)
            case "upload":
                self.host.transfers.uploads.begin(message, buffers[0] if buffers else None)
            case "chunk":
                self.host.transfers.uploads.chunk(message, buffers[0])
            case "upload_end":
                self.host.transfers.uploads.end(message)
            case "upload_ask":
                self.host.transfers.uploads.ask(message)
            case "upload_cancel":
                self.host.transfers.uploads.cancel(message["upload"])
            case "download":
                self.host.transfers.downloads.begin(message)
            case "ack":
                self.host.transfers.downloads.ack(message)
            case "download_cancel":
                self.host.transfers.downloads.cancel(message["download"])
            case "refused":
                if message["upload"]:
                    self.host.transfers.uploads.refused(message["upload"], message["why"])
            case "stop":
                self._stop(message["run"])
            case "ask":
                self.host.asking.ask(message)
            case "beat":
                self.host.views.hide(view, message["hidden"])
                self._see()

    def _open(self, message: Hello) -> None:
        assert self.host.session is not None
        if self.host.session.opened:
            return  # what a browser has kept must not replace what the session holds (ST-6)
        kept = self._apply(message["values"])
        if kept:  # its page cannot know before that they were wanted
            self.host.outbox.deliver({one: {"value": self.host.session.value(one)} for one in kept})
        self.host.scheduler.open_session(self.host.session, message["view"], message["js"])

    def _js_ended(self, message: JsEnded) -> None:
        view = message["view"]
        self.host.outbox.expect_answer()
        settled = self._waiting(message)
        self._changed(view, self._apply(message["values"]))
        self.host.scripts.arrived(view, message["ticket"], message["result"], message["error"])
        self._settle(settled)

    def checked_js(self, run: Run, result: Sequence[Any]) -> list[Any]:
        """What js gave for the inputs of ``run``, as wire values (EV-152)."""
        with self.host.cache_active():
            return [
                raw if node.stateful else cast("Component[Any, Any]", run.session.view(node)).from_page(raw)
                for node, raw in zip(run.listener.inputs, map(admitted, result), strict=False)
            ]

    def _event(self, message: EventMessage) -> None:
        assert self.host.session is not None
        node = self.host.graph.nodes.get(message["node"])
        if node is None and message["node"] in self.host.graph.gone:  # it was pressed just before it went
            self.host.outbox.expect_answer()
            self._changed(message["view"], self._apply(message["values"]))
            return
        if node is None or not node.offers(message["event"]):
            raise MessageError(f"block {message['node']} of this app has no event {message['event']!r}")
        if message["event"] == "change" and node.has_value:
            raise MessageError("change events are raised by the kernel, a page sends values")
        try:
            data = self._data(node, message)
        except (MessageError, InvalidPathError) as error:
            self._changed(message["view"], self._apply(message["values"]))  # they are not lost by it
            text = f"the event {message['event']!r} names a file it may not: {error}"
            raise MessageError(text) from None
        self.host.outbox.expect_answer()
        self.host.transfers.downloads.in_use()
        settled = self._waiting(message)
        changed = self._apply(message["values"])
        view, event, js, only = message["view"], message["event"], message["js"], message.get("only")
        if event != "input":  # a new value is known before it is uploaded or submitted (CP-43)
            self._changed(view, changed, js)
        busy = self.host.scheduler.trigger(
            self.host.session, node, event, data, origin=view, js=js, only=only
        )
        if event == "input":  # input comes first (EV-128)
            self._changed(view, changed, js)
            if busy:  # the page raises it again for them, when they are done (TR-33)
                told = {"type": "busy", "view": view, "seq": message["seq"], "node": node._id}
                self.host.outbox.custom({**told, "listeners": [one.id for one in busy]})
        self._settle(settled)

    def _waiting(self, message: EventMessage | Values | JsEnded) -> frozenset[int]:
        """Note of which nodes events are still to come; those of which none is any more."""
        assert self.host.session is not None
        return self.host.session.precedence.announced(message["view"], message.get("waiting", ()))

    def _settle(self, numbers: Iterable[int]) -> None:
        assert self.host.session is not None
        for number in numbers:
            self.host.scheduler.settle(self.host.session, self.host.graph.nodes.get(number))

    def _data(self, node: Node, message: EventMessage) -> dict[str, Any] | None:
        """The data of an event.

        :raises InvalidPathError: if they name a file that the page may not have (CP-12)
        :raises MessageError: if they are not of the block's form
        """
        assert self.host.session is not None
        data = cast("Block", self.host.session.view(node)).event_data(admitted(message["data"]))
        file = None if data is None else data.get("file")
        if isinstance(file, dict) and message["event"] in FILE_EVENTS:
            with self.host.cache_active():  # also one that does not say that it is a file
                return {**cast("dict[str, Any]", data), "file": read_record(cast("object", file))}
        return data

    def _apply(self, values: list[tuple[int, Any]]) -> list[Component[Any, Any]]:
        """Set values that a page has sent; a bad one is refused alone."""
        assert self.host.session is not None
        accepted: dict[Any, Any] = {}
        changed: list[Component[Any, Any]] = []
        for number, raw in values:
            block = self.host.component(number)
            if block is None and number in self.host.graph.gone:
                continue
            if block is None or block.stateful:
                refusals.note("a page sent a value for %r, which is no component of this app", number)
                continue
            try:
                with self.host.cache_active():
                    wire = cast("Component[Any, Any]", self.host.session.view(block)).from_page(admitted(raw))
            except ValueError as error:
                self._refuse(block, error)
                self._refused.append(block)
                continue
            accepted[block] = wire
            if block.takes_files:
                self.host.transfers.uploads.settled(number)
            if self.host.session.set_value(block, wire):
                changed.append(block)
        if accepted:
            self.host.session.precedence.edited(accepted)
            self._lent_on({block: {"value": wire} for block, wire in accepted.items()})
            self.host.outbox.mirror_only({block: {"value": wire} for block, wire in accepted.items()})
        return changed

    def _stop(self, number: int) -> None:
        """Stop a run; it may have ended meanwhile."""
        assert self.host.session is not None
        for run in self.host.session.runs():
            if run.id == number:
                self.host.outbox.expect_answer()
                self.host.scheduler.interrupt(run)

    def _set(self, message: Set) -> None:
        """Take over properties that the front of a component has set; a bad one is refused alone.

        :raises MessageError: if there is no such component
        """
        assert self.host.session is not None
        block = self.host.component(message["node"])
        if block is None:
            if message["node"] in self.host.graph.gone:
                return
            raise MessageError(f"block {message['node']} is no component of this app that could be set")
        view = cast("Block", self.host.session.view(block))
        accepted: dict[str, Any] = {}
        for name, raw in message["props"].items():
            try:
                accepted[name] = view.prop_from_page(name, admitted(raw))
            except MessageError as error:  # noqa: PERF203 - the others are taken
                self._refuse(block, error)
                if name in block.page_props:  # what it is still
                    self.host.outbox.deliver({block: {name: getattr(view, name)}})
        if not accepted:
            return
        with contextlib.suppress(TypeError):  # a constructor of the user's own need not take them
            self.host.session.configure(block, view.reconfigured(accepted))
        self._lent_on({block: accepted})
        self.host.outbox.mirror_only({block: accepted})
        if len(self.host.views) > 1:
            shown = [[block._id, name, block.page_prop(name, value)] for name, value in accepted.items()]
            self._tell_others(message["view"], values=[], props=shown)

    def _lent_on(self, changes: dict[Any, dict[str, Any]]) -> None:
        """What one property shows of files elsewhere a page may have put into another."""
        display = self.host.display
        if display.lending:
            for block, props in changes.items():
                for name, value in props.items():
                    display.shows(f"{block._id}.{name}", value)

    def _refuse(self, block: Block, error: ValueError) -> None:
        """Note what is wrong with what a page has sent; whoever wrote its front is told in the page."""
        told = refusals.note("a value from the page was refused: %s", error)
        if told and block.draws_itself:
            self.host.outbox.log("error", f"A value from the page was refused: {error}", None, None)

    def _changed(
        self, view: str, changed: list[Component[Any, Any]], js: dict[int, Begun] | None = None
    ) -> None:
        assert self.host.session is not None
        if len(self.host.views) > 1:
            self._echo(view, changed)
        for block in changed:
            self.host.scheduler.trigger(self.host.session, block, "change", origin=view, js=js)

    def _echo(self, view: str, changed: list[Component[Any, Any]]) -> None:
        """Show what one page has changed to the others; it must not come back to where somebody types."""
        assert self.host.session is not None
        values = {one: self.host.session.value(one) for one in changed}
        files: dict[Node, dict[str, Any]] = {
            one: {"value": value} for one, value in values.items() if one.takes_files
        }
        typed = [
            [one._id, one.page_prop("value", value)] for one, value in values.items() if not one.takes_files
        ]
        if files:  # the other pages need their bytes, and nobody types a file
            self.host.outbox.deliver(files)
        if typed:
            self._tell_others(view, values=typed)

    def _tell_others(self, view: str, **content: Any) -> None:
        """Tell the other pages what one has set."""
        self.host.outbox.custom({"type": "echo", "view": view, "heard": dict(self._heard), **content})

    def _see(self) -> None:
        """Timers go by whether a view is in sight; one that comes is."""
        if self.host.session is not None and len(self.host.views):
            self.host.session.visible = self.host.views.visible

    def view_gone(self, view: str) -> None:
        """A view has said goodbye, or was silent too long."""
        self.host.views.gone(view)
        self._heard.pop(view, None)
        if self.host.session is not None:
            self._settle(self.host.session.precedence.announced(view, ()))
        self._see()
        self.host.scripts.view_gone(view)
        self.host.transfers.view_gone(view)

    def watched(self, watched: bool) -> None:
        """The first view has come, or the last one gone."""
        if self.host.session is not None:
            self.host.session.watched = watched
