"""The API for people to read at ``/docs``, made of its OpenAPI document; it has no script."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape

from qa.templating import environment_of

Schema = Mapping[str, Any]


class Operation(NamedTuple):
    """A method of a path, with what it takes and gives."""

    method: str
    path: str
    told: Mapping[str, Any]
    address: str
    """The path with an example of each of its parameters."""
    takes: str
    example: str
    """The body that it takes, as JSON in one line; empty where it takes none."""
    answers: str
    """What it answers, as JSON or as it is."""


@cache
def environment() -> Environment:
    """The template of the page."""
    return environment_of("qa.web", coded=coded, kind=kind, shown=shown)


def docs_page(document: Schema, base: str) -> str:
    """The page of an OpenAPI document; ``base`` is the address of the server, for the examples."""
    operations = list(operations_of(document))
    tags = {
        tag["name"]: (tag["description"], [one for one in operations if tag["name"] in one.told["tags"]])
        for tag in document["tags"]
    }
    return environment().get_template("docs.html").render(document=document, tags=tags, base=base.rstrip("/"))


def operations_of(document: Schema) -> Iterator[Operation]:
    """Every method of every path."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            takes = name_of(body)
            example = json.dumps(schemas[takes]["examples"][0], ensure_ascii=False) if takes else ""
            filled = {one["name"]: one["schema"]["examples"][0] for one in told.get("parameters", [])}
            done = next(answer for status, answer in told["responses"].items() if status.startswith("2"))
            content = next(iter(done["content"].values()))
            yield Operation(
                method.upper(), path, told, path.format_map(filled), takes, example, shown(content["example"])
            )


def name_of(schema: Schema) -> str:
    """The name of the schema that is referred to; empty where none is."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def shown(value: object) -> str:
    """An example as it is written: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def kind(schema: Schema) -> Markup:
    """The type of a field in words, bodies as links to themselves."""
    if name := name_of(schema):
        return Markup('<a href="#{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" or ").join(kind(one) for one in schema["anyOf"])
    if "const" in schema:
        return Markup("<code>{}</code>").format(json.dumps(schema["const"]))
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(one) for one in schema["enum"])
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return Markup("list of ") + kind(items) if items else Markup("list")
    return escape(schema.get("type", "any"))


def coded(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    parts = re.split(r"`{1,2}([^`]+)`{1,2}", text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))
