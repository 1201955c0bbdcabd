"""Run one server in the foreground, from start to a clean stop."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import click

from mock_server.app import Mock
from mock_server.contract.contract import ContractError
from mock_server.documents.register_file import RegisterError
from mock_server.documents.seed_file import SeedError
from mock_server.documents.state_file import StateFileError
from mock_server.gateway.recording import Tell
from mock_server.serving.banner import banner
from mock_server.serving.console import Console
from mock_server.serving.garbage_collection import keep_collections_short, no_collections
from mock_server.serving.listening import Server, listen, url_of, uvicorn_config
from mock_server.serving.place import Place
from mock_server.serving.protocol import Config
from mock_server.serving.request_log import LogForm, RequestLog
from mock_server.settings import Settings
from mock_server.store.port import StoreAwayError, StoreError

if sys.platform != "win32":
    import resource

MOST_FILES = 16_384
"""How many files and connections are held open, where the system lets the process."""


_BAD_FILES = (ContractError, SeedError, RegisterError, StateFileError)


class StartError(Exception):
    """Failure to start the server or to save its state; the message is one line with the reason."""


def run(options: Mapping[str, Any], form: LogForm, place: Place | None = None) -> None:
    """
    Serve with *options* (fields of `Settings`) until SIGTERM, Ctrl-C or SIGHUP.

    Requests are logged in that *form*. As one of several workers it has a *place* beside the
    others.

    Raises:
        StartError: the port, the contract, the seed or the state file cannot be used.
    """
    console = Console(sys.stdout, sys.stderr)
    tell = None if form is LogForm.OFF else RequestLog(form, console.complain)
    mock, listener = _built(options, place, tell)
    settings = mock.settings
    watch = mock.watch(console.say, lambda line: console.complain(f"Error: {line}"))

    def begin() -> None:
        if place is None or place.is_first:
            # Not by the console: who cannot be told where the server is has no use for it.
            click.echo("\n".join(banner(mock, url_of(listener))))
        if place is not None:
            place.begin(server)
        if settings.reload:
            watch.start()

    def end() -> None:
        watch.stop()
        mock.sandboxes.close()

    server = _Server(
        uvicorn_config(mock.asgi, settings, None if tell is None else tell.refused),
        on_ready=begin,
        on_stop=end,
        on_stopped=lambda: _save(mock, console),
    )
    console.take_logs()
    _stop_by_signals(server)
    _spare_collections(settings)
    _allow_connections()
    server.run([listener])


def _built(
    options: Mapping[str, Any], place: Place | None, tell: Tell | None
) -> tuple[Mock, socket.socket]:
    try:
        settings = Settings(**options)
        listener = listen(settings.host, settings.port) if place is None else place.listener
        with ExitStack() as failed:
            failed.callback(listener.close)
            with no_collections():
                mock = Mock(settings, tell)
            failed.pop_all()
        return mock, listener  # noqa: TRY300 - there is nothing else to do
    except (*_BAD_FILES, StoreError, StoreAwayError, OSError, ValueError) as error:
        raise StartError(str(error)) from error


def _stop_by_signals(server: Server) -> None:
    def stop(*_: object) -> None:
        # Before uvicorn has taken over, and once more after it: it raises again what it caught.
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # A terminal that is closed stops it as well, and no state is lost; but not under `nohup`.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)


def _spare_collections(settings: Settings) -> None:
    # What there is by now stays until the end: no collection has to look through it.
    gc.collect()
    gc.freeze()
    if not settings.reload:
        # A contract that was served before has cycles, and would stay if it were set apart.
        keep_collections_short()


def _allow_connections() -> None:
    """Hold more connections than the 1,024 files that a process may usually have open."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MOST_FILES:
        most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Server(Server):
    """A server that tells when it is ready, and when it stops."""

    def __init__(
        self,
        config: Config,
        *,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
        on_stopped: Callable[[], int],
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop
        self._on_stopped = on_stopped

    async def startup(self, sockets: Any = None) -> None:
        """Start listening, then tell so, unless it is to stop already."""
        await super().startup(sockets)
        if not self.should_exit:
            self._on_ready()

    async def shutdown(self, sockets: Any = None) -> None:
        """Let nobody wait, stop listening, save, and end the process."""
        self._on_stop()
        await super().shutdown(sockets)
        status = self._on_stopped()
        # Python itself would wait for every thread, and some wait for send conditions.
        os._exit(status)


def _save(mock: Mock, console: Console) -> int:
    """Save the state where there is a file for it, print the last; return the exit status."""
    status = 0
    try:
        mock.state.save()
    except StateFileError as error:
        console.complain(f"Error: {error}")
        status = 2
    console.close()
    return status
