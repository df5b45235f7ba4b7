"""The documents cannot drift: commands, exit codes, make recipes, settings and reasons are all in them."""

import re
from dataclasses import fields
from typing import get_args

import pytest
from conftest import README, ROOT

from qa.cli import cli
from qa.config import Settings
from qa.types import Reason

DESIGN = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
SCHEMA_FILE = ROOT / "qa" / "answer.schema.json"


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`qa {command}" in README


def test_every_setting_is_in_the_readme() -> None:
    for field in fields(Settings):
        assert f"QA_{field.name.upper()}" in README


def test_exit_codes_are_those_of_the_errors() -> None:
    for code, meaning in {0: "answered", 1: "error", 2: "usage", 3: "abstained", 4: "index", 5: "below"}.items():
        assert re.search(rf"\b{code} {meaning}", README)


def test_the_figures_are_those_of_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import figures

    if figures.PLACEHOLDER in README:
        pytest.skip("the README has no figures yet; `make baseline` writes them")
    assert figures.written(README) == README


def test_the_measures_are_those_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import figures

    assert figures.listed(DESIGN) == DESIGN, "run python benchmarks/figures.py"


def test_every_reason_of_abstention_is_in_the_design() -> None:
    for reason in get_args(Reason):
        assert f"`{reason}`" in DESIGN


def test_the_schema_is_that_of_the_answers_shape() -> None:
    from qa.web.schema import answer_schema

    assert SCHEMA_FILE.read_text(encoding="utf-8") == answer_schema(), "run `make schema`"


def test_readme_is_short_and_its_files_exist() -> None:
    assert len(README.splitlines()) <= 150
    for name in re.findall(r"\]\(([\w./-]+)\)", README) + re.findall(r"`(qa/\w+\.(?:py|json))`", README):
        assert (ROOT / name).exists(), name


def test_every_module_is_in_the_code_map() -> None:
    for module in (ROOT / "qa").glob("*.py"):
        if not module.name.startswith("__"):
            assert f"`{module.name}`" in README, module.name
