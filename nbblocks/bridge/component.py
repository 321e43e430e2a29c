"""Component: a block with a value. Field: a component with caption, help text and frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, cast

import traitlets as t

from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event, Trigger
from nbblocks.core.graph import Graph
from nbblocks.core.listeners import Dependency
from nbblocks.core.nodes import UNSET, own, quick
from nbblocks.core.places import warn
from nbblocks.core.registration import Options, as_nodes, register

from .block import Block, BlockProps
from .exact import packed
from .layout import Form
from .observing import Change, Failed
from .placing import graph_of
from .sketch import Files, captioned, text

Wire = TypeVar("Wire")
User = TypeVar("User")


class ComponentProps(BlockProps, total=False):
    """Keyword parameters that all components share, beside those of all blocks.

    scale: width relative to the neighbours in a Row
    min_width: least width in px before wrapping; wins over ``scale``
    interactive: whether the user may edit it; None: unless listeners only write it (CP-6)
    every: seconds between repetitions of a callable ``value``
    inputs: components whose values a callable ``value`` gets, called again when one changes
    """

    scale: int | None
    min_width: int | None
    interactive: bool | None
    every: Any
    inputs: Any


class FieldProps(ComponentProps, total=False):
    """Keyword parameters of components with a caption, beside those of all components.

    label: caption above the component; None shows the class name
    info: help text below the caption
    show_label: False hides the caption
    container: False takes away padding and border
    """

    label: str | None
    info: str | None
    show_label: bool | None
    container: bool


class Component(Block, Generic[Wire, User]):
    """A block with a value: ``Wire`` is what the page holds, ``User`` what handlers take and return."""

    shared: ClassVar[type] = ComponentProps
    has_value = True
    preserves_by_default = "value"
    not_copied = ("value", "every", "inputs")

    value: Any = t.Any(None, allow_none=True).tag(sync=True)
    scale = t.Int(None, allow_none=True).tag(sync=True)
    min_width = t.Int(None, allow_none=True).tag(sync=True)
    interactive = t.Bool(None, allow_none=True).tag(sync=True)

    api_schema: ClassVar[dict[str, Any] | None] = None
    """JSON schema of its wire value, where the trait of the value does not say it."""
    api_example: ClassVar[Any] = None
    """A wire value for descriptions of endpoints, where the schema gives no good one."""
    api_example_value: ClassVar[Any] = None
    """What a handler could return, where that is not the wire value."""
    exact: ClassVar[bool] = True
    """Whether numbers in its properties that JSON would change are packed: its page form may have some."""
    takes_files: ClassVar[bool] = False
    """Whether pages may upload files to it, and Clients pass paths."""
    _initial: Any = UNSET
    load_event: Dependency | None = None
    """The listener that repeats a callable value, for ``cancels=`` (EV-198)."""

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Create it at ``props["value"]``: a user value, or a function that returns one (EV-196)."""
        props = dict(props)
        given: Any = props.pop("value", None)
        self._source: Callable[..., Any] | None = given if callable(given) and not self.stateful else None
        self._every, self._inputs = shared.get("every"), shared.get("inputs")
        scale = shared.get("scale")
        if scale is not None and not isinstance(scale, int):
            shared = {**shared, "scale": int(scale)}
            warn(f"scale should be an integer, got {scale!r}")
        if self._source is not None:
            given = None if self._inputs is not None else self._source()
        super().__init__(props, {**shared, "render": False})
        self._refuse_unknown(shared)
        self.set_start(given)
        if shared.get("render", True):
            self.render()

    def set_start(self, given: Any) -> None:
        """Set the value of the constructor."""
        self.value = self.postprocess(given)

    # -- for subclasses

    @quick
    def preprocess(self, payload: Wire | None) -> User | None:
        """Turn the wire value into what a handler gets."""
        return cast("User | None", payload)

    @quick
    def postprocess(self, value: User | None) -> Wire | None:
        """Turn what a handler returned into the wire value."""
        return cast("Wire | None", value)

    def to_page(self, wire: Any) -> Any:
        """The wire value as the page gets it: JSON, with bytes where the page needs binary data."""
        return wire

    def from_page(self, raw: Any) -> Any:
        """The wire value that a page has sent, checked.

        :raises MessageError: if it is not of this component's form
        """
        try:
            return self.traits()["value"]._validate(self, raw)
        except t.TraitError as error:
            raise MessageError(f"value of {self.type_name} {self._id}: {error}") from None

    def from_client(self, raw: Any) -> Any:
        """The wire value that a Client, or code, has passed, its files in the cache: as `from_page`.

        Unlike a page it may name files of its own, where the component takes a path for a value.

        :raises MessageError: if it is not of this component's form
        """
        return self.from_page(raw)

    def answer(self, value: Any, content: Mapping[str, Any]) -> Any:
        """What the front of this component gets that has asked ``content``: JSON, with bytes for binary data.

        Called in a worker thread. ``content`` is what a page has sent, and not to be trusted.

        :param value: the wire value that the component has now
        :raises MessageError: if there is no such question; the front is told
        """
        raise MessageError(f"a {self.type_name} answers no questions")

    def check_upload(self, name: str, size: int) -> None:
        """Check a file that a page wants to send to this component.

        :raises MessageError: if it takes no files, or not this one
        """
        if not self.takes_files:
            raise MessageError(f"a {self.type_name} takes no files, got {name!r}")

    def picture(self, show: Files) -> str:
        """What stands for it in a saved notebook that is opened without the app: HTML by `sketch`.

        :param show: gives the picture of a file, or its name
        """
        return self.captioned(text(self.value))

    def captioned(self, inner: str) -> str:
        """HTML below its caption, for `picture`."""
        caption = getattr(self, "label", None) or self.type_name.capitalize()
        seen = getattr(self, "show_label", True)
        return captioned(caption if seen else None, inner, getattr(self, "info", None))

    # -- as Gradio's components have them

    def api_info(self) -> dict[str, Any]:
        """The JSON schema of what Clients pass for it and get of it, with its choices and bounds."""
        from .schemas import schema_of

        return schema_of(self)

    def example_payload(self) -> Any:
        """A wire value that it could hold: what a Client could pass."""
        from .schemas import example_of

        return example_of(self)

    def example_inputs(self) -> Any:
        """As `example_payload`."""
        return self.example_payload()

    def example_value(self) -> Any:
        """A value that a handler could return for it."""
        from .schemas import example_value_of

        return example_value_of(self)

    def process_example(self, value: Any) -> Any:
        """How a sample with the user value ``value`` is shown: JSON, here the wire value."""
        return self.postprocess(value)

    def as_example(self, value: Any) -> Any:
        """As `process_example`."""
        return self.process_example(value)

    def flag(self, payload: Any, flag_dir: str | Path = "") -> Any:
        """The wire value ``payload`` as a text for a csv file; copies of its files go below ``flag_dir``."""
        from .flagged import text_of

        return text_of(payload, Path(flag_dir), trusting=self.takes_files)

    def read_from_flag(self, payload: Any) -> Any:
        """What `flag` has written, as a value for this component."""
        from .flagged import value_of

        return value_of(self, payload) if isinstance(payload, str) else payload

    def get_config(self) -> dict[str, Any]:
        """As `Block.get_config`, with parameters that pages do not see, such as ``type``.

        ``_selectable`` says whether its app listens to ``select``.
        """
        graph = graph_of(self)
        listened = graph is not None and bool(graph.triggered_by(self, "select"))
        mine = vars(self)
        unseen = {name: mine[name] for name in self.parameter_names() if isinstance(mine.get(name), str)}
        return {**unseen, **super().get_config(), "_selectable": listened, "proxy_url": None}

    # -- what the core and the root ask

    def initial(self) -> Any:
        """Wire value of a new session: that of the constructor, or what code has set since."""
        return own(self.value if self._initial is UNSET else self._initial)

    def mirror(self, props: Mapping[str, Any], failed: Failed) -> list[Change]:
        """As `Block.mirror`; new sessions start with what was there before."""
        if "value" in props and self._initial is UNSET:
            self._initial = self.value
        return super().mirror(props, failed)

    def notify_change(self, change: Any) -> None:
        """As `Block.notify_change`; what code sets is what new sessions start with."""
        if change["name"] == "value":
            self._initial = change["new"]
        super().notify_change(change)

    def page_prop(self, name: str, value: Any) -> Any:
        """``value`` of the property ``name`` in the form the page gets."""
        shown = self.to_page(value) if name == "value" else value
        return packed(shown) if self.exact else shown

    def placed(self, graph: Graph) -> None:
        """Register the listener of a callable value (EV-196, EV-197)."""
        if self._source is None or self.load_event is not None:
            return
        inputs, every = self._inputs, self._every
        # The first trigger decides about the mode: of changes that come during a call, the last is heeded.
        changes = [Trigger(n, "change") for n in as_nodes("inputs", inputs) if n.offers("change")]
        load = Trigger(graph.owner, "load")
        timer = every if isinstance(every, Block) and every.ticks else None
        ticks = [] if timer is None else [Trigger(timer, "tick")]
        triggers = [*changes, load, *ticks]
        if changes and every is not None and timer is None:
            # A repetition is pending all the time, so that changes need a listener of their own.
            triggers = [load]
            apart = Options(show_progress="hidden", queue=False, show_api=False)
            register(graph, tuple(changes), self._source, inputs, self, apart, later=True)
        options = Options(
            show_progress="hidden" if len(triggers) > 1 else "full",
            every=None if timer is not None else every,
            queue=every is not None,
            show_api=False,
        )
        self.load_event = register(graph, tuple(triggers), self._source, inputs, self, options, later=True)


def overrides(component: Component[Any, Any], name: str) -> bool:
    """Whether the class of ``component`` has a method of its own in place of that of all components."""
    return getattr(type(component), name) is not getattr(Component, name)


class Field(Component[Wire, User]):
    """A component with a caption, help text and a frame that neighbouring fields share."""

    shared: ClassVar[type] = FieldProps

    label = t.Unicode(None, allow_none=True).tag(sync=True)
    info = t.Unicode(None, allow_none=True).tag(sync=True)
    show_label = t.Bool(True).tag(sync=True)
    container = t.Bool(True).tag(sync=True)
    min_width = t.Int(160, allow_none=True).tag(sync=True)

    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"container": ("show_label",)}
    framed: ClassVar[bool] = True
    """Whether it shares a frame with neighbouring fields."""

    change = Event("the value became different, by hand or by code")

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Create it; with ``container=False`` there is no caption (CP-2)."""
        show, container = shared.get("show_label"), shared.get("container", True)
        if show is None:
            show = container
        elif show and not container:
            warn("show_label=True has no effect with container=False")
            show = False
        super().__init__(props, {**shared, "show_label": show})

    def get_config(self) -> dict[str, Any]:
        """As every component; help text is told of form components, and where it was given (CP-2)."""
        config = super().get_config()
        if not self.framed and self.info is None:
            del config["info"]
        return config

    def expected_parent(self) -> type[Any] | None:
        """Fields stand in a common frame."""
        return Form if self.framed and self.container else None
