"""Stories: the wordings of one event, gathered as they come.

An article joins the story that it is most like, if it is like it at all, and begins one otherwise.
A story is the mean of its wordings' vectors. It is found by the words of an article, each of which
knows the stories that it stood in last.

No article joins a story

- that had none for two days, or has gone on for a week: the next quarter's results are new ones;
- with which it has fewer than two stems in common, names of companies apart;
- where of a company that both name the one tells good and the other bad news.

A copy belongs to its original's story, and so does a correction to that of what it corrects. What
is remembered is bounded: of a story its heaviest words, companies and sources, of a word its last
stories, and each is forgotten some days after it was last met. Articles in one order have the same
stories, however they are batched.

Source: Miranda et al. 2018, arXiv:1809.00540 (one pass over news, clusters by weighted words).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from textwire.results.reading import read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Put, Write
from textwire.sentiment_alerts.copies.wordings import cosine, rarity, vector_of, wording_of
from textwire.sentiment_alerts.event_time import HOUR_MS, as_ms, moment_of
from textwire.sentiment_alerts.messages import ArticleSentiment, Sentiment, Sketch
from textwire.sentiment_alerts.results.keys import (
    STORIES_KEY,
    story_articles_key,
    story_key,
    word_key,
)
from textwire.sentiment_alerts.results.records import Story
from textwire.sentiment_alerts.results.writing import KEPT_OF_STORY, KEPT_STORIES, STORY_TTL_S

SILENT_AFTER_MS = 48 * HOUR_MS
LONGEST_MS = 7 * 24 * HOUR_MS
# docs/stories.md has what others would give; who names the same company needs fewer words.
LIKE = 0.4
LIKE_OF_COMPANY = 0.3
LEAST_SHARED = 2  # stems
KEPT_WORDS = 30
KEPT_COMPANIES = 12
KEPT_SOURCES = 40
STORIES_OF_WORD = 12
# A word counts half after a month: what is in the news is frequent, what was in them is rare again.
HALF_LIFE_MS = 30 * 24 * HOUR_MS
WORD_TTL_S = 60 * 24 * 60 * 60
OPPOSITES = {("negative", "positive"), ("positive", "negative")}


class Frequency(msgspec.Struct, frozen=True, array_like=True):
    """How many articles had something, those that are long past counted less."""

    count: float = 0.0
    at_ms: int = 0

    def at(self, at_ms: int) -> float:
        """At a moment of the articles' time."""
        return self.count * float(2.0 ** (-max(0, at_ms - self.at_ms) / HALF_LIFE_MS))

    def one_more(self, at_ms: int) -> Frequency:
        """After one more article."""
        return Frequency(self.at(at_ms) + 1.0, max(self.at_ms, at_ms))


class WordSeen(msgspec.Struct, frozen=True, array_like=True):
    """A stem, how frequent it is, and the last stories that it stood in."""

    frequency: Frequency = Frequency()
    stories: tuple[str, ...] = ()


class RecentStories:
    """The stories of the last days, as they are stored, and as a batch goes on with them."""

    def __init__(self, store: ResultStore, arriving: Iterable[Sketch]) -> None:
        """Read what may be the story of one of those that arrive.

        Raises: RedisUnavailable: the store is away.
        """
        self._store = store
        wordings = [wording_of(sketch) for sketch in arriving]
        stems = dict.fromkeys(stem for wording in wordings for stem in wording)
        keys = {stem: word_key(stem) for stem in stems}
        self._words = read_values(store, keys, WordSeen, msgspec.msgpack.decode)
        near = {story_id for wording in wordings for story_id in self._near(wording)}
        stored = {story_id: story_key(story_id) for story_id in sorted(near)}
        self._stories = read_values(store, stored, Story)
        self._touched_words: dict[str, None] = {}
        self._touched: dict[str, None] = {}
        self._listed: list[Write] = []

    def take(
        self, sentiment: ArticleSentiment, sketch: Sketch, at_ms: int, articles: Frequency
    ) -> str:
        """The id of the story that an article belongs to, counted there.

        Args: articles: all that were taken before.
        """
        wording = wording_of(sketch, [one.entity for one in sentiment.entities])
        known = articles.at(at_ms)
        rarities = {stem: self._rarity(stem, at_ms, known) for stem in wording}
        vector = vector_of(wording, rarities)
        story = self._find(sentiment, vector, at_ms) or _begun(sentiment, at_ms)
        self._remember(_joined(story, sentiment, vector, at_ms), sentiment.article_id)
        for stem in wording:
            self._meet(stem, story.id, at_ms)
        return story.id

    def take_copy(self, story_id: str, sentiment: ArticleSentiment) -> None:
        """One more source tells a story in words that it has."""
        if (story := self._story(story_id)) is not None:
            sources = _with(story.sources, sentiment.source)
            self._remember(
                replace(story, copies=story.copies + 1, sources=sources), sentiment.article_id
            )

    def writes(self) -> list[Write]:
        """What the batch changed."""
        words: list[Write] = [
            Put(word_key(stem), msgspec.msgpack.encode(self._words[stem]), WORD_TTL_S)
            for stem in self._touched_words
        ]
        stories: list[Write] = [
            Put(story_key(id_), msgspec.json.encode(self._stories[id_]), STORY_TTL_S)
            for id_ in self._touched
        ]
        listed: list[Write] = [
            Append(STORIES_KEY, msgspec.json.encode(id_), keep=KEPT_STORIES)
            for id_ in self._touched
        ]
        return [*words, *stories, *self._listed, *listed]

    def _near(self, wording: Iterable[str]) -> list[str]:
        """The stories that enough of these words stood in."""
        counts = Counter(
            story_id
            for stem in wording
            if (seen := self._words.get(stem)) is not None
            for story_id in seen.stories
        )
        return sorted(story_id for story_id, count in counts.items() if count >= LEAST_SHARED)

    def _find(
        self, sentiment: ArticleSentiment, vector: Mapping[str, float], at_ms: int
    ) -> Story | None:
        tones = {one.entity: one.label for one in sentiment.entities}
        found: list[tuple[float, str]] = []
        for story_id in self._near(vector):
            story = self._story(story_id)
            if story is None or not _goes_on(story, at_ms) or _contradicts(story, tones):
                continue
            least = LIKE_OF_COMPANY if story.companies.keys() & tones else LIKE
            like = cosine(vector, story.words)
            if like >= least and len(story.words.keys() & vector) >= LEAST_SHARED:
                found.append((like, story_id))
        return self._stories[max(found)[1]] if found else None

    def _story(self, story_id: str) -> Story | None:
        if story_id not in self._stories:
            story = read_value(self._store, story_key(story_id), Story)
            if story is None:  # let go by now
                return None
            self._stories[story_id] = story
        return self._stories[story_id]

    def _rarity(self, stem: str, at_ms: int, articles: float) -> float:
        seen = self._words.get(stem)
        return rarity(stem, seen.frequency.at(at_ms) if seen else 0.0, articles)

    def _meet(self, stem: str, story_id: str, at_ms: int) -> None:
        seen = self._words.get(stem, WordSeen())
        others = tuple(one for one in seen.stories if one != story_id)
        stories = (*others, story_id)[-STORIES_OF_WORD:]
        self._words[stem] = WordSeen(seen.frequency.one_more(at_ms), stories)
        self._touched_words[stem] = None

    def _remember(self, story: Story, article_id: str) -> None:
        self._stories[story.id] = story
        self._touched.pop(story.id, None)  # what was told last is listed last
        self._touched[story.id] = None
        id_ = msgspec.json.encode(article_id)
        self._listed.append(
            Append(story_articles_key(story.id), id_, keep=KEPT_OF_STORY, ttl_s=STORY_TTL_S)
        )


def _begun(sentiment: ArticleSentiment, at_ms: int) -> Story:
    named = sha256(sentiment.article_id.encode()).hexdigest()
    at = moment_of(at_ms)
    return Story(id=f"story-{named[:16]}", title=sentiment.title, begins=at, ends=at)


def _joined(
    story: Story, sentiment: ArticleSentiment, vector: Mapping[str, float], at_ms: int
) -> Story:
    """The story with one more wording; its title stays that of its first one."""
    share = 1 / (story.articles + 1)
    stems = dict.fromkeys([*story.words, *vector])
    mean = {
        stem: (1 - share) * story.words.get(stem, 0.0) + share * vector.get(stem, 0.0)
        for stem in stems
    }
    heaviest = sorted(mean, key=lambda stem: (-mean[stem], stem))[:KEPT_WORDS]
    companies = dict(story.companies)
    for one in sentiment.entities:
        if one.entity in companies or len(companies) < KEPT_COMPANIES:
            companies[one.entity] = companies.get(one.entity, 0.0) + one.score
    at = moment_of(at_ms)
    return replace(
        story,
        begins=min(story.begins, at),
        ends=max(story.ends, at),
        articles=story.articles + 1,
        score_sum=story.score_sum + sentiment.score,
        words={stem: round(mean[stem], 4) for stem in heaviest},
        companies=companies,
        topics=_counted(story.topics, [one.topic for one in sentiment.topics]),
        sources=_with(story.sources, sentiment.source),
    )


def _counted(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(counts) + Counter(names))


def _with(sources: Sequence[str], source: str | None) -> tuple[str, ...]:
    if source is None or source in sources:
        return tuple(sources)
    return (*sources, source)[:KEPT_SOURCES]


def _goes_on(story: Story, at_ms: int) -> bool:
    begins, ends = as_ms(story.begins), as_ms(story.ends)
    is_near = begins - SILENT_AFTER_MS <= at_ms <= ends + SILENT_AFTER_MS
    return is_near and max(ends, at_ms) - min(begins, at_ms) <= LONGEST_MS


def _contradicts(story: Story, tones: Mapping[str, Sentiment]) -> bool:
    """Whether of a company the story says the opposite."""
    return any(
        (sentiment_of(story.companies[entity]), tone) in OPPOSITES
        for entity, tone in tones.items()
        if entity in story.companies
    )


def sentiment_of(score_sum: float) -> Sentiment:
    """Which side the articles of a story are on together; within half an article of none it is."""
    if abs(score_sum) < 0.5:
        return "neutral"
    return "negative" if score_sum < 0 else "positive"
