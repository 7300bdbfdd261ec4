from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from textwire.observing.garbage import leave_out_what_is_loaded


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_again() -> None:
    leave_out_what_is_loaded()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 1_000


def test_what_comes_later_and_is_garbage_still_goes() -> None:
    leave_out_what_is_loaded()
    knot = Knot()
    seen = weakref.ref(knot)
    del knot
    gc.collect()
    assert seen() is None
