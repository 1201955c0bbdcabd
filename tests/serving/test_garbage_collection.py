"""A heap with a million orders is not looked through again and again."""

import gc
from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

import pytest

from mock_server.serving.garbage_collection import keep_collections_short, no_collections


@pytest.fixture(autouse=True)
def _heap() -> Iterator[None]:
    gc.collect()
    yield
    gc.unfreeze()


def test_what_survives_a_long_collection_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    end = keep_collections_short(timedelta(0))

    gc.collect()
    end()

    assert gc.get_freeze_count() > before
    assert len(gc.get_objects()) < 1000


def test_a_short_collection_sets_nothing_apart() -> None:
    before = gc.get_freeze_count()
    end = keep_collections_short(timedelta(hours=1))

    gc.collect()
    end()

    assert gc.get_freeze_count() == before


def test_a_collection_of_what_is_new_sets_nothing_apart() -> None:
    before = gc.get_freeze_count()
    end = keep_collections_short(timedelta(0))

    gc.collect(1)
    end()

    assert gc.get_freeze_count() == before


def test_collections_go_on_after_an_error_at_the_start() -> None:
    begun: list[bool] = []

    def start() -> NoReturn:
        with no_collections():
            begun.append(gc.isenabled())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start()

    assert [*begun, gc.isenabled()] == [False, True]
