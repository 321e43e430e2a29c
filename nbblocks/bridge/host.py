"""A running app: its session, scheduler, root and files, tied together."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any, cast

import anyio
import anyio.to_thread

from nbblocks.core.graph import Graph
from nbblocks.core.nodes import Page, Sink
from nbblocks.core.places import warn
from nbblocks.core.registration import staying_text
from nbblocks.core.scheduler import Scheduler
from nbblocks.core.sessions import Session
from nbblocks.core.states import Kept, call_back_here
from nbblocks.core.workers import can_be_sent

from . import cache, cells, output, parting
from .asking import Asking
from .block import Block
from .component import Component
from .display import Display
from .hands import Hand
from .heirs import inherit
from .inbox import Inbox
from .keeping import Keeping, picture
from .layout import Layout
from .mimebundle import mimebundle
from .mirroring import Mirroring
from .options import ShowOptions
from .outbox import Outbox
from .outline import Outline
from .portal import portal
from .reception import Reception
from .rendering import Rendering
from .root import Root
from .scripts import Scripts
from .showing import Showing
from .supervision import Supervision
from .surroundings import Surroundings
from .transfers import Transfers
from .views import Views
from .writer import shared_writer

logger = logging.getLogger("nbblocks")

DROWSY = 0.2
"""Seconds between two looks whether an app that nobody uses has come to rest."""
PATIENCE = 5.0


class Host:
    """Runs one app: everything between its blocks and its pages. It starts with the first view or Client.

    :param top: the layout that holds the app's blocks
    :param graph: its listeners
    """

    def __init__(self, top: Layout, graph: Graph, options: ShowOptions | None = None) -> None:
        self.top, self.graph = top, graph
        self.options = options or ShowOptions()
        self.root: Root | None = None
        self.session: Session | None = None
        self.cache = cache.create()
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self.lock = threading.RLock()
        self.outline = Outline(top, graph)
        self.display = Display(self)
        self.surroundings = Surroundings(self)
        self.scheduler = Scheduler(graph, self.surroundings)
        self._hands = Hand("nbblocks-observers"), Hand("nbblocks-forms")
        mirroring = Mirroring(
            *self._hands,
            self.surroundings.beside,
            self.display.faults.note,
            self.surroundings.observer_failed,
        )
        self.outbox = Outbox(self.display.send_changes, self.display.send_custom, mirroring=mirroring)
        self.reception = Reception(self)
        self.supervision = Supervision(self)
        self.inbox = Inbox(portal, self.supervision.take)
        self.views = Views(self.reception.watched, time.monotonic)
        self.scripts = Scripts(
            self.views.names, self.outbox.custom, self.reception.checked_js, self.scheduler.js_ended
        )
        self.transfers = Transfers(
            self.outbox.custom,
            self.cache,
            self.display,
            lambda offers: self.outbox.state({"unfinished": offers}),
        )
        self.showing = Showing(self)
        self.keeping = Keeping(self)
        self.outbox.changed = self.keeping.touch
        self.asking = Asking(self, self.outbox.custom)
        self.running = False
        self.dozing = False
        """Whether it has stopped for want of views and Clients; `start` goes on (AP-43)."""
        self.closed = False
        self.alone: Component[Any, Any] | None = None
        """The one component that it shows: its root is the component's handle."""
        self.subject: Block = top
        """The block that the root stands for among other widgets."""
        self.shown_in: set[str | None] = set()
        """Ids of the cells whose outputs hold its views."""
        self.legacy: list[Kept] = []
        """State of the app before it, that waits for a session."""
        self._inherited = False
        self._clients = 0
        self._ending: anyio.Event | None = None
        self._ready = threading.Event()
        """Set while the scheduler serves."""
        self._served = threading.Event()
        self._served.set()
        self.parted = threading.Event()
        """Set when all has been called that its sessions wanted called at their end."""

    # -- life

    def start(self) -> None:
        """Start the scheduler, if it does not run. Any thread but the loop's."""
        with self.lock:
            if self.closed:
                return
            starting = not self.running
            if starting:
                self._acquire()
        if not starting:
            self._ready.wait(PATIENCE)  # somebody else is at it
            return
        try:
            self._served.wait(PATIENCE)  # for the rest of what it did before it dozed off
            portal.start(self._serve)
        finally:
            self._ready.set()
        for block in self.blocks():
            block.host = self
            block.heard()

    def _acquire(self) -> None:
        self.graph.check()
        self._warn_of_staying()
        portal.acquire()
        shared_writer.acquire()
        output.acquire()
        for hand in self._hands:
            hand.open()
        self.running = True
        self.dozing = False
        self._ready.clear()
        self.parted.clear()
        parting.running.add(self)
        parting.at_exit()

    def _warn_of_staying(self) -> None:
        if self.graph.settings.executor is not None:
            functions = [one.function for one in self.graph.listeners.values()]
            names = [one.told for one in functions if one is not None and not can_be_sent(one)]
            if names:
                warn(staying_text(sorted(set(names))))

    async def _serve(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        self._served.clear()
        self._ending = anyio.Event()
        try:
            await self.supervision.serve(task_status.started, self._ending)
        finally:
            if self.closed:  # not before all has been called that may want its files
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(self.cache.close)
            self.parted.set()
            self._served.set()

    @property
    def delete_cache(self) -> tuple[float, float] | None:
        """How often old files are deleted while the app runs, and how old they are then; in seconds."""
        return getattr(self.top, "delete_cache", None)

    def in_use(self) -> list[object]:
        """What is shown or held, and may name files that must stay (AP-18). On the loop."""
        held = [one for session in self._sessions if not session.closed for one in session.held()]
        blocks = [*self.blocks(), *(one for one in held if isinstance(one, Block))]
        return held + [getattr(block, name) for block in blocks for name in block.page_props]

    def show(self) -> Root:
        """The root to be displayed; it is made with the first view."""
        self.start()
        self.shown_in.add(cells.current_cell_id())
        return self.showing.root()

    def mimebundle(self, text: str) -> dict[str, Any]:
        """What a cell displays: a view, and a picture of the app there or below it."""
        root = self.show()
        html = None
        if self.options.keep_picture:
            html = "" if self.keeping.place() else picture(self.top.children, self.display.may_send)
        return mimebundle(root.model_id, text, html)

    def resend(self) -> None:
        """Have the writer send the whole app to the pages. Any thread."""
        apart = any(block.made_by_user for block in self.blocks())
        self.outbox.whole(self.display.whole, apart=apart)

    def inherit(self, earlier: Host) -> None:
        """Take over what the app that stood in the same place has of keyed components, once (ST-74)."""
        if not self._inherited:
            self._inherited = True
            inherit(self, earlier)

    def new_session(self) -> None:
        """A session for the pages, of what the widgets hold (ST-1) and of what it has inherited."""
        self.session = self.open_session(self.outbox, follows=True, page=self.scripts, watched=False)
        for block in self.blocks():
            if isinstance(block, Component) and not block.stateful:
                component = cast("Component[Any, Any]", block)
                self.session.set_value(component, component.value)
        legacy, self.legacy = self.legacy, []
        for kept in legacy:
            self.session.states.set(kept.node, kept.value, written=kept.written)

    def open_session(
        self, sink: Sink | None = None, *, follows: bool, page: Page | None = None, watched: bool = True
    ) -> Session:
        """A new session of the app: the notebook's, or a Client's."""
        session = Session(sink, follows=follows, page=page, watched=watched)
        self._sessions.add(session)
        return session

    def enter_client(self) -> None:
        """A Client begins to use the app. Any thread but the loop's."""
        with self.lock:
            self._clients += 1
        self.start()

    def leave_client(self) -> None:
        """A Client has gone; with nobody left the app stops until it is used again: it can be freed.

        On the loop: the collector finds lost Clients in any thread, whatever locks that holds.
        """
        with self.lock:
            self._clients -= 1
        self._doze()

    def _doze(self) -> None:
        with self.lock:
            if self._clients or self.root is not None or not self.running:
                return
            if not self.scheduler.idle:  # functions of cancelled runs, or what is called at a session's end
                portal.later(DROWSY, self._doze)
                return
            self.running, self.dozing = False, True
            parting.running.discard(self)
            self.stop()
        self._release()

    def _release(self) -> None:
        parting.stopped.add(self)
        output.release()
        for hand in self._hands:
            hand.rest()
        shared_writer.release()
        portal.release()

    def close(self, *, replaced: bool = False) -> None:
        """Stop the scheduler, close the sessions, grey out the views, delete the files. Any thread.

        :param replaced: the output that held the views is gone, so nobody has to be told
        """
        with self.lock:
            if self.closed:
                return
            self.closed, self.dozing = True, False
        if not replaced:
            self.keeping.end()
        for block in self.blocks():
            block.host = None
        if self.running:
            parting.running.discard(self)
            self.running = False
            if not replaced:
                self.outbox.state({"options": {**self.display.options(), "live": False}})
                self.outbox.custom(
                    {"type": "close", "note": "This app was closed: run its cell again to use it."}
                )
            self.outbox.end(functools.partial(self._end_root, replaced), wait=not portal.on_loop)
            portal.hand(self.stop)
            self._release()
        else:
            self.cache.close()
            self._end_root(replaced)
        for kept in self.legacy:  # nobody ever saw the app that was to have it
            threading.Thread(target=call_back_here, args=(kept,), name="nbblocks-end", daemon=True).start()
        self.legacy.clear()

    def abandoned(self) -> None:
        """The cell that showed it was deleted a while ago: close it, unless somebody uses it. On the loop."""
        with self.lock:
            if len(self.views) or self._clients or self.closed:
                return
        logger.info("an app was closed, since its cell was deleted")
        getattr(self.top, "abandoned", self.close)()

    def _end_root(self, replaced: bool) -> None:
        if self.root is not None:
            self.root.end(keep_views=not replaced)
        for block in self.blocks():
            if block.handle is not None:
                block.handle.end(keep_views=not replaced)
                block.handle = None

    def stop(self) -> None:
        """Close the sessions and stop the scheduler. On the loop."""
        for session in list(self._sessions):
            self.scheduler.close_session(session)
        self.scheduler.when_parted(self.parted.set)
        self.transfers.close()
        self.scheduler.stop()
        if self._ending is not None:
            self._ending.set()
        self.supervision.end()

    def refresh(self) -> None:
        """Show what was added to the app while it runs (AP-5)."""
        if self.running:
            for block in self.blocks():
                block.host = self
            portal.hand(self._begin_timers)
            if self.root is not None:
                self.resend()

    def _begin_timers(self) -> None:
        if self.session is not None and self.session.opened:
            self.scheduler.start_timers(self.session)

    def show_rendering(self, rendering: Rendering, session: Session) -> None:
        """Put what a render function has built in its place, and tell the page. On the loop.

        It is the notebook session's; a Client's only as long as the app has no page.
        """
        if self.session not in (None, session):
            return
        with self.lock, self.cache_active():
            joined = rendering.join(self.scheduler, session)
            if joined is None:
                return
            for block in rendering.blocks:
                block.host = self
            self.outbox.keep_statuses(self.graph.listeners)
            self.display.lending.keep(self.graph.nodes)
            self.outbox.mirror_only(joined.kept)
            if self.root is not None:
                self.outbox.state(joined.state | self.outline.renewed())
                if any(joined.gone.values()):
                    self.outbox.custom({"type": "forget", **joined.gone})
        self.scheduler.joined(session, rendering.part.nodes.values(), rendering.part.listeners.values())

    def component(self, number: int) -> Component[Any, Any] | None:
        """The component of the app with that id."""
        node = self.graph.nodes.get(number)
        return cast("Component[Any, Any]", node) if isinstance(node, Component) else None

    def blocks(self) -> list[Block]:
        """The app's blocks, its frame first."""
        return [self.top, *cast("list[Block]", list(self.graph.nodes.values()))]

    def page_state(self) -> dict[str, Any]:
        """The whole app, as keys of the root's state."""
        return self.display.page_state()

    def show_handles(self) -> None:
        """Tell the pages that a component has got a handle."""
        self.display.show_handles()

    def show_layout(self, block: Block) -> None:
        """Tell the pages that a block has got a layout, if the root stands for it."""
        if block is self.subject and self.root is not None:
            self.outbox.state(self.display.layout())

    # -- what pages say

    def receive(self, content: object, buffers: Sequence[Any]) -> None:
        """Take a custom message: any thread."""
        self.inbox.receive(content, buffers)

    def set_from_code(self, block: Block, name: str, value: Any, before: Any) -> None:
        """Code has set a property of a block: show it and dispatch what it causes. Any thread."""
        block.unheard(name)
        if not portal.hand(self.supervision.when_serving, self._code_set, block, name, value, before):
            block.heard(name)

    def say(self, block: Block, content: Any, buffers: Sequence[Any]) -> None:
        """Send a message to the front of a block in all pages. Any thread."""
        self.outbox.custom({"type": "say", "node": block._id, "content": content}, buffers)

    def _code_set(self, block: Block, name: str, value: Any, before: Any) -> None:
        block.heard(name)
        if self.session is None:
            return
        self.outbox.deliver({block: {name: value}})
        self.session.set_property(block, name, value)
        self.scheduler.touched(self.session, block)
        if name == "value" and self.session.set_value(block, value, initially=before):
            self.scheduler.changed(self.session, [block])

    def cache_active(self) -> contextlib.AbstractContextManager[None]:
        """Files go to the app's cache inside."""
        return cache.activated(self.cache)
