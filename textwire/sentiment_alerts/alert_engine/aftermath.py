"""What follows an event: told again for weeks, it is the same one, and raises no alert anew.

When no more was told of an event for a day, its alert is over. What is written of it after that is
its aftermath: an inquiry, a fine, an anniversary. An article of the same kind of event and the same
company belongs to it

- where it is of one of its stories; its headline says that it goes on, or what came of it ("still
  locked out", "fined over breach"); or its headline has two telling words in common with what was
  written of it so far. A word of the rule tells nothing: all outages are called outages; and
- where its headline does not say that it has come to pass again; and
- as long as one or two such articles come in a day. More are a second wave.

Anything else is an event of its own. What belongs to an aftermath keeps it in memory, and counts in
surges as any bad news does.
"""

from __future__ import annotations

import re

import msgspec

from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.copies.headline_difference import (
    RENEWALS,
    content_stems,
    headline_words,
)
from textwire.sentiment_alerts.event_time import HOUR_MS
from textwire.sentiment_alerts.linking.words import words_of

A_DAY_MS = 24 * HOUR_MS
# After so long without a word it is forgotten.
REMEMBERED_MS = 56 * A_DAY_MS
SHARED_WORDS = 2
# So many articles within a day are a second wave.
WAVE = 3
# "Second outage in a week", "locked out again"; not "drags into second week".
COME_AGAIN = re.compile(
    rf"\b(?:{'|'.join(sorted(RENEWALS))}|fresh|repeat(?:ed)?"
    r"|(?:second|third|fourth|fifth|new)\b(?! (?:day|week|month|quarter|year|boss|chief|ceo)))\b",
    re.IGNORECASE,
)
GOES_ON = words_of(
    "still since remain remains remained continue continues continuing drags wake aftermath bill "
    "cost costs charge compensation payout payouts fine fined lawsuit lawsuits sue sues sued "
    "families hearing timeline grilled blames blamed"
)
KEPT = 60


class Aftermath(msgspec.Struct, array_like=True):
    """An event, as it is remembered.

    last_ms  when it was told of last. words: telling stems of its headlines. recent: when articles
             of the last day that raised no alert were written.
    """

    last_ms: int
    words: list[str] = []
    stories: list[str] = []
    recent: list[int] = []

    def holds(self, cause: Cause, title: str, at_ms: int, rule_stems: frozenset[str]) -> bool:
        """Whether an article tells of the same event, and not of a second one or a second wave.

        Args: rule_stems: of the words by which articles are told to be such events.
        """
        if at_ms - self.last_ms > REMEMBERED_MS or COME_AGAIN.search(title):
            return False
        is_same = not set(self.stories).isdisjoint(cause.stories)
        marks = GOES_ON.intersection(headline_words(title))
        goes_on = any(rule_stems.isdisjoint(content_stems([mark])) for mark in marks)
        told = set(cause.words).difference(rule_stems)
        is_alike = len(told.intersection(self.words)) >= SHARED_WORDS
        lately = [one for one in self.recent if one > at_ms - A_DAY_MS]
        return (is_same or goes_on or is_alike) and len(lately) + 1 < WAVE

    def take_in(self, cause: Cause, at_ms: int, *, is_told: bool) -> None:
        """Remember an article of it. Args: is_told: an alert says so."""
        self.last_ms = max(self.last_ms, at_ms)
        self.words = list(dict.fromkeys([*self.words, *cause.words]))[:KEPT]
        self.stories = list(dict.fromkeys([*self.stories, *cause.stories]))[-KEPT:]
        lately = [one for one in self.recent if one > at_ms - A_DAY_MS]
        self.recent = [] if is_told else [*lately, at_ms]
