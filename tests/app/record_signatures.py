"""Writes gradio_signatures.json: names, parameters and defaults of Gradio's public classes and functions.

Run it with an environment that has Gradio: ``python tests/app/record_signatures.py``. The test that reads the
file needs none.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("gradio_signatures.json")
OBJECTS = (
    "Blocks", "CSVLogger", "Client", "Examples", "FlaggingCallback", "Interface", "Job", "Progress",
    "Request", "SimpleCSVLogger", "TabbedInterface",
)  # fmt: skip
"""Classes of which people call methods; those of components are recorded once, as Component's."""
OF_COMPONENTS = (
    "api_info", "as_example", "example_inputs", "example_payload", "example_value", "flag", "get_config",
    "postprocess", "preprocess", "process_example", "read_from_flag", "render", "unrender",
)  # fmt: skip
EVENTS = ("load", "unload")
"""Methods of apps that are events: they take what all events do."""

Parameter = list[Any]
"""Name, kind, and the repr of the default, None if there is none."""


def signature_of(member: Any) -> list[Parameter]:
    """The parameters of a function, or of a class, without ``self``."""
    if inspect.isclass(member) and {"__new__", "__init__"} <= vars(member).keys():
        member = member.__init__
    try:
        found = inspect.signature(member)
    except (TypeError, ValueError):
        return []
    return [
        [one.name, one.kind.name, None if one.default is one.empty else plain(one.default)]
        for one in found.parameters.values()
        if one.name != "self"
    ]


def plain(default: Any) -> str:
    """The repr of a default, without what differs from one process to the next."""
    text = repr(default)
    return f"<{type(default).__name__}>" if " at 0x" in text else text


def methods_of(cls: type, names: Iterable[str] = ()) -> dict[str, list[Parameter]]:
    """The signatures of the public methods of a class, or of those with the given names."""
    members = inspect.getmembers(cls, inspect.isfunction)
    inherited = cls.__mro__[1] if cls.__name__ in ("Interface", "TabbedInterface") else object
    wanted = set(names) or {
        name
        for name, member in members
        if not name.startswith("_") and name not in EVENTS and getattr(inherited, name, None) is not member
    }
    return {name: signature_of(member) for name, member in members if name in wanted}


def record(names: dict[str, Any]) -> dict[str, list[Parameter]]:
    """The signatures of classes and functions by name, and of methods by ``Class.method``."""
    found: dict[str, list[Parameter]] = {}
    for name, member in sorted(names.items()):
        if not callable(member):
            continue
        found[name] = signature_of(member)
        if name in OBJECTS or name == "Component":
            for method, parameters in methods_of(
                member, OF_COMPONENTS if name == "Component" else ()
            ).items():
                found[f"{name}.{method}"] = parameters
    return found


def main() -> None:
    import gradio
    import gradio_client

    names = {name: getattr(gradio, name) for name in {*gradio.__all__, "api", "Success"}}
    names |= {"Client": gradio_client.Client, "Job": gradio_client.client.Job}
    names |= {"handle_file": gradio_client.handle_file, "Examples": gradio.helpers.Examples}
    with gradio.Blocks():
        names["event"] = gradio.Button().click  # what the event methods of all components take
    found = record(names)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(given)}" for name, given in found.items())
    FILE.write_text(f'{{"gradio": "{gradio.__version__}", "names": {{\n{lines}\n}}}}\n')
    print(f"{len(found)} signatures of Gradio {gradio.__version__}")


if __name__ == "__main__":
    main()
