"""What an app's endpoints are: as data, as text, and as a page to read in a notebook (AP-93)."""

from __future__ import annotations

import html
import pprint
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from nbblocks.app.blocks import Blocks
from nbblocks.bridge import cells
from nbblocks.bridge.component import Component
from nbblocks.bridge.schemas import jsonable, python_type
from nbblocks.core.listeners import Listener
from nbblocks.core.nodes import UNSET, Node

from .endpoints import parameters_of
from .files import is_record

Info = dict[str, Any]
Format = Literal["dict", "str"]


def info_of(app: Blocks, *, all_endpoints: bool = False) -> Info:
    """The endpoints of ``app`` as JSON-like data in Gradio's shape; undocumented ones only if asked for."""
    shown = ("public", "undocumented") if all_endpoints else ("public",)
    return {
        "named_endpoints": {
            f"/{one.api_name}": _endpoint(one)
            for one in app.fns.values()
            if one.function is not None and one.api_visibility in shown
        },
        "unnamed_endpoints": {},
    }


def _endpoint(listener: Listener) -> Info:
    return {
        "parameters": [_parameter(*one) for one in parameters_of(listener)],
        "returns": [
            _side(node, f"value_{index}")
            for index, node in enumerate(listener.outputs)
            if not (node.stateful or node.skip_api or not node.has_value)
        ],
        "api_visibility": listener.api_visibility,
        "description": listener.description or "",
    }


def _parameter(name: str, node: Node, default: Any) -> Info:
    given = default is not UNSET
    return {
        **_side(node, name),
        "parameter_name": name,
        "parameter_has_default": given,
        "parameter_default": jsonable(default) if given else None,
        "example_input": _component(node).example_inputs(),
    }


def _side(node: Node, name: str) -> Info:
    schema = jsonable(_component(node).api_info())
    words = {"type": python_type(schema), "description": schema.get("description", "")}
    label = getattr(node, "label", None) or name
    return {"label": label, "type": schema, "python_type": words, "component": node.type_name.capitalize()}


def _component(node: Node) -> Component[Any, Any]:
    return cast("Component[Any, Any]", node)


def view(info: Info, print_info: bool, return_format: Format | None, how: str) -> Info | str | None:
    """What ``view_api`` does with the endpoints ``info``.

    :param how: the expression that makes the client, for the snippets
    :raises ValueError: for another ``return_format``
    """
    if return_format not in (None, "dict", "str"):
        raise ValueError(f"return_format must be 'dict', 'str' or None, got {return_format!r}")
    text = text_of(info)
    if print_info:
        if cells.shell() is None:
            print(text)
        else:
            from IPython.display import display  # pyright: ignore[reportUnknownVariableType]

            display({"text/html": html_of(info, how), "text/plain": text}, raw=True)
    return {"dict": info, "str": text, None: None}[return_format]


# -- as text


def text_of(info: Info) -> str:
    """The endpoints with their parameters and results, one a line."""
    found = info["named_endpoints"]
    lines = [
        "Client.predict() Usage Info",
        "---------------------------",
        f"Named API endpoints: {len(found)}",
    ]
    for name, one in found.items():
        lines += ["", f" - {_signature(name, one)}"]
        if one["description"]:
            lines += [f"    {line.strip()}" for line in one["description"].splitlines()]
        lines.append("    Parameters:")
        lines += [f"     - {_line(each)}" for each in one["parameters"]] or ["     - None"]
        lines.append("    Returns:")
        lines += [f"     - {_line(each)}" for each in one["returns"]] or ["     - None"]
    return "\n".join(lines) + "\n"


def _signature(name: str, endpoint: Mapping[str, Any]) -> str:
    given = [one["parameter_name"] for one in endpoint["parameters"]]
    results = [_word(one["label"]) for one in endpoint["returns"]]
    end = results[0] if len(results) == 1 else f"({', '.join(results)})" if results else "None"
    return f'predict({", ".join([*given, f"""api_name="{name}" """.rstrip()])}) -> {end}'


def _line(one: Mapping[str, Any]) -> str:
    name = one.get("parameter_name") or _word(one["label"])
    said = f" ({one['python_type']['description']})" if one["python_type"]["description"] else ""
    return f"[{one['component']}] {name}: {one['python_type']['type']}{_need(one)}{said}"


def _need(one: Mapping[str, Any]) -> str:
    if "parameter_name" not in one:
        return ""
    if not one["parameter_has_default"]:
        return " (required)"
    return f" (not required, defaults to: {_brief(one['parameter_default'])})"


def _word(label: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in label.lower()).strip("_") or "value"


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def snippet(name: str, endpoint: Mapping[str, Any], how: str) -> str:
    """A call of the endpoint, ready to be copied."""
    lines = ["result = client.predict("]
    for one in endpoint["parameters"]:
        value = one["parameter_default"] if one["parameter_default"] is not None else one["example_input"]
        shown = _handled(value).replace("\n", "\n    ")
        lines.append(f"    {one['parameter_name']}={shown},")
    lines += [f"    api_name={name!r},", ")"]
    return "\n".join(["import nbblocks as gr", "", f"client = {how}", *lines])


def _handled(value: Any) -> str:
    """An expression for a value; a file is passed by ``handle_file``."""
    if is_record(value):
        return f"gr.handle_file({value['path']!r})"
    if isinstance(value, list) and any(map(is_record, cast("list[Any]", value))):
        return f"[{', '.join(map(_handled, cast('list[Any]', value)))}]"
    return pprint.pformat(cast("object", value), width=70, sort_dicts=False)


# -- as a page

_STYLE = """
.nbb-api.nbb-api{font:14px/1.5 var(--jp-ui-font-family,system-ui,sans-serif);max-width:60em;
color:var(--jp-ui-font-color1,inherit)}
.nbb-api.nbb-api details{border:1px solid var(--jp-border-color2,#8884);border-radius:6px;margin:0 0 8px;
padding:0 16px}
.nbb-api.nbb-api summary{padding:8px 0;cursor:pointer}
.nbb-api.nbb-api code{background:none;padding:0;font-size:13px}
.nbb-api.nbb-api summary code{font-weight:600;font-size:14px}
.nbb-api.nbb-api div{overflow-x:auto;margin:0 0 12px}
.nbb-api.nbb-api table{border-collapse:collapse;margin:0;font-size:13px;table-layout:auto}
.nbb-api.nbb-api :is(thead,tr,th,td){border:0;background:none}
.nbb-api.nbb-api :is(th,td){text-align:left;padding:3px 24px 3px 0;vertical-align:baseline;max-width:none;
white-space:normal;overflow-wrap:normal}
.nbb-api.nbb-api :is(th,td:first-child){white-space:nowrap}
.nbb-api.nbb-api th{color:var(--jp-ui-font-color2,#767676);font-weight:500}
.nbb-api.nbb-api p{margin:0 0 12px}
.nbb-api.nbb-api pre{background:var(--jp-layout-color2,#8881);border-radius:4px;padding:10px 12px;
margin:0 0 16px;overflow-x:auto;user-select:all;font-size:13px;line-height:1.5}
.nbb-api.nbb-api .nbb-none{color:var(--jp-ui-font-color2,#767676)}
"""


def html_of(info: Info, how: str) -> str:
    """The same as a page: each endpoint with its tables and a snippet, which one click selects whole."""
    found = info["named_endpoints"]
    opened = " open" if len(found) <= 3 else ""
    parts = [_section(name, one, how, opened) for name, one in found.items()]
    body = "".join(parts) or '<p class="nbb-none">This app has no endpoints.</p>'
    return f'<style>{_STYLE}</style><div class="nbb-api">{body}</div>'


def _section(name: str, endpoint: Mapping[str, Any], how: str, opened: str) -> str:
    said = endpoint["description"].strip()
    parameters = [
        (
            _code(one["parameter_name"]),
            _code(one["python_type"]["type"]),
            "required" if not one["parameter_has_default"] else _code(_brief(one["parameter_default"])),
            _said(one),
        )
        for one in endpoint["parameters"]
    ]
    returns = [
        (_text(one["label"]), _code(one["python_type"]["type"]), _said(one)) for one in endpoint["returns"]
    ]
    call = f"how to call {_text(name)}"
    return (
        f"<details{opened}><summary><code>{_text(name)}</code></summary>"
        + (f"<p>{_text(said)}</p>" if said else "")
        + _table(("Parameter", "Type", "Default", "Component"), parameters, "It takes no parameters.")
        + _table(("Result", "Type", "Component"), returns, "It returns nothing.")
        + f'<pre tabindex="0" aria-label="{call}">{_text(snippet(name, endpoint, how))}</pre>'
        + "</details>"
    )


def _table(heads: Iterable[str], rows: list[tuple[str, ...]], none: str) -> str:
    if not rows:
        return f'<p class="nbb-none">{none}</p>'
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _said(one: Mapping[str, Any]) -> str:
    label = f": {_text(one['label'])}" if one["label"] != one.get("parameter_name") else ""
    more = one["python_type"]["description"]
    return f"{_text(one['component'])}{label}" + (f", {_text(more)}" if more else "")


def _code(text: object) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: object) -> str:
    return html.escape(str(text))
