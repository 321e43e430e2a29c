"""What the pages of an app see of it, and the files they may have and give."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.errors import MessageError

from .block import Block
from .component import Component
from .faults import Faults
from .lending import Lending
from .packing import Unfit, fit
from .pages import is_interactive

if TYPE_CHECKING:
    from .host import Host

logger = logging.getLogger("nbblocks")


class Display:
    """Puts together what the pages of one app get."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.lending = host.cache.elsewhere.lent = Lending()
        """What they are shown of files that are not in the app's cache (TR-1, TR-2)."""
        self.faults = Faults(lambda text: host.outbox.log("error", f"{text}\n", None, None))
        self.missed = False
        """Whether something was to be sent before there was a root."""

    def page_state(self) -> dict[str, Any]:
        """The whole app, as keys of the root's state. It runs code of users' own components."""
        host = self.host
        with host.cache_active():
            state = {**host.outline.now(), "options": self.options(), "picture": host.keeping.mark}
            for block in host.blocks():
                state |= self._shown(block)
            if host.alone is not None:
                state["value"] = state.get(f"{host.alone._id}.value")
            if handles := self._handles():
                state["handles"] = handles
            state |= self.layout()
            if host.transfers.uploads.offers:
                state["unfinished"] = host.transfers.uploads.offers
            return host.outline.whole(self._fitted(state | host.outbox.statuses), self.unshown)

    def whole(self) -> dict[str, Any]:
        """As `page_state`, to be sent: an outline that was to be sent before is not needed any more."""
        return self.page_state() | self.host.outline.renewed()

    def _shown(self, block: Block) -> dict[str, Any]:
        """What pages must know of a block, as keys of the root's state."""
        state: dict[str, Any] = {}
        for name in block.page_names():
            key = f"{block._id}.{name}"
            try:
                state[key] = block.page_prop(name, getattr(block, name))
            except Exception as error:  # noqa: BLE001 - the others are shown
                state |= self.faults.note(block, name, error)
        if isinstance(block, Component):
            found = is_interactive(cast("Component[Any, Any]", block), self.host.graph)
            state[f"{block._id}.interactive"] = found
        return state

    def _fitted(self, state: dict[str, Any]) -> dict[str, Any]:
        return {key: found for one, value in state.items() for key, found in self._fitting(one, value)}

    def _fitting(self, key: str, value: Any) -> list[tuple[str, Any]]:
        """The key with its value as it can be sent, or what is sent in its place."""
        try:
            fitting = fit(value)
        except Unfit as error:
            return list(self.unshown(key, error).items())
        self.shows(key, value)  # as it was given: that tells files from what looks like one
        return [(key, fitting), *self.faults.cleared(key).items()]

    def unshown(self, key: str, error: Exception) -> dict[str, Any]:
        """A key of the root's state cannot be sent: what is sent in its place."""
        owner, _, name = key.partition(".")
        node = self.host.graph.nodes.get(int(owner)) if owner.isdigit() else None
        if owner.isdigit() and int(owner) == self.host.top._id:
            node = self.host.top
        if isinstance(node, Block):
            return self.faults.note(node, name, error)
        logger.error("%s of the app cannot be sent: %s", key, error)
        self.host.outbox.log("error", f"{key} of the app cannot be sent: {error}\n", None, None)
        return {}

    def options(self) -> dict[str, Any]:
        """How the app is shown."""
        limit = self.host.options.max_file_size
        return {**self.host.options.for_page(), "max_file_size": limit, "live": not self.host.closed}

    def _handles(self) -> dict[str, str]:
        if self.host.alone is not None:
            return {str(self.host.alone._id): "root"}
        return {
            str(block._id): f"IPY_MODEL_{handle.model_id}"
            for block in self.host.blocks()
            if isinstance(block, Component)
            if (handle := block.handle) is not None and handle.comm is not None
        }

    def layout(self) -> dict[str, Any]:
        """The root's layout among other widgets, if there is one, as a key of its state."""
        found = self.host.subject.own_layout
        return {} if found is None else {"layout": f"IPY_MODEL_{found.model_id}"}

    def show_handles(self) -> None:
        """Tell the pages that a component has got a handle."""
        self.host.outbox.state({"handles": self._handles()})

    # -- what the outbox sends

    def send_changes(self, changes: dict[str, Any]) -> None:
        """Send changed keys of the root's state."""
        host = self.host
        with host.lock:
            changes = host.outline.current(changes)
        fitted = self._fitted(changes)
        with host.lock:
            changes = host.outline.drawable(fitted, self.unshown)
        if host.root is None:
            self.missed = True
        elif changes:
            host.root.send_changes(changes, self.unshown)

    def send_custom(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Send a custom message; of one that cannot be sent the author is told."""
        if self.host.root is None:
            return
        try:
            self.host.root.send_custom(content, buffers)
        except Unfit as error:
            block = self.host.graph.nodes.get(content.get("node", -1))
            what = f"A message of {block!r}" if block is not None else f"A message ({content.get('type')})"
            logger.error("%s could not be sent: there is %s", what, error)
            self.host.outbox.log("error", f"{what} could not be sent: there is {error}\n", None, None)

    def shows(self, key: str, value: Any) -> None:
        """Let the pages have the files in a property that they are shown, of whoever's cache they are."""
        if key[0].isdigit() and (isinstance(value, (dict, list, tuple)) or self.lending):
            self.lending.show(key, cast("object", value), self.host.cache.root + os.sep)

    # -- what transfers ask

    def may_send(self, path: str) -> bool:
        """Whether a page may have the file: see `FileCache.find`.

        :raises FileNotFoundError: if it was one of the app's, and is gone
        """
        store = self.host.cache
        if store.holds(path):
            return True
        own = path.startswith(store.root + os.sep) or path in self.lending
        if own and not os.path.lexists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return False

    def may_receive(self, node: int, name: str, size: int) -> None:
        """Check that a component of the app takes this file.

        :raises MessageError: saying why it does not
        """
        block = self.host.component(node)
        if block is None:
            raise MessageError(f"the upload of {name!r} names no component of this app")
        block.check_upload(name, size)
        limit = self.host.options.max_file_size
        if limit is not None and size > limit:
            raise MessageError(f"{name!r} is larger than the allowed {limit} bytes")
