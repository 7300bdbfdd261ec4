"""Requests in words with and without what is read in them, in one process, without Kafka.

Each request is worded anew from the title of another item, in turn as: the title; with a limit of
price; with something that is not wanted; two titles; and with a slip. With reading it is parted,
its slips are mended and items are compared by name; without, the vector of its words is all that a
list is made by. The words of both have their vectors before the clock runs: a model takes as long
for either, but for two wishes, which are embedded one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

import numpy as np

from benchmarks.filtering import DIMENSION, index_of, maker_of, timed
from benchmarks.pace import QUICK, Pace
from benchmarks.shop import composed_items, shop_items
from benchmarks.tables import p50_p99, table
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked import asking
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.price_limits import priced
from textwire.recommendations.asked.small_words import WORD
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.lists.asking_queries import query_of
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import Item, ScoreRequest

SIZES = (350, 100_000)
REQUESTS = 40

Wording = Callable[[Item, Item, int], str]
WORDINGS: dict[str, Wording] = {
    "a thing": lambda one, _, n: f"{one.title} {n}",
    "with a price": lambda one, _, n: f"{one.title}, not over {20 + n} euros",
    "without something": lambda one, other, n: f"{one.title} {n}, but no {other.tags[0]}",
    "two wishes": lambda one, other, n: f"a {one.title} {n} and a {other.title}",
    "with a slip": lambda one, _, n: f"{one.title[:3]}{one.title[4:]} for number {n}",
}


def measure(pace: Pace) -> str:
    requests = 10 if pace == QUICK else REQUESTS
    sizes = (350, pace.many_items) if pace == QUICK else SIZES
    rows = [row for size in sizes for row in measure_catalogue(size, requests)]
    head = ("items", "request", "p50 ms", "p99 ms", "not read, p50 ms", "times as long")
    return table(head, rows)


def measure_catalogue(size: int, requests: int) -> list[list[str]]:
    """A row for each wording; both ways take turns, so that what else runs touches both alike."""
    items = composed_items(shop_items(), size)[:size]
    index = index_of(items)
    maker = maker_of(index, Rules(), datetime.now(UTC))
    known_words = frozenset(w.lower() for item in items for w in WORD.findall(item.title))
    rows = []
    for name, wording in WORDINGS.items():
        read, unread = [], []
        for number in range(requests + 1):
            one, other = items[number % len(items)], items[(7 * number + 1) % len(items)]
            request = ScoreRequest(user_id="u", context=wording(one, other, number), k=10)
            vectors = vectors_of(request, [one, other], index)
            with_reading = timed(partial(listed, maker, request, vectors, known_words))
            without = timed(partial(listed_unread, maker, vectors))
            if number:  # the first pays for what all share
                read.append(with_reading)
                unread.append(without)
        (p50, p99), (plain, _) = p50_p99(read), p50_p99(unread)
        times = f"{p50 / plain:.2f}"
        rows.append([f"{size:,}", name, f"{p50:.2f}", f"{p99:.2f}", f"{plain:.2f}", times])
    return rows


def vectors_of(
    request: ScoreRequest, items: Sequence[Item], index: ItemIndex
) -> dict[str, Vectors]:
    """A vector for each text of a request: those of the items that it is worded from."""
    of_items = index.vectors_of([item.id for item in items])
    texts = read_asking(request.context).texts
    for kept in (asking._read, priced):  # to be read again, on the clock
        kept.cache_clear()
    return {text: of_items[min(place, 1)] for place, text in enumerate(texts)}


def listed(
    maker: ListMaker,
    request: ScoreRequest,
    vectors: dict[str, Vectors],
    known_words: frozenset[str],
) -> object:
    """The list that the service makes."""
    languages = maker.settings.languages
    return maker.lists([query_of(request, None, vectors, maker.index, languages, known_words)])


def listed_unread(maker: ListMaker, vectors: dict[str, Vectors]) -> object:
    """A list by the vector of the words alone."""
    vector = next(iter(vectors.values()))
    request = ScoreRequest(user_id="u", k=10)
    return maker.lists([RankingQuery.of(request, None, np.asarray(vector), DIMENSION)])
