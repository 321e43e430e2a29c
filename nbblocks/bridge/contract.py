"""Writes js/src/contract.ts, so that the page's types and defaults are those of the Python classes.

``python -m nbblocks.bridge.contract`` in the project's directory; with ``--check`` it writes nothing and
fails if the file is out of date.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import traitlets as t

from .block import Block, page_type
from .layout import Form

TARGET = Path("js/src/contract.ts")
HEAD = """\
// Written by `python -m nbblocks.bridge.contract`: do not edit.

import type { FileRecord } from "./runtime/wire";
"""
OWN = ("load", "unload")
"""Events that the kernel fires by itself, as it does with the ``change`` of all that has a value."""


def contract(classes: Iterable[type[Block]]) -> str:
    """The text of contract.ts for ``classes``; those with one page type are merged."""
    by_type: dict[str, list[type[Block]]] = {}
    for cls in sorted(classes, key=lambda cls: (len(cls.__mro__), cls.__name__)):
        if not cls.transparent:
            by_type.setdefault(page_type(cls), []).append(cls)
    parts = [HEAD]
    defaults: dict[str, dict[str, Any]] = {}
    for name, members in sorted(by_type.items()):
        title = members[0].__name__
        props: dict[str, str] = {}
        defaults[name] = {}
        events: list[str] = []
        for cls in reversed(members):
            props |= {
                prop: ts_type(trait) for prop, trait in cls.class_traits(sync=True).items() if prop[0] != "_"
            }
            defaults[name] |= cls.page_defaults()
            own = (*OWN, "change") if cls.has_value else OWN
            events += [event for event in cls.events if event not in (*events, *own)]
        lines = "".join(f"  {prop}: {kind};\n" for prop, kind in sorted(props.items()))
        union = " | ".join(f'"{event}"' for event in events) or "never"
        parts.append(f"export interface {title}Props {{\n{lines}}}\n\nexport type {title}Event = {union};\n")
    parts.append(f"export const defaults: Record<string, Record<string, unknown>> = {literal(defaults)};\n")
    return "\n".join(parts)


def ts_type(trait: t.TraitType[Any, Any]) -> str:
    """The TypeScript type of a trait: its tag ``ts`` if it has one."""
    told = trait.metadata.get("ts")
    if told:
        return told
    found = _base_type(trait)
    return f"{found} | null" if trait.allow_none and not found.endswith("null") else found


def _base_type(trait: t.TraitType[Any, Any]) -> str:
    if isinstance(trait, t.Union):
        kinds = [ts_type(member) for member in trait.trait_types]
        return " | ".join(dict.fromkeys(kinds))
    if isinstance(trait, t.Enum):
        return " | ".join(json.dumps(value) for value in trait.values or () if value is not None)
    if isinstance(trait, t.List):
        member = getattr(trait, "_trait", None)  # pyright: ignore[reportUnknownArgumentType]
        kind = "unknown" if member is None or type(member) is t.Any else ts_type(member)
        return f"({kind})[]" if "|" in kind else f"{kind}[]"
    if isinstance(trait, t.Dict):
        return "Record<string, unknown>"
    for cls, kind in ((t.Unicode, "string"), (t.Bool, "boolean"), (t.Int, "number"), (t.Float, "number")):
        if isinstance(trait, cls):
            return kind
    return "unknown"


def literal(value: Any, indent: str = "") -> str:
    """``value`` as an object literal of TypeScript."""
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    lines: list[str] = []
    for key, entry in sorted(cast("dict[str, Any]", value).items()):
        name = key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key)
        lines.append(f"{inner}{name}: {literal(entry, inner)},\n")
    return "{\n" + "".join(lines) + indent + "}"


def main(classes: Iterable[type[Block]], arguments: list[str]) -> int:
    """Write the file, or compare it if ``arguments`` hold ``--check``; the exit status."""
    wanted = contract(classes)
    if "--check" not in arguments:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    found = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    diff = difflib.unified_diff(
        found.splitlines(True), wanted.splitlines(True), str(TARGET), "what it should be"
    )
    sys.stdout.writelines(diff)
    return int(found != wanted)


def exported(package: Any) -> list[type[Block]]:
    """The block classes among the public names of ``package``, and the Form that the library adds itself."""
    public = (getattr(package, name) for name in package.__all__)
    return [Form, *(cls for cls in public if isinstance(cls, type) and issubclass(cls, Block))]


if __name__ == "__main__":
    # Running this module has imported the package around it, and with it all components.
    sys.exit(main(exported(sys.modules["nbblocks"]), sys.argv[1:]))
