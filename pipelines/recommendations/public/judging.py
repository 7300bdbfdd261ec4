"""From places in lists to figures: over all cases, and those of cold users and items apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from pipelines.measuring.bootstrap import Interval, mean_interval
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.measures import equal_mass_ece, list_metrics
from pipelines.recommendations.public.cases import Case
from pipelines.recommendations.replay import TextVectors
from textwire.recommendations.messages import ScoredList

Ranks = Sequence[int | None]
# A user with at most one purchase behind them; an item that was bought at most twice before.
COLD_USER, COLD_ITEM = 1, 2


def hits(ranks: Ranks) -> Sequence[float]:
    """1 for each case in the first ten, else 0."""
    return [float(rank is not None and rank <= 10) for rank in ranks]


def gains(ranks: Ranks) -> Sequence[float]:
    """NDCG@10 of each case."""
    return [0.0 if rank is None or rank > 10 else 1 / math.log2(1 + rank) for rank in ranks]


def interval(values: Sequence[float]) -> Interval:
    """The mean, and where 95 of 100 draws of as many cases have it."""
    return mean_interval(np.array(values, dtype=np.float64))


def slices(log: ShopData, cases: Sequence[Case]) -> dict[str, list[int]]:
    """Places of cases by what is known of their users and items."""
    often = Counter(event.item_id for event in log.events)
    named: dict[str, Callable[[Case], bool]] = {
        "cold_users": lambda case: len(case.history) <= COLD_USER,
        "known_users": lambda case: len(case.history) > COLD_USER,
        "cold_items": lambda case: often[case.item_id] <= COLD_ITEM,
        "known_items": lambda case: often[case.item_id] > COLD_ITEM,
    }
    return {
        name: [place for place, case in enumerate(cases) if belongs(case)]
        for name, belongs in named.items()
    }


def figures_of(
    ranks: Mapping[str, Ranks], parts: Mapping[str, Sequence[int]], depths: Sequence[int]
) -> dict[str, float]:
    """Metrics by way, over all cases and by slice."""
    figures: dict[str, float] = {}
    for way, all_ranks in ranks.items():
        figures |= {f"{way}_{name}": v for name, v in list_metrics(all_ranks, depths).items()}
        for name, places in parts.items():
            of_part = list_metrics([all_ranks[place] for place in places])
            figures |= {f"{way}_{name}_{metric}": value for metric, value in of_part.items()}
        for metric, values in (("hr", hits(all_ranks)), ("ndcg", gains(all_ranks))):
            found = interval(values)
            figures |= {f"{way}_{metric}_low": found.low, f"{way}_{metric}_high": found.high}
    return figures


def odds_of(lists: Sequence[ScoredList], liked: Sequence[str]) -> dict[str, float]:
    """Whether scores are true, over all that was listed, and whether they tell items apart."""
    scores = np.array([one.score for made in lists for one in made.scores], dtype=np.float32)
    came = [
        one.item_id == target
        for made, target in zip(lists, liked, strict=True)
        for one in made.scores
    ]
    equal = [len({one.score for one in made.scores}) == 1 for made in lists if made.scores]
    return {
        "listed_ece": equal_mass_ece(scores, np.array(came, dtype=bool)),
        "mean_score": float(scores.mean()),
        "mean_came": float(np.mean(came)),
        "equal_lists": float(np.mean(equal)),
    }


def character_of(
    listed: Sequence[Sequence[str]], log: ShopData, vectors: TextVectors
) -> dict[str, float]:
    """What lists are like, beside being right.

    coverage   part of the catalogue that is in any list.
    diversity  1 less the mean cosine of two items of a list.
    novelty    mean of -log2 of the part of users who had the item before, as if one more had.
    Source: Castells et al. 2022, "Novelty and diversity in recommender systems".
    """
    users = len({event.user_id for event in log.events})
    had = Counter(item_id for _, item_id in {(e.user_id, e.item_id) for e in log.events})
    alike = []
    for ids in listed:
        rows = vectors.rows([log.by_id[item_id].text for item_id in ids])
        pairs = [float(rows[a] @ rows[b]) for a, b in combinations(range(len(ids)), 2)]
        alike.append(float(np.mean(pairs)) if pairs else 0.0)
    surprises = [-math.log2((had[i] + 1) / (users + 1)) for ids in listed for i in ids]
    return {
        "coverage": len({item_id for ids in listed for item_id in ids}) / len(log.by_id),
        "diversity": 1.0 - float(np.mean(alike)),
        "novelty": float(np.mean(surprises)),
    }
