"""``qa mcp``."""

import importlib.metadata
from typing import Any

import click

from qa.cli.options import cli, common_options, open_and_tell, precision_option, settings_of
from qa.cli.output import note
from qa.errors import UsageError


@cli.command("mcp")
@click.option("--http", is_flag=True, help="Speak streamable HTTP on this machine, not standard input and output.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Its port; 0: a free one.")
@precision_option
@common_options
def mcp_command(http: bool, port: int, as_json: bool, **options: Any) -> None:
    """Serve the tools ask, search, read_source and verify by MCP.

    An assistant starts it as a process: the command `qa` with the arguments `mcp --corpus DIR`. With --http it is
    found at http://127.0.0.1:8001/mcp. It takes `pip install 'qa[mcp]'`.
    """
    try:
        from qa.mcp.server import make_server, serve_http
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise UsageError("MCP takes one more package; install it with `pip install 'qa[mcp]'`") from error
    settings = settings_of(options)
    server = make_server(settings, open_and_tell(settings), importlib.metadata.version("qa"))
    if not http:
        server.run("stdio")
        return
    from qa.web.server import listen

    listening = listen("127.0.0.1", port)
    note(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp")
    serve_http(server, listening)
