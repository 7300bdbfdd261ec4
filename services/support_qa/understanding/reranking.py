"""The reranker that stands now, if there is one, and whether it fits the retriever that serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry, Counter

from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.classifier import Classifier
from textwire.support_qa.confidence import require_known_features
from textwire.support_qa.reranking import Reranker

LoadClassifier = Callable[[Artifact], Classifier]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reranking:
    """A reranker with the confidence and the threshold of what it ranks.

    retriever  the version whose candidates it was fitted to.
    """

    reranker: Reranker
    calibration: Calibration
    threshold: float
    retriever: str
    version: str


class RerankModel:
    """Holds one model, or none; another takes its place between two batches."""

    def __init__(
        self,
        load_classifier: LoadClassifier,
        registry: CollectorRegistry,
        threshold: float | None = None,
    ) -> None:
        """No model yet.

        Args: registry: where batches are counted that a reranker of another retriever left alone.
              threshold: instead of the model's.
        """
        self._load_classifier = load_classifier
        self._threshold = threshold
        self._standing: Reranking | None = None
        self._told: set[tuple[str, str]] = set()
        self._left_alone = Counter(
            "textwire_support_batches_not_reranked",
            "Batches that were not reranked, since the reranker was made for another retriever",
            registry=registry,
        )

    def use(self, artifact: Artifact) -> None:
        """Go over to a model, loaded beside the one in use.

        Raises: ArtifactError: it cannot be used; the old one stays.
        """
        self._standing = self._load(artifact)

    def beside(self, retriever: str) -> Reranking | None:
        """What reranks a retriever's candidates; None where there is nothing, or for another.

        Scores and confidence were fitted to one retriever, and say nothing of another's.
        """
        standing = self._standing
        if standing is None or standing.retriever == retriever:
            return standing
        self._left_alone.inc()
        if (standing.version, retriever) not in self._told:
            self._told.add((standing.version, retriever))
            log.warning(
                "not_reranked",
                reranker=standing.version,
                made_for=standing.retriever,
                retriever=retriever,
                advice="Run `pipelines reranker run`, which makes one for the retriever in use.",
            )
        return None

    def _load(self, artifact: Artifact) -> Reranking:
        manifest = artifact.manifest
        fitted = manifest.calibration is not None and "answer" in manifest.thresholds
        if manifest.calibration is None or not fitted or "relevance" not in manifest.ranking:
            raise ArtifactError(
                f"The artifact {artifact.path} has no weight, no calibration or no threshold "
                "`answer`, so nothing can be reranked by it. Run `pipelines reranker run --force`."
            )
        require_known_features(manifest.calibration)
        own = manifest.thresholds["answer"]
        return Reranking(
            Reranker(self._load_classifier(artifact), manifest.ranking["relevance"]),
            manifest.calibration,
            own if self._threshold is None else self._threshold,
            str(manifest.settings.get("retriever", "")),
            manifest.version,
        )
