"""Layout: a block that holds others, used as a context manager; and Form, which frames fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import traitlets as t
from typing_extensions import Self, Unpack

from .block import Block, BlockProps
from .placing import open_layout
from .sketch import CELL, text


class Layout(Block):
    """A block that holds others. ``with gr.Row(): ...`` places what is made inside."""

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Create an empty layout."""
        self.children: list[Block] = []
        self._outer: list[Layout | None] = []
        super().__init__(props, shared)

    def append(self, block: Block) -> None:
        """Put ``block`` behind the others."""
        block.parent = self
        self.children.append(block)

    def __enter__(self) -> Self:
        self._outer.append(open_layout.get())
        open_layout.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        open_layout.set(self._outer.pop())
        if kind is None:
            self.wrap_children()

    def wrap_children(self) -> None:
        """Give neighbouring children that need a certain parent one of that kind (CP-144, CP-148)."""
        wrapped: list[Block] = []
        current: Layout | None = None
        for child in self.children:
            wanted = child.expected_parent()
            if wanted is None or isinstance(self, wanted):
                if not child.transparent:
                    current = None
                wrapped.append(child)
                continue
            if current is None or type(current) is not wanted:
                current = cast("Layout", wanted(render=False))
                current.parent = self
                current.is_rendered = True
                self.adopted(current)
                wrapped.append(current)
            current.append(child)
        self.children = wrapped

    def adopted(self, block: Block) -> None:
        """Make a parent that the library added known to the app."""
        from .placing import graph_of

        graph = graph_of(self)
        if graph is not None:
            graph.add_node(block)

    sketched: ClassVar[str] = ""
    """How its picture places its children: CSS."""

    def picture(self, inner: str) -> str:
        """What stands for it in a saved notebook, around the pictures of what it holds."""
        caption = getattr(self, "label", None)
        head = f"<div><b>{text(caption, CELL)}</b></div>" if isinstance(caption, str) and caption else ""
        style = f' style="{self.sketched}"' if self.sketched else ""
        return f"<div{style}>{head}{inner}</div>"

    def tree(self) -> list[Any]:
        """``[id, type, children]`` of this layout and all below it."""
        return [self._id, self.page_type, [child.tree() for child in self.children if not child.transparent]]


class Form(Layout):
    """A common frame for neighbouring fields. Made by the library, never by users."""

    scale = t.Int(0).tag(sync=True)
    min_width = t.Int(0).tag(sync=True)

    def __init__(self, **shared: Unpack[BlockProps]) -> None:
        """Create an empty frame."""
        super().__init__({}, shared)

    def append(self, block: Block) -> None:
        """Take in a field; the form is as wide as its fields together ask for."""
        super().append(block)
        self.scale += getattr(block, "scale", None) or 0
        self.min_width += getattr(block, "min_width", None) or 0
