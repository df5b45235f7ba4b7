"""The documents cannot drift: commands, exit codes, make recipes, settings and reasons are all in them."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from conftest import README, ROOT

from qa.cli import cli
from qa.config import Settings
from qa.types import Reason

DESIGN = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
SCHEMA_FILE = ROOT / "qa" / "answer.schema.json"


@pytest.mark.parametrize("command", sorted(cli.every()))
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


FILES = [
    path for top in ("qa", "tests", "training", "benchmarks") for path in (ROOT / top).rglob("*") if path.is_file()
]
NAMES = {path.name for path in FILES}
MODULES = sorted(path for path in (ROOT / "qa").rglob("*.py") if not path.name.startswith("__"))
DOCUMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "DESIGN.md",
        "CONTRIBUTING.md",
        "corpus/README.md",
        "index/README.md",
        "docs/beyond-one-machine.md",
        "docs/guarantees.md",
        "docs/threat-model.md",
    )
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_lead_to_files(name: str) -> None:
    text = DOCUMENTS[name]
    paths = re.findall(r"`((?:qa|tests|training|benchmarks)/[\w./-]*)`", text)
    for path in (p for p in paths if "NAME" not in p):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", text):
        assert ((ROOT / name).parent / path).exists(), path
    for file in re.findall(r"`([\w.-]+\.(?:py|js))`", text):
        assert file in NAMES, file


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_is_in_the_code_map_by_room(module: Path) -> None:
    room = module.parent.relative_to(ROOT).as_posix()
    row = next((line for line in README.splitlines() if line.startswith(f"| `{room}/` |")), "")
    assert f"`{module.name}`" in row


def test_the_code_map_names_no_other_modules() -> None:
    for room, row in re.findall(r"^\| `(qa/[\w/]*)` \| (.+) \|$", README, re.MULTILINE):
        for name in re.findall(r"`(\w+\.py)`", row):
            assert (ROOT / room / name).exists(), f"{room}{name}"


def holds(source: str, name: str) -> bool:
    return re.search(rf"^\s*(?:(?:async )?def|class) {name}\b|^\s*{name}\s*[:=]", source, re.MULTILINE) is not None


def test_the_functions_that_the_design_names_exist() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in MODULES}
    named = [n for n in re.findall(r"`(\w+)\.(\w+)`", DESIGN) if n[1] not in ("py", "js", "json", "toml")]
    assert len(named) > 20
    for owner, name in named:
        held = [text for path, text in sources.items() if path.stem == owner or holds(text, owner)]
        assert any(holds(text, name) for text in held), f"{owner}.{name}"


def test_the_picture_of_the_rooms_shows_imports() -> None:
    arrows = re.findall(r"^ +(\w+)(?:\[.*\])? --> (\w+)", README, re.MULTILINE)
    assert len(arrows) > 5

    def imports(room: str, other: str) -> bool:
        folder = ROOT / room if room == "training" else ROOT / "qa" / room
        return any(f"from qa.{other}" in path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))

    for above, below in arrows:
        assert imports(above, below), f"{above} --> {below}"
        assert not imports(below, above), f"{below} --> {above}"


def test_every_guarantee_names_tests_that_exist() -> None:
    rows = [
        row for row in DOCUMENTS["docs/guarantees.md"].splitlines() if row.startswith("| ") and row[2:9] != "promise"
    ]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/\w+\.py)::(\w+)`", row)
        assert named, row
        for path, test in named:
            assert f"\ndef {test}(" in (ROOT / path).read_text(encoding="utf-8"), test
