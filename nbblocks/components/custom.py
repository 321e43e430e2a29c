"""CustomComponent: a user's own component, a class with traits and a text of JavaScript."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast, get_type_hints

import traitlets as t

from nbblocks.bridge.arguments import signature_of
from nbblocks.bridge.block import kind_of
from nbblocks.bridge.component import Field, FieldProps
from nbblocks.bridge.custom_assets import follow, module_chunk, sheet_chunk, source_of
from nbblocks.bridge.exact import packed, unsendable
from nbblocks.bridge.files import given_out
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.nodes import UNSET

from .checks import named, plain


class CustomComponent(Field[Any, Any]):
    """Base of components of your own: derive a class, give it traits and ``_esm``, and use it as any other.

    Traits with ``.tag(sync=True)`` are what the page sees, and the parameters of the constructor; ``value``
    is what handlers get and set. ``_esm`` is the text of a JavaScript module, or a ``pathlib.Path`` to it, in
    anywidget's form: ``export default { render({ model, el }) { ... } }``. There ``model`` has ``get``,
    ``set``, ``save_changes``, ``on`` and ``off``, and ``send({event, data})`` raises an event of the class.
    A ``value`` that is set and saved fires ``input`` and ``change``; what a page sets, its trait checks.
    ``_css`` is a style sheet, or a path to one; it reaches what the class has drawn, and nothing else.

    With ``ANYWIDGET_HMR=1`` in the environment as the class is made, and watchfiles installed, files are
    watched: what they draw is drawn anew when they change.
    """

    draws_itself = True
    drawn_as = "custom"
    _esm: ClassVar[Any] = None
    _css: ClassVar[Any] = None

    front_end = t.Dict().tag(sync=True)
    """What the page must know to draw it."""

    input = Event("the user set another value")

    _node: CustomComponent | None = None
    """Of a copy with updated properties: the component that stands in the app."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, member in list(vars(cls).items()):
            if isinstance(member, (t.TraitType, Event)):
                _check_name(cls, name, cast("object", member))
        for name in ("_esm", "_css"):
            if name in vars(cls):
                setattr(cls, name, source_of(vars(cls)[name]))
        own = vars(cls).get("postprocess")
        if own is not None:
            cast("Any", cls).postprocess = _checking(own)

    def __init__(self, value: Any = UNSET, **given: Any) -> None:
        """Create it at ``value``, or at the default of its trait.

        :param given: values of its other traits, and what all components with a caption take
        :raises TypeError: for an unknown one
        :raises TraitError: for a value that its trait does not take
        """
        traits = {name: given.pop(name) for name in _own_traits(type(self)) if name in given}
        super().__init__({**traits, "value": value, "front_end": self._now()}, given)
        for source in (self._esm, self._css):
            follow(source, self._renew)

    def set_start(self, given: Any) -> None:
        """Set the value of the constructor, if there was one."""
        if given is not UNSET:
            super().set_start(given)

    @classmethod
    def parameter_names(cls) -> tuple[str, ...]:
        """Names of the traits, which are the parameters, besides those of a constructor of its own."""
        return (*super().parameter_names(), *_own_traits(cls))

    @property
    def type_name(self) -> str:
        """The lower-case name of its class."""
        return type(self).__name__.lower()

    # -- values

    def postprocess(self, value: Any) -> Any:
        """What a handler returned; for None the default of the trait ``value``, unless that takes a None.

        :raises TraitError: if the trait does not take it
        """
        trait = self.traits()["value"]
        if value is None and not trait.allow_none:
            value = trait.default(self)
        value = trait._validate(self, plain(value))
        if self.trait_metadata("value", "to_json") is None:
            odd = unsendable(value)
            if odd is not None:
                raise TypeError(
                    f"{type(self).__name__} expects data of JSON's types, or bytes, got {named(odd[0])}: "
                    "give the trait `value` a to_json, or return what it would give"
                )
        return value

    def to_page(self, wire: Any) -> Any:
        """The value in the form that the page gets, by the ``to_json`` of its trait if there is one."""
        return self.page_prop("value", wire)

    def page_prop(self, name: str, value: Any) -> Any:
        """A property in the form that the page gets, by the ``to_json`` of its trait if there is one."""
        to_json = self.trait_metadata(name, "to_json")
        return packed(value if to_json is None else to_json(value, self))

    def from_page(self, raw: Any) -> Any:
        """The value that a page has sent, checked by its trait."""
        return self._from_page("value", raw)

    def prop_from_page(self, name: str, raw: Any) -> Any:
        """Another trait that a page has set, checked by it: one that the user's class has added."""
        own = name in _own_traits(type(self)) and name in self.page_props
        if not own or self.traits()[name].read_only:
            return super().prop_from_page(name, raw)
        return self._from_page(name, raw)

    def _from_page(self, name: str, raw: Any) -> Any:
        from_json = self.trait_metadata(name, "from_json")
        try:
            given = raw if from_json is None else from_json(raw, self)
            return self.traits()[name]._validate(self, given)
        except (t.TraitError, TypeError, ValueError, LookupError) as error:
            raise MessageError(f"{name} of {self.type_name} {self._id}: {error}") from None

    # -- messages

    def send(self, content: Any, buffers: Sequence[Any] | None = None) -> None:
        """Send ``content`` (JSON) and ``buffers`` (bytes) to all pages that show it now. Any thread.

        There ``model.on("msg:custom", callback)`` hears it.
        """
        node = self._node or self
        host = node.running_host
        if host is not None:
            with host.cache_active():
                content = given_out(content)
            host.say(node, content, buffers or ())

    def on_message(self, content: Any) -> Any:
        """Take what a page has sent by ``model.send`` that is no event. Called in a worker thread.

        Override it, or register callbacks with ``on_msg``, as with ipywidgets. ``content`` is not checked.

        :return: JSON, with bytes for binary data; the promise that ``model.send`` has given comes to it
        :raises MessageError: if nobody takes messages; whatever is raised is shown in the page
        """
        callbacks = cast("Any", self)._msg_callbacks
        if not callbacks.callbacks:
            events = ", ".join(name for name in self.events if name != "change")
            raise MessageError(
                f"{type(self).__name__} got the message {content!r:.100}, which is none of its events "
                f"({events}), and has no on_message"
            )
        callbacks(self, content, [])

    def answer(self, value: Any, content: Mapping[str, Any]) -> Any:
        """What `on_message` makes of a message."""
        return (self._node or self).on_message(content.get("message"))

    # -- what the page sees

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """Its module and its style sheet."""
        front = cast("Mapping[str, Any]", shown.get("front_end", self.front_end))
        return [front[name] for name in ("module", "css") if front.get(name)]

    def reconfigured(self, changes: Mapping[str, Any]) -> Any:
        """As of all blocks; the copy sends its messages from here."""
        copy = super().reconfigured(changes)
        copy._node = self._node or self
        return copy

    def _now(self) -> dict[str, Any]:
        cls = type(self)
        return {
            "name": cls.__name__,
            "kind": ".".join(kind_of(cls)),
            "module": None if self._esm is None else module_chunk(self._esm),
            "css": None if self._css is None else sheet_chunk(self._css),
            "events": [name for name in self.events if name != "change"],
            "props": [name for name in self.page_props if name != "front_end"],
        }

    def _renew(self, text: str) -> None:
        """A file has changed: have pages draw it anew. In the thread that watches the file."""
        self.front_end = self._now()


def _own_traits(cls: type[CustomComponent]) -> list[str]:
    """The traits, synchronised or not, that users have added."""
    common = CustomComponent.class_trait_names()
    return [name for name in cls.class_trait_names() if name not in common and not name.startswith("_")]


def _check_name(cls: type, name: str, member: object) -> None:
    """Refuse a name that all components use for something else.

    :raises TypeError: naming it
    """
    if isinstance(member, Event):
        free = isinstance(getattr(CustomComponent, name, member), Event)
        kind = "an event"
    else:
        common = CustomComponent.class_traits(sync=True).keys() - {"front_end"}
        free = name in common or not (hasattr(CustomComponent, name) or name in get_type_hints(FieldProps))
        kind = "a trait"
    if not free:
        raise TypeError(f"{cls.__name__} cannot have {kind} {name!r}: all components use that name already")


def _checking(method: Callable[..., Any]) -> Callable[..., Any]:
    """A ``postprocess`` whose result the trait checks: no page gets a value that is none."""

    @functools.wraps(method)
    def postprocess(self: CustomComponent, value: Any) -> Any:
        return self.traits()["value"]._validate(self, method(self, value))

    return postprocess


class _Signature:
    """The parameters of a constructor that is made of traits: for help and completion."""

    def __get__(self, node: object, cls: type[CustomComponent]) -> inspect.Signature | None:
        kinds, traits = inspect.Parameter, cls.class_traits()
        if not traits:  # traitlets looks while it is made
            return None
        if cls.__init__ is not CustomComponent.__init__:
            return signature_of(cls)
        own = [kinds(name, kinds.KEYWORD_ONLY, default=traits[name].default()) for name in _own_traits(cls)]
        value = kinds("value", kinds.POSITIONAL_OR_KEYWORD, default=traits["value"].default())
        return inspect.Signature([value, *own, kinds("shared", kinds.VAR_KEYWORD)])


cast("Any", CustomComponent).__signature__ = _Signature()
