"""What is installed: the wheel answers in an empty folder, its sdist builds the same one, manual and completion fit."""

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from qa.cli import cli
from qa.cli.manual import COMPLETIONS, manual, written
from qa.config import CORPUS, FILM, FILM_GOLD, load_settings

PACKAGING = ROOT / "packaging"


@pytest.mark.parametrize("name", ["qa.1", *COMPLETIONS.values()])
def test_manual_and_completions_are_those_of_the_help(name: str) -> None:
    assert (PACKAGING / name).read_text(encoding="utf-8") == written()[name], "run `make manual`"


def test_the_manual_has_every_command_and_option() -> None:
    plain = manual().replace("\\-", "-")
    for name, command in cli.every().items():
        section = plain.partition(f".SS qa {name} ")[2].partition(".SS ")[0]
        for parameter in command.params:
            assert all(option in section for option in parameter.opts if option.startswith("-")), (name, parameter)


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_the_manual_is_good_roff() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", str(PACKAGING / "qa.1")], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "Copy files, folders or web pages into the corpus." in re.sub(r"\s+", " ", re.sub(".\b", "", done.stdout))


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_completion_completes(tmp_path: Path) -> None:
    command = tmp_path / "qa"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m qa "$@"\n')
    command.chmod(0o755)
    script = (
        f'. {PACKAGING / "qa.bash"}; COMP_WORDS=(qa s); COMP_CWORD=1; _qa_completion qa s qa; echo "${{COMPREPLY[*]}}"'
    )
    environ = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environ, check=True)
    assert done.stdout.split() == ["search", "serve", "sources"], done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_the_service_is_a_good_unit(tmp_path: Path) -> None:
    unit = tmp_path / "qa.service"
    text = (PACKAGING / "qa.service").read_text().replace("/opt/qa/bin/qa", "/bin/true")
    unit.write_text(text.replace("Documentation=man:qa(1)\n", ""))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "qa.service" in line] == []


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "packaging/qa.service"])
def test_the_version_is_named_as_it_is(name: str) -> None:
    named = re.findall(r"(?:qa==|qa:|qa-)(\d+\.\d+\.\d+)", (ROOT / name).read_text())
    assert set(named) == {importlib.metadata.version("qa")}


def test_the_film_is_asked_where_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = load_settings()
    assert settings.corpus is FILM
    assert load_settings({"corpus": FILM}).corpus is not FILM
    assert settings.index.parent == tmp_path / "cache" / "qa"
    assert load_settings(film=False).corpus == CORPUS
    assert load_settings({"corpus": CORPUS}).corpus == CORPUS
    (tmp_path / "corpus").mkdir()
    assert load_settings().corpus == CORPUS
    assert FILM_GOLD.is_file()


def test_what_comes_with_the_package_is_never_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The kiln is fired on Thursdays.")
    with pytest.raises(SystemExit):
        main(["add", "a.txt"])
    assert (tmp_path / "corpus" / "a.txt").is_file()
    assert not (FILM / "a.txt").exists()
    shutil.rmtree(tmp_path / "corpus")
    with pytest.raises(SystemExit) as ended:
        main(["remove", "--yes", "interview"])
    assert ended.value.code == 2
    assert (FILM / "interview.md").is_file()


def built(source: Path, target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=200)
    return next(folder.glob("*.whl" if target == "wheel" else "*.tar.gz"))


@pytest.mark.real
@pytest.mark.timeout(600)
def test_the_wheel_answers_in_an_empty_folder(tmp_path: Path) -> None:
    sdist = built(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    wheel = built(next((tmp_path / "source").iterdir()), "wheel", tmp_path / "wheel")
    direct = built(ROOT, "wheel", tmp_path / "direct")
    assert hashlib.sha256(wheel.read_bytes()).digest() == hashlib.sha256(direct.read_bytes()).digest()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    share = next((tmp_path / "installed").glob("*.data")) / "data" / "share"
    assert (share / "man" / "man1" / "qa.1").is_file()
    empty = tmp_path / "empty"
    empty.mkdir()
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def qa(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "qa", *arguments]
        return subprocess.run(command, cwd=empty, env=environ, capture_output=True, text=True, check=False, timeout=200)

    done = qa("ask", "Who composed the music?")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Marc Marder"), done.stderr
    assert "asking the documents on the film that come with qa; --corpus names yours" in done.stderr
    assert "288 questions" in qa("eval", "--check").stdout
    assert list(empty.iterdir()) == []
    assert qa("ask", "--quiet", "Who composed the music?").stderr == ""
