"""The picture of an app that its notebook keeps: for whoever opens that without the app (TR-62)."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nbblocks.core.filedata import FileData

from . import cells, output, sketch
from .block import Block
from .classes import PACKAGE
from .component import Component
from .layout import Layout
from .portal import portal

if TYPE_CHECKING:
    from .host import Host

logger = logging.getLogger("nbblocks")

QUIET, BETWEEN, AGAIN = 2.0, 10.0, 1.0
"""Seconds after the last change, between two pictures, and until one looks again whether a run streams."""
LIMIT = 150_000
"""Most bytes of a picture."""
FRAME = 2_000
IMAGE = 40_000
"""Most bytes of one image in it."""
STREAMING = ("generating", "streaming")
IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
# Until a view is up, which hides it, it takes no room. Where no view can be, JupyterLab says so; that goes.
STYLE = """<style>@keyframes nbb-late{from{max-height:0;overflow:hidden;opacity:0}}
.nbb-kept{animation:nbb-late 2s step-end}
.jp-OutputArea:has(.nbb-kept) .jp-OutputArea-output.jupyter-widgets:not(:has(*)){display:none}</style>"""


class Keeping:
    """Keeps the picture of one app up to date in the notebook that shows it."""

    def __init__(self, host: Host, clock: Callable[[], float] = time.monotonic) -> None:
        self._host, self._clock = host, clock
        self.mark = f"nbb-kept-{uuid.uuid4().hex[:12]}"
        """Class of its element, by which a view hides it, and id of its display."""
        self._shown: str | None = None
        self._changed = self._made = 0.0
        self._waits = False
        self._lock = threading.Lock()

    # -- in the notebook

    def place(self) -> bool:
        """Have the picture follow at the end of the running cell; whether it will."""
        shell = cells.shell()
        if shell is None or not self._host.options.keep_picture or output.here() is not None:
            return False
        parent: dict[str, Any] = shell.get_parent() if hasattr(shell, "get_parent") else {}
        is_main = threading.current_thread() is threading.main_thread()
        publisher = type(getattr(shell, "display_pub", None)).__name__
        if (
            not is_main
            or "Capturing" in publisher
            or publisher == "NoneType"
            or parent.get("header", {}).get("msg_type") != "execute_request"
        ):
            return False
        if not _due:
            shell.events.register("post_run_cell", _publish_due)
        if self not in _due:
            _due.append(self)
        return True

    def publish(self, *, update: bool) -> None:
        """Put the newest picture into the notebook. Any thread but the loop's."""
        shell = cells.shell()
        if shell is None:
            return
        with self._lock:
            self._made = self._clock()
            found = picture(self._host.top.children, self._host.display.may_send, self.mark)
            if update and found == self._shown:
                return
            self._shown = found
            data = {"text/html": found, "text/plain": ""}
            shell.display_pub.publish(data, {}, transient={"display_id": self.mark}, update=update)

    # -- as it changes

    def touch(self) -> None:
        """Something has changed in the app. Any thread."""
        self._changed = self._clock()
        if self._shown is not None and not self._waits:
            self._waits = portal.hand(_look, weakref.ref(self))

    def look(self) -> float | None:
        """How long to wait still; None: it is made now. On the loop."""
        now = self._clock()
        wait = max(self._changed + QUIET, self._made + BETWEEN) - now
        if any(record["stage"] in STREAMING for record in self._host.outbox.statuses.values()):
            wait = max(wait, AGAIN)
        if wait > 0 and not self._host.closed:
            return wait
        self._waits = False
        threading.Thread(target=self.renew, name="nbblocks-picture", daemon=True).start()
        return None

    def renew(self, *, update: bool = True) -> None:
        """Make it anew, and tell the log if that fails."""
        try:
            self.publish(update=update)
        except Exception:
            logger.exception("the picture of an app could not be kept")

    def end(self) -> None:
        """The app ends: what has changed is kept."""
        if self._waits:
            self.renew()


_due: list[Keeping] = []
"""Those whose apps the running cell has shown."""


def _publish_due(*_: Any) -> None:
    due = list(_due)
    _due.clear()
    cells.shell().events.unregister("post_run_cell", _publish_due)
    for one in due:
        one.renew(update=False)


def _look(reference: weakref.ref[Keeping]) -> None:
    keeping = reference()
    wait = None if keeping is None else keeping.look()
    if wait is not None:
        portal.later(wait, _look, reference)


def picture(blocks: Iterable[Block], may_show: Callable[[str], bool], mark: str = "") -> str:
    """A picture of these blocks: at most `LIMIT` bytes of HTML, without scripts."""
    room = [LIMIT - FRAME]
    inner = "".join(_drawn(one, room, may_show) for one in list(blocks))
    more = "" if room[0] > 0 else "<div>…</div>"
    return f'{STYLE}<div class="nbb-kept {mark}">{inner}{more}</div>'


def _drawn(block: Block, room: list[int], may_show: Callable[[str], bool]) -> str:
    if block.visible is not True or block.transparent or block.unseen or room[0] <= 0:
        return ""

    def show(record: Any, name: str) -> str:
        return _image(record, name, min(IMAGE, room[0]), may_show)

    inner = ""
    if isinstance(block, Layout):
        inner = "".join(_drawn(child, room, may_show) for child in [*block.children])
    own = _own(type(block))
    if not isinstance(block, Component):
        room[0] -= len(own(block, "").encode())
        return own(block, inner)
    try:
        found = own(block, show)
    except Exception as error:  # noqa: BLE001 - the others are drawn
        logger.warning("a %s is only named in the picture that a notebook keeps: %r", block.type_name, error)
        found = sketch.captioned(block.type_name.capitalize(), "")
    room[0] -= len(found.encode())
    return found + inner if room[0] > 0 else ""


def _own(cls: type[Block]) -> Callable[[Any, Any], str]:
    """How the library draws instances of a class: code of the user's is not asked."""
    for base in cls.__mro__:
        if "picture" in vars(base) and base.__module__.partition(".")[0] == PACKAGE:
            return vars(base)["picture"]
    raise AttributeError("picture")


def _image(record: Any, name: str, room: int, may_show: Callable[[str], bool]) -> str:
    path = record.get("path") if isinstance(record, FileData) else None
    kind = record.get("mime_type") if isinstance(record, FileData) else None
    try:
        if path is None or kind not in IMAGES or not may_show(path):
            return sketch.text(name, sketch.CELL)
        if os.path.getsize(path) * 4 / 3 < room:
            with open(path, "rb") as file:
                return sketch.image(file.read(), kind, name)
        small = _smaller(path)
        fits = small is not None and len(small) * 4 / 3 < room
        return sketch.image(small, "image/jpeg", name) if small and fits else sketch.text(name, sketch.CELL)
    except OSError:
        return sketch.text(name, sketch.CELL)


def _smaller(path: str) -> bytes | None:
    """The picture as a small JPEG, by Pillow if that is in use."""
    pil: Any = sys.modules.get("PIL.Image")
    if pil is None:
        return None
    import io

    with pil.open(path) as found:
        small = found.convert("RGBA")
        small.thumbnail((480, 480))
        ground = pil.new("RGB", small.size, "white")
        ground.paste(small, mask=small)
        content = io.BytesIO()
        ground.save(content, "JPEG", quality=75)
    return content.getvalue()
