"""``qa eval``: flags to a plan, the evaluation to text, JSON and files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from qa.cli.options import cli, common_options, settings_of
from qa.cli.output import ProgressBar, print_json, say
from qa.config import FILM_GOLD
from qa.errors import GateFailed, UsageError

path_type = click.Path(path_type=Path)


class EvalCommand(click.Command):
    """A command whose help ends with the measures; they are imported when help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every measure with its meaning."""
        from qa.evaluate.catalogue import listing

        with formatter.section("Metrics"):
            formatter.write_dl(listing())


@cli.command(name="eval", cls=EvalCommand)
@click.argument("gold", required=False, type=path_type)
@click.option("--split", help="Only this split of the gold set, such as dev or test.")
@click.option("--sample", type=click.IntRange(1), help="Only so many questions, drawn by --seed.")
@click.option("--url", help="Ask an HTTP endpoint that speaks our JSON at POST /v1/ask.")
@click.option("--answers", type=path_type, help="Judge saved answers (JSONL with ids).")
@click.option("--check", is_flag=True, help="Only prove every span and answer of the gold set, and stop.")
@click.option("--metrics", help="Only these metrics, with commas between: headline,recall@3; below is what they say.")
@click.option("--against", type=path_type, help="Compare with an earlier --json or baseline file.")
@click.option("--gate", type=path_type, help="As --against; exit 5 if significantly below it.")
@click.option("--ablate", is_flag=True, help="Show what each part earns, one after the other put in.")
@click.option("--html", type=path_type, help="Write a self-contained report.")
@click.option("--trec", type=path_type, help="Write run.trec and qrels.trec into this folder.")
@click.option("--save-answers", type=path_type, help="Write all answers as JSONL, for --answers.")
@click.option("--write-baseline", type=path_type, help="Write what --gate and --against compare with.")
@click.option("--workdir", type=path_type, help="Keep corpus and index of a set that brings its documents here.")
@click.option("--seed", default=0, show_default=True, help="Seed of bootstrap and randomisation.")
@click.option("--rounds", default=2000, show_default=True, type=click.IntRange(100), help="Rounds of both.")
@click.option("--depth", default=20, show_default=True, type=click.IntRange(1, 100), help="Results that are judged.")
@click.option("--failures", default=5, show_default=True, type=click.IntRange(0), help="Failures that are shown.")
@click.option(
    "--latency", is_flag=True, help="Report latency too, by which two runs differ; that of saved answers always is."
)
@common_options
def evaluate(
    gold: Path | None,
    split: str | None,
    sample: int | None,
    url: str | None,
    answers: Path | None,
    check: bool,
    metrics: str | None,
    against: Path | None,
    gate: Path | None,
    ablate: bool,
    html: Path | None,
    trec: Path | None,
    save_answers: Path | None,
    write_baseline: Path | None,
    workdir: Path | None,
    seed: int,
    rounds: int,
    depth: int,
    failures: int,
    latency: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Measure the answers to a set of gold questions.

    GOLD is our JSONL, a JSON file of folders, SQuAD or BEIR (default: the 288 questions that come with qa). Our JSONL
    is asked of --corpus; the other forms bring their documents along.
    """
    if url and answers:
        raise UsageError("give --url or --answers, not both")
    if ablate and (url or answers or gate or against or check):
        raise UsageError("--ablate measures this library only; give it without --url, --answers, --against and --check")
    if metrics and (gate or write_baseline):
        raise UsageError("--gate and --write-baseline need every metric; leave --metrics out")

    from qa.ask.opening import open_with
    from qa.evaluate import report, run
    from qa.evaluate.evaluation import baseline_json, to_json
    from qa.evaluate.page import html_page
    from qa.evaluate.statistics import Conditions
    from qa.evaluate.trec import write_trec

    settings = settings_of(options)
    plan = run.Plan(
        gold=gold or FILM_GOLD,
        split=split,
        sample=sample,
        url=url,
        answers=answers,
        metrics=tuple(name.strip() for name in metrics.split(",")) if metrics else (),
        against=gate or against,
        latency=latency or answers is not None,
        workdir=workdir,
        conditions=Conditions(seed, rounds, depth),
    )
    progress = ProgressBar()
    if check:
        proved = run.prove(plan, settings)
        counts = {"questions": len(proved.questions), "evidence": sum(len(q.evidence) for q in proved.questions)}
        if as_json:
            print_json({"gold": proved.name, **counts, "sha256": proved.sha256})
        else:
            say("{}: {questions} questions and {evidence} spans of evidence hold".format(proved.name, **counts))
        return
    if ablate:
        steps = run.ablate(plan, settings, progress)
        if as_json:
            print_json({name: to_json(evaluation) for name, evaluation in steps})
        else:
            say(report.ablation_text(steps))
        return
    done = run.evaluate(plan, settings, lambda chosen: open_with(chosen, progress=progress), progress)
    if trec:
        write_trec(done.judged, trec)
    if save_answers:
        rows = ({"id": judged.question.id, **judged.response.raw} for judged in done.judged)
        write_text(save_answers, json_text(rows))
    if write_baseline:
        baseline = json.dumps(baseline_json(done.evaluation), ensure_ascii=False, indent=1)
        write_text(write_baseline, baseline + "\n")
    if html:
        write_text(html, html_page(done.evaluation))
    if as_json:
        print_json(to_json(done.evaluation))
    else:
        say(report.text(done.evaluation, failures))
    if gate and (reasons := done.below):
        raise GateFailed(f"below {gate.name}: {'; '.join(reasons)}")


def json_text(rows: Iterable[object]) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_text(path: Path, content: str) -> None:
    """Write a file, its folder made if need be; what stood there stays until all of it is written."""
    from qa.search.build import write_whole

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
