"""Tabs and Tab: pages of blocks, one of them in sight."""

from __future__ import annotations

from typing import Any, Literal

import traitlets as t
from typing_extensions import TypedDict, Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout
from nbblocks.core.events import Event


class TabProps(TypedDict, total=False):
    """Keyword parameters of Tab beside its own: those of all blocks but ``visible``, which is positional."""

    elem_id: str | None
    elem_classes: list[str] | str | None
    render: bool
    key: int | str | tuple[Any, ...] | None
    preserved_by_key: str | list[str] | None


class Tabs(Layout):
    """Pages of blocks, one of them in sight. Its children are Tab layouts."""

    overflow_behavior = t.Enum(["menu", "wrap"], "menu").tag(sync=True)
    selected = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)

    change = Event("another tab came into sight")
    select = Event("the user chose a tab; the data say which")

    def __init__(
        self,
        *,
        selected: int | str | None = None,
        overflow_behavior: Literal["menu", "wrap"] = "menu",
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create it with the tab of the id ``selected`` in sight; None is the first.

        :param overflow_behavior: what happens to labels without room: ``"menu"`` has a menu of all tabs
            beside them, ``"wrap"`` puts them into further lines
        :raises ValueError: for another ``overflow_behavior``
        """
        if overflow_behavior not in ("menu", "wrap"):
            raise ValueError(f"overflow_behavior of Tabs must be 'menu' or 'wrap', got {overflow_behavior!r}")
        super().__init__({"selected": selected, "overflow_behavior": overflow_behavior}, shared)


class Tab(Layout):
    """One page of a Tabs. Outside of one, neighbouring tabs get a Tabs of their own."""

    label = t.Unicode("").tag(sync=True)
    interactive = t.Bool(True).tag(sync=True)
    id = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    alignment = t.Enum(["left", "right"], "left").tag(sync=True)
    scale = t.Int(None, allow_none=True).tag(sync=True)
    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    render_children = t.Bool(False).tag(sync=True)

    select = Event("the user chose the tab")

    def __init__(
        self,
        label: str | None = None,
        visible: Any = True,
        interactive: bool = True,
        *,
        id: int | str | None = None,
        alignment: Literal["left", "right"] = "left",
        scale: int | None = None,
        height: int | str | None = None,
        max_height: int | str | None = None,
        render_children: bool = False,
        **shared: Unpack[TabProps],
    ) -> None:
        """Create a tab.

        :param label: text on the tab
        :param interactive: whether the user can choose it
        :param id: its name for ``Tabs(selected=id)``; None is its number, from 0
        :param alignment: the end of the line of tabs that it stands at
        :param height: px or CSS length of what is in it, as ``max_height``; what is longer scrolls
        :param render_children: draw what is in it before it is first chosen
        :raises ValueError: for an ``alignment`` that is neither ``"left"`` nor ``"right"``
        """
        if alignment not in ("left", "right"):
            raise ValueError(f"alignment of Tab must be 'left' or 'right', got {alignment!r}")
        props = {
            "label": label or "",
            "visible": visible,
            "interactive": interactive,
            "id": id,
            "alignment": alignment,
            "scale": scale,
            "height": height,
            "max_height": max_height,
            "render_children": render_children,
        }
        super().__init__(props, shared)

    @property
    def type_name(self) -> str:
        """What programs written for Gradio call it."""
        return "tabitem"

    def expected_parent(self) -> type[Any] | None:
        """A tab stands in a Tabs."""
        return Tabs


class TabItem(Tab):
    """Another name for Tab."""

    drawn_as = "tab"
