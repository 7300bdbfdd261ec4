"""Books by titles alone: will a user like one, told from a few dozen examples.

The users of the examples are replayed as the service takes events in, and a user of a test row is
folded from what is said of them. The ranker's features of the one book that is asked about are
weighed by logistic regression on the examples: 64 of them, or 256, drawn ten times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipelines.measuring.bootstrap import Interval
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.replay import ServiceState, TextVectors, item_index
from pipelines.running.progress import Progress
from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.lists.list_building import ranking_context
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.profiles.turned_down import put_down
from textwire.recommendations.ranking.features import FEATURES, compute_features
from textwire.undecodable import NOT_DECODABLE

FOLDER = "tallrec_book"
SIZES = (64, 256)
DRAWS = 10
START = datetime(2005, 1, 1, tzinfo=UTC)
BOOK = re.compile(r'"(.+?)" written by (.*?)(?=, "|$)')
# What can differ where one book is asked about; the rest is of lists.
COLUMNS = [
    FEATURES.index(name)
    for name in (
        "prior",
        "together",
        "alike",
        "taken",
        "nearest_step",
        "text_match",
        "category_affinity",
        "popularity",
        "known_events",
    )
]
# Of regularisation: chosen for a handful of columns and few rows, and compared with nothing.
STRENGTH = 0.03


class Row(NamedTuple):
    """A user by what they liked and did not, a book, and whether they liked it."""

    liked: tuple[Item, ...]
    disliked: tuple[Item, ...]
    target: Item
    label: bool

    @property
    def books(self) -> tuple[Item, ...]:
        """All of them."""
        return (*self.liked, *self.disliked, self.target)


def evaluate_tallrec(folder: Path, base: KeptVectors, progress: Progress) -> dict[str, float]:
    """AUC on the test rows by the number of examples: the mean over draws, and their spread.

    Raises: DataError: the data are not there, or not as they should be.
    """
    with progress.stage("Books: reading"):
        valid, test = read_books(folder / "valid.jsonl"), read_books(folder / "test.jsonl")
        books = {book.id: book for row in (*valid, *test) for book in row.books}
        shop = ShopData(list(books.values()), [])
        vectors = TextVectors.encode(base, shop.texts).as_served(shop)
        index = item_index(shop, vectors)
    figures = {"draws": float(DRAWS)}
    with progress.stage("Books: learning from a few"):
        for size in SIZES:
            drawn = [
                auc_from(_drawn(valid, size, seed), test, shop, vectors, index)
                for seed in range(DRAWS)
            ]
            found = Interval(float(np.mean(drawn)), min(drawn), max(drawn))
            figures |= {
                f"auc_{size}": found.mean,
                f"auc_{size}_low": found.low,
                f"auc_{size}_high": found.high,
            }
    return figures


def auc_from(
    examples: Sequence[Row],
    judged: Sequence[Row],
    shop: ShopData,
    vectors: TextVectors,
    index: ItemIndex,
) -> float:
    """AUC of rows, learned from examples alone."""
    state = ServiceState(shop, vectors, HalfLives())
    for number, row in enumerate(examples):
        for event in events_of(row, f"example {number}"):
            state.take(event)
    learned = features_of(examples, state, index)
    weigh = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1_000))
    weigh.fit(learned, [row.label for row in examples])
    scores = weigh.decision_function(features_of(judged, state, index))
    return float(roc_auc_score([row.label for row in judged], scores))


def features_of(rows: Sequence[Row], state: ServiceState, index: ItemIndex) -> Vectors:
    """What the service knows of each row's book for its user, (n, columns + 1).

    The last column is how far what the user turned down puts the book down.
    """
    at = START + timedelta(days=1)
    popularity = state.popularity(at)
    found = []
    for number, row in enumerate(rows):
        query = state.query(f"judged {number}", None, events_of(row, f"judged {number}"))
        item_vectors = index.vectors_of([row.target.id])
        context = ranking_context(query, popularity, at)
        seen = compute_features(context, [row.target], item_vectors)[0, COLUMNS]
        one = np.ones(1, dtype=np.float32)
        down = put_down(index, query.profile, [row.target], item_vectors, one)
        found.append([*seen, float(down[0])])
    return np.array(found, dtype=np.float32)


def events_of(row: Row, user_id: str) -> list[BehaviourEvent]:
    """What was said of a user, as events; in no order that means anything."""
    told = [*((book, 1.0) for book in row.disliked), *((book, 5.0) for book in row.liked)]
    return [
        BehaviourEvent(
            user_id=user_id,
            kind="rating",
            item_id=book.id,
            value=stars,
            at=START + timedelta(seconds=number),
        )
        for number, (book, stars) in enumerate(told)
    ]


def read_books(path: Path) -> list[Row]:
    """All rows.

    Raises: DataError: the file is not there, or not as it should be.
    """
    try:
        rows = msgspec.json.Decoder(dict[str, str | int]).decode_lines(path.read_bytes())
        return [
            Row(
                tuple(_books(str(row["liked"]))),
                tuple(_books(str(row["disliked"]))),
                next(iter(_books(str(row["target"])))),
                bool(row["label"]),
            )
            for row in rows
        ]
    except (OSError, KeyError, StopIteration, *NOT_DECODABLE) as error:
        raise DataError(
            f"{path} cannot be read as part of {FOLDER} ({error!r}). Set --data or TEXTWIRE_DATA "
            f"to the folder that holds {FOLDER}/valid.jsonl and test.jsonl."
        ) from error


def _books(written: str) -> Iterable[Item]:
    for title, author in BOOK.findall(written):
        yield Item(
            id=f"{title} / {author}"[:200],
            title=title[:1_000] or "?",
            category=author.strip().lower()[:500] or None,
            description=f"by {author}"[:400] if author.strip() else None,
        )


def _drawn(rows: Sequence[Row], size: int, seed: int) -> list[Row]:
    """So many at random, of both labels."""
    rng = np.random.default_rng(seed)
    return [rows[place] for place in rng.choice(len(rows), size, replace=False)]
