"""``qa eval``."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.options import cli, common_options, settings_of
from qa.cli.output import ProgressBar, print_json
from qa.config import Settings
from qa.errors import GateFailed, UsageError

if TYPE_CHECKING:
    from qa.evaluate.gold import GoldSet
    from qa.evaluate.run import EvaluationSettings
    from qa.types import Document

DEFAULT_GOLD = Path("tests/gold/missing-picture.jsonl")


@cli.command(name="eval")
@click.argument("gold", required=False, type=click.Path(path_type=Path))
@click.option("--split", help="Only this split of the gold set, such as dev or test.")
@click.option("--sample", type=click.IntRange(1), help="Only so many questions, drawn by --seed.")
@click.option("--url", help="Ask an HTTP endpoint that speaks our JSON at POST /v1/ask.")
@click.option("--answers", type=click.Path(path_type=Path), help="Judge saved answers (JSONL with ids).")
@click.option("--check", is_flag=True, help="Only prove every span and answer of the gold set, and stop.")
@click.option("--metrics", "names", help="Only these metrics, with commas between: headline,recall@3.")
@click.option("--against", type=click.Path(path_type=Path), help="Compare with an earlier --json or baseline file.")
@click.option("--gate", type=click.Path(path_type=Path), help="As --against; exit 5 if significantly below it.")
@click.option("--ablate", is_flag=True, help="Show what each part earns, one after the other put in.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a self-contained report.")
@click.option("--trec", type=click.Path(path_type=Path), help="Write run.trec and qrels.trec into this folder.")
@click.option("--save-answers", type=click.Path(path_type=Path), help="Write all answers as JSONL, for --answers.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write what --gate and --against compare with.")
@click.option("--workdir", type=click.Path(path_type=Path), help="Keep corpus and index of a SQuAD or BEIR set here.")
@click.option("--seed", default=0, show_default=True, help="Seed of bootstrap and randomisation.")
@click.option("--rounds", default=2000, show_default=True, type=click.IntRange(100), help="Rounds of both.")
@click.option("--depth", default=20, show_default=True, type=click.IntRange(1, 100), help="Results that are judged.")
@click.option("--failures", default=5, show_default=True, type=click.IntRange(0), help="Failures that are shown.")
@click.option(
    "--latency", is_flag=True, help="Report latency too, by which two runs differ; that of saved answers always is."
)
@common_options
def evaluate(gold: Path | None, check: bool, ablate: bool, as_json: bool, **options: Any) -> None:
    """Measure answers to a GOLD set: our JSONL, a SQuAD file or a BEIR folder (default: the project's own).

    Our JSONL is asked of --corpus; SQuAD and BEIR sets bring their documents along.
    """
    import tempfile

    from qa.evaluate.gold import ground, load_gold, write_corpus
    from qa.evaluate.run import MEANS, MEASURES, EvaluationSettings, check_names, sample

    settings = settings_of(options)
    if options["url"] and options["answers"]:
        raise UsageError("give --url or --answers, not both")
    if ablate and (options["url"] or options["answers"] or options["gate"] or options["against"] or check):
        raise UsageError("--ablate measures this library only; give it without --url, --answers, --against and --check")
    if options["names"] and (options["gate"] or options["write_baseline"]):
        raise UsageError("--gate and --write-baseline need every metric; leave --metrics out")
    names = [name.strip() for name in options["names"].split(",")] if options["names"] else [*MEANS, *MEASURES]
    chosen = EvaluationSettings(
        seed=options["seed"],
        rounds=options["rounds"],
        depth=options["depth"],
        latency=options["latency"] or options["answers"] is not None,
        names=check_names(names, options["depth"]),
    )
    loaded = load_gold(gold or DEFAULT_GOLD, options["split"])
    if options["sample"]:
        loaded = sample(loaded, options["sample"], options["seed"])
    with tempfile.TemporaryDirectory() as scratch:
        if loaded.texts is not None:
            folder = options["workdir"] or Path(scratch)
            settings = replace(settings, corpus=folder / "corpus", index=folder / "index")
            write_corpus(loaded, settings.corpus)
        loaded, documents = ground(loaded, settings.corpus)
        if check:
            spans = sum(len(question.evidence) for question in loaded.questions)
            report = {
                "gold": loaded.name,
                "questions": len(loaded.questions),
                "evidence": spans,
                "sha256": loaded.sha256,
            }
            line = f"{loaded.name}: {len(loaded.questions)} questions and {spans} spans of evidence hold"
            print_json(report) if as_json else click.echo(line)
        elif ablate:
            _ablate(loaded, documents, settings, chosen, Path(scratch) / "bare", as_json)
        else:
            _evaluate(loaded, documents, settings, chosen, as_json, options)


def _evaluate(
    gold: "GoldSet",
    documents: "dict[str, Document]",
    settings: Settings,
    chosen: "EvaluationSettings",
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Ask, measure, write what was asked for, print, and hold to the baseline."""
    from qa.ask.opening import open_with
    from qa.evaluate.answerer import Answerer, HttpAnswerer, LibraryAnswerer, SavedAnswers
    from qa.evaluate.baseline import baseline_json, compare, gate, load_baseline
    from qa.evaluate.report import html_page, text
    from qa.evaluate.run import evaluate, measure, write_trec

    earlier = options["gate"] or options["against"]
    baseline = load_baseline(earlier) if earlier else None
    answerer: Answerer
    if options["url"]:
        answerer = HttpAnswerer(options["url"], chosen.depth)
    elif options["answers"]:
        answerer = SavedAnswers(options["answers"])
    else:
        answerer = LibraryAnswerer(open_with(settings, progress=ProgressBar()), gold, chosen.depth)
    results = evaluate(gold, documents, answerer, chosen, ProgressBar())
    evaluation = measure(gold, answerer.name, results, chosen)
    if baseline is not None:
        evaluation["against"] = compare(evaluation, baseline, earlier.name)
    if options["trec"]:
        write_trec(results, options["trec"])
    if options["save_answers"]:
        write_lines(options["save_answers"], [{"id": r.question.id, **r.response.raw} for r in results])
    if options["write_baseline"]:
        write_text(
            options["write_baseline"], json.dumps(baseline_json(evaluation), ensure_ascii=False, indent=1) + "\n"
        )
    if options["html"]:
        write_text(options["html"], html_page(evaluation))
    print_json(evaluation) if as_json else click.echo(text(evaluation, options["failures"]))
    if options["gate"] and (reasons := gate(evaluation, evaluation["against"])):
        raise GateFailed(f"below {earlier.name}: {'; '.join(reasons)}")


def _ablate(
    gold: "GoldSet",
    documents: "dict[str, Document]",
    settings: Settings,
    chosen: "EvaluationSettings",
    scratch: Path,
    as_json: bool,
) -> None:
    """Measure the library with one part after the other put in."""
    from qa.evaluate.ablation import ablation
    from qa.evaluate.answerer import LibraryAnswerer
    from qa.evaluate.baseline import compare
    from qa.evaluate.report import ablation_text
    from qa.evaluate.run import evaluate, measure

    steps: list[tuple[str, dict[str, Any]]] = []
    for name, library in ablation(settings, scratch, progress=ProgressBar()):
        answerer = LibraryAnswerer(library, gold, chosen.depth)
        results = evaluate(gold, documents, answerer, chosen, ProgressBar())
        evaluation = measure(gold, name, results, chosen)
        if steps:
            evaluation["against"] = compare(evaluation, steps[-1][1], steps[-1][0])
        steps.append((name, evaluation))
    if as_json:
        print_json(dict(steps))
    else:
        click.echo(ablation_text(steps))


def write_text(path: Path, content: str) -> None:
    """Write a file, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def write_lines(path: Path, rows: Sequence[object]) -> None:
    """Write JSONL."""
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
