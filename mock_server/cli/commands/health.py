"""The subcommand `health`."""

from urllib.request import ProxyHandler, build_opener

import click

from mock_server.cli.options import WholeNumber


@click.command(epilog="Example: altinn-notifications-mock health --port 5101")
@click.option(
    "--port",
    default=5090,
    show_default=True,
    envvar="MOCK_PORT",
    type=WholeNumber(1, 65535),
    help="Port that the mock listens on, on this machine.",
)
def health(port: int) -> None:
    """Tell whether the mock is up: exit 0 if so, 1 if not."""
    url = f"http://127.0.0.1:{port}/__mock/health"
    try:
        # This machine is reached without a proxy, whatever the environment names.
        with build_opener(ProxyHandler({})).open(url, timeout=2) as answer:
            told = answer.read().decode().strip()
    except (OSError, ValueError) as error:
        click.echo(f"Error: there is no mock at {url}: {error}", err=True)
        raise SystemExit(1) from error
    click.echo(told)
