"""An app that takes a file and gives one, and a page that looks at it."""

from __future__ import annotations

import threading
import zlib
from pathlib import Path
from typing import Any

import nbblocks as gr
from nbblocks.bridge.portal import portal
from tests.support import Page

CHUNK = 512 * 1024
DATA = bytes(range(256)) * 4096
"""Two chunks."""


class Shelf:
    """An app that takes a file and gives one, and a page that looks at it."""

    def __init__(self, given: Path, **options: Any) -> None:
        with gr.Blocks() as self.app:
            self.upload = gr.UploadButton()
            self.size = gr.Number()
            self.text = gr.Textbox()
            self.download = gr.DownloadButton(value=str(given))
            self.upload.upload(lambda path: Path(path).stat().st_size, self.upload, self.size)
        if options:
            self.app.launch(inline=False, **options)
        self.page = Page(self.app.host.show().comm)  # pyright: ignore[reportArgumentType]
        self.page.say("hello")

    def begin(self, upload: str = "u", size: int = len(DATA), node: Any = None, **fields: Any) -> None:
        """Announce a file."""
        fields = {
            "name": "a.txt",
            "size": size,
            "mime": "text/plain",
            "relative": "",
            "modified": 5,
            **fields,
        }
        self.page.say("upload", upload=upload, node=(node or self.upload)._id, **fields)

    def send(self, name: str = "u", data: bytes = DATA, start: int = 0, crc: int | None = None) -> None:
        """Send a file from the byte ``start`` on, with its checksum or the given one."""
        for offset in range(start, len(data), CHUNK):
            self.page.say("chunk", data[offset : offset + CHUNK], upload=name, offset=offset)
        self.page.say("upload_end", upload=name, crc=zlib.crc32(data) if crc is None else crc)

    def fails(self, why: str, name: str = "u") -> None:
        """Check that the page is told why, and that nothing is left of the file."""
        told = self.page.until_told("upload_failed", upload=name)
        assert why in told["message"]
        self.rest()
        assert self.stored() == []

    def rest(self) -> None:
        """Let the loop do what it has been told."""
        done = threading.Event()
        assert portal.hand(done.set) and done.wait(20)

    def told(self, type: str, count: int = 0) -> list[dict[str, Any]]:
        """The custom messages of that type, once there are so many."""
        found = lambda: [one for one in self.page.comm.custom if one["type"] == type]  # noqa: E731
        if count:
            self.page.comm.wait(lambda: len(found()) >= count)
        return found()

    def until_silent(self) -> None:
        """Wait until all that the kernel had to say before has come."""
        self.rest()
        self.page.say("upload_ask", upload="nobody's")
        self.page.until_told("upload_unknown", upload="nobody's")

    def offers(self, count: int) -> list[dict[str, Any]]:
        """Wait until the pages are told of so many uploads that were cut off."""
        found = lambda: self.page.comm.state.get("unfinished", [])  # noqa: E731
        self.page.comm.wait(lambda: len(found()) == count)
        return found()

    def stored(self) -> list[Path]:
        """The files in the app's cache."""
        return [path for path in Path(self.app.host.cache.root).rglob("*") if path.is_file()]
