from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.language_model.chat_server import ChatServer, serving


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with serving() as chat:
        yield chat
