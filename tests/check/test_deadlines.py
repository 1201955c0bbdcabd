"""Deadlines of blocking calls: results and exceptions come back, and threads are used again."""

from threading import Event, current_thread

import pytest

from mock_server.check.deadlines import Deadlines
from tests.support.eventually import eventually


def test_a_result_comes_back() -> None:
    assert Deadlines().within(5, lambda: 7) == 7


def test_an_exception_comes_back() -> None:
    with pytest.raises(ZeroDivisionError):
        Deadlines().within(5, lambda: 1 // 0)


def test_the_next_call_uses_the_thread_of_the_last() -> None:
    deadlines = Deadlines()

    first, second = (deadlines.within(5, current_thread) for _ in range(2))

    assert first is second
    assert first is not current_thread()


def test_a_call_that_takes_too_long_keeps_its_thread_and_no_other_waits() -> None:
    deadlines, end = Deadlines(), Event()
    with pytest.raises(TimeoutError):
        deadlines.within(0.01, end.wait)

    assert deadlines.within(5, lambda: 7) == 7
    end.set()


def test_threads_end_with_it_even_that_of_a_call_that_takes_too_long() -> None:
    deadlines, end = Deadlines(), Event()
    threads = [deadlines.within(5, current_thread)]

    def late() -> None:
        threads.append(current_thread())
        end.wait()

    with pytest.raises(TimeoutError):
        deadlines.within(0.01, late)
    deadlines.within(5, current_thread)
    deadlines.close()
    end.set()

    assert eventually(lambda: not any(one.is_alive() for one in threads))
