"""Widget: any ipywidget or anywidget as a component of an app."""

from __future__ import annotations

from typing import Any, cast

import traitlets as t
from ipywidgets import DOMWidget
from typing_extensions import Unpack

from nbblocks.bridge.component import Component, ComponentProps
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event


class Widget(Component[Any, Any]):
    """Shows a widget from elsewhere; its value is one of the widget's traits, whatever that holds.

    What the user does in the widget fires ``change``, and what a handler returns is set as the trait. A
    Client has a value of its own, and leaves the widget alone.
    """

    model = t.Unicode("").tag(sync=True)
    """Reference of the widget's model, for the page."""

    change = Event("the trait became different, by hand or by code")

    def __init__(
        self, widget: DOMWidget | None = None, trait: str = "value", **shared: Unpack[ComponentProps]
    ) -> None:
        """Show ``widget``; without one there is an empty place, as for ``visible=False``.

        :param trait: name of the trait that is the value
        :raises TypeError: for what is no widget with a view, such as another component of an app
        :raises ValueError: for a trait that the widget has not
        """
        from nbblocks.bridge.block import Block

        given = cast("object", widget)
        if given is not None and (not isinstance(given, DOMWidget) or isinstance(given, Block)):
            raise TypeError(f"Widget needs a widget of ipywidgets or anywidget, got {type(given).__name__}")
        if widget is not None and not widget.has_trait(trait):
            names = ", ".join(sorted(n for n in cast("list[str]", cast("Any", widget).keys) if n[0] != "_"))
            raise ValueError(f"{type(widget).__name__} has no trait {trait!r}; it has {names}")
        self.widget, self.trait = widget, trait
        model = f"IPY_MODEL_{widget.model_id}" if widget is not None else ""
        super().__init__({"model": model}, shared)
        if widget is not None:
            widget.observe(self._follow, trait)
            self.observe(self._set_trait, "value")

    def set_start(self, given: Any) -> None:
        """Begin with what the widget has."""
        self.value = None if self.widget is None else getattr(self.widget, self.trait)

    def to_page(self, wire: Any) -> Any:
        """Nothing: the page has the widget's own model."""
        return None

    def from_page(self, raw: Any) -> Any:
        """What the trait takes: a Client's values, since a page's come by the widget's own model."""
        if self.widget is None:
            return raw
        try:
            return self.widget.traits()[self.trait]._validate(self.widget, raw)
        except t.TraitError as error:
            raise MessageError(str(error)) from None

    def _follow(self, change: Any) -> None:
        self.value = change["new"]

    def _set_trait(self, change: Any) -> None:
        if getattr(self.widget, self.trait) is not change["new"]:
            cast("Any", self.widget).set_trait(self.trait, change["new"])
