"""A stand-in for a service: what it makes of each record of a topic, beside a command that asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import msgspec

from textwire.stream.clients.reading import TopicReader
from textwire.stream.clients.sender import Sender
from textwire.wire.topic import Topic


@contextmanager
def answering(topic: Topic, answer: Callable[[Any, Sender], None]) -> Iterator[None]:
    """Each message that comes on a topic meanwhile is given to `answer`, and what to send by."""
    stopping = threading.Event()
    reader = TopicReader(topic.name)
    reader.skip_to_end()

    def respond() -> None:
        with closing(Sender("responder")) as sender:
            while not stopping.is_set():
                for record in reader.poll(0.1):
                    answer(msgspec.json.decode(record.value or b"", type=topic.message), sender)

    thread = threading.Thread(target=respond)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        reader.close()
