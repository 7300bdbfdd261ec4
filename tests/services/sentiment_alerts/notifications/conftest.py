from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.sentiment_alerts.notifications.mailbox import Mailbox, receiving


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as mailbox:
        yield mailbox
