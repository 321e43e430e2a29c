"""JSON schemas of what components hold and functions take, their Python types in words, and examples."""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, Union, cast

import traitlets as t

from nbblocks.core.filedata import FileData

if TYPE_CHECKING:
    from .component import Component

Schema = dict[str, Any]

_CHILD = {
    "path": {"type": "string", "description": "Path to a local file"},
    "url": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    "orig_name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "mime_type": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "is_stream": {"type": "boolean"},
    "meta": {"type": "object"},
}
FILE: Schema = {"type": "object", "title": "FileData", "properties": _CHILD, "required": ["path"]}
"""A file: Clients pass a path, or what `handle_file` returns."""
ANY_JSON: Schema = {"type": {}, "description": "any valid json"}
TEXT_OR_NUMBER: Schema = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]}


def object_of(**fields: Schema) -> Schema:
    """An object with these fields."""
    return {"type": "object", "properties": fields}


def list_of(items: Schema, **more: Any) -> Schema:
    """A list of such items."""
    return {"type": "array", "items": items, **more}


def schema_of(component: Component[Any, Any]) -> Schema:
    """The JSON schema of the wire value of ``component``, with its choices and bounds as they are now."""
    if component.api_schema is not None:
        return component.api_schema
    trait = component.traits().get("value")
    if component.takes_files or str(trait.metadata.get("ts") if trait else "").startswith("FileRecord"):
        several = getattr(component, "file_count", "single") != "single"
        return list_of(FILE) if several else FILE
    choices: Any = getattr(component, "choices", None)
    if isinstance(choices, list):
        return _choice(component, cast("list[Any]", choices))
    low, high = getattr(component, "minimum", None), getattr(component, "maximum", None)
    found = _of_trait(trait)
    if found.get("type") == "number" and low is not None and high is not None:
        return {**found, "description": f"numeric value between {low} and {high}"}
    return found


def _choice(component: Component[Any, Any], choices: Sequence[Any]) -> Schema:
    values: list[Any] = [one[1] if isinstance(one, (list, tuple)) else one for one in choices]
    several = isinstance(component.traits().get("value"), t.List) or getattr(component, "multiselect", False)
    one = _enumerated(values)
    if getattr(component, "allow_custom_value", False):
        one = {"type": one.get("type", "string")}
    return list_of(one) if several else one


def _enumerated(values: Sequence[Any]) -> Schema:
    kinds = {_KINDS.get(type(value), "string") for value in values}
    listed = [one if one is None or type(one) in _KINDS else str(one) for one in values]
    return {"enum": listed} | ({"type": kinds.pop()} if len(kinds) == 1 else {})


def _of_trait(trait: Any) -> Schema:
    if isinstance(trait, t.Union):
        kinds = {str(_of_trait(one).get("type")) for one in trait.trait_types}
        if kinds <= {"integer", "number"}:
            return {"type": "number"}
    for kind, name in (
        (t.Bool, "boolean"), (t.Int, "integer"), (t.Float, "number"), (t.Unicode, "string"),
        (t.Dict, "object"),
    ):  # fmt: skip
        if isinstance(trait, kind):
            return {"type": name}
    return list_of({}) if isinstance(trait, t.List) else dict(ANY_JSON)


def example_of(component: Component[Any, Any]) -> Any:
    """A wire value that ``component`` could hold."""
    if component.api_example is not None:
        return component.api_example
    schema = schema_of(component)
    least: Any = getattr(component, "minimum", None)
    if least is not None:
        return least
    return example_of_schema(schema)


def example_of_schema(schema: Mapping[str, Any]) -> Any:
    """A value of that schema."""
    if schema.get("enum"):
        return schema["enum"][0]
    if is_file(schema):
        return {"path": "path/to/file", "orig_name": "file", "meta": {"_type": "nbblocks.FileData"}}
    for one in schema.get("anyOf", ()):
        return example_of_schema(one)
    kind = schema.get("type")
    if kind == "array":
        items: Schema = schema.get("items") or {"enum": []}
        return [] if items.get("enum") == [] else [example_of_schema(items)]
    if kind == "object":
        return {name: example_of_schema(one) for name, one in schema.get("properties", {}).items()}
    plain = {"string": "Hello!!", "number": 3, "integer": 3, "boolean": True}
    return plain.get(kind) if isinstance(kind, str) else None


def example_value_of(component: Component[Any, Any]) -> Any:
    """A value that a handler could return for ``component``."""
    if component.api_example_value is not None:
        return component.api_example_value
    found = example_of(component)
    return found["path"] if is_file(schema_of(component)) else found


def is_file(schema: Mapping[str, Any]) -> bool:
    """Whether it is the schema of one file."""
    return schema.get("title") == "FileData"


def holds_files(schema: Any) -> bool:
    """Whether a file may stand in a value of this schema, at whatever depth."""
    if isinstance(schema, dict):
        found = cast("dict[str, Any]", schema)
        return is_file(found) or any(holds_files(one) for one in found.values())
    return isinstance(schema, list) and any(holds_files(one) for one in cast("list[Any]", schema))


def python_type(schema: Mapping[str, Any]) -> str:
    """The schema in Python's words: ``float``, ``list[Literal['a', 'b']]``, ``filepath``."""
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if is_file(schema):
        return "filepath"
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(python_type(one) for one in schema["anyOf"]))
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return f"tuple[{', '.join(python_type(one) for one in schema['prefixItems'])}]"
        return f"list[{python_type(schema.get('items', {}))}]"
    if kind == "object":
        if fields := schema.get("properties"):
            return f"dict({', '.join(f'{name}: {python_type(one)}' for name, one in fields.items())})"
        values = schema.get("additionalProperties")
        return f"dict[str, {python_type(values)}]" if isinstance(values, dict) else "dict"  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(kind, str):
        return "Any" if kind is None else "str | float | bool | list | dict"
    return {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}[kind]


# -- annotations

_KINDS: dict[Any, str] = {
    str: "string", bytes: "string", int: "integer", float: "number", bool: "boolean", type(None): "null",
    None: "null", list: "array", tuple: "array", set: "array", frozenset: "array", dict: "object",
}  # fmt: skip


def schema_of_type(annotation: Any) -> Schema:
    """The JSON schema of an annotation; of one that has none, ``{}`` with what it is as its description."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return schema_of_type(args[0])
    if origin is Literal:
        return _enumerated(args)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of_type(one) for one in args]}
    if annotation is Any:
        return {}
    if annotation in _KINDS:
        return {"type": _KINDS[annotation]} | ({"items": {}} if _KINDS[annotation] == "array" else {})
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        return {"type": "array", "prefixItems": [schema_of_type(one) for one in args]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of_type(args[1])}
    if isinstance(origin, type) and issubclass(origin, Iterable) and args:
        return list_of(schema_of_type(args[0]))
    return _of_class(annotation)


def _of_class(annotation: Any) -> Schema:
    if not isinstance(annotation, type):
        return {"description": str(annotation)}
    cls = cast("type[Any]", annotation)
    if cls.__name__ in ("FileData", "FileRecord", "ImageData"):
        return FILE
    if typing.is_typeddict(cls):
        return object_of(**{name: schema_of_type(hint) for name, hint in typing.get_type_hints(cls).items()})
    if issubclass(cls, enum.Enum):
        return _enumerated([one.value for one in cls])
    if issubclass(cls, PurePath):
        return {"type": "string", "description": "a path"}
    for base, kind in ((dict, "object"), (str, "string"), (list, "array"), (tuple, "array"), (set, "array")):
        if issubclass(cls, base):
            return {"type": kind}
    make = cast("Callable[[], Schema] | None", getattr(cls, "model_json_schema", None))
    return {"description": cls.__name__} if make is None else make()  # a model of pydantic


def jsonable(value: Any) -> Any:
    """``value`` as JSON has it: mappings as dicts, bytes left out, and what else it lacks as its text."""
    if isinstance(value, Mapping):
        given = cast("Mapping[Any, Any]", value)
        found = {str(name): jsonable(one) for name, one in given.items() if not isinstance(one, bytes)}
        return FileData(found) if isinstance(value, FileData) else found
    if isinstance(value, (list, tuple)):
        return [jsonable(one) for one in cast("list[Any]", value)]
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return str(value)
    return value
