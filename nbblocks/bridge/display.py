"""What the pages of an app see of it, and the files they may have and give."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.errors import MessageError

from .component import Component
from .lending import Lending
from .pages import is_interactive

if TYPE_CHECKING:
    from .host import Host


class Display:
    """Puts together what the pages of one app get."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.lending = host.cache.elsewhere.lent = Lending()
        """What they are shown of files that are not in the app's cache (TR-1, TR-2)."""

    def page_state(self) -> dict[str, Any]:
        """The whole app, as keys of the root's state."""
        host = self.host
        with host.lock, host.cache_active():
            state = {**host.outline.now(), "options": self.options()}
            for block in host.blocks():
                for name, value in block.page_state().items():
                    state[f"{block._id}.{name}"] = value
                    self.shows(f"{block._id}.{name}", value)
                if isinstance(block, Component):
                    state[f"{block._id}.interactive"] = is_interactive(
                        cast("Component[Any, Any]", block), host.graph
                    )
            if host.alone is not None:
                state["value"] = host.alone.to_page(host.alone.value)
            if handles := self._handles():
                state["handles"] = handles
            if host.transfers.uploads.offers:
                state["unfinished"] = host.transfers.uploads.offers
            return state | host.outline.chunks(state) | host.outbox.statuses

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
            if (handle := getattr(block, "handle", None)) is not None and handle.comm is not None
        }

    def show_handles(self) -> None:
        """Tell the pages that a component has got a handle."""
        self.host.outbox.state({"handles": self._handles()})

    # -- what the outbox sends

    def send_changes(self, changes: dict[str, Any]) -> None:
        """Send changed keys of the root's state."""
        host = self.host
        with host.lock:
            changes = host.outline.current(changes)
        for key, value in changes.items():
            self.shows(key, value)
        if host.root is not None and changes:
            host.root.send_changes(changes)

    def send_custom(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Send a custom message."""
        if self.host.root is not None:
            self.host.root.send_custom(content, buffers)

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
