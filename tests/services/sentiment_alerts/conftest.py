from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from tests.article_scorers import Newsroom, at, burst, quiet_day
from tests.services.sentiment_alerts.pagers import Pager, listening
from textwire.sentiment_alerts.messages import Alert


@pytest.fixture
def pager() -> Iterator[Pager]:
    with listening(Pager()) as pager:
        yield pager


@pytest.fixture(scope="session")
def alert() -> Alert:
    news = sorted([*quiet_day(hours=9), *burst(at(9, 7))], key=lambda one: one.published_at)
    return replace(Newsroom().read(news).alerts[0], transition="opened")
