"""Every message that a page sends to the kernel; `parsing` checks them."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import NotRequired, Required, TypedDict

MAX_CHUNK = 4 * 1024 * 1024
"""Bytes of a file that one message may carry."""


class Begun(TypedDict, total=False):
    """What a page says of a listener's js that it began: it has ended if ``result`` or ``error`` is there."""

    ticket: Required[str]
    result: list[Any]
    error: str


class Hello(TypedDict):
    """A view has been rendered.

    ``values`` are what its browser has kept, for a session that begins with it.
    """

    type: Literal["hello"]
    view: str
    seq: int
    js: dict[int, Begun]
    values: list[tuple[int, Any]]


class Beat(TypedDict):
    """A view is still there; ``hidden`` tells whether its page is in the background."""

    type: Literal["beat"]
    view: str
    seq: int
    hidden: bool


class Bye(TypedDict):
    """A view goes; ``deleted`` tells that its cell was deleted, and not just its page closed."""

    type: Literal["bye"]
    view: str
    seq: int
    deleted: bool


class EventMessage(TypedDict):
    """Somebody has done something that a listener waits for.

    ``values`` are all values changed since the last message; ``waiting`` are nodes of which an event is still
    to come, when the one before is answered. ``only`` are the listeners that are meant, if not all.
    """

    type: Literal["event"]
    view: str
    seq: int
    node: int
    event: str
    data: dict[str, Any] | None
    values: list[tuple[int, Any]]
    js: dict[int, Begun]
    waiting: NotRequired[list[int]]
    only: NotRequired[list[int]]


class Values(TypedDict):
    """Values that were changed in the page; ``waiting`` as in an event."""

    type: Literal["values"]
    view: str
    seq: int
    values: list[tuple[int, Any]]
    js: dict[int, Begun]
    waiting: NotRequired[list[int]]


class JsEnded(TypedDict):
    """The js with that ticket has ended: ``result`` has one entry per input, or ``error`` tells why not.

    ``values`` are what it has changed, and whatever else was changed in the page; ``waiting`` as in an event.
    """

    type: Literal["js"]
    view: str
    seq: int
    ticket: str
    result: list[Any] | None
    error: str | None
    values: list[tuple[int, Any]]
    waiting: NotRequired[list[int]]


class Upload(TypedDict):
    """A file begins to come; ``size`` in bytes, ``modified`` in ms since 1970.

    The message of a small file carries it whole, as its one buffer, with its CRC-32 ``crc``. Of one that
    was cut off ``resume`` bytes came before.
    """

    type: Literal["upload"]
    view: str
    seq: int
    upload: str
    node: int
    name: str
    size: int
    mime: str
    relative: str
    modified: int
    resume: int
    crc: int


class Chunk(TypedDict):
    """A part of a file, as the message's one buffer, from byte ``offset``."""

    type: Literal["chunk"]
    view: str
    seq: int
    upload: str
    offset: int


class UploadEnd(TypedDict):
    """All parts were sent; ``crc`` is the CRC-32 of the whole file."""

    type: Literal["upload_end"]
    view: str
    seq: int
    upload: str
    crc: int


class UploadAsk(TypedDict):
    """A page that has heard nothing of its upload for long asks what has come."""

    type: Literal["upload_ask"]
    view: str
    seq: int
    upload: str


class UploadCancel(TypedDict):
    """The user has given up the upload."""

    type: Literal["upload_cancel"]
    view: str
    seq: int
    upload: str


class Download(TypedDict):
    """The page asks for the file at ``path``, a path it was sent as value of ``node``."""

    type: Literal["download"]
    view: str
    seq: int
    download: str
    node: int
    path: str


class Ack(TypedDict):
    """So many bytes of a download have arrived; ``again``: what followed was lost, send it again."""

    type: Literal["ack"]
    view: str
    seq: int
    download: str
    received: int
    again: bool


class DownloadCancel(TypedDict):
    """The page wants no more of the download."""

    type: Literal["download_cancel"]
    view: str
    seq: int
    download: str


class Refused(TypedDict):
    """Stands for a malformed message: nothing waits for it, nor does what it was about, if that is known."""

    type: Literal["refused"]
    view: str
    seq: int
    upload: str
    why: str


class Ask(TypedDict):
    """The front of ``node`` asks its kernel side something; the answer names ``ask``."""

    type: Literal["ask"]
    view: str
    seq: int
    ask: str
    node: int
    content: dict[str, Any]


class Stop(TypedDict):
    """The one who waits for the run with that number, of the page's own session, wants it stopped."""

    type: Literal["stop"]
    view: str
    seq: int
    run: int


class Set(TypedDict):
    """Properties of ``node`` other than its value that its front has set."""

    type: Literal["set"]
    view: str
    seq: int
    node: int
    props: dict[str, Any]


PageMessage = (
    Hello
    | Ask
    | Set
    | Stop
    | Beat
    | Bye
    | EventMessage
    | Values
    | JsEnded
    | Upload
    | Chunk
    | UploadEnd
    | UploadAsk
    | UploadCancel
    | Download
    | Ack
    | DownloadCancel
    | Refused
)
