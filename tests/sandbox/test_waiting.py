"""Who waits for entries of a journal: counted as they come, without a server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from mock_server.sandbox.journal import Entry, Filter, Journal
from tests.support.builders import NOW
from tests.support.eventually import eventually

LONG = timedelta(minutes=1)
ANY = Filter()


def add(journal: Journal, status: int = 200) -> None:
    """Add an entry with this *status*."""

    def make(number: int) -> Entry:
        return Entry(
            id=number,
            time=NOW,
            method="GET",
            target="/",
            operation_id=None,
            status=status,
            duration=timedelta(0),
            creator=None,
            request_headers=(),
            request_body=b"",
            response_headers=(),
            response_body=b"",
            trace_id="",
            why="",
        )

    journal.add_unwritten(make)


def test_what_is_forgotten_counts_no_longer() -> None:
    journal = Journal()
    add(journal)
    with ThreadPoolExecutor(1) as pool:
        wait = pool.submit(journal.wait, ANY, 2, LONG)
        eventually(lambda: journal.waiters == 1)
        journal.clear()
        add(journal)
        assert journal.waiters == 1
        add(journal)
        wait.result(60)

    assert journal.waiters == 0


def test_entries_from_before_and_after_count_where_they_fit() -> None:
    journal = Journal()
    for status in (200, 409, 200):
        add(journal, status)
    with ThreadPoolExecutor(1) as pool:
        wait = pool.submit(journal.wait, Filter(status=409), 2, LONG)
        eventually(lambda: journal.waiters == 1)
        add(journal)
        assert journal.waiters == 1
        add(journal, 409)
        wait.result(60)


def test_nobody_waits_for_what_is_there_or_for_a_closed_journal() -> None:
    journal = Journal()
    add(journal)
    journal.wait(ANY, 1, LONG)
    journal.wait(ANY, 0, LONG)
    journal.close()
    journal.wait(ANY, 5, LONG)
