"""The model that reads articles now; another is swapped in between two batches."""

from __future__ import annotations

from collections.abc import Callable

from textwire.models.artifact import Artifact
from textwire.models.classifier import Classifier
from textwire.sentiment_alerts.article_scorer import ArticleScorer
from textwire.sentiment_alerts.entity_linking import Linker

LoadClassifier = Callable[[Artifact], Classifier]


class ModelHolder:
    """The scorer that stands now. Whoever reads takes it once and works with that one."""

    def __init__(self, scorer: ArticleScorer, load_classifier: LoadClassifier) -> None:
        self._scorer = scorer
        self._load_classifier = load_classifier

    @classmethod
    def of_artifact(
        cls, artifact: Artifact, linker: Linker, load_classifier: LoadClassifier
    ) -> ModelHolder:
        """A scorer with an artifact's model.

        Raises: ArtifactError: the model cannot be used.
        """
        scorer = ArticleScorer.of_artifact(artifact, linker, load_classifier)
        return cls(scorer, load_classifier)

    @property
    def now(self) -> ArticleScorer:
        """What stands now."""
        return self._scorer

    def use(self, artifact: Artifact) -> None:
        """Go over to another model, loaded and warmed beside the one in use.

        Raises: ArtifactError: the model cannot be used; the old one stays.
        """
        self._scorer = ArticleScorer.of_artifact(
            artifact, self._scorer.linker, self._load_classifier
        )
