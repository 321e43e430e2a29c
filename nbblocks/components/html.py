"""HTML: markup, or a template of it that is filled with values."""

from __future__ import annotations

import asyncio
import difflib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast, get_type_hints

import traitlets as t
from typing_extensions import Self

from nbblocks.bridge import sketch
from nbblocks.bridge.component import Component, ComponentProps
from nbblocks.bridge.files import shortened
from nbblocks.bridge.layout import Layout
from nbblocks.core.errors import MessageError
from nbblocks.core.events import BoundEvent, Event, Trigger
from nbblocks.core.graph import Graph
from nbblocks.core.places import warn

from .button import Button
from .checks import text_of
from .json import jsonable
from .tools import adopt, buttons_in, names_in

Length = int | str
PLAIN = "${value}"
"""The template that is the value itself, which is markup then."""
CLICKS = "element.addEventListener('click', function() { trigger('click') });"
ANY = frozenset(
    "change input click double_click submit stop edit clear play pause end start_recording pause_recording "
    "stop_recording focus blur upload release select stream like example_select option_select key_up apply "
    "delete tick undo retry expand collapse download copy".split()
)
"""Events that any HTML offers. Those that ``js_on_load`` names in quotes come to it."""
SCRIPT = re.compile(r"<script[\s>]", re.IGNORECASE)
LEFT_OUT = re.compile(
    r"<(style|form|button|select|textarea|iframe|object|embed|dialog|input(?![^>]*\bdisabled\b))[\s>/]",
    re.IGNORECASE,
)
"""What pages leave out of a value, beside script: what could pass for the page around, or cover it."""


class HTML(Component[Any, Any], Layout):
    """HTML of the author's own making, with templates, style and script of it if wanted.

    Without a template ``value`` is the markup, and shown without what could run script, take input or leave
    its box: forms, buttons, style sheets, ``position`` and the like belong into ``html_template`` and
    ``css_template``, which are shown as they are. With a template, the texts in ``value`` are only text. It
    can hold blocks: ``with gr.HTML(html_template=...):`` places them where the
    template says ``@children``.
    """

    api_schema = {"type": "string"}
    api_example = "<p>Hello</p>"

    drawn_as = "html"
    chunks: ClassVar[tuple[str, ...]] = ("html", "handlebars")

    value = t.Any(None, allow_none=True).tag(sync=True, ts="unknown")
    label = t.Unicode(None, allow_none=True).tag(sync=True)
    show_label = t.Bool(False).tag(sync=True)
    html_template = t.Unicode(PLAIN).tag(sync=True)
    css_template = t.Unicode("").tag(sync=True)
    js_on_load = t.Unicode(CLICKS, allow_none=True).tag(sync=True)
    apply_default_css = t.Bool(True).tag(sync=True)
    head = t.Unicode(None, allow_none=True).tag(sync=True)
    server_functions = t.List(t.Unicode()).tag(sync=True)
    props = t.Dict(t.Any()).tag(sync=True)
    tools = t.Int(0).tag(sync=True)
    """So many of its children, from the first, are the author's small buttons."""
    min_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    container = t.Bool(False).tag(sync=True)
    padding = t.Bool(False).tag(sync=True)
    autoscroll = t.Bool(False).tag(sync=True)

    derived = {"container": ("show_label",)}

    change = Event("the value became different")
    click = Event("the user clicked on it, or js_on_load said so")
    input = Event("js_on_load said so, as for all other events")
    submit = Event("js_on_load said so")
    select = Event("js_on_load said so")

    def __init__(
        self,
        value: Any | Callable[..., Any] | None = None,
        *,
        label: str | None = None,
        html_template: str = PLAIN,
        css_template: str = "",
        js_on_load: str | None = CLICKS,
        apply_default_css: bool = True,
        show_label: bool | None = None,
        min_height: Length | None = None,
        max_height: Length | None = None,
        container: bool = False,
        padding: bool = False,
        autoscroll: bool = False,
        buttons: Sequence[str | Button] | None = None,
        head: str | None = None,
        server_functions: Sequence[Callable[..., Any]] | None = None,
        **shared: Any,
    ) -> None:
        """Create the markup ``value``, or fill a template with it.

        :param label: caption, shown with ``container=True`` unless ``show_label`` is False
        :param html_template: markup with ``${expressions}`` of JavaScript, or Handlebars: ``{{value}}``,
            ``{{#each value}}``. Texts in values are escaped; ``{{{value}}}`` takes one as markup, cleaned
        :param css_template: style of this block alone, filled the same way; what is in no braces is its own
        :param js_on_load: script run once it is shown, with ``element``, ``trigger(event, data)``, ``props``
            (set ``props.value``: it is the value), ``watch(names, callback)``, ``server``, ``upload(file)``
        :param apply_default_css: give headings, lists and tables the look of Markdown
        :param min_height: px or CSS length, as ``max_height``; what is longer scrolls
        :param autoscroll: stay at the end when the content grows
        :param buttons: small Buttons in its corner
        :param head: markup for the page's head, such as scripts that are loaded before ``js_on_load`` runs
        :param server_functions: functions that ``js_on_load`` calls as ``await server.name(...)``
        :param shared: parameters of all components; any others are values for the templates, by name
        :raises TypeError: for a parameter that looks misspelt: no template uses it, one is called nearly so
        """
        known = get_type_hints(ComponentProps)
        own = {name: given for name, given in shared.items() if name not in known}
        _refuse_misspelt(type(self), own, f"{html_template}{css_template}{js_on_load}")
        names_in(buttons)
        self._plain = html_template == PLAIN
        self._functions = {one.__name__: one for one in server_functions or ()}
        self._buttons = buttons_in(buttons)
        _warn_of_script(html_template)
        props = {
            "value": value,
            "label": label,
            "show_label": container if show_label is None else show_label,
            "html_template": html_template,
            "css_template": css_template,
            "js_on_load": js_on_load,
            "apply_default_css": apply_default_css,
            "head": head,
            "server_functions": list(self._functions),
            "props": cast("dict[str, Any]", jsonable(own)),
            "tools": len(self._buttons),
            "min_height": min_height,
            "max_height": max_height,
            "container": container,
            "padding": padding,
            "autoscroll": autoscroll,
        }
        super().__init__(props, {name: shared[name] for name in shared if name in known})

    def picture(self, show: sketch.Files) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As every component: what is text of it."""
        return sketch.prose(sketch.without_tags(self.value))

    def postprocess(self, value: Any) -> Any:
        """``str(value)``; with a template, data of any kind that JSON knows. None is empty."""
        if not self._plain:
            return jsonable(value)
        text = None if value is None else text_of("HTML", value)
        _warn_of_script(text)
        if text and (found := LEFT_OUT.search(text)):
            tag = f"<{found[1].lower()}>"
            told = f"HTML leaves {tag} out of a value: write it into html_template, or css_template"
            warn(told)
        return text

    def from_page(self, raw: Any) -> Any:
        """What ``js_on_load`` has set; without a template it is a text."""
        if self._plain and raw is not None and not isinstance(raw, str):
            raise MessageError(f"value of {self.type_name}: expected a text, got {shortened(raw)}")
        return raw

    def answer(self, value: Any, content: Mapping[str, Any]) -> Any:
        """Call one of the ``server_functions`` for ``js_on_load``.

        :raises MessageError: if it is none of them
        """
        name, arguments = content.get("function"), content.get("arguments")
        function = self._functions.get(name) if isinstance(name, str) else None
        if function is None or not isinstance(arguments, list):
            raise MessageError(f"{shortened(name)} is none of the server_functions of this html")
        result = function(*cast("list[Any]", arguments))
        return jsonable(asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result)

    def check_upload(self, name: str, size: int) -> None:
        """As every component; files may be sent if ``js_on_load`` does."""
        if "upload" not in (self.js_on_load or ""):
            super().check_upload(name, size)

    # -- events

    def offers(self, event: str) -> bool:
        """Whether it can fire ``event``: one that components have, or that ``js_on_load`` names in quotes."""
        named = event.isidentifier() and re.search(rf"""(['"`]){event}\1""", self.js_on_load or "")
        return event in ANY or bool(named) or super().offers(event)

    def __getattr__(self, name: str) -> BoundEvent:
        if name.startswith("_") or not self.offers(name):
            text = (
                f"{type(self).__name__} has no {name!r}; name an event of your own in js_on_load, in quotes"
            )
            raise AttributeError(text)
        return BoundEvent((Trigger(self, name),))

    # -- what is in it

    def placed(self, graph: Graph) -> None:
        """Take the author's Buttons into the app with it."""
        adopt(self, self._buttons, graph)
        super().placed(graph)

    def tree(self) -> list[Any]:
        """``[id, type, children]``: the author's Buttons, then the blocks inside."""
        number, kind, children = super().tree()
        return [number, kind, [*(button.tree() for button in self._buttons), *children]]

    _before: HTML | None = None
    """What it was reconfigured from."""

    def reconfigured(self, changes: Mapping[str, Any]) -> Self:
        """As every block."""
        copy = super().reconfigured(changes)
        copy._before = self
        return copy

    def props_changed_by(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """As every block; what is no property is a value for templates, which a subclass may make of it."""
        found = super().props_changed_by(changes)
        if any(name not in self.page_props for name in changes):
            found["props"] = self.props
            for name in ("html_template", "css_template"):
                text = getattr(self, name)
                if self._before is None or text != getattr(self._before, name):
                    found[name] = text
        return found

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """Handlebars only if a template is written in it."""
        templates = (shown.get(name, getattr(self, name)) for name in ("html_template", "css_template"))
        return self.chunks if any("{{" in template for template in templates) else ("html",)


async def _awaited(result: Any) -> Any:
    return await result


def _refuse_misspelt(cls: type[Any], own: Mapping[str, Any], used: str) -> None:
    known = [*get_type_hints(ComponentProps), *inspect.signature(HTML.__init__).parameters]
    for name in own:
        near = difflib.get_close_matches(name, known, 1, 0.8)
        if near and not re.search(rf"\b{re.escape(name)}\b", used):
            raise TypeError(
                f"{cls.__name__} got an unexpected keyword argument {name!r}; did you mean {near[0]!r}?"
            )


def _warn_of_script(markup: str | None) -> None:
    if markup and SCRIPT.search(markup):
        text = "a <script> in HTML does not run: use js_on_load, and head for scripts of libraries"
        warn(text)
