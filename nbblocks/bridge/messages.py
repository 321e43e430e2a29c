"""Every message between page and kernel, and the check of those that come from a page.

What comes over a comm is untrusted: `parse` refuses what is not exactly of a known form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from typing_extensions import Required, TypedDict

from nbblocks.core.errors import MessageError

MAX_CHUNK = 4 * 1024 * 1024
MAX_TEXT = 4096
MAX_VALUES = 100_000


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
    """A view goes."""

    type: Literal["bye"]
    view: str
    seq: int


class EventMessage(TypedDict):
    """Somebody has done something that a listener waits for.

    ``values`` are all values changed since the last message.
    """

    type: Literal["event"]
    view: str
    seq: int
    node: int
    event: str
    data: dict[str, Any] | None
    values: list[tuple[int, Any]]
    js: dict[int, Begun]


class Values(TypedDict):
    """Values that were changed in the page."""

    type: Literal["values"]
    view: str
    seq: int
    values: list[tuple[int, Any]]
    js: dict[int, Begun]


class JsEnded(TypedDict):
    """The js with that ticket has ended: ``result`` has one entry per input, or ``error`` tells why not.

    ``values`` are what it has changed, and whatever else was changed in the page.
    """

    type: Literal["js"]
    view: str
    seq: int
    ticket: str
    result: list[Any] | None
    error: str | None
    values: list[tuple[int, Any]]


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

_ID, _TEXT, _COUNT, _DATA, _VALUES, _JS = "id", "text", "count", "data", "values", "js"
_LIST, _FAULT, _FLAG, _OBJECT = "list", "fault", "flag", "object"
FORMS: dict[str, dict[str, str]] = {
    "hello": {"js": _JS, "values": _VALUES},
    "beat": {"hidden": _FLAG},
    "bye": {},
    "ask": {"ask": _ID, "node": _COUNT, "content": _OBJECT},
    "set": {"node": _COUNT, "props": _OBJECT},
    "event": {"node": _COUNT, "event": _ID, "data": _DATA, "values": _VALUES, "js": _JS},
    "values": {"values": _VALUES, "js": _JS},
    "js": {"ticket": _ID, "result": _LIST, "error": _FAULT, "values": _VALUES},
    "upload": {
        "upload": _ID,
        "node": _COUNT,
        "name": _TEXT,
        "size": _COUNT,
        "mime": _TEXT,
        "relative": _TEXT,
        "modified": _COUNT,
        "resume": _COUNT,
        "crc": _COUNT,
    },
    "chunk": {"upload": _ID, "offset": _COUNT},
    "upload_end": {"upload": _ID, "crc": _COUNT},
    "upload_ask": {"upload": _ID},
    "upload_cancel": {"upload": _ID},
    "download": {"download": _ID, "node": _COUNT, "path": _TEXT},
    "ack": {"download": _ID, "received": _COUNT, "again": _FLAG},
    "download_cancel": {"download": _ID},
}
OPTIONAL: dict[str, Any] = {
    "data": None, "js": None, "mime": "", "relative": "", "modified": 0, "resume": 0,
    "crc": 0, "again": False, "values": [], "result": None,
    "error": None, "hidden": False,
}  # fmt: skip


def parse(content: object, buffers: Sequence[Any]) -> PageMessage:
    """The message in ``content``, checked field by field.

    :raises MessageError: naming the field, what was expected and what came
    """
    if not isinstance(content, dict):
        raise MessageError(f"a message must be an object, got {type(content).__name__}")
    raw = cast("dict[Any, Any]", content)
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in FORMS:
        raise MessageError(f"type of a message must be one of {', '.join(FORMS)}, got {_brief(kind)}")
    checked: dict[str, Any] = {"type": kind}
    for field, form in {"view": _ID, "seq": _COUNT, **FORMS[kind]}.items():
        given = raw.get(field, OPTIONAL.get(field))
        checked[field] = _CHECKS[form](f"{field} of the message {kind!r}", given)
    wanted = 1 if kind == "chunk" else 0
    if len(buffers) < wanted:
        raise MessageError(f"the message {kind!r} must carry {wanted} buffer, got {len(buffers)}")
    if buffers and memoryview(buffers[0]).nbytes > MAX_CHUNK:
        raise MessageError(f"a chunk must be at most {MAX_CHUNK} bytes, got {memoryview(buffers[0]).nbytes}")
    return cast("PageMessage", checked)


def refused(content: object, error: MessageError) -> Refused | None:
    """What is left of a message that `parse` has refused; None if not even its place among all is known."""
    try:
        raw = _data("a message", content) or {}
        view, seq = _id("view", raw.get("view")), _count("seq", raw.get("seq"))
    except MessageError:
        return None
    upload = raw.get("upload")
    about = upload if isinstance(upload, str) and 0 < len(upload) <= 64 else ""
    return {"type": "refused", "view": view, "seq": seq, "upload": about, "why": str(error)}


def _id(what: str, given: object) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= 64:
        raise MessageError(f"{what} must be a text of 1 to 64 characters, got {_brief(given)}")
    return given


def _text(what: str, given: object) -> str:
    if not isinstance(given, str) or len(given) > MAX_TEXT:
        raise MessageError(f"{what} must be a text of at most {MAX_TEXT} characters, got {_brief(given)}")
    return given


def _count(what: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 2**53:
        raise MessageError(f"{what} must be an integer from 0 to 2**53, got {_brief(given)}")
    return given


def _data(what: str, given: object) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in cast("dict[Any, Any]", given)):
        raise MessageError(f"{what} must be an object or null, got {_brief(cast('object', given))}")
    return cast("dict[str, Any]", given)


def _object(what: str, given: object) -> dict[str, Any]:
    found = _data(what, given)
    if found is None:
        raise MessageError(f"{what} must be an object, got null")
    return found


def _values(what: str, given: object) -> list[tuple[int, Any]]:
    if not isinstance(given, list) or len(cast("list[Any]", given)) > MAX_VALUES:
        raise MessageError(f"{what} must be a list of [id, value], got {_brief(cast('object', given))}")
    pairs: list[tuple[int, Any]] = []
    for pair in cast("list[Any]", given):
        if not isinstance(pair, list) or len(cast("list[Any]", pair)) != 2:
            raise MessageError(f"{what} must hold pairs [id, value], got {_brief(cast('object', pair))}")
        node, value = cast("list[Any]", pair)
        pairs.append((_count(what, node), value))
    return pairs


def _js(what: str, given: object) -> dict[int, Begun]:
    found: dict[int, Begun] = {}
    for key, value in (_data(what, given) or {}).items():
        number = key.isascii() and key.isdigit() and len(key) < 16  # int() refuses "²" and 5,000 digits
        if not number or not isinstance(value, dict):
            raise MessageError(f"{what} must map listener ids to objects, got {_brief(key)}: {_brief(value)}")
        raw = cast("dict[str, Any]", value)
        begun: Begun = {"ticket": _id(f"ticket in {what}", raw.get("ticket"))}
        if (error := _fault(f"error in {what}", raw.get("error"))) is not None:
            begun["error"] = error
        elif (result := _list(f"result in {what}", raw.get("result"))) is not None:
            begun["result"] = result
        found[int(key)] = begun
    return found


def _list(what: str, given: object) -> list[Any] | None:
    if given is not None and not isinstance(given, list):
        raise MessageError(f"{what} must be a list or null, got {_brief(given)}")
    return cast("list[Any] | None", given)


def _flag(what: str, given: object) -> bool:
    if not isinstance(given, bool):
        raise MessageError(f"{what} must be true or false, got {_brief(given)}")
    return given


def _fault(what: str, given: object) -> str | None:
    """A text that is shown: one that is too long is cut, since a run waits for the message."""
    if given is not None and not isinstance(given, str):
        raise MessageError(f"{what} must be a text or null, got {_brief(given)}")
    return None if given is None else given[:MAX_TEXT]


_CHECKS = {
    _ID: _id, _TEXT: _text, _COUNT: _count, _DATA: _data, _VALUES: _values, _JS: _js, _LIST: _list,
    _FAULT: _fault, _FLAG: _flag, _OBJECT: _object,
}  # fmt: skip


def _brief(given: object) -> str:
    if isinstance(given, (str, int, float, bool)) or given is None:
        text = repr(given)
        return text if len(text) <= 60 else text[:57] + "..."
    return type(given).__name__
