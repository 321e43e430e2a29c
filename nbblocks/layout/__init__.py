"""The layouts, one small file each."""

from typing import TYPE_CHECKING

from nbblocks._names import looked_up

from .accordion import Accordion
from .column import Column
from .group import Group
from .row import Row
from .sidebar import Sidebar
from .tabs import Tab, TabItem, Tabs

__all__ = ["Accordion", "Column", "Group", "Row", "Sidebar", "Tab", "TabItem", "Tabs"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
