"""All that scoring in bulk stands on: taken once, and sent to wherever lists are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import open_registry
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.serving import load_encoder
from textwire.models.engines.tokenizing import whole_words
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.bought_together import CountedTogether
from textwire.recommendations.counts.co_occurrence import read_taken
from textwire.recommendations.counts.popularity import PopularitySnapshot, read_popularity
from textwire.recommendations.lists.bulk import BulkScoring, index_of
from textwire.recommendations.lists.rules import Rules, RulesFile
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.half_lives import half_lives_of
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.item_model import LOOKED_AT
from textwire.recommendations.ranking.ranker import load_ranker
from textwire.recommendations.ranking.shop_fit import fitting_item_model, fitting_ranker
from textwire.results.store import ResultStore
from textwire.settings import ModelSettings, load

TASK = "recommendations"


@dataclass(frozen=True)
class BulkSetup:
    """The catalogue, what all users like, and the rules at one moment; plain data, no connection.

    version  of the model, which each who makes lists opens in the registry.
    """

    version: str
    items: Sequence[Item]
    popularity: PopularitySnapshot
    settings: RecommendationsSettings
    models: ModelSettings
    rules: Rules
    at: datetime

    @classmethod
    def taken(cls, items: Sequence[Item], store: ResultStore, at: datetime) -> BulkSetup:
        """What the service would make lists from now.

        Raises: ArtifactError: there is no champion. RedisUnavailable, SettingsError.
        """
        settings, registry = load(RecommendationsSettings), open_registry()
        artifact = registry.champion(TASK)
        days = half_lives_of(artifact.manifest).popularity_days
        liked = PopularitySnapshot.of(read_popularity(store, at, days), read_taken(store))
        rules = RulesFile(settings.rules_file).now
        version = artifact.manifest.version
        return cls(version, items, liked, settings, load(ModelSettings), rules, at)

    def scoring(self, store: ResultStore) -> BulkScoring:
        """What makes the lists, with the model loaded and all items embedded.

        Raises: ArtifactError, RedisUnavailable.
        """
        artifact: Artifact = open_registry().open(TASK, self.version)
        encoder = load_encoder(artifact, self.models)
        index = index_of(self.items, CachedEncoder(encoder, store))
        item_model, first_ids = load_following(artifact), list(islice(index.numbers, LOOKED_AT))
        maker = ListMaker(
            index=index,
            ranker=fitting_ranker(load_ranker(artifact), item_model, first_ids),
            item_model=fitting_item_model(item_model, first_ids),
            model=self.version,
            popularity=self.popularity,
            settings=self.settings,
            at=self.at,
            rules=self.rules,
            together=CountedTogether(store),
        )
        known_words = whole_words(artifact.file("tokenizer.json"))
        return BulkScoring(maker, encoder, store, known_words)
