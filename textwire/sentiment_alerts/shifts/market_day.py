"""What is said on one day of all companies together, so that it is more than one company's affair.

A voice is a company or, where an article names none, the story that it tells. An article has one
vote, shared by the companies that it names, and a voice has one at most, however often it is heard:

    votes(voice) = min(1, sum 1 / companies named)        tone = sum votes * mean / sum votes

So a scandal with a hundred articles about one company weighs as much as any other company, and a
post that lists twelve symbols as much as one that names one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

import msgspec

from textwire.sentiment_alerts.messages import ArticleSentiment, Sentiment
from textwire.sentiment_alerts.shifts.tone_level import TONE_UNIT
from textwire.sentiment_alerts.surges.cell_tally import Negative

# Votes are added up as whole numbers of these parts, which one to ten companies share evenly.
VOTE = 2520
# How alike voices of one day are. Over 800 days of headlines, of weeks with 150 voices, and of days
# of a newswire with 400, tones differed no more than those of independent voices would.
SAME_DAY = 0.002
# Of a day, a sample by the hashes of their names.
MOST_VOICES = 400
KEPT_OF_DAY = 10
COMPANY = "company:"


class Vote(NamedTuple):
    """What an article says for a voice, and as which part of its vote."""

    voice: str
    parts: int
    label: Sentiment
    score: float


class Voice(msgspec.Struct, array_like=True):
    """What a voice has said so far: parts of votes, those of them negative, and their tone."""

    parts: int = 0
    negative: int = 0
    tone: int = 0

    @property
    def votes(self) -> float:
        """At most one."""
        return min(1.0, self.parts / VOTE)

    @property
    def mean(self) -> float:
        """From -1 to 1."""
        return self.tone * TONE_UNIT / self.parts

    @property
    def share(self) -> float:
        """Of what it says, how much is negative."""
        return self.negative / self.parts


class MarketTone(NamedTuple):
    """A day of all together, as `tone_level.Spoken` has it: its articles are votes."""

    articles: float
    negative: float
    mean: float
    kept: tuple[Negative, ...] = ()

    @property
    def weight(self) -> float:
        """How many independent votes it is worth."""
        return self.articles / (1 + max(0.0, self.articles - 1) * SAME_DAY)


class MarketDay(msgspec.Struct, array_like=True):
    """A day that is not over: its voices by name, negative articles of different voices."""

    voices: dict[str, Voice] = {}
    kept: list[tuple[bool, Negative, str]] = []  # whether of a company, and of which voice
    by_hour: dict[int, tuple[float, float]] = {}  # votes and their mean when an hour began

    def add(self, vote: Vote, sign: int = 1) -> None:
        """Count a vote, or with a sign of -1 take it out."""
        voice = self.voices.setdefault(vote.voice, Voice())
        voice.parts += sign * vote.parts
        voice.negative += sign * vote.parts * (vote.label == "negative")
        voice.tone += sign * vote.parts * round(vote.score / TONE_UNIT)
        if len(self.voices) > MOST_VOICES:
            del self.voices[max(self.voices, key=_place)]

    def keep(self, vote: Vote, negative: Negative) -> None:
        """Keep an article by name while it is among the first ones, in whatever order they come.

        One of each voice, and what names no company first: it tells of the market itself.
        """
        one = (vote.voice.startswith(COMPANY), negative, vote.voice)
        first: dict[str, tuple[bool, Negative, str]] = {}
        for kept in sorted([*self.kept, one], key=_in_time):
            first.setdefault(kept[2], kept)
        self.kept = sorted(first.values(), key=_in_time)[:KEPT_OF_DAY]

    def drop(self, article_id: str) -> None:
        """Let go of an article that is counted no more."""
        self.kept = [one for one in self.kept if one[1].article_id != article_id]

    def note(self, hour: int) -> None:
        """How far it has come by an hour."""
        tone = self.tone()
        self.by_hour = {**self.by_hour, hour: (tone.articles, tone.mean)}

    def tone(self) -> MarketTone:
        """All votes together; in the order of names, so that their sum is always the same."""
        heard = [voice for _, voice in sorted(self.voices.items()) if voice.parts > 0]
        votes = sum(voice.votes for voice in heard)
        negative = sum(voice.votes * voice.share for voice in heard)
        tone = sum(voice.votes * voice.mean for voice in heard)
        kept = tuple(negative for _, negative, _ in self.kept)
        return MarketTone(votes, negative, tone / votes if votes else 0.0, kept)

    def worst(self, most: int) -> tuple[str, ...]:
        """The companies that are spoken worst of, the worst first."""
        companies = [
            (voice.votes * voice.mean, name)
            for name, voice in self.voices.items()
            if name.startswith(COMPANY) and voice.parts > 0 and voice.share > 0.5
        ]
        return tuple(name.removeprefix(COMPANY) for _, name in sorted(companies)[:most])


def votes_of(sentiment: ArticleSentiment) -> Iterator[Vote]:
    """What an article says, of its companies or as the story that it tells."""
    if sentiment.entities:
        parts = round(VOTE / len(sentiment.entities))
        for one in sentiment.entities:
            yield Vote(f"{COMPANY}{one.entity}", parts, one.label, one.score)
        return
    voice = sentiment.story_id or sentiment.article_id
    yield Vote(voice, VOTE, sentiment.label, sentiment.score)


def _place(voice: str) -> tuple[int, str]:
    return crc32(voice.encode()), voice


def _in_time(kept: tuple[bool, Negative, str]) -> tuple[bool, int, str]:
    return kept[0], kept[1].at_ms, kept[1].article_id
