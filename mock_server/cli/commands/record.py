"""The subcommand `record`."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from mock_server.cli.commands import fail
from mock_server.cli.options import WholeNumber, dialect_option, spec_option


@click.command(
    epilog=(
        "Example: altinn-notifications-mock record https://platform.tt02.altinn.no --har tt02.har"
    )
)
@click.argument("upstream")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=5091,
    show_default=True,
    type=WholeNumber(0, 65535),
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--har", "file", required=True, type=click.Path(path_type=Path), help="Write the recording."
)
@spec_option
@dialect_option("How refusals should look; auto: by the host.")
@click.option("--rewrite-links", is_flag=True, help="Let links in answers lead through the proxy.")
@click.option(
    "--keep-personal-data",
    is_flag=True,
    help="Keep numbers of persons, phones and addresses as they are.",
)
@click.option("--allow-production", is_flag=True, help="Record platform.altinn.no itself.")
def record(
    upstream: str,
    dialect: str,
    rewrite_links: bool,  # noqa: FBT001 - click passes it
    keep_personal_data: bool,  # noqa: FBT001 - the same
    allow_production: bool,  # noqa: FBT001 - the same
    **options: Any,
) -> int:
    """
    Record what passes between a client and the server at UPSTREAM, and judge it by the contract.

    Point the client at the URL that is printed. Each violation is told on stderr with its line in
    the contract. Tokens are not recorded. Exit status: 0 no violation, 1 some, 2 it could not be
    recorded.
    """
    # Imported here, so that `--help` does not wait for them.
    from mock_server.check.preflight import known_dialect  # noqa: PLC0415
    from mock_server.traffic.foreground import ProxyOptions  # noqa: PLC0415
    from mock_server.traffic.foreground import record as run  # noqa: PLC0415 - the same
    from mock_server.traffic.recording import RecordingOptions  # noqa: PLC0415
    from mock_server.traffic.upstream import TrafficError, read_upstream  # noqa: PLC0415

    try:
        server = read_upstream(upstream, allow_production=allow_production)
        proxy = ProxyOptions(
            upstream=server,
            host=options["host"],
            port=options["port"],
            rewrites_links=rewrite_links,
        )
        recorded = RecordingOptions(
            file=options["file"],
            dialect=known_dialect(server.url) if dialect == "auto" else dialect,
            spec=options["spec"],
            keeps_personal_data=keep_personal_data,
        )
        return run(proxy, recorded, click.echo, partial(click.echo, err=True))
    except TrafficError as error:
        fail(str(error))
