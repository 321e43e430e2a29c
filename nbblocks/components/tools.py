"""ToolField: a field that can have small buttons at its upper corner, the author's own among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import Self

from nbblocks.bridge.block import Block
from nbblocks.bridge.component import Field, FieldProps, User, Wire
from nbblocks.bridge.placing import graph_of, take_out
from nbblocks.core.graph import Graph

from .button import Button
from .checks import kind_of


class ToolProps(FieldProps, total=False):
    """Keyword parameters of fields with small buttons, beside those of all fields.

    buttons: names of the buttons to show, such as ``"copy"``, and Buttons of your own, which leave their
        place and stand in the corner of the field; None shows the usual ones
    """

    buttons: Sequence[str | Button] | None


class ToolField(Field[Wire, User]):
    """A field with small buttons at its upper corner."""

    shared: ClassVar[type] = ToolProps

    buttons = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)
    usual: ClassVar[tuple[str, ...] | None] = None
    """What `get_config` gives as ``buttons`` if none are named; None gives None."""

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Create it.

        :raises TypeError: if ``buttons`` holds anything but names and Buttons
        """
        given = shared.get("buttons")
        self.children = buttons_in(given)
        super().__init__(props, {**shared, "buttons": names_in(given)})

    def get_config(self) -> dict[str, Any]:
        """As every block, with the usual buttons if none are named."""
        config = super().get_config()
        if config["buttons"] is None and self.usual is not None:
            config["buttons"] = list(self.usual)
        return config

    def placed(self, graph: Graph) -> None:
        """Take the author's Buttons from where they stand, and into the app with the field."""
        adopt(self, self.children, graph)
        super().placed(graph)

    def unrender(self) -> Self:
        """As every block; its Buttons go with it."""
        graph = graph_of(self)
        for button in self.children:
            if graph is not None:
                graph.remove_node(button)
            button.is_rendered = False
        return super().unrender()

    def tree(self) -> list[Any]:
        """``[id, type, children]``, the children being the author's Buttons."""
        return [self._id, self.page_type, [button.tree() for button in self.children]]


def adopt(owner: Block, buttons: Iterable[Button], graph: Graph) -> None:
    """Take Buttons from where they stand, and into the app with ``owner``."""
    for button in buttons:
        if button.parent is not owner:
            take_out(button)
        graph.add_node(button)
        button.parent, button.is_rendered = owner, True
        button.placed(graph)


def buttons_in(buttons: Any) -> list[Button]:
    """The Buttons among ``buttons``, which may be None."""
    return [one for one in buttons or () if isinstance(one, Button)]


def names_in(buttons: Any) -> list[str] | None:
    """The names among ``buttons``; None if it is None.

    :raises TypeError: if it holds anything but names and Buttons
    """
    if buttons is None:
        return None
    for one in buttons:
        if not isinstance(one, (str, Button)):
            raise TypeError(f"buttons must be names such as 'copy' or Buttons, got {kind_of(one)}: {one!r}")
    return [one for one in buttons if isinstance(one, str)]
