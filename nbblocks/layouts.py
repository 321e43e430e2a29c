"""Gradio's ``gradio.layouts``: the same names here."""

from ._names import looked_up
from .bridge.layout import Form
from .layout import Accordion, Column, Group, Row, Sidebar, Tab, TabItem, Tabs

__all__ = ["Accordion", "Column", "Form", "Group", "Row", "Sidebar", "Tab", "TabItem", "Tabs"]

__getattr__ = looked_up(__name__, ("Draggable", "Step", "Walkthrough"))
