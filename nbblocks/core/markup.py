"""Messages on their way to pages, where they are simple HTML: what is markup in them, and what is text."""

from __future__ import annotations

import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote body br button caption center cite "
    "code col colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main "
    "mark menu meta nav object ol optgroup option p picture pre q s samp script section select small "
    "source span strike strong style sub summary sup svg table tbody td textarea tfoot th thead title "
    "tr tt u ul video wbr".split()
)
"""What is markup where a message has any. Pages leave out most of it."""
DRAWN = frozenset(
    "a b blockquote br code del div em hr i ins kbd li mark ol p pre s samp small span strong sub sup u "
    "ul".split()
)
"""What shows that a message is markup, since pages draw it."""
EMPTY = frozenset("br col embed hr img input link meta source wbr".split())
"""Elements that have no end."""
LEFT_OPEN = frozenset(["li"])
"""Elements that the end of the one around them ends."""

MOST = 20_000
"""Characters of a message that is looked through for markup: a longer one was not written by hand."""
TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"""
    r"""(?:\s+[a-zA-Z][\w:.-]*\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+))*\s*/?>"""
)
ENTITY = re.compile(r"&(?!(?:[a-zA-Z]\w{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")


def as_text(message: str) -> str:
    """The simple HTML that shows a text as it is written."""
    return html.escape(message, quote=False)


def as_markup(message: str, quoted: Sequence[str] = ()) -> str:
    """The simple HTML of an author's message, which may be a text or markup.

    It is markup if it holds a whole element that pages draw: a tag that is written as HTML says, and its end.
    In markup, what is no such tag is text all the same: ``<class 'str'>``, ``a<b & c>d``.

    :param quoted: texts of exceptions: where the message repeats one, it is no markup
    """
    if "<" not in message or len(message) > MOST:
        return as_text(message)
    parts = _split(message, [text for text in quoted if "<" in text or "&" in text])
    read = [(nth, part) for nth, (part, is_text) in enumerate(parts) if not is_text]
    tags = _pairs([(nth, tag) for nth, part in read for tag in TAG.finditer(part)])
    if not any(tag["name"].lower() in DRAWN for _, tag in tags):
        return as_text(message)
    return "".join(
        as_text(part) if is_text else _marked(part, [tag for at, tag in tags if at == nth])
        for nth, (part, is_text) in enumerate(parts)
    )


def _split(message: str, quoted: Sequence[str]) -> list[tuple[str, bool]]:
    """The message in parts, each with whether it is one of ``quoted``."""
    if not quoted:
        return [(message, False)]
    either = "|".join(re.escape(text) for text in sorted(quoted, key=len, reverse=True))
    return [(part, nth % 2 == 1) for nth, part in enumerate(re.split(f"({either})", message)) if part]


def _pairs(found: Sequence[tuple[int, re.Match[str]]]) -> list[tuple[int, re.Match[str]]]:
    """Of tags those that stand alone by right, or begin and end the same element."""
    names = [tag["name"].lower() for _, tag in found]
    kept: set[int] = set()
    begun: list[int] = []
    counts: Counter[str] = Counter()
    for place, (_, tag) in enumerate(found):
        name = names[place]
        if name in EMPTY and not tag["end"]:
            if name in DRAWN or "=" in tag[0]:  # else it is a name, as in "expected <input>"
                kept.add(place)
        elif name in TAGS and not tag["end"]:
            begun.append(place)
            counts[name] += 1
        elif counts[name]:
            kept.add(place)
            inner = ""
            while inner != name:
                start = begun.pop()
                inner = names[start]
                counts[inner] -= 1
                if inner == name or inner in LEFT_OPEN:
                    kept.add(start)
    return [one for place, one in enumerate(found) if place in kept]


def _marked(part: str, tags: Sequence[re.Match[str]]) -> str:
    pieces: list[str] = []
    end = 0
    for tag in tags:
        pieces += [_words(part[end : tag.start()]), tag[0]]
        end = tag.end()
    return "".join([*pieces, _words(part[end:])])


def _words(text: str) -> str:
    """Text of markup: its entities are meant, all else is as it is written."""
    return ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def being_handled() -> tuple[str, ...]:
    """What the exceptions say that the caller is handling: in a message that is not its author's words."""
    return tuple({text for error in _chain(sys.exc_info()[1]) for text in _texts(error)})


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """It, what it came from, and what it holds if it is a group; as far as a person would look."""
    ahead, seen = [error], set[int]()
    while ahead and len(seen) < 50:
        one = ahead.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            ahead += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]


def _texts(error: BaseException) -> Iterator[str]:
    yield from (_said(say, error).strip() for say in (str, repr))
    yield from (one.strip() for one in error.args if isinstance(one, str))


def _said(say: Callable[[BaseException], str], error: BaseException) -> str:
    try:
        return say(error)
    except Exception:  # noqa: BLE001 - of the user's
        return ""
