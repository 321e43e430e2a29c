"""Block: what every part of an app is, a widget that the app's one root draws."""

from __future__ import annotations

import difflib
import itertools
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypedDict, TypeVar

import traitlets as t
from ipywidgets import Widget

from nbblocks.core.equality import same
from nbblocks.core.errors import MessageError
from nbblocks.core.events import events_of
from nbblocks.core.graph import Graph
from nbblocks.core.nodes import Node

from . import classes
from .arguments import Explaining
from .classes import drawn_class, kind_of, page_type
from .observing import Change, Failed, differ
from .placing import graph_of, place, take_out

if TYPE_CHECKING:
    from nbblocks.core.sessions import Session

    from .rendering import Rendering

__all__ = ["Block", "BlockProps", "Host", "drawn_class", "kind_of", "page_type"]

B = TypeVar("B", bound="Block")
_ids = itertools.count(1)
_counting = threading.Lock()


class BlockProps(TypedDict, total=False):
    """Keyword parameters that all blocks share.

    visible: False does not show the block, ``"hidden"`` keeps it in the page unseen
    elem_id: id of its outer element
    elem_classes: classes of its outer element; a str is one class
    render: False does not place it now
    key: its identity across re-renders
    preserved_by_key: names of the properties kept across re-renders
    """

    visible: Any
    elem_id: str | None
    elem_classes: list[str] | str | None
    render: bool
    key: int | str | tuple[Any, ...] | None
    preserved_by_key: str | list[str] | None


class Host(Protocol):
    """The running app that a block is shown by."""

    def set_from_code(self, block: Block, name: str, value: Any, before: Any) -> None:
        """Take over a property that code has set: callable from any thread."""
        ...

    def say(self, block: Block, content: Any, buffers: Sequence[Any]) -> None:
        """Send a message to the front of a block in all pages: callable from any thread."""
        ...

    def show_rendering(self, rendering: Rendering, session: Session) -> None:
        """Put what a render function has built in its place. On the scheduler's loop."""
        ...

    def cache_active(self) -> AbstractContextManager[None]:
        """Files go to the app's cache inside."""
        ...

    def show_handles(self) -> None:
        """Tell the pages that a component has got a handle. Any thread."""
        ...

    def show_layout(self, block: Block) -> None:
        """Tell the pages that a block has got a layout, if the root stands for it. Any thread."""
        ...


class Block(Node, Widget, metaclass=Explaining):
    """One part of an app: a component or a layout.

    It is a widget so that ``observe``, ``link`` and ``VBox`` work, but it opens no comm of its own: the
    root of its app carries its properties.
    """

    shared: ClassVar[type] = BlockProps
    """TypedDict of the keyword parameters that the class takes beside its own."""
    events: ClassVar[tuple[str, ...]] = ()
    """Names of the events that the class offers."""
    chunks: ClassVar[tuple[str, ...]] = ()
    """Heavy parts of the front-end that draw it: names of files in ``js/src/chunks``."""

    visible = t.Union([t.Bool(), t.Enum(["hidden"])], default_value=True).tag(sync=True)
    elem_id = t.Unicode(None, allow_none=True).tag(sync=True)
    elem_classes = t.List(t.Unicode()).tag(sync=True)

    _given: tuple[tuple[Any, ...], dict[str, Any]]
    parent: Any = None
    """The layout that holds it, None while it is not placed."""
    host: Host | None = None
    is_rendered = False
    _original: Block | None = None
    _unheard: dict[str, int]
    """How often code has set each property without its app having taken that over yet."""
    shown_alone: Any = None
    """The frame around it when it is shown outside of an app."""
    handle: Any = None
    """The widget that stands for it in pages while it stands in an app."""
    own_layout: Any = None
    """The ipywidgets layout of the widget that stands for it, once somebody has asked for it."""
    rendered: Rendering | None = None
    """What a render function has put into it."""

    draws_itself: ClassVar[bool] = False
    """Whether ``_esm`` of the class draws it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "_esm" in vars(cls) and not cls.draws_itself:
            raise TypeError(
                f"{cls.__name__} has an _esm: derive it from CustomComponent, which is drawn by it"
            )
        cls.events = tuple(events_of(cls))

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Note the arguments of the constructor call, for updates."""
        self = super().__new__(cls, *args, **kwargs)
        self._given = (args, kwargs)
        return self

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Set ``props`` and ``shared``, take an id, and stand in the open layout unless ``render=False``.

        :raises TypeError: for a keyword the class does not know
        """
        self._refuse_unknown(shared)
        self._id = next(_ids)
        self._unheard: dict[str, int] = {}
        self.key = shared.get("key")
        preserved = shared.get("preserved_by_key", self.preserves_by_default)
        self.preserved_by_key: list[str] = (
            [preserved] if isinstance(preserved, str) else list(preserved or [])
        )
        given = {**props, **{name: shared[name] for name in shared if name in self.page_props}}
        classes = given.get("elem_classes")
        if isinstance(classes, str):
            given["elem_classes"] = [classes]
        elif classes is None:
            given.pop("elem_classes", None)
        # Widget.__init__ would call self.open(): no comm is wanted, and `open` is a property of some blocks.
        super(Widget, self).__init__(**given)
        if shared.get("render", True):
            place(self)

    preserves_by_default: ClassVar[str | None] = None

    @property
    def page_props(self) -> tuple[str, ...]:
        """Names of the traits that a page sees."""
        return classes.page_props(type(self))

    @classmethod
    def _refuse_unknown(cls, shared: Mapping[str, Any]) -> None:
        known = classes.keywords(cls.shared)
        for name in shared:
            if name not in known:
                near = difflib.get_close_matches(name, [*known, *cls.parameter_names()], 1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise TypeError(f"{cls.__name__} got an unexpected keyword argument {name!r}{hint}")

    @classmethod
    def parameter_names(cls) -> tuple[str, ...]:
        """Names of the constructor's own parameters."""
        return classes.parameters(cls)

    # -- what the core asks

    @property
    def type_name(self) -> str:
        """The lower-case name that configs and error messages use: that of a class of the library."""
        return drawn_class(type(self)).__name__.lower()

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        """The arguments written in the constructor call, by name."""
        args, kwargs = self._given
        names = [n for n in classes.parameters(type(self)) if n != "shared"]
        return {**dict(zip(names, args, strict=False)), **kwargs}

    def offers(self, event: str) -> bool:
        """Whether the class declares ``event``."""
        return event in self.events

    def reconfigured(self: B, changes: Mapping[str, Any]) -> B:
        """A detached copy with ``changes`` laid over the constructor arguments, the value left out."""
        args = {**self.constructor_args, **changes, "render": False}
        for name in self.not_copied:
            if name not in changes:
                args.pop(name, None)
        copy = type(self)(**args)
        copy._id = self._id
        return copy

    not_copied: ClassVar[tuple[str, ...]] = ()
    """Constructor arguments that a reconfigured copy does without."""

    def props_changed_by(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The properties named in ``changes`` or derived from them that a page sees, the value left out."""
        names = {*changes, *(name for given in changes for name in self.derived.get(given, ()))}
        return {n: getattr(self, n) for n in sorted(names) if n in self.page_props and n != "value"}

    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Properties that follow from other constructor arguments: ``{"minimum": ("step",)}``."""

    def get_config(self) -> dict[str, Any]:
        """Its properties by name, its type as ``name``, and what it is known by across re-renders."""
        return {
            "name": self.type_name,
            "key": self.key,
            "preserved_by_key": list(self.preserved_by_key),
            **{name: getattr(self, name) for name in self.page_props},
        }

    # -- what the page sees

    def prop_from_page(self, name: str, raw: Any) -> Any:
        """The property ``name`` other than the value that a page has set, checked.

        :raises MessageError: if it is not for pages to set, or not of its form
        """
        raise MessageError(f"pages set no {name!r} of a {self.type_name}")

    def event_data(self, data: dict[str, Any] | None) -> dict[str, Any] | None:
        """The data of an event that a page has raised, as handlers get them. On the loop.

        :raises MessageError: if they are not of its form
        """
        return data

    def page_prop(self, name: str, value: Any) -> Any:
        """``value`` of the property ``name`` in the form the page gets: JSON, with bytes for binary data."""
        return value

    def page_state(self) -> dict[str, Any]:
        """The properties that differ from the defaults that the page knows, in the form it gets."""
        return {name: self.page_prop(name, getattr(self, name)) for name in self.page_names()}

    def page_names(self) -> list[str]:
        """Names of the properties that differ from the defaults that the page knows."""
        defaults = self.page_defaults()
        return [
            name
            for name in self.page_props
            if name not in defaults or differ(getattr(self, name), defaults[name])
        ]

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """Those of `chunks` that a page needs now: all, unless a class knows better. Any thread.

        :param shown: properties that a page is about to get; the others are as the block has them
        """
        return self.chunks

    @classmethod
    def page_defaults(cls) -> dict[str, Any]:
        """Default of each property that a page knows; properties with a made default are left out."""
        return dict(classes.defaults(drawn_class(cls)))

    @property
    def original(self) -> Block:
        """The block as it was built: what sessions without pages go by."""
        return self._original or self

    def mirror(self, props: Mapping[str, Any], failed: Failed) -> list[Change]:
        """Set traits to what a run or a page has set; for their observers, what changed.

        What code has set meanwhile stays: it is on its way to the run's session, and newer.

        :param failed: is told which value a trait does not take, and why
        """
        if self._original is None and props.keys() - {"value"}:
            self._original = self.reconfigured({})
        taken: dict[str, Any] = {}
        for name, value in props.items():
            if self._unheard.get(name):
                continue
            try:
                taken[name] = getattr(type(self), name)._validate(self, value)
            except t.TraitError as error:
                failed(f"{self!r} could not take over its {name}", error)
        changes = [(name, getattr(self, name), value) for name, value in taken.items()]
        self._trait_values.update(taken)
        host = self.running_host
        if self.made_by_user and host is not None:
            for name, value in taken.items():
                if not same(value, props[name]):  # its own validator has put another in place
                    host.set_from_code(self, name, value, props[name])
        return changes

    def notify_change(self, change: Any) -> None:
        """Tell the running app of a property that code has set, then the observers: they may correct it."""
        name = change["name"]
        if name in self.page_props:
            if self._original is not None:
                setattr(self._original, name, change["new"])
            host = self.running_host
            if host is not None:
                host.set_from_code(self, name, change["new"], change["old"])
        super().notify_change(change)  # pyright: ignore[reportUnknownMemberType]

    def unheard(self, name: str) -> None:
        """Code has set a property, and the app is going to be told."""
        with _counting:
            self._unheard[name] = self._unheard.get(name, 0) + 1

    def heard(self, name: str | None = None) -> None:
        """The app has been told of a property once more, or begins anew."""
        with _counting:
            left = {} if name is None else {**self._unheard, name: self._unheard.get(name, 1) - 1}
            self._unheard = {one: count for one, count in left.items() if count > 0}

    @property
    def made_by_user(self) -> bool:
        """Whether its class is not of the library, so that showing it runs code of the user's."""
        return type(self).__module__.partition(".")[0] != classes.PACKAGE

    @property
    def running_host(self) -> Host | None:
        """The app that shows it now."""
        return self.host

    # -- placing

    @property
    def page_type(self) -> str:
        """Name of the front-end file that draws it."""
        return page_type(type(self))

    transparent: ClassVar[bool] = False
    """True if it is never seen, and so does not part the fields on both sides of it (CP-148)."""
    unseen: ClassVar[bool] = False
    """True if it has a part in the page, and no look."""

    def expected_parent(self) -> type[Any] | None:
        """Class of layout that it must stand in; the library makes one where it is missing."""
        return None

    def tree(self) -> list[Any]:
        """``[id, type, children]``, for the page."""
        return [self._id, self.page_type, []]

    def placed(self, graph: Graph) -> None:
        """Called when the block has come to stand in an app."""

    def render(self: B) -> B:
        """Place a block made with ``render=False`` in the open layout and return it.

        :raises DuplicateBlockError: if it stands in this app already
        """
        place(self)
        return self

    def unrender(self: B) -> B:
        """Take the block from its layout and app; its listeners stay (AP-10)."""
        take_out(self)
        return self

    # -- what ipywidgets asks

    def close(self) -> None:
        """Nothing to close: the block has no comm."""

    def __del__(self) -> None:
        """Nothing to let go of."""

    def __repr__(self) -> str:
        return f"<nbblocks.{type(self).__name__} {getattr(self, '_id', '?')}>"

    @property
    def model_id(self) -> str:
        """Id of the widget that stands for this block in pages: it shows it, in a ``VBox``, say (TR-63)."""
        return self.stand_in().model_id

    @property
    def _model_id(self) -> str:
        return self.model_id

    @property
    def layout(self) -> Any:
        """The ipywidgets ``Layout`` of that widget, as all have one: its place and size among others."""
        if self.own_layout is None:
            from ipywidgets import Layout

            self.own_layout = Layout()
            if self.handle is not None:
                self.handle.layout = self.own_layout
            if self.running_host is not None:
                self.running_host.show_layout(self)
        return self.own_layout

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.stand_in().mimebundle()

    def stand_in(self) -> Any:
        """What gives the widget that stands for this block: one that shows it alone, or as its app has it."""
        from .alone import host_of
        from .handles import handle_of

        return host_of(self) if graph_of(self) is None else handle_of(self)
