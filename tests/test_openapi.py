"""schemathesis against the OpenAPI document: whatever is sent, no 5xx, and every answer is as described."""

import hashlib
import html
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from conftest import ROOT
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from qa.ask.library import Library
from qa.config import Settings
from qa.web import create_app, openapi


@pytest.fixture
def document(library: Library, corpus: Path, tmp_path: Path) -> Any:
    app = create_app(Settings(corpus=corpus, index=tmp_path / "index"), library=library)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_operation_keeps_to_the_document(document: Any) -> None:
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == 17
    for operation in operations:

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps(case: Any) -> None:
            # A question without a word is a string as the document says, and refused all the same.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        keeps()


@pytest.fixture
def described(library: Library, corpus: Path, tmp_path: Path) -> dict[str, Any]:
    return create_app(Settings(corpus=corpus, index=tmp_path / "index"), library=library).openapi()


def resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the others at hand that it refers to."""
    return schema | {"components": described["components"]}


def test_every_body_and_every_field_has_words_and_an_example_that_fits(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert len(schemas) > 30
    for name, schema in schemas.items():
        assert schema["description"], name
        for example in schema["examples"]:
            jsonschema.validate(example, resolved(described, schema))
        for field, value in schema["properties"].items():
            assert value["description"], (name, field)
            assert value["examples"], (name, field)
            for example in value["examples"]:
                jsonschema.validate(example, resolved(described, value))


def test_every_operation_and_every_answer_has_words_and_an_example(described: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in described["tags"] if tag["description"]}
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert {tag for operation in operations for tag in operation["tags"]} == tags
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        for parameter in operation.get("parameters", []):
            assert parameter["description"]
            assert parameter["schema"]["examples"]
        for status, response in operation["responses"].items():
            assert response["description"] != "Successful Response"
            assert response["content"]
            for kind, content in response["content"].items():
                assert content["example"], (operation["operationId"], status, kind)
                if kind == "application/json":
                    jsonschema.validate(content["example"], resolved(described, content["schema"]))


def test_the_examples_hold() -> None:
    text = (ROOT / "corpus" / openapi.FILE).read_text(encoding="utf-8")
    assert text[openapi.START : openapi.END] == openapi.LINE
    for citation in openapi.ANSWER["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert hashlib.sha256(text.encode()).hexdigest() == citation["sha256"]
        assert text[citation["answer_start"] : citation["answer_end"]] == openapi.ANSWER["answer"]


def test_the_docs_are_a_page_without_scripts_that_has_everything(
    described: dict[str, Any], library: Library, corpus: Path, tmp_path: Path
) -> None:
    app = create_app(Settings(corpus=corpus, index=tmp_path / "index"), library=library)
    with TestClient(app) as client:
        response = client.get("/docs")
        assert response.status_code == 200
        assert "script-src 'self'" in response.headers["content-security-policy"]
        page = response.text
        loaded = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page)
        assert loaded == ["/static/icon.svg", "/static/docs.css"]
        assert all(client.get(path).status_code == 200 for path in loaded)
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert described["components"]["schemas"].keys() <= set(ids)
    for path in described["paths"]:
        assert f" {path}</code>" in page
    commands = [html.unescape(found) for found in re.findall(r"<code>(curl .+?)</code>", page, re.DOTALL)]
    for command in commands:
        words = shlex.split(command.replace("\\\n", " "))
        assert words[0] == "curl"
        assert re.fullmatch(r"http://testserver/[\w/.]+", words[1])
