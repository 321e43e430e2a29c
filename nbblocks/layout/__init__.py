"""The layouts, one small file each."""

from .accordion import Accordion
from .column import Column
from .group import Group
from .row import Row
from .sidebar import Sidebar
from .tabs import Tab, TabItem, Tabs

__all__ = ["Accordion", "Column", "Group", "Row", "Sidebar", "Tab", "TabItem", "Tabs"]
