"""The model and the watchlist that articles are read with now; others are swapped in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

import structlog

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classifier
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer

LoadClassifier = Callable[[Artifact], Classifier]
log = structlog.get_logger()


class ModelHolder:
    """The scorer that stands now. Whoever reads takes it once and works with that one."""

    def __init__(self, scorer: ArticleScorer, load_classifier: LoadClassifier) -> None:
        self._scorer = scorer
        self._load_classifier = load_classifier
        self._writing = Lock()  # models and watchlists come from threads of their own

    @classmethod
    def of_artifact(
        cls, artifact: Artifact, linker: Linker, load_classifier: LoadClassifier
    ) -> ModelHolder:
        """A scorer with an artifact's model.

        Raises: ArtifactError: the model cannot be used.
        """
        scorer = ArticleScorer.of_artifact(artifact, linker, load_classifier)
        _tell(scorer)
        return cls(scorer, load_classifier)

    @property
    def now(self) -> ArticleScorer:
        """What stands now."""
        return self._scorer

    def use(self, artifact: Artifact) -> None:
        """Go over to another model, loaded and warmed beside the one in use.

        Raises: ArtifactError: the model cannot be used; the old one stays.
        """
        scorer = ArticleScorer.of_artifact(artifact, self._scorer.linker, self._load_classifier)
        _tell(scorer)
        with self._writing:
            self._scorer = replace(scorer, linker=self._scorer.linker)

    def watch(self, linker: Linker) -> None:
        """Look for other companies from the next batch on."""
        with self._writing:
            self._scorer = replace(self._scorer, linker=linker)

    def sectors(self) -> Mapping[str, str | None]:
        """Of the companies that are watched now, by name."""
        return self._scorer.linker.sectors


def _tell(scorer: ArticleScorer) -> None:
    """Say once of a model that phrases alone tell events with it."""
    if not scorer.events:
        log.info(
            "phrases alone tell events: the model has no head of them",
            version=scorer.version,
            made_by="pipelines sentiment-alerts events",
        )
