from __future__ import annotations

from threading import Event
from time import monotonic

import pytest

from textwire.errors import BrokerUnavailable
from textwire.stream.bounded import bounded


def test_what_the_action_returns_is_returned() -> None:
    assert bounded(lambda: 7, 10, "counting") == 7


@pytest.mark.parametrize("raised", [ValueError("seven"), TimeoutError("its own")])
def test_what_the_action_raises_is_raised(raised: Exception) -> None:
    def fail() -> None:
        raise raised

    with pytest.raises(type(raised)) as caught:
        bounded(fail, 10, "counting")
    assert caught.value is raised


def test_an_action_without_an_end_is_not_waited_for() -> None:
    never, began_s = Event(), monotonic()
    with pytest.raises(BrokerUnavailable, match=r"within 0\.05 s while listing topics"):
        bounded(never.wait, 0.05, "listing topics")
    assert monotonic() - began_s < 5
    never.set()
