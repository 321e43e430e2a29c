"""What of a message is markup, and what is text."""

from __future__ import annotations

import html

import pytest

from nbblocks.core import toasts
from nbblocks.core.errors import Error, PlainError
from nbblocks.core.markup import MOST, as_markup, being_handled

from .conftest import App

WRITTEN = [
    "<class 'str'>",
    "expected <int>, got <class 'float'>",
    "a < b & c",
    "a<b & c>d",
    "a<b and c>d",
    "x<i && j>k",
    "<b>",
    "</b>",
    "<b><i></b",
    "List<i>, Vec<u>, map<s, p>",
    "<object object at 0x7f>",
    "<module 'a' from 'b.py'>",
    "<__main__.A object at 0x7f>",
    "<lambda> and <listcomp> in <string>",
    "<input>",
    "<select>, <form> or <object>",
    "<script>alert(1)</script>",
    "<style>b {}</style>",
    "http://example.org/?a=1&copy=2&lt=3",
    "&lt;b&gt; &amp; &#60;",
    "<!-- not a comment -->",
    "<![CDATA[x]]>",
    "<?xml version='1.0'?><root/>",
    "1 << 2 >> 3",
    "<a@example.org>",
    "user <someone@example.org>",
    "<b onclick>x",
    "<>",
    "",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_no_markup_is_shown_as_it_is_written(text: str) -> None:  # TR-4
    assert html.unescape(as_markup(text)) == text
    assert "<" not in as_markup(text)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("<b>bold</b> &amp; <i>so</i>", "<b>bold</b> &amp; <i>so</i>"),
        ("one<br>two<BR/>three", "one<br>two<BR/>three"),
        ("<ul><li>one<li>two</ul>", "<ul><li>one<li>two</ul>"),
        ("<a href='https://example.org/?a=1&b=2'>x</a>", "<a href='https://example.org/?a=1&b=2'>x</a>"),
        ("<b>Got</b> <class 'str'>", "<b>Got</b> &lt;class 'str'&gt;"),
        ("<b>if</b> a<b & c>d &copy=1", "<b>if</b> a&lt;b &amp; c&gt;d &amp;copy=1"),
        ("<b>x</b><i>", "<b>x</b>&lt;i&gt;"),
        ("<b>x</b> expected <input>", "<b>x</b> expected &lt;input&gt;"),
        ("<p><b>x</p></b>", "<p>&lt;b&gt;x</p>&lt;/b&gt;"),
        ('<b>x</b><img src=x onerror="y()">', '<b>x</b><img src=x onerror="y()">'),  # for pages to leave out
    ],
)
def test_markup_is_whole_elements_that_pages_draw(message: str, shown: str) -> None:  # TR-4 EV-295
    assert as_markup(message) == shown


def test_a_message_is_read_in_the_time_that_it_is_long() -> None:  # TR-4
    for many in ("<b>" * MOST, ("<b>" * 3000 + "</i>" * 2000 + "</b>" * 1000)[:MOST], "<b " + " " * 19_000):
        assert as_markup(many)
    assert as_markup("<b>x</b>" + "x" * MOST).startswith("&lt;b&gt;")


class Odd(Exception):
    """An exception whose text cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Group(Exception):
    """As an ExceptionGroup, which Python 3.10 does not have."""

    def __init__(self, exceptions: list[Exception]) -> None:
        super().__init__("several")
        self.exceptions = exceptions


@pytest.mark.parametrize(
    ("text", "message", "shown"),
    [
        ("<b>x</b>", "{}", "&lt;b&gt;x&lt;/b&gt;"),
        ("<b>x</b>", "<i>Failed</i>: {}", "<i>Failed</i>: &lt;b&gt;x&lt;/b&gt;"),
        ("</b><br>", "<b>Failed: {}</b>", "<b>Failed: &lt;/b&gt;&lt;br&gt;</b>"),
        ("a &amp; b", "<i>Failed</i>: {}", "<i>Failed</i>: a &amp;amp; b"),
    ],
)
def test_what_an_exception_says_is_text_wherever_a_message_repeats_it(
    text: str, message: str, shown: str
) -> None:  # TR-4
    try:
        raise ValueError(text)
    except ValueError as error:
        mine = Error(message.format(error))
    assert mine.markup == shown
    try:
        try:
            raise ValueError(text)
        except ValueError as error:
            raise RuntimeError("around it") from error
    except RuntimeError as error:
        assert Error(message.format(error.__cause__)).markup == shown
    try:
        raise Group([ValueError(text), KeyError("x")])
    except Group as group:
        assert Error(message.format(group.exceptions[0])).markup == shown
    assert being_handled() == ()


def test_an_exception_without_a_text_is_no_hindrance() -> None:  # TR-4
    try:
        raise Odd
    except Odd:
        assert Error("<b>x</b>").markup == "<b>x</b>"


def test_messages_of_the_library_are_text() -> None:  # TR-4
    assert PlainError("<b>x</b> is no choice").markup == "&lt;b&gt;x&lt;/b&gt; is no choice"
    assert str(PlainError("<b>x</b>")) == "<b>x</b>"


async def test_toasts_of_exceptions_are_text_and_of_authors_may_be_markup(app: App) -> None:  # TR-4
    def fn() -> None:
        toasts.info("<b>mine</b> and <class 'str'>")
        try:
            int("<b>9</b>")
        except ValueError as error:
            toasts.warning(str(error))
            raise Error(f"<i>no</i>: {error}") from None

    app.a.click(fn)
    async with app.running():
        await app.pressed()
    literal = "invalid literal for int() with base 10: '&lt;b&gt;9&lt;/b&gt;'"
    assert [toast.message for toast in app.sink.messages] == [
        "<b>mine</b> and &lt;class 'str'&gt;",
        literal,
        f"<i>no</i>: {literal}",
    ]
    assert app.sink.messages[0].written == "<b>mine</b> and <class 'str'>"
