"""What a served recommender makes of the last part of the time, list by list.

Both that the gate compares are judged as they would serve here: one that was made in another shop
by the prior, as the service has it. The item model of an artifact knows the part that is judged on,
so the same is made of what was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import judge as judge_list
from pipelines.recommendations.examples import liked_among, served_lists
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.item_model import fit_item_model
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import split_moments
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.tokenizing import whole_words
from textwire.recommendations.lists.list_building import RankedList
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.half_lives import half_lives_of
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.ranker import load_ranker
from textwire.recommendations.ranking.shop_fit import fitting_item_model, fitting_ranker

LISTED = 10


@dataclass
class _Lists:
    """What is kept of each list: a list itself holds its candidates' vectors."""

    odds: list[Vectors] = field(default_factory=list)
    liked: list[NDArray[np.bool_]] = field(default_factory=list)
    # Of moments at which something was liked later.
    hits: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def take(self, moment: Moment, built: RankedList, data: ShopData) -> None:
        """One more list, as it would have been served at a moment."""
        self.odds.append(built.scores)
        self.liked.append(liked_among(built.candidates.items, moment))
        if moment.liked:
            rank = judge_list(built, moment.liked[0]).rank
            self.hits.append(float(rank is not None and rank <= LISTED))
            self.keys.append(key_of(moment.user_id, moment.at.isoformat()))
            self.targets.append(data.by_id[moment.liked[0]].text)


def judge(
    artifact: Artifact, data: ShopData, settings: RecommendationSettings, disturb: Disturb
) -> Judgement:
    """HR@10 of the lists that would serve in this shop, and the odds of all that they looked at."""
    data = ShopData([_disturbed(item, disturb) for item in data.items], data.events)
    moments = split_moments(data, settings).test
    encoder = OnnxEncoder(artifact, "int8", threads=2)
    vectors = replace(
        TextVectors.encode(encoder, data.texts),
        known_words=whole_words(artifact.file("tokenizer.json")),
    )
    lists = _Lists()
    for moment, built in _served_by(artifact, data, moments, vectors):
        lists.take(moment, built, data)
    scores = np.array(lists.hits)
    timed = TimedReading.of(encoder.encode, data.texts)
    return Judgement(
        metric=f"HR@{LISTED}",
        keys=tuple(lists.keys),
        scores=scores,
        confidences=np.concatenate(lists.odds).astype(np.float64),
        right=np.concatenate(lists.liked),
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(lists.targets, scores),
    )


def _served_by(
    artifact: Artifact, data: ShopData, moments: Sequence[Moment], vectors: TextVectors
) -> Iterator[tuple[Moment, RankedList]]:
    """The lists that an artifact gives here: of another shop by the prior, of this one as it is."""
    following = load_following(artifact)
    ids = list(data.by_id)
    ranker = fitting_ranker(load_ranker(artifact), following, ids)
    is_of_this_shop = fitting_item_model(following, ids) is not None
    before = data.events[: moments[0].place]
    item_model = fit_item_model(data, before, vectors) if is_of_this_shop else None
    half_lives = half_lives_of(artifact.manifest)
    return served_lists(data, moments, vectors, half_lives, ranker, item_model=item_model)


def _disturbed(item: Item, disturb: Disturb) -> Item:
    return msgspec.structs.replace(item, title=disturb(item.title) or item.title)
