"""The console: what is printed never waits for who reads it."""

import logging
import os
from collections.abc import Iterator
from typing import TextIO

import pytest

from mock_server.serving.console import MOST_WAITING, Console, LogHandler
from tests.support.eventually import eventually

FULL = 1_000_000
"""More bytes than a pipe holds."""


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    """Return both ends of a pipe: where it is read, and a text stream to write to."""
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="ascii") as stream:
        yield read, stream
        # A thread may still write to it.
        os.set_blocking(read, False)
        eventually(lambda: not _drained(read))


def _drained(read: int) -> bytes:
    try:
        return os.read(read, FULL)
    except BlockingIOError:
        return b""


def test_lines_come_in_their_order_and_in_the_encoding_of_the_stream(
    pipe: tuple[int, TextIO],
) -> None:
    read, stream = pipe
    console = Console(stream, None)

    console.say("one")
    console.say("tø")
    console.complain("nobody reads this")
    console.close()

    assert os.read(read, FULL) == b"one\nt\\xf8\n"


def test_who_does_not_read_holds_nobody_up_and_is_told_what_was_left_out(
    pipe: tuple[int, TextIO],
) -> None:
    read, stream = pipe
    console = Console(None, stream)
    line = "x" * 99

    for _ in range(2 * MOST_WAITING):
        console.complain(line)
    # At most what waits, what is being written, and what the pipe holds.
    lines = bytearray()

    def read_on() -> bool:
        lines.extend(os.read(read, FULL))
        return b"were left out" in lines

    eventually(read_on)
    told = lines.decode().splitlines()[-1]
    written = lines.decode().splitlines().count(line)
    assert told.startswith(f"{2 * MOST_WAITING - written} lines were left out: ")
    console.close()


def test_a_reader_that_is_gone_ends_the_output_alone(pipe: tuple[int, TextIO]) -> None:
    gone, dead = os.pipe()
    os.close(gone)
    read, stream = pipe
    with os.fdopen(dead, "w", encoding="utf-8") as out:
        console = Console(out, stream)

        console.say("lost")
        console.complain("kept")
        console.close()

    assert os.read(read, FULL) == b"kept\n"


def test_the_end_waits_for_no_reader(pipe: tuple[int, TextIO]) -> None:
    _, stream = pipe
    console = Console(stream, None)

    console.say("x" * FULL)
    console.close()  # returns


def test_what_libraries_log_is_printed(pipe: tuple[int, TextIO]) -> None:
    read, stream = pipe
    console = Console(None, stream)
    handler = LogHandler(console)

    handler.handle(logging.makeLogRecord({"msg": "a %s", "args": ("word",), "levelno": 30}))
    console.close()

    assert os.read(read, FULL) == b"a word\n"
