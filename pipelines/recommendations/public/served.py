"""What the service would answer in each case, by the code and the model that serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.evaluate import judge, of_judged, rank_by, text_match
from pipelines.recommendations.examples import AS_SHIPPED, offered_items
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.measures import list_metrics
from pipelines.recommendations.public.cases import Case
from pipelines.recommendations.replay import Occasion, ServiceState, TextVectors, item_index
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.list_building import Scorer, build_lists
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import ScoredList
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import Candidates
from textwire.recommendations.ranking.following import Following


@dataclass(frozen=True)
class ServedModel:
    """A trained model as the service loads it; vectors of all texts, as they serve."""

    vectors: TextVectors
    ranker: Scorer
    half_lives: HalfLives
    item_model: Following | None = None


def measure_served(
    model: ServedModel,
    log: ShopData,
    cases: Sequence[Case],
    known_until: Callable[[Case], datetime],
    depths: Sequence[int],
    settings: RecommendationsSettings = AS_SHIPPED,
) -> dict[str, float]:
    """Lists, and what candidate search finds.

    Args: cases: in order of time. known_until: see `occasions`.
    """
    index = item_index(log, model.vectors)
    judged = []
    for case, occasion in _with_cases(model, log, cases, known_until):
        _, query, popularity = occasion
        (built,) = build_lists(
            index, model.ranker, [query], popularity, settings, case.at, model.item_model
        )
        judged.append(judge(built, case.item_id))
    return of_judged(judged, depths)


def lists_served(
    model: ServedModel,
    log: ShopData,
    cases: Sequence[Case],
    known_until: Callable[[Case], datetime],
    settings: RecommendationsSettings = AS_SHIPPED,
) -> Iterator[ScoredList]:
    """What the service would publish in each case, by the class that makes its lists.

    Args: cases: in order of time. known_until: see `occasions`.
    """
    index = item_index(log, model.vectors)
    for case, occasion in _with_cases(model, log, cases, known_until):
        maker = ListMaker(
            index=index,
            ranker=model.ranker,
            model=model.ranker.name,
            popularity=occasion.popularity,
            settings=settings,
            at=case.at,
            item_model=model.item_model,
        )
        yield from maker.lists([occasion.query])


def place_in(made: ScoredList, item_id: str) -> int | None:
    """Where an item stands in a list, from 1; None where it is not there."""
    return next((one.rank for one in made.scores if one.item_id == item_id), None)


def measure_text_match(
    model: ServedModel,
    log: ShopData,
    cases: Sequence[Case],
    known_until: Callable[[Case], datetime],
    depths: Sequence[int],
) -> dict[str, float]:
    """All items that could be offered, by the match of their texts alone."""
    ranks = []
    for case, occasion in _with_cases(model, log, cases, known_until):
        context = occasion.context
        items = offered_items(log, context)
        candidates = Candidates(items, model.vectors.rows([item.text for item in items]))
        ranks.append(rank_by(text_match, context, candidates, case.item_id))
    return list_metrics(ranks, depths)


def occasions(
    model: ServedModel,
    log: ShopData,
    cases: Sequence[Case],
    known_until: Callable[[Case], datetime],
) -> Iterator[Occasion]:
    """What the service knows when each case's user asks.

    It has taken in the log before `known_until`, which never falls from case to case; of the user
    it knows the case's history besides.
    """
    state = ServiceState(log, model.vectors, model.half_lives, model.item_model)
    done = 0
    snapshot: tuple[object, PopularitySnapshot] | None = None
    for case in cases:
        until = known_until(case)
        while done < len(log.events) and moment_of(log.events[done]) < until:
            state.take(log.events[done])
            done += 1
        since = [event for event in case.history if moment_of(event) >= until]
        moment = Moment(done, case.user_id, case.at, None, (case.item_id,), (), case.at)
        query = state.query(case.user_id, None, since)
        if snapshot is None or snapshot[0] != (done, case.at.date()):
            snapshot = (done, case.at.date()), state.popularity(case.at)
        yield Occasion(moment, query, snapshot[1])


def _with_cases(
    model: ServedModel,
    log: ShopData,
    cases: Sequence[Case],
    known_until: Callable[[Case], datetime],
) -> Iterator[tuple[Case, Occasion]]:
    return zip(cases, occasions(model, log, cases, known_until), strict=True)
