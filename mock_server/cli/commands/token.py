"""The subcommand `token`."""

from datetime import timedelta

import click

from mock_server.auth.tokens import CREATE_SCOPE, DevelopmentKey, Kind, Preset, TokenRequest
from mock_server.cli.commands import fail
from mock_server.cli.options import WholeNumber
from mock_server.domain.clock import wall_now


@click.command(epilog="Example: altinn-notifications-mock token --kind platform --org digdir")
@click.option(
    "--kind", default="bearer", show_default=True, type=click.Choice([str(kind) for kind in Kind])
)
@click.option("--org", default="ttd", show_default=True, help="Short name of the organisation.")
@click.option("--scope", help=f"Scopes, separated by spaces.  [default: {CREATE_SCOPE}]")
@click.option(
    "--preset",
    default="valid",
    show_default=True,
    type=click.Choice([str(preset) for preset in Preset]),
)
@click.option(
    "--expires-in",
    default=3600,
    show_default=True,
    type=WholeNumber(1, 31_536_000),
    help="Seconds.",
)
def token(kind: str, org: str, scope: str | None, preset: str, expires_in: int) -> None:
    """Print one token, alone."""
    try:
        f"{org} {scope}".encode()
    except UnicodeEncodeError:
        fail("--org or --scope is not UTF-8, so nothing would accept the token; send it as UTF-8")
    request = TokenRequest(
        kind=Kind(kind),
        org=org,
        scope=scope,
        preset=Preset(preset),
        expires_in=timedelta(seconds=expires_in),
    )
    try:
        click.echo(DevelopmentKey().mint(request, wall_now()).token)
    except ValueError as error:
        fail(str(error))
