"""What a render function has built, and how it takes the place of what the function had built before."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.errors import InvalidComponentError
from nbblocks.core.graph import Graph, building
from nbblocks.core.nodes import Node
from nbblocks.core.parts import Exchange, Part, join
from nbblocks.core.results import Content
from nbblocks.core.sessions import Session, gather
from nbblocks.core.updates import skip

from .block import Block
from .component import Component
from .keys import check_keys, pairs, take_over
from .layout import Layout
from .pages import is_interactive
from .placing import graph_of

if TYPE_CHECKING:
    from nbblocks.core.scheduler import Scheduler


class Stage(Layout):
    """Holds what is being built, apart from the app that it is to stand in."""

    def __init__(self, part: Part) -> None:
        self.graph = part
        super().__init__({}, {"render": False})


@dataclass
class Joined:
    """What the pages must be told of."""

    state: dict[str, Any]
    """New properties, as keys of the root's state."""
    gone: dict[str, Any]
    """``blocks`` that are not there any more, as pairs of id and type, and ids of such ``listeners``."""
    kept: dict[Node, dict[str, Any]]
    """Properties that new blocks go on with, for their traits."""


class Rendering(Content):
    """The blocks and listeners of one run of a render function.

    :param container: where they are to stand
    """

    def __init__(self, container: Layout, part: Part, children: list[Block]) -> None:
        self.container, self.part, self.children = container, part, children
        self._states = {block: block.page_state() for block in self.blocks}
        # Of a block that may take another's place, what is as ever matters too.
        self._whole = {
            block: {name: block.page_prop(name, getattr(block, name)) for name in block.page_props}
            for block in self.blocks
            if block.key is not None or isinstance(block, Layout)
        }

    @property
    def blocks(self) -> list[Block]:
        """Its blocks, those of renderings inside of it left out."""
        return cast("list[Block]", list(self.part.nodes.values()))

    def apply(self, session: Session) -> None:
        """Have the running app show it."""
        host = self.container.running_host
        if host is not None:
            host.show_rendering(self, session)

    def join(self, scheduler: Scheduler, session: Session) -> Joined | None:
        """Become part of the app, in place of the rendering before. None if there is no place left.

        On the scheduler's loop. If this fails, all is as it was.
        """
        graph = self.part.whole
        if graph.nodes.get(self.container._id) is not self.container:
            return None  # it went with the rendering that it stood in
        before = list(_within(self.container))
        heirs = pairs(self.blocks, before[0].blocks) if before else []
        for new, old in heirs:
            self.part.renumber(new, old._id)
        outside = {node: _editable(graph, node) for node in _used_outside((self, *before))}
        exchange = join(self.part, [one.part for one in before])
        kept: dict[Node, dict[str, Any]] = {}
        for new, old in heirs:
            touched = _touched(old, session)
            held, kept[new] = take_over(new, old, session)
            _hand_on_state(new, old, scheduler)
            _let_go(old)
            known = {**{name: self._whole[new][name] for name in touched}, **self._states[new]}
            self._states[new] = {name: value for name, value in known.items() if name not in held}
        for child in self.children:
            child.parent = self.container
        self.container.children, self.container.rendered = self.children, self
        for block in cast("list[Block]", exchange.gone):
            scheduler.forget(block)
            _let_go(block)
        _settle_runs(exchange, scheduler)
        state = dict(self._page_keys())
        for node, was in outside.items():
            now = _editable(graph, node)
            if now not in (None, was) and getattr(session.view(node), "interactive", None) is None:
                state[f"{node._id}.interactive"] = now
        self._states.clear()
        self._whole.clear()
        blocks = [[block._id, cast("Block", block).page_type] for block in exchange.gone]
        gone = {"blocks": blocks, "listeners": [one.id for one in exchange.dropped]}
        return Joined(state, gone, kept)

    def _page_keys(self) -> Iterator[tuple[str, Any]]:
        for block in self.blocks:
            for name, value in self._states[block].items():
                yield f"{block._id}.{name}", value
            if isinstance(block, Component):
                shown = is_interactive(cast("Component[Any, Any]", block), self.part.whole)
                yield f"{block._id}.interactive", shown


def build(container: Layout, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call ``fn`` and return what it builds: for the output ``container``, where it joins the app later.

    In a worker thread.

    :raises ValueError: if two components have the same key
    """
    graph: Graph | None = graph_of(container)
    if graph is None:  # it went with the rendering that it stood in
        return skip()
    part = Part(graph, container)
    stage = Stage(part)
    with _under_construction(stage):
        fn(*args, **kwargs)
    part.settle()
    check_keys(cast("list[Block]", list(part.nodes.values())))
    return Rendering(container, part, stage.children)


@contextlib.contextmanager
def _under_construction(stage: Stage) -> Generator[None]:
    token = building.set(stage.graph)
    try:
        with stage:
            yield
    finally:
        building.reset(token)
        _fetch_frames(stage)


def _fetch_frames(stage: Stage) -> None:
    """Take back the frames that an app built inside has added to the app around the stage."""
    part = stage.graph
    for block in _below(stage):
        if block._id not in part.nodes:
            if part.whole.nodes.get(block._id) is block:
                part.whole.remove_node(block)
            part.add_node(block)


def _below(layout: Layout) -> Iterator[Block]:
    for child in layout.children:
        yield child
        if isinstance(child, Layout):
            yield from _below(child)


def _within(container: Block) -> Iterator[Rendering]:
    """The rendering that stands in a container, and those that stand inside of it."""
    if container.rendered is not None:
        yield container.rendered
        for block in container.rendered.blocks:
            yield from _within(block)


def _used_outside(renderings: Sequence[Rendering]) -> set[Node]:
    """Components elsewhere in the app that listeners of these renderings read or write."""
    return {
        node
        for rendering in renderings
        for listener in rendering.part.listeners.values()
        for node in (*listener.inputs, *listener.outputs)
        if node.has_value and not node.stateful and node._id not in rendering.part.nodes
    }


def _editable(graph: Graph, node: Node) -> bool | None:
    """Whether listeners make ``node`` interactive (CP-6); None if they do not tell."""
    return True if graph.is_input(node) else False if graph.is_output(node) else None


def _touched(block: Block, session: Session) -> set[str]:
    """Names of the properties that a page may hold otherwise than by default."""
    if isinstance(block, Layout):
        return set(block.page_props)  # pages set some of these by themselves
    defaults = block.page_defaults()
    return {
        name
        for one in (block, cast("Block", session.view(block)))
        for name in block.page_props
        if name not in defaults or getattr(one, name) != defaults[name]
    }


def _hand_on_state(new: Block, old: Block, scheduler: Scheduler) -> None:
    """Let each session go on with what it keeps for a State with a key (ST-76)."""
    if not new.stateful:
        return
    if "value" not in new.preserved_by_key:
        scheduler.forget(old)
    for session in scheduler.sessions:
        if (kept := session.states.peek(old)) is not None:
            session.states.set(new, kept.value, written=kept.written)


def _let_go(block: Block) -> None:
    block.host = block.parent = block.rendered = None
    block.is_rendered = False


def _settle_runs(exchange: Exchange, scheduler: Scheduler) -> None:
    """End repetitions that nobody listens to any more, and give waiting runs their new inputs (ST-77)."""
    for session in scheduler.sessions:
        scheduler.cancel(run for run in session.runs(exchange.dropped) if run.listener.every is not None)
        for run in session.runs(one for one, differs in exchange.kept.items() if differs):
            if run.started is None and session.follows:
                with contextlib.suppress(InvalidComponentError):  # it fails when its turn comes
                    run.values = gather(session, run.listener)
