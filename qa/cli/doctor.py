"""``qa doctor``."""

import sys
from typing import Any

from qa.cli.options import cli, common_options, settings_of
from qa.cli.output import print_json, say
from qa.errors import QaError


@cli.command()
@common_options
def doctor(as_json: bool, **options: Any) -> None:
    """Report what is installed, the index, one sample question."""
    import importlib.metadata

    from qa.ask.opening import index_state, open_with

    settings = settings_of(options)
    packages = ("qa", "onnxruntime", "tokenizers", "numpy", "mcp", "pymilvus", "sentence-transformers", "torch")
    report: dict[str, Any] = {"python": sys.version.split()[0], "packages": {}}
    for package in packages:
        try:
            report["packages"][package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            report["packages"][package] = None
    report["corpus"], report["index"] = str(settings.corpus), str(settings.index)
    problem: QaError | None = None
    try:
        report["state"] = index_state(settings) or "current"
        library = open_with(settings, build=False)
        question = f"What is {library.sources()[0].title} about?"
        answer = library.ask(question)
        report["version"] = library.version
        report["sample"] = {"question": question, "answer": answer.answer, "took_ms": round(answer.took_ms, 1)}
    except QaError as error:
        problem = error
        report["state"] = str(error)
    if as_json:
        print_json(report)
    else:
        for key, value in report.items():
            if isinstance(value, dict):
                say(f"{key}:")
                for name, detail in value.items():
                    say(f"  {name}: {detail if detail is not None else 'not installed'}")
            else:
                say(f"{key}: {value}")
    if problem is not None:
        raise SystemExit(problem.exit_code)
