from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from services.gateway.replies import MOST_UNREAD, Replies
from textwire.support_qa.messages import Turn


def said(text: str, session: str = "s") -> Turn:
    return Turn(role="bot", text=text, at=datetime(2026, 3, 2, tzinfo=UTC), question_id=session)


def replies() -> Replies[Turn]:
    return Replies(lambda turn: turn.text, lambda turn: turn.question_id or "")


def test_all_who_wait_for_one_reply_get_it() -> None:
    async def run() -> None:
        hub = replies()
        with hub.reply_to("a") as first, hub.reply_to("a") as second, hub.reply_to("b") as other:
            hub.deliver(said("a"))
            assert (await first).text == (await second).text == "a"
            assert not other.done()
        hub.deliver(said("a"))  # nobody waits any more

    asyncio.run(run())


def test_a_reply_that_comes_twice_is_taken_once() -> None:
    async def run() -> None:
        hub = replies()
        with hub.reply_to("a") as waiting:
            hub.deliver(said("a"))
            hub.deliver(said("a"))
            assert (await waiting).text == "a"

    asyncio.run(run())


def test_a_stream_has_what_is_its_sessions_in_order() -> None:
    async def run() -> None:
        hub = replies()
        with hub.stream_of("s") as mine, hub.stream_of("t"):
            assert hub.streams == 2
            for text, session in (("1", "s"), ("2", "t"), ("3", "s")):
                hub.deliver(said(text, session))
            assert [mine.get_nowait().text for _ in range(mine.qsize())] == ["1", "3"]
        assert hub.streams == 0

    asyncio.run(run())


def test_who_reads_too_slowly_is_told_that_something_is_missing() -> None:
    async def run() -> None:
        hub = replies()
        with hub.stream_of("s") as slow:
            for number in range(MOST_UNREAD + 1):
                hub.deliver(said(str(number)))
            assert [slow.get_nowait() for _ in range(slow.qsize())] == [None]

    asyncio.run(run())
