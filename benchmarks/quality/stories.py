"""How well articles of one event gather under one story, on real headlines.

`python -m benchmarks.quality.stories DATA` needs the folders `headlines_2017_2020` and
`reuters21578` in DATA. Pairs of texts are one event where

- a person said so (`story_pairs.jsonl`: pairs of headlines of one day or two, many of them alike,
  known by the hash of their texts);
- one is an article's headline and the other how the same article is told elsewhere (CNBC's
  descriptions) or begins (Reuters);

and two where a headline stands beside what is most like it of more than five days before or after:
the same company, index or figure, and other news. Each pair comes to an engine that has read some
thousand other headlines, a minute apart: so what is measured is what serves, but for the model.
Tones are left out. With `--largest N` the whole history of headlines is read, and the stories that
gathered most are printed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from math import log
from pathlib import Path
from typing import NamedTuple

from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.copies.headline_difference import content_stems, headline_words
from textwire.sentiment_alerts.copies.near_duplicates import sketch_of
from textwire.sentiment_alerts.messages import ArticleSentiment
from textwire.sentiment_alerts.results.reading import read_recent_stories
from textwire.sentiment_alerts.stories import Frequency, RecentStories

SEED = 3
PAIRS = 400
LEARNED = 3_000
FAR = timedelta(days=5)
MOST_SHARED = 500  # a word that more have says little of what is near
FIRST_SENTENCE = re.compile(r"(?<=[a-z)])\.\s+(?=[A-Z])")
LABELLED = Path(__file__).with_name("story_pairs.jsonl")


class Dated(NamedTuple):
    """A headline, when it came, and what else is told in its place."""

    title: str
    at: datetime
    told: str


class Pair(NamedTuple):
    """Two texts, and whether they tell of one event."""

    one: str
    other: str
    same: bool


def pair_hash(one: str, other: str) -> str:
    """What a pair is known by without its texts."""
    return blake2b(f"{one}\n{other}".encode(), digest_size=8).hexdigest()


def read_headlines(data: Path) -> list[Dated]:
    """The headlines of 2017 to 2020; CNBC's with a description."""
    path = data / "headlines_2017_2020" / "headlines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Dated(row["headline"], datetime.fromisoformat(row["published_at"][:10]), row["description"])
        for row in rows
        if row["headline"].strip()
    ]


def read_reuters(data: Path) -> list[Dated]:
    """The stories of 1987 that have a body, with its first sentence."""
    read = []
    for part in (1, 2):
        with gzip.open(data / "reuters21578" / f"reuters21578_part{part}.jsonl.gz") as file:
            for row in map(json.loads, file):
                if row["title"] and len(row["body"] or "") > 400:
                    begins = FIRST_SENTENCE.split(" ".join(row["body"].split()), maxsplit=1)[0]
                    at = datetime.fromisoformat(row["published_at"])
                    read.append(Dated(row["title"], at, begins[:400]))
    return read


def labelled_pairs(headlines: Sequence[Dated]) -> list[Pair]:
    """The pairs that a person looked at, those left out that could be either."""
    wanted = {}
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted[row["pair"]] = row["same"]
    by_day: dict[int, list[str]] = defaultdict(list)
    for one in headlines:
        by_day[one.at.toordinal()].append(one.title)
    near = (
        (one, other)
        for day, titles in by_day.items()
        for one in titles
        for other in (*titles, *by_day.get(day + 1, ()))
    )
    return [
        Pair(one, other, same)
        for one, other in near
        if (same := wanted.pop(pair_hash(one, other), None)) is not None
    ]


def told_twice(rows: Sequence[Dated]) -> list[Pair]:
    """Headlines, each with what is told in its place."""
    told = [one for one in rows if one.told.strip() and "Cramer" not in one.title]
    return [Pair(one.title, one.told, True) for one in _random(told, PAIRS)]


def far_but_alike(rows: Sequence[Dated], *, against_told: bool) -> list[Pair]:
    """Headlines, each beside that of another time that has most of its words."""
    stems = [set(content_stems(headline_words(one.title))) for one in rows]
    having: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(stems):
        for word in words:
            having[word].append(place)
    rare = {word: places for word, places in having.items() if len(places) <= MOST_SHARED}
    pairs = []
    for place in _random(range(len(rows)), PAIRS):
        if shared := _shared_with_others(rows, place, sorted(stems[place] & rare.keys()), rare):
            nearest = rows[max(shared, key=lambda other: (shared[other], other))]
            text = nearest.told if against_told else nearest.title
            pairs.append(Pair(rows[place].title, text, False))
    return pairs


def _shared_with_others(
    rows: Sequence[Dated], place: int, words: Iterable[str], having: Mapping[str, Sequence[int]]
) -> dict[int, float]:
    """How much of a headline each of another time shares: the sum of its words' log rarities."""
    shared: dict[int, float] = defaultdict(float)
    for word in words:
        for other in having[word]:
            if abs(rows[other].at - rows[place].at) > FAR:
                shared[other] += log(len(rows) / len(having[word]))
    return shared


class Gathering:
    """Stories over headlines, one minute after the other."""

    def __init__(self, learned: Iterable[str]) -> None:
        """Args: learned: what was in the news before."""
        self.store = MemoryResults()
        self._read = 0
        self._articles = Frequency()
        for title in learned:
            self.story(title)
        self._skip(30)

    def story(self, title: str, at: datetime | None = None, *, keep: bool = True) -> str:
        """The story of a headline. Args: at: when it came; a minute after the last one if not."""
        self._read += 1
        at_ms = int(at.timestamp() * 1000) if at else self._read * 60_000
        sketch = sketch_of(title)
        stories = RecentStories(self.store, [sketch])
        sentiment = _sentiment(f"a{self._read}", title, at_ms)
        story_id = stories.take(sentiment, sketch, at_ms, self._articles)
        if keep:
            self._articles = self._articles.one_more(at_ms)
            self.store.write(stories.writes())
        return story_id

    def are_one(self, pair: Pair) -> bool:
        """Whether a pair comes to one story; days after all others."""
        self._skip(10)
        one = self.story(pair.one)
        other = self.story(pair.other, keep=False)
        return one == other

    def _skip(self, days: int) -> None:
        self._read += days * 24 * 60


def _sentiment(article_id: str, title: str, at_ms: int) -> ArticleSentiment:
    return ArticleSentiment(
        article_id=article_id,
        published_at=datetime.fromtimestamp(at_ms / 1000).astimezone(),
        title=title,
        label="neutral",
        score=0.0,
        probabilities={},
        entities=(),
        topics=(),
        model="",
    )


def _random(of: Sequence, count: int) -> list:
    return random.Random(SEED).sample(of, min(count, len(of)))  # noqa: S311 - no secret


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--largest", type=int, default=0)
    asked = parser.parse_args()
    headlines, reuters = read_headlines(asked.data), read_reuters(asked.data)
    learned = {
        "headlines": [one.title for one in _random(headlines, LEARNED)],
        "reuters": [one.title for one in _random(reuters, LEARNED)],
    }
    sets = {
        "labelled by a person": ("headlines", labelled_pairs(headlines)),
        "CNBC, headline and description": ("headlines", told_twice(headlines)),
        "Reuters, headline and first sentence": ("reuters", told_twice(reuters)),
        "headlines of other days": ("headlines", far_but_alike(headlines, against_told=False)),
        "Reuters of other days": ("reuters", far_but_alike(reuters, against_told=True)),
    }
    for name, (history, pairs) in sets.items():
        gathering = Gathering(learned[history])
        said = [(pair.same, gathering.are_one(pair)) for pair in pairs]
        same = [one for truth, one in said if truth]
        other = [one for truth, one in said if not truth]
        print(f"{name}: one event {sum(same)} of {len(same)} gathered; "
              f"two events {sum(other)} of {len(other)} gathered", flush=True)  # fmt: skip
    if asked.largest:
        print_largest(headlines, asked.largest)


def print_largest(headlines: Sequence[Dated], count: int) -> None:
    """Read the whole history, and print the stories that gathered most."""
    gathering, members = Gathering(()), defaultdict(list)
    for one in sorted(headlines, key=lambda one: one.at):
        members[gathering.story(one.title, one.at)].append(one)
    print(f"{len(headlines)} headlines, {len(members)} stories, "
          f"{sum(len(of) > 1 for of in members.values())} of several")  # fmt: skip
    for story in sorted(members.values(), key=len, reverse=True)[:count]:
        print(f"\n{len(story)} from {story[0].at:%Y-%m-%d} to {story[-1].at:%Y-%m-%d}")
        for one in story:
            print(f"   {one.title}")
    assert read_recent_stories(gathering.store, 1)


if __name__ == "__main__":
    main()
