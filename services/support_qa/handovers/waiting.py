"""What becomes of a reply while a colleague is on the way, or there."""

from __future__ import annotations

from dataclasses import replace as with_fields
from datetime import timedelta

from msgspec.structs import replace

from services.support_qa.bot_words import BotWords, ForeignWords, WaitWords
from services.support_qa.replying.replying import Reply
from textwire.support_qa.messages import Answer, Handoff

MINUTE_S = 60
# From here on hours say it better.
LONG_WAIT_MINUTES = 90


def with_standing(reply: Reply, standing: Handoff | None) -> Reply:
    """The same, but that a conversation has one handoff at a time.

    While a colleague is on the way the bot goes on with what it knows, and calls nobody else. Once
    one is there, whatever the customer writes is for them.
    """
    if standing and standing.state == "taken":
        return with_fields(reply, outcome="waiting", choices=())
    if reply.outcome in ("handed_over", "waiting"):
        return with_fields(reply, outcome="waiting" if standing else "handed_over")
    return reply


def told_while_waiting(
    answer: Answer,
    standing: Handoff | None,
    foreign: str | None,
    usual_wait: timedelta | None,
    words: BotWords,
    foreign_words: ForeignWords,
) -> Answer:
    """The answer in the words that fit: nothing beside a colleague, or how long one takes."""
    if standing and standing.state == "taken":
        return replace(answer, text="")
    if foreign:
        is_waiting = answer.outcome == "waiting"
        return replace(answer, text=foreign_words.to_who_waits(foreign)) if is_waiting else answer
    if usual_wait is None or answer.outcome not in ("handed_over", "waiting"):
        return answer
    return replace(answer, text=f"{answer.text} {wait_words(usual_wait, words.wait)}")


def wait_words(wait: timedelta, words: WaitWords) -> str:
    """How long the last customers waited, in whole minutes or hours."""
    minutes = max(1, round(wait.total_seconds() / MINUTE_S))
    if minutes < LONG_WAIT_MINUTES:
        time = words.minute if minutes == 1 else words.minutes.replace("{count}", str(minutes))
    else:
        hours = round(minutes / 60)
        time = words.hour if hours == 1 else words.hours.replace("{count}", str(hours))
    return words.told.replace("{time}", time)
