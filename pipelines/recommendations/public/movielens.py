"""Ratings of films over twenty years: who will like what next, after a day.

What was rated 4 or more of 5 counts as taken, the rest as a rating. Divided by time for all users
alike, so most of those who are judged are new. No ranker was trained here: lists begin from the
prior, as in any shop before its first training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.public.baselines import BASELINES, Known, choose_options, ranks_by
from pipelines.recommendations.public.cases import Case, read_rows, sample_cases
from pipelines.recommendations.public.judging import character_of, figures_of, odds_of
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.public.served import ServedModel, lists_served, place_in
from pipelines.recommendations.replay import TextVectors
from pipelines.running.progress import Progress
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.ranker import PriorRanker

FOLDER = "movielens_latest_small"
VALID_FROM = datetime.fromtimestamp(1339227125, UTC)
TEST_FROM = datetime.fromtimestamp(1437003878, UTC)
LIKED = 4.0
JUDGED = 1_000
CHOSEN_ON = 400
# Of a history, for counting ways; the service keeps what it keeps.
KEPT_HISTORY = 20


def evaluate_movielens(folder: Path, base: KeptVectors, progress: Progress) -> dict[str, float]:
    """NDCG@10 and what lists are like, served from the prior, beside the baselines.

    Raises: DataError: the data are not there, or not as they should be.
    """
    with progress.stage("MovieLens: reading"):
        items, events = read_films(folder / "movies.csv"), read_ratings(folder / "ratings.csv")
        before = ShopData(items, [e for e in events if moment_of(e) < TEST_FROM]).checked()
        early = ShopData(items, [e for e in events if moment_of(e) < VALID_FROM])
        vectors = TextVectors.encode(base, before.texts).as_served(before)
    texts = vectors.rows([item.text for item in before.by_id.values()])
    chosen_on = sample_cases(liked_after(events, VALID_FROM, TEST_FROM), CHOSEN_ON, 0)
    cases = sample_cases(
        liked_after(events, TEST_FROM, datetime.max.replace(tzinfo=UTC)), JUDGED, 0
    )
    with progress.stage("MovieLens: baselines"):
        options = choose_options(Known(early, texts), chosen_on)
        known = Known(before, texts)
        ranks = {one.name: ranks_by(one, known, cases, options[one.name]) for one in BASELINES}
    with progress.stage("MovieLens: what serves"):
        model = ServedModel(vectors, PriorRanker(), HalfLives())
        made = list(lists_served(model, before, cases, lambda _: TEST_FROM))
    targets = [case.item_id for case in cases]
    ranks["served"] = [place_in(one, item) for one, item in zip(made, targets, strict=True)]
    listed = [[one.item_id for one in scored.scores] for scored in made]
    return (
        figures_of(ranks, {}, (10,))
        | odds_of(made, targets)
        | character_of(listed, before, vectors)
        | {"cases": float(len(cases))}
    )


def read_films(path: Path) -> list[Item]:
    """Titles, with genres as tags.

    Raises: DataError: the file is not there, or not as it should be.
    """
    return [
        Item(id=row["movieId"], title=row["title"], tags=tuple(row["genres"].split("|")))
        for row in read_rows(path, ("movieId", "title", "genres"))
    ]


def read_ratings(path: Path) -> list[BehaviourEvent]:
    """What was liked as taken, and the rest as ratings, in order of time.

    Raises: DataError: the file is not there, or not as it should be.
    """
    events = [
        BehaviourEvent(
            user_id=row["userId"],
            kind="purchase" if float(row["rating"]) >= LIKED else "rating",
            item_id=row["movieId"],
            value=float(row["rating"]),
            at=datetime.fromtimestamp(int(row["timestamp"]), UTC),
        )
        for row in read_rows(path, ("userId", "movieId", "rating", "timestamp"))
    ]
    return sorted(events, key=moment_of)


def liked_after(events: Sequence[BehaviourEvent], since: datetime, until: datetime) -> list[Case]:
    """A case for each thing that was liked in that time, with what its user liked before."""
    liked: defaultdict[str, list[BehaviourEvent]] = defaultdict(list)
    cases = []
    for event in events:
        if event.kind != "purchase":
            continue
        past, at = liked[event.user_id], moment_of(event)
        if since <= at < until:
            cases.append(Case(event.user_id, at, past[-KEPT_HISTORY:], str(event.item_id)))
        past.append(event)
    return cases
