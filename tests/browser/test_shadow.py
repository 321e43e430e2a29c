"""Apps in a shadow root, as marimo and Panel draw them: what works in a notebook works there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator

from . import test_code, test_dataframe, test_forms, test_media, test_native_plot
from .lab import Jupyter
from .stage import PRELUDE, Stage, open_stage

HOST = '''
import anywidget, traitlets

class Host(anywidget.AnyWidget):
    """Draws another widget in a shadow root of its own."""

    _esm = """
    async function render({ model, el, host, signal }) {
      const root = el.attachShadow({ mode: "open" });
      const inner = await host.getWidget(model.get("inner"));
      await inner.render({ el: root.appendChild(document.createElement("div")), signal });
    }
    export default { render };
    """
    inner = traitlets.Unicode().tag(sync=True)

def hosted(app):
    bundle = app._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return Host(inner="anywidget:" + data["application/vnd.jupyter.widget-view+json"]["model_id"])
'''


class ShadyStage(Stage):
    """Shows each app in a shadow root. Locators look into it by themselves."""

    def show(self, source: str) -> Locator:
        """As that of a notebook; the source's last line is the app."""
        before, last = source.rstrip().rsplit("\n", 1)
        self.book.write_cell(0, f"{PRELUDE}{HOST}{before}\nhosted({last})")
        self.book.run_cell(0)
        app = self.book.output(0).locator(".nbb-app")
        app.wait_for()
        assert app.evaluate("el => el.getRootNode() instanceof ShadowRoot")
        return app


@pytest.fixture(scope="module")
def theatre(jupyter: Jupyter) -> Iterator[Stage]:
    """One notebook for the apps of many tests."""
    with open_stage(jupyter) as stage:
        yield ShadyStage(stage.book)


ALIKE = {
    "a_million_rows_show_at_once_and_come_as_they_are_scrolled_to",
    "the_kernel_sorts_and_searches_a_large_table_and_handlers_get_it_as_it_was",
    "all_of_a_large_table_is_emptied_and_that_is_taken_back",
    "one_value_is_pasted_over_what_a_search_has_found",
    "cells_are_shown_as_what_they_are_and_come_back_so",
    "numbers_are_typed_as_they_are_written_here",
    "what_is_typed_reaches_handlers_and_is_there_after_a_reload",
    "the_webcam_takes_a_picture",
    "the_webcam_streams_until_it_is_stopped",
    "a_picture_too_large_for_one_message_is_shown",
    "times_are_told_in_seconds_and_names_as_they_are",
    "a_plot_without_rows_waits_for_some",
    "a_text_from_a_handler_can_be_undone_and_is_highlighted",
}
"""What of the document these touch, others do too. They would take time."""
MODULES = (test_code, test_dataframe, test_forms, test_media, test_native_plot)
TESTS = [
    pytest.param(test, id=f"{module.__name__.rpartition('test_')[2]}-{name.removeprefix('test_')}")
    for module in MODULES
    for name, test in vars(module).items()
    if name.startswith("test_")
    and name.removeprefix("test_") not in ALIKE
    and test.__code__.co_varnames[: test.__code__.co_argcount] == ("stage",)
]


@pytest.mark.parametrize("test", TESTS)
def test_it_works_as_in_the_document(stage: Stage, test: Callable[[Stage], None]) -> None:  # TR-52
    test(stage)
