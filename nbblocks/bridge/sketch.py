"""What stands for blocks in a notebook that is opened without its app: texts, tables, pictures (TR-62).

Hosts show it as they show any output: some keep no styles, none runs scripts, and it may be light or dark
around it. So it reads well as it is, and what lends it a look has no colours of its own.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

TEXT, CELL = 2_000, 100
"""Most characters of a text, and of one in a table."""
ROWS, COLUMNS, ITEMS = 10, 12, 30
LINE = "rgba(128,128,128,0.4)"
BOX = f"border:1px solid {LINE};border-radius:4px;padding:6px 10px;margin:4px 0;text-align:left"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
TICKS, DOTS = ("\u2611", "\u2610"), ("\u25c9", "\u25cb")
"""What marks what is chosen, and what is not."""
PLAIN = (str, int, float, bool)


class Files(Protocol):
    """Gives pictures of files, as far as there is room."""

    def __call__(self, record: Any, name: str) -> str:
        """An ``img`` of the file, or its name, which is escaped here."""
        ...


def text(value: object, most: int = TEXT) -> str:
    """A wire value in words, escaped. It runs no code of users' own classes."""
    found = words(value)
    cut = found if len(found) <= most else f"{found[:most]} …"
    return html.escape(CONTROLS.sub("\ufffd", cut))


def words(value: object) -> str:
    """A wire value in words, as they are."""
    return _words(value, 4)


def _words(value: object, depth: int) -> str:
    if value is None:
        return ""
    if type(value) in PLAIN:
        return str(value)
    if isinstance(value, Mapping):
        found = cast("Mapping[Any, Any]", value)
        if isinstance(found.get("path"), str):
            return str(found.get("orig_name") or found["path"].replace("\\", "/").rpartition("/")[2])
        pairs = [(_words(key, 1), _words(one, depth - 1)) for key, one in list(found.items())[:ITEMS]]
        return ", ".join(f"{key}: {one}" for key, one in pairs) if depth else "…"
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[Any]", value)
        more = ", …" if len(items) > ITEMS else ""
        return ", ".join(_words(one, depth - 1) for one in items[:ITEMS]) + more if depth else "…"
    return f"({type(value).__name__})"


def captioned(caption: str | None, inner: str, info: str | None = None) -> str:
    """Something in a box, below its caption."""
    small = "display:block;font-size:90%;opacity:0.8"
    head = f'<b style="{small}">{text(caption, CELL)}</b> ' if caption else ""
    below = f'<span style="{small}">{text(info)}</span>' if info else ""
    return f'<div style="{BOX}">{head}{below}{inner or "&nbsp;"}</div>'


def prose(value: object) -> str:
    """A text of several lines."""
    return f'<div style="white-space:pre-wrap">{text(value)}</div>'


def code(value: object) -> str:
    """A text of which each character counts."""
    given = value if isinstance(value, str) else "" if value is None else _spread(value)
    return f'<pre style="white-space:pre-wrap;margin:0">{text(given)}</pre>'


def _spread(value: object) -> str:
    try:
        return json.dumps(value, indent=2, default=lambda one: _words(one, 1))
    except (TypeError, ValueError, RecursionError):
        return words(value)


def without_tags(value: object) -> str:
    """What is text in a piece of HTML."""
    if not isinstance(value, str):
        return words(value)
    bare = re.sub(r"(?is)<(script|style|template)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)", " ", value[: 50 * TEXT])
    return html.unescape(re.sub(r"(?s)<[^>]*>", " ", bare)).strip()


def pressed(value: object) -> str:
    """A button."""
    style = f"display:inline-block;border:1px solid {LINE};border-radius:4px;padding:4px 14px;margin:4px 0"
    return f'<div><span style="{style}">{text(value, CELL)}</span></div>'


def choices(labels: Iterable[tuple[object, bool]], marks: tuple[str, str]) -> str:
    """What can be chosen, and what is."""
    shown = list(labels)
    items = [
        f"{marks[0] if chosen else marks[1]}&nbsp;{text(label, CELL)}" for label, chosen in shown[:ITEMS]
    ]
    return " &ensp; ".join(items) + (" …" if len(shown) > ITEMS else "")


def table(headers: Sequence[Any], rows: Sequence[Any], count: int | None = None) -> str:
    """The first rows of a table."""
    cell = f"border:1px solid {LINE};padding:2px 8px;text-align:left"

    def line(tag: str, cells: Sequence[Any]) -> str:
        found = "".join(f'<{tag} style="{cell}">{text(one, CELL)}</{tag}>' for one in cells[:COLUMNS])
        return f"<tr>{found}</tr>"

    head = f"<thead>{line('th', headers)}</thead>" if headers else ""
    shown = [cast("Sequence[Any]", row) for row in rows[:ROWS] if isinstance(row, (list, tuple))]
    body = "".join(line("td", row) for row in shown)
    left = (len(rows) if count is None else count) - ROWS
    more = f"<div>… {left} more rows</div>" if left > 0 else ""
    return f'<table style="border-collapse:collapse">{head}<tbody>{body}</tbody></table>{more}'


def image(content: bytes, mime_type: str, name: str) -> str:
    """A picture, inside the text."""
    source = f"data:{mime_type};base64,{base64.b64encode(content).decode()}"
    return f'<img src="{html.escape(source)}" alt="{text(name, CELL)}" style="max-width:100%">'
