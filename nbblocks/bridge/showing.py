"""Showing: an app's root is made once, with its first view, and with no lock held."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

from . import cells
from .root import Root

if TYPE_CHECKING:
    from .host import Host

PATIENCE = 60.0
"""Seconds to wait for another thread that shows the app already."""


class Showing:
    """Makes the root of one app. Custom components put together what it shows."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._made: threading.Event | None = None

    def root(self) -> Root:
        """The root, made at first use. Any thread but the loop's.

        :raises RuntimeError: if it is made by another thread, and that does not come to an end
        """
        with self._host.lock:
            if self._host.root is not None:
                return self._host.root
            others = self._made
            if others is None:
                self._made = threading.Event()
        if others is None:
            return self._make()
        others.wait(PATIENCE)
        if self._host.root is None:
            raise RuntimeError("the app could not be shown: another thread is still at it")
        return self._host.root

    def _make(self) -> Root:
        from nbblocks._version import __version__

        host = self._host
        try:
            earlier = cells.predecessor(host.top) if isinstance(host.top, cells.Closable) else None
            if earlier is not None:
                cast("cells.Closable", host.top).inherit(earlier)
            if host.session is None:
                host.new_session()
            host.display.missed = False
            host.root = Root(host, __version__, host.resend)
            if host.display.missed:
                host.resend()
            for block in host.blocks():
                if block.handle is not None:
                    block.handle.follow(host.root)
            return host.root
        finally:
            made, self._made = self._made, None
            cast("threading.Event", made).set()
