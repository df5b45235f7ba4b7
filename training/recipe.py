"""The recipe: how the models come to be, a step after another, each with its reason.

    python -m training.recipe encoder
    python -m training.recipe reader
    python -m training.recipe large --base all-mpnet-base-v2
    python -m training.recipe curve --films 40 80 160 453
    python -m training.recipe reader --list

``--list`` prints the steps and runs none. Each step writes down its command when it begins and that it is done when
it ends. What is done is skipped the next time; a training that was stopped goes on from its last checkpoint; a step
whose command has changed since is refused, for its run would be made of two recipes.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from qa.models.sentence_encoder import BASE_ENCODER, model_folder

CURVE = (40, 80, 160, 453)
"""Films of the learning curve."""
DEV_GOLD = Path("tests/gold/missing-picture.jsonl")
LARGE_BASE = "all-mpnet-base-v2"
WEIGHTS = Path("qa/models/weights")


@dataclass(frozen=True)
class Places:
    """Where a recipe reads and writes."""

    base: Path
    """The pretrained model: all-MiniLM-L6-v2, or all-mpnet-base-v2 for the large reader."""
    data: Path
    runs: Path

    @property
    def encoder(self) -> Path:
        """Where the encoder is trained."""
        return self.runs / "encoder"

    @property
    def reader(self) -> Path:
        """Where the reader's stages are, a folder each."""
        return self.runs / "reader"

    @property
    def large(self) -> Path:
        """Where the large reader's stages are, a folder each."""
        return self.runs / "large"


class Step(Protocol):
    """Something that a recipe does: a name, a reason, and a command."""

    @property
    def name(self) -> str:
        """The only one so named in its recipe."""
        ...

    @property
    def why(self) -> str:
        """A sentence."""
        ...

    def command(self, places: Places) -> list[str]:
        """A module of this package with its arguments."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One training of the reader, from fresh heads or from another stage, until its minutes are over."""

    name: str
    why: str
    data: Literal["public", "films"]
    start: str | None = None
    rate: float = 1e-4
    """At its highest; it falls to zero over the data or the minutes, whichever ends first."""
    minutes: int = 40
    """On one core; what is read within them depends on the machine."""
    passes: int = 2
    """Over the films."""
    public_share: float = 0.25
    """Of public questions among those of the films, against forgetting."""
    seed: int = 0
    """Each stage has its own draw of questions and wrong passages."""
    most_films: int | None = None
    most_steps: int | None = None

    def command(self, places: Places) -> list[str]:
        """See ``Step``."""
        found = ["training.reader", self.data, "--base", f"{places.base}", "--data", f"{places.data}"]
        if self.start:
            found += ["--start", f"{places.reader / self.start}"]
        if self.data == "films":
            # Wrong passages are those that the trained encoder ranks high, for these will be read.
            found += ["--encoder", f"{places.encoder / 'model'}"]
            found += ["--passes", f"{self.passes}", "--public-share", f"{self.public_share}"]
        for option, value in (("--most-films", self.most_films), ("--most-steps", self.most_steps)):
            found += [option, f"{value}"] if value is not None else []
        found += ["--rate", f"{self.rate}", "--minutes", f"{self.minutes}", "--seed", f"{self.seed}"]
        return [*found, "--out", f"{places.reader / self.name}"]


@dataclass(frozen=True, kw_only=True)
class Mean:
    """The mean of the weights of several stages; see ``training.average``."""

    name: str
    why: str
    of: tuple[str, ...]

    def command(self, places: Places) -> list[str]:
        """See ``Step``."""
        stages = [f"{places.reader / name}" for name in self.of]
        return ["training.average", *stages, "--out", f"{places.reader / self.name}"]


@dataclass(frozen=True, kw_only=True)
class LargeStage:
    """One training of the large reader, from the base or from another stage; see ``training.large.train.Settings``."""

    name: str
    why: str
    data: Literal["public", "main"]
    start: str | None = None
    layers: int = 8
    """Kept of the base, or of the stage that it starts from."""
    rounded_words: bool = False
    """Begin by rounding word vectors to four bits; they stay so in all stages after it."""
    public_mix: float = 0.4
    """Of the public questions, in a public stage."""
    passes: int = 1
    """Over the folders, in a main stage."""
    films: int = 1800
    """Questions of films in each pass."""
    public_share: float = 0.16
    """Of public questions in a main stage, against forgetting."""
    focus: str = ""
    """A kind of question, or one of ``training.large.mix.LATER``, of which a main stage has all, and of ``others`` a
    share."""
    others: float = 1.0
    rate: float
    head_rate: float
    last: float
    """Share of the rates that is left at the end."""
    minutes: float
    """On one core; what is read within them depends on the machine."""
    warm_up: float = 1.5
    """Minutes."""
    views: int = 48
    """In a step."""
    frozen: int = 2
    """The lowest layers that stay as they are."""
    seed: int

    def command(self, places: Places) -> list[str]:
        """See ``Step``."""
        found = ["training.large.train", self.data, "--base", f"{places.base}", "--data", f"{places.data}"]
        if self.start:
            found += ["--start", f"{places.large / self.start}"]
        found += ["--layers", f"{self.layers}", *(["--rounded-words"] if self.rounded_words else [])]
        if self.data == "public":
            found += ["--public-mix", f"{self.public_mix}"]
        else:
            found += ["--cases", f"{places.large / 'cases'}", "--passes", f"{self.passes}", "--films", f"{self.films}"]
            found += ["--public-share", f"{self.public_share}"]
            found += ["--focus", self.focus, "--others", f"{self.others}"] if self.focus else []
        found += ["--rate", f"{self.rate}", "--head-rate", f"{self.head_rate}", "--last", f"{self.last}"]
        found += ["--minutes", f"{self.minutes}", "--warm-up", f"{self.warm_up}", "--views", f"{self.views}"]
        found += ["--frozen", f"{self.frozen}", "--seed", f"{self.seed}"]
        return [*found, "--out", f"{places.large / self.name}"]


@dataclass(frozen=True, kw_only=True)
class Command:
    """Any other step; ``{base}``, ``{data}``, ``{encoder}``, ``{reader}``, ``{large}``, ``{runs}`` are its places."""

    name: str
    why: str
    words: str

    def command(self, places: Places) -> list[str]:
        """See ``Step``."""
        known = {name: getattr(places, name) for name in ("base", "data", "encoder", "reader", "large", "runs")}
        return [word.format(**known) for word in self.words.split()]


# ---------------------------------------------------------------- the encoder

ENCODER: tuple[Step, ...] = (
    Command(
        name="train",
        why="Teach the base which of two near passages answers; few public questions, for the films are nearer to use.",
        words="training.encoder --base {base} --data {data} --rate 4e-5 --public-share 0.15 --seed 3 --out {encoder}",
    ),
    Command(
        name="export",
        why="Passages and questions are encoded without torch, in a quarter of the size; dev says what that costs.",
        words="training.export encoder --start {encoder}/model --data {data} --out {encoder}",
    ),
    Command(
        name="package",
        why="What ships is the int8 model.",
        words=f"training.package {{encoder}} {WEIGHTS}/encoder",
    ),
)

# ---------------------------------------------------------------- the reader

READER: tuple[Step, ...] = (
    Stage(
        name="public1",
        why="Reading is learned from many questions on whole paragraphs and on crops of one to four sentences.",
        data="public",
    ),
    Stage(
        name="films1",
        why="The product reads short passages, labels and talk; the wrong ones here are near, of the same film.",
        data="films",
        start="public1",
        rate=8e-5,
        minutes=47,
        seed=1,
    ),
    Stage(
        name="public2",
        why="A second reader goes on with public questions, for the two to differ in what they know.",
        data="public",
        start="public1",
        minutes=57,
        seed=11,
    ),
    Mean(name="mean1", why="Their mean reads the films and has not forgotten the rest.", of=("films1", "public2")),
    Stage(
        name="films2",
        why="It reads the films once more, with a new draw of wrong passages and of questions by template.",
        data="films",
        start="mean1",
        rate=8e-5,
        minutes=34,
        passes=1,
        public_share=0.2,
        seed=21,
    ),
    Mean(name="mean2", why="The two readers that saw the films, together.", of=("films1", "films2")),
    Stage(
        name="films3",
        why="Two go on from there, each with its own draw; this one with two fifths of public questions.",
        data="films",
        start="mean2",
        minutes=92,
        public_share=0.4,
        seed=41,
    ),
    Stage(
        name="films4",
        why="The other, with a quarter.",
        data="films",
        start="mean2",
        minutes=64,
        passes=1,
        seed=42,
    ),
    Mean(name="mean3", why="It beat the second of them on dev.", of=("films3", "films4")),
    Stage(
        name="films5",
        why="Two more go on from that mean, each with its own draw.",
        data="films",
        start="mean3",
        minutes=84,
        passes=1,
        seed=62,
    ),
    Stage(
        name="films6",
        why="The other, again with two fifths of public questions.",
        data="films",
        start="mean3",
        minutes=76,
        passes=1,
        public_share=0.4,
        seed=61,
    ),
    Mean(
        name="average",
        why="The mean of the last four ships; on gold dev it beat that of the last two.",
        of=("films3", "films4", "films5", "films6"),
    ),
    Command(
        name="export",
        why="Asking takes no torch; the three most sensitive matrix products are quantised in finer blocks.",
        words="training.export reader --base {base} --start {reader}/average --data {data} --out {reader}",
    ),
    Command(
        name="package",
        why="What ships is the int8 model.",
        words=f"training.package {{reader}} {WEIGHTS}/reader",
    ),
    Command(
        name="calibrate",
        why="How passages are ranked, how sure the reader is and when it abstains is chosen on dev, with what ships.",
        words=(
            f"training.calibrate --data {{data}} --reader {WEIGHTS}/reader --gold {DEV_GOLD} "
            "--details {reader}/dev.json"
        ),
    ),
    Command(
        name="report",
        why="Losses, measures and curves on one page.",
        words="training.report --reader {reader} --encoder {encoder} --out {runs}/report.html",
    ),
)


# ---------------------------------------------------------------- the large reader

LARGE: tuple[Step, ...] = (
    Command(
        name="mine-folders",
        why="It reads what the small reader puts first, so that is what it learns from; those ending in 6 choose.",
        words="training.large.mine {data}/other training/folders --leave-out 6 --out {large}/cases/folders.jsonl",
    ),
    Command(
        name="mine-films",
        why="Films are nearer to the sources that ship than any other subject.",
        words="training.large.mine {data}/films/train.json training/films --out {large}/cases/films.jsonl",
    ),
    Command(
        name="mine-further",
        why="Yes and no, and what a reader that goes by likeness gets wrong: the kinds that dev said it is weakest in.",
        words=(
            "training.large.mine training/further --documents training/films training/folders {data}/films/train.json "
            "{data}/other --out {large}/cases/further.jsonl"
        ),
    ),
    Command(
        name="mine-asked",
        why="Questions as people type them in a chat, where words are few and the near miss is next to the answer.",
        words=(
            "training.large.mine training/asked --documents training/films training/folders {data}/films/train.json "
            "{data}/other --out {large}/cases/asked.jsonl"
        ),
    ),
    Command(
        name="mine-oblique",
        why="Roundabout questions with hardly a word of the evidence, and lines that have no label.",
        words=(
            "training.large.mine training/oblique --documents training/films training/folders {data}/films/train.json "
            "{data}/other --out {large}/cases/oblique.jsonl"
        ),
    ),
    LargeStage(
        name="public1",
        why="The heads are fresh: many easy questions on all twelve layers, only the embeddings held.",
        data="public",
        layers=12,
        rate=6e-5,
        head_rate=3e-4,
        last=0.72,
        minutes=10,
        frozen=0,
        seed=0,
    ),
    LargeStage(
        name="public2",
        why="The three lowest layers stay from here on, which takes a sixth of the time off.",
        data="public",
        start="public1",
        layers=12,
        rate=5e-5,
        head_rate=3e-4,
        last=0.4,
        minutes=15,
        frozen=3,
        seed=1,
    ),
    LargeStage(
        name="main1",
        why="Folders on other subjects, twins side by side: what is almost told is where the small reader errs.",
        data="main",
        start="public2",
        layers=12,
        films=0,
        public_share=0.22,
        rate=5e-5,
        head_rate=2.5e-4,
        last=0.77,
        minutes=12,
        views=40,
        frozen=3,
        seed=2,
    ),
    LargeStage(
        name="main2",
        why="The same with films among them, down to a fiftieth of the rate.",
        data="main",
        start="main1",
        layers=12,
        films=1500,
        public_share=0.22,
        rate=6e-5,
        head_rate=2.5e-4,
        last=0.02,
        minutes=36,
        views=40,
        frozen=3,
        seed=3,
    ),
    LargeStage(
        name="public3",
        why="The first eight layers are quicker and fit into 70 MB in eight bits; the cut heals on easy questions.",
        data="public",
        start="main2",
        rounded_words=True,
        public_mix=0.5,
        rate=8e-5,
        head_rate=4e-4,
        last=0.4,
        minutes=20,
        seed=5,
    ),
    LargeStage(
        name="main3",
        why="Back to folders and films, at rates that hardly fall, for there is much to learn again.",
        data="main",
        start="public3",
        passes=2,
        rate=8e-5,
        head_rate=3e-4,
        last=0.7,
        minutes=33,
        warm_up=1,
        views=44,
        seed=11,
    ),
    LargeStage(
        name="main4",
        why="New draws of views, and the rates fall to a fiftieth.",
        data="main",
        start="main3",
        passes=3,
        rate=6e-5,
        head_rate=2e-4,
        last=0.02,
        minutes=50,
        warm_up=0.5,
        views=44,
        seed=12,
    ),
    LargeStage(
        name="main5",
        why="Near misses made by exchanging one word, beside the questions that they were made from.",
        data="main",
        start="main4",
        passes=3,
        rate=5e-5,
        head_rate=2e-4,
        last=0.02,
        minutes=55,
        warm_up=0.5,
        views=44,
        seed=31,
    ),
    Command(
        name="mean45",
        why="The mean of both knows near misses and forgets less: on dev it tells answerable from unanswerable better.",
        words="training.average {large}/main4 {large}/main5 --out {large}/mean45",
    ),
    LargeStage(
        name="main6",
        why="Yes and no, talk and neighbours of the same type, which it was weakest in, and more films than before.",
        data="main",
        start="mean45",
        films=1500,
        public_share=0.15,
        rate=5e-5,
        head_rate=2e-4,
        last=0.02,
        minutes=62,
        warm_up=1,
        views=44,
        seed=41,
    ),
    LargeStage(
        name="main7",
        why="A sentence says yes or no in so many ways that its head needs more of them than one pass holds.",
        data="main",
        start="main6",
        passes=2,
        films=250,
        public_share=0.08,
        focus="yes_no",
        others=0.22,
        rate=5e-5,
        head_rate=6e-4,
        last=0.02,
        minutes=19,
        warm_up=0.7,
        views=44,
        seed=51,
    ),
    LargeStage(
        name="main8",
        why="How people ask: terse, mistyped, of two small steps; a third of it is not told, though the next thing is.",
        data="main",
        start="main7",
        passes=2,
        films=700,
        public_share=0.08,
        focus="asked",
        others=0.22,
        rate=5e-5,
        head_rate=3e-4,
        last=0.02,
        minutes=70,
        warm_up=1,
        views=44,
        seed=61,
    ),
    LargeStage(
        name="main9",
        why="Other words than the documents' own, talk in which people are he and I, lines without a label.",
        data="main",
        start="main8",
        passes=1,
        films=500,
        public_share=0.08,
        focus="oblique",
        others=0.22,
        rate=4e-5,
        head_rate=2.4e-4,
        last=0.02,
        minutes=48,
        warm_up=1,
        views=44,
        seed=71,
    ),
    LargeStage(
        name="main10",
        why="Another draw of the same to the end of the rate, which the pass before left at two fifths.",
        data="main",
        start="main9",
        passes=1,
        films=400,
        public_share=0.08,
        focus="oblique",
        others=0.22,
        rate=1.6e-5,
        head_rate=9.6e-5,
        last=0.02,
        minutes=13,
        warm_up=0.3,
        views=44,
        seed=72,
    ),
    Command(
        name="export",
        why="Asking takes no torch; a view must read alike in any company, so each row has its scale.",
        words="training.large.export --base {base} --start {large}/main10 --out {large}",
    ),
    Command(
        name="package",
        why="What ships is the int8 model.",
        words=f"training.package {{large}} {WEIGHTS}/large_reader --largest 70",
    ),
    Command(
        name="calibrate",
        why="How both readers' candidates are ranked, how sure they are and when they abstain is chosen on dev.",
        words=(
            f"training.large.calibrate --data {{data}} --large {WEIGHTS}/large_reader --gold {DEV_GOLD} "
            "--yes-no training/choosing/yes_no.json"
        ),
    ),
)

# ---------------------------------------------------------------- the learning curve


def curve(films: Sequence[int]) -> tuple[Step, ...]:
    """The same number of steps on more and more films, so that only their variety grows."""
    steps: list[Step] = []
    for count in films:
        name = f"curve-{count}"
        steps += (
            Stage(
                name=name,
                why=f"300 steps on {count} films, from the second public reader.",
                data="films",
                start="public2",
                minutes=60,
                public_share=0.2,
                seed=51,
                most_films=count,
                most_steps=300,
            ),
            Command(
                name=f"{name}-export",
                why="Measured as it would ship.",
                words=(
                    f"training.export reader --base {{base}} --start {{reader}}/{name} --out {{reader}}/{name} "
                    "--unmeasured"
                ),
            ),
            Command(
                name=f"{name}-calibrate",
                why="Each reader with its own ranking and confidence.",
                words=(
                    f"training.calibrate --data {{data}} --reader {{reader}}/{name}/int8 --gold {DEV_GOLD} "
                    f"--details {{reader}}/{name}/dev.json"
                ),
            ),
        )
    return tuple(steps)


# ---------------------------------------------------------------- running


@dataclass(frozen=True)
class Progress:
    """What a run remembers of its steps: a file each, ``NAME.json``, with the command and whether it is done."""

    folder: Path

    def of(self, step: Step, places: Places) -> Literal["to do", "begun", "done"]:
        """How far a step is; raises ``SystemExit`` where it began with another command."""
        path = self.folder / f"{step.name}.json"
        if not path.exists():
            return "to do"
        noted = json.loads(path.read_text(encoding="utf-8"))
        if noted["command"] != step.command(places):
            raise SystemExit(
                f"{path}: {step.name} began as {shlex.join(noted['command'])!r} and is now "
                f"{shlex.join(step.command(places))!r}: name other --runs, or remove this file and what the step wrote"
            )
        return "done" if noted["done"] else "begun"

    def note(self, step: Step, places: Places, *, done: bool) -> None:
        """Remember that a step begins, or that it is done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        noted = {"command": step.command(places), "done": done}
        (self.folder / f"{step.name}.json").write_text(json.dumps(noted) + "\n", encoding="utf-8")


def listed(steps: Sequence[Step], places: Places, progress: Progress) -> str:
    """The steps as text: how far each is, its name, its reason, its command."""
    return "\n\n".join(
        f"{step.name} ({progress.of(step, places)}): {step.why}\n    python -m {shlex.join(step.command(places))}"
        for step in steps
    )


def run(steps: Sequence[Step], places: Places, progress: Progress) -> None:
    """Run what is not done, in order; a step that fails ends it all with ``subprocess.CalledProcessError``."""
    for step in [step for step in steps if progress.of(step, places) != "done"]:
        print(f"{step.name}: {step.why}", flush=True)
        progress.note(step, places, done=False)
        command = [sys.executable, "-m", *step.command(places)]
        subprocess.run(command, check=True, env=os.environ | {"HF_HUB_OFFLINE": "1"})
        progress.note(step, places, done=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one recipe, or list its steps."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", choices=("encoder", "reader", "large", "curve"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the data folder")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where everything is written")
    parser.add_argument("--base", type=Path, default=Path(LARGE_BASE), help="folder of the large reader's base")
    parser.add_argument("--films", type=int, nargs="+", default=CURVE, help="sizes of the learning curve")
    parser.add_argument("--list", action="store_true", help="print the steps and run none")
    options = parser.parse_args(arguments)
    base = options.base if options.recipe == "large" else model_folder(BASE_ENCODER)
    places = Places(base, options.data, options.runs)
    steps = {"encoder": ENCODER, "reader": READER, "large": LARGE, "curve": curve(options.films)}[options.recipe]
    progress = Progress(options.runs / "progress" / options.recipe)
    if options.list:
        print(listed(steps, places, progress))
    elif not (base / "model.safetensors").is_file():
        raise SystemExit(f"{base}: no pretrained model there; training/README.md says how {LARGE_BASE} is had")
    else:
        run(steps, places, progress)


if __name__ == "__main__":
    main()
