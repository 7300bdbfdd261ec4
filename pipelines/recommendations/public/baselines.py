"""Simple and well-known ways to rank all items, each with constants that are chosen beside it.

What a way may choose among stands in `variants`; it is chosen on cases that are not judged. `left`
is what is left of a history's item with each newer one; `anew`: whether what was bought is ranked
again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple, TypeVar

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.measures import ndcg, rank_among
from pipelines.recommendations.public.cases import Case
from textwire.models.engines.encoder import Vectors

# So little decides among items that are the same otherwise.
TIE = 1e-6
LEFT = (0.3, 0.5, 0.8)
# An inverse of so many items takes seconds.
MOST_ITEMS = 4_000
Options = Mapping[str, float]
Fitted = TypeVar("Fitted")


@dataclass(frozen=True)
class Known:
    """A log, and the vectors of all items' texts by the base as it comes, (items, d)."""

    log: ShopData
    vectors: Vectors
    fitted: dict[object, Any] = field(default_factory=dict)

    def once(self, name: object, fit: Callable[[], Fitted]) -> Fitted:
        """What is fitted, or what was under that name: options of the history need no new fit."""
        if name not in self.fitted:
            self.fitted[name] = fit()
        found: Fitted = self.fitted[name]
        return found

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each item stands."""
        return {item_id: place for place, item_id in enumerate(self.log.by_id)}

    @cached_property
    def bought(self) -> Vectors:
        """How often each user bought each item, (users, items)."""
        rows = {user_id: row for row, user_id in enumerate({e.user_id: None for e in self.events})}
        counts = np.zeros((len(rows), len(self.places)), dtype=np.float32)
        for event in self.events:
            counts[rows[event.user_id], self.places[str(event.item_id)]] += 1.0
        return counts

    @property
    def events(self) -> list[Any]:
        """What is known to be liked, of items that are known."""
        return [
            event
            for event in self.log.events
            if event.kind == "purchase" and event.item_id in self.places
        ]

    @cached_property
    def popular(self) -> Vectors:
        """How often each item was bought, (items,)."""
        counts: Vectors = self.bought.sum(axis=0)
        return counts

    @cached_property
    def pairs(self) -> Vectors:
        """How many users bought both, (items, items)."""
        once = (self.bought > 0.0).astype(np.float32)
        gram: Vectors = once.T @ once
        return gram

    def recent(self, cases: Sequence[Case], left: float) -> Vectors:
        """Each case's items, (n, items): the newest weighs 1, each before it `left` of the next."""
        weights = np.zeros((len(cases), len(self.places)), dtype=np.float32)
        for row, case in zip(weights, cases, strict=True):
            for age, event in enumerate(reversed(case.history)):
                if event.item_id in self.places:
                    row[self.places[event.item_id]] += left**age
        return weights


class Baseline(NamedTuple):
    """A way to rank: (what is known, cases, options) to scores of all items, (n, items)."""

    name: str
    scores: Callable[[Known, Sequence[Case], Options], Vectors]
    grid: Mapping[str, Sequence[float]]

    @property
    def variants(self) -> list[dict[str, float]]:
        """All that its options may be, but for `anew`, which changes no score."""
        values = product(*self.grid.values())
        return [dict(zip(self.grid, chosen, strict=True)) for chosen in values]


def by_popularity(known: Known, cases: Sequence[Case], options: Options) -> Vectors:  # noqa: ARG001
    """What was bought most."""
    return np.tile(known.popular, (len(cases), 1))


def by_pairs(known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    """How many users bought both.

    Source: Sarwar et al. 2001, "Item-based collaborative filtering recommendation algorithms".
    """
    pairs = known.pairs.copy()
    np.fill_diagonal(pairs, 0.0)
    return known.recent(cases, options["left"]) @ pairs


def by_ease(known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    """Ridge regression of each item on all others, in closed form.

    Source: Steck 2019, "Embarrassingly shallow autoencoders for sparse data", arXiv:1905.03375.
    """
    places = np.argsort(-known.popular, kind="stable")[:MOST_ITEMS]

    def fit() -> Vectors:
        pairs = known.pairs[np.ix_(places, places)].astype(np.float64)
        inverse = np.linalg.inv(pairs + options["penalty"] * np.eye(len(places)))
        found = -inverse / np.diag(inverse)[None, :]
        np.fill_diagonal(found, 0.0)
        weights: Vectors = found.astype(np.float32)
        return weights

    scores = np.zeros((len(cases), len(known.places)), dtype=np.float32)
    histories = known.recent(cases, options["left"])[:, places]
    scores[:, places] = histories @ known.once(("ease", options["penalty"]), fit)
    return scores


def by_bm25(known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    """The words of the history as a query, items' texts as documents.

    Source: Robertson and Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond".
    """
    texts = [item.text for item in known.log.by_id.values()]
    counts = known.once("words", lambda: _counts(texts))
    lengths = counts.sum(axis=1)
    held_in = (counts > 0).sum(axis=0)
    idf = np.log1p((len(texts) - held_in + 0.5) / (held_in + 0.5)).astype(np.float32)
    k1, b = 1.2, options["b"]
    saturated = counts.tocoo()
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    (rows, terms), often = saturated.coords, saturated.data
    weights = idf[terms] * often * (k1 + 1) / (often + norm[rows])
    documents = sparse.csr_array((weights.astype(np.float32), (rows, terms)), shape=counts.shape)
    words = sparse.csr_array(known.recent(cases, options["left"])) @ (counts > 0).astype(np.float32)
    found: Vectors = (words @ documents.T).toarray()
    return found


def _counts(texts: Sequence[str]) -> sparse.csr_array:
    return sparse.csr_array(CountVectorizer().fit_transform(texts), dtype=np.float32)


def by_text(known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    """The cosine to the history's mean, by the base model as it comes."""
    users: Vectors = known.recent(cases, options["left"]) @ known.vectors
    scores: Vectors = users @ known.vectors.T
    return scores


def by_als(known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    """Factors of implicit feedback, as `implicit` finds them; a user's are made of the history.

    Source: Hu et al. 2008, "Collaborative filtering for implicit feedback datasets".
    """
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    def fit() -> Any:
        model = AlternatingLeastSquares(
            factors=int(options["factors"]),
            regularization=0.05,
            alpha=options["alpha"],
            use_gpu=False,
            num_threads=1,
            random_state=0,
        )
        model.fit(sparse.csr_matrix(known.bought), show_progress=False)
        return model

    histories = sparse.csr_matrix(known.recent(cases, options["left"]))
    # Threads of its own and of the matrix library wait for each other, of which it warns.
    with threadpool_limits(1, "blas"):
        model = known.once(("als", options["factors"], options["alpha"]), fit)
        users = model.recalculate_user(np.arange(len(cases)), histories)
    scores: Vectors = np.asarray(users) @ np.asarray(model.item_factors).T
    return scores


BASELINES = (
    Baseline("popularity", by_popularity, {}),
    Baseline("together", by_pairs, {"left": LEFT}),
    Baseline("ease", by_ease, {"penalty": (30.0, 100.0, 300.0), "left": LEFT}),
    Baseline("bm25", by_bm25, {"b": (0.3, 0.75), "left": LEFT}),
    Baseline("base_text", by_text, {"left": LEFT}),
    Baseline("als", by_als, {"factors": (64.0, 192.0), "alpha": (5.0, 40.0), "left": (0.5, 0.8)}),
)


def choose_options(known: Known, cases: Sequence[Case]) -> dict[str, Options]:
    """Of each baseline the options with the highest NDCG@10 on these cases; the first of equals."""
    return {one.name: _best_options(one, known, cases) for one in BASELINES}


def _best_options(baseline: Baseline, known: Known, cases: Sequence[Case]) -> Options:
    found: dict[float, Options] = {}
    for options in baseline.variants:
        scores = _scores(baseline, known, cases, options)
        for anew in (0.0, 1.0):
            value = ndcg(ranks(scores.copy(), known, cases, anew=bool(anew)), 10)
            found.setdefault(value, {**options, "anew": anew})
    return found[max(found)]


def ranks_by(
    baseline: Baseline, known: Known, cases: Sequence[Case], options: Options
) -> list[int | None]:
    """Where what followed stands among all items, of each case."""
    scores = _scores(baseline, known, cases, options)
    return ranks(scores, known, cases, anew=bool(options["anew"]))


def _scores(baseline: Baseline, known: Known, cases: Sequence[Case], options: Options) -> Vectors:
    return baseline.scores(known, cases, options) + np.float32(TIE) * known.popular


def ranks(scores: Vectors, known: Known, cases: Sequence[Case], *, anew: bool) -> list[int | None]:
    """Where what followed stands; None where it is not known, or was bought and is not anew."""
    found: list[int | None] = []
    for row, case in zip(scores, cases, strict=True):
        place = known.places.get(case.item_id)
        before = [known.places[i] for e in case.history if (i := str(e.item_id)) in known.places]
        if place is None or (not anew and place in before):
            found.append(None)
            continue
        if not anew:
            row[before] = -np.inf
        found.append(rank_among(row, place))
    return found
