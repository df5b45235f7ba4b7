"""``qa serve``, ``qa key``."""

from pathlib import Path
from typing import Any

import click

from qa.cli.options import cli, common_options, open_and_tell, precision_option, settings_of
from qa.cli.output import note, print_json, say
from qa.errors import UsageError

FEEDBACK = Path("feedback.jsonl")


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is all of them.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--keys", type=click.Path(path_type=Path), help="Ask for API keys: a file of what `qa key` prints.")
@click.option("--without-keys", is_flag=True, help="Let everyone ask who can reach an address that is not loopback.")
@click.option("--rate", help="At most so many requests of one key or address, such as 60/minute.")
@click.option("--origin", "origins", multiple=True, help="A site whose pages may call from a browser; repeatable.")
@click.option(
    "--name", "names", multiple=True, help="Another host name to be reached by, say behind a proxy; repeatable."
)
@click.option(
    "--proxy", "proxies", multiple=True, help="Address of a proxy whose X-Forwarded-For is believed; repeatable."
)
@click.option("--waiting", default=32, show_default=True, type=click.IntRange(0), help="Questions that may wait.")
@click.option(
    "--allow-add", is_flag=True, help="Let whoever may ask add files to the corpus, by dropping them on the page."
)
@click.option(
    "--feedback",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for answers that people say are wrong, as gold for `qa eval`; on loopback feedback.jsonl unless told.",
)
@click.option("--log-questions", is_flag=True, help="Write the questions into the log.")
@precision_option
@common_options
def serve_command(
    as_json: bool,
    host: str,
    port: int,
    keys: Path | None,
    without_keys: bool,
    rate: str | None,
    origins: tuple[str, ...],
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    waiting: int,
    allow_add: bool,
    feedback: Path | None,
    log_questions: bool,
    **options: Any,
) -> None:
    """Serve the page and the API.

    A rebuilt index is picked up while running.
    """
    from qa.web.server import serve
    from qa.web.settings import KeyFile, WebSettings, hosts_of, is_address, is_loopback, read_rate

    settings = settings_of(options)
    if not (is_loopback(host) or keys or without_keys):
        raise UsageError(f"{host} can be reached by others; give --keys FILE, or --without-keys to let everyone ask")
    for proxy in proxies:
        if not is_address(proxy):
            raise UsageError(f"the proxy {proxy!r} is no IP address; give one")
    web = WebSettings(
        max_waiting=waiting,
        keys=KeyFile(keys) if keys else None,
        rate=read_rate(rate) if rate else None,
        origins=origins,
        hosts=hosts_of(host, names),
        by_address=not is_loopback(host),
        log_questions=log_questions,
        allow_add=allow_add,
        feedback=feedback or (FEEDBACK if is_loopback(host) else None),
    )
    library = open_and_tell(settings)
    serve(settings, web, library, host=host, port=port, proxies=proxies, json_log=as_json, on_listening=note)


@cli.command()
@click.argument("name")
@common_options
def key(name: str, as_json: bool, **options: Any) -> None:
    """Make an API key for NAME.

    The key goes to stderr, once, and the line to keep in the server's file to stdout.
    """
    from qa.web.settings import new_key

    settings_of(options)
    if not name.strip() or name.split() != [name] or name.startswith("#"):
        raise UsageError(f"the name {name!r} cannot be used; give one word")
    secret, digest = new_key()
    if as_json:
        print_json({"name": name, "key": secret, "sha256": digest})
    else:
        say(f"key: {secret}", err=True)
        say(f"{name} {digest}")
