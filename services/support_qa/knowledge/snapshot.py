"""The passages and the model that stand now, as one snapshot that is swapped whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.encoder import Encoder
from textwire.models.engines.recent import RecentVectors
from textwire.models.engines.word_states import word_encoder
from textwire.results.store import ResultStore
from textwire.support_qa.confidence import CLOSE_FEATURES, require_known_features
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.ranking import ranking_weights

LoadEncoder = Callable[[Artifact], Encoder]
# The words of the language that a model reads, by which a slip is told from a word.
KnownWords = Callable[[Artifact], Set[str]]


@dataclass(frozen=True)
class RetrievalSnapshot:
    """Everything that questions are answered with, at one moment."""

    index: PassageIndex
    sentence_encoder: Encoder  # the index's, with a memory of what was read lately
    calibration: Calibration
    threshold: float
    version: str


class Knowledge:
    """The snapshot that stands now. Passages and models come from other threads than questions.

    A reader takes `snapshot` once and works with that one; writers put another in its place.
    """

    def __init__(
        self,
        artifact: Artifact,
        load_encoder: LoadEncoder,
        vectors: ResultStore,
        word_language: str = "english",
        threshold: float | None = None,
        clock: Callable[[], datetime] | None = None,
        known_words: KnownWords = lambda _: frozenset(),
    ) -> None:
        """A snapshot without passages.

        Args:   vectors: where vectors of passages are remembered.
                threshold: instead of the model's.
                clock: by which passages outside their dates are not found; None: all are found.
                known_words: without any, slips of the keyboard are searched as they are.
        Raises: ArtifactError: the model cannot be used.
        """
        self._known_words = known_words
        self._load_encoder = load_encoder
        self._vectors = vectors
        self._word_language = word_language
        self._threshold = threshold
        self._clock = clock
        self._writing = Lock()
        self._snapshot = self._empty_snapshot(artifact)

    @property
    def snapshot(self) -> RetrievalSnapshot:
        """What stands now."""
        return self._snapshot

    def apply(self, changes: Mapping[str, Passage | None]) -> None:
        """Put passages in, and remove those without a value, by their ids.

        Raises: RedisUnavailable: the memory of vectors is away; nothing was changed.
        """
        with self._writing:
            index = _changed(self._snapshot.index, changes)
            self._snapshot = replace(self._snapshot, index=index)

    def use(self, artifact: Artifact) -> None:
        """Go over to another model: loaded, warmed and given all passages beside the one in use.

        Passages that change meanwhile go live under the old model and are caught up with at last.

        Raises: ArtifactError: the model cannot be used; the old one stays.
        """
        snapshot = self._empty_snapshot(artifact)
        taken_over = self._snapshot.index.by_id
        index = snapshot.index.changed(tuple(taken_over.values()))
        with self._writing:
            missed = difference(taken_over, self._snapshot.index.by_id)
            self._snapshot = replace(snapshot, index=_changed(index, missed))

    def _empty_snapshot(self, artifact: Artifact) -> RetrievalSnapshot:
        calibration, threshold = _answering(artifact)
        encoder = self._load_encoder(artifact)
        words = word_encoder(encoder, artifact.manifest)
        remembering = CachedEncoder(encoder, self._vectors)
        return RetrievalSnapshot(
            index=PassageIndex(
                encoder,
                self._word_language,
                remembering,
                self._clock,
                ranking_weights(artifact.manifest.ranking),
                self._known_words(artifact),
                words,
            ),
            sentence_encoder=RecentVectors(remembering),
            calibration=calibration,
            threshold=threshold if self._threshold is None else self._threshold,
            version=artifact.manifest.version,
        )


def _answering(artifact: Artifact) -> tuple[Calibration, float]:
    manifest = artifact.manifest
    if manifest.calibration is None or "answer" not in manifest.thresholds:
        raise ArtifactError(
            f"The artifact {artifact.path} has no calibration or no threshold `answer`, "
            "so it cannot tell when to answer. Run `pipelines support-qa run --force`."
        )
    require_known_features(manifest.calibration)
    if not manifest.states and {*CLOSE_FEATURES} & {*manifest.calibration.features}:
        raise ArtifactError(
            f"The calibration of {artifact.path} weighs how closely passages were read, and its "
            "graph gives no states to read by. Run `pipelines support-qa run --force`."
        )
    return manifest.calibration, manifest.thresholds["answer"]


def _changed(index: PassageIndex, changes: Mapping[str, Passage | None]) -> PassageIndex:
    """The index after the changes; passages that say what they said before cost nothing."""
    known = index.by_id
    new = [
        passage
        for key, passage in changes.items()
        if passage is not None and known.get(key) != passage
    ]
    gone = [key for key, passage in changes.items() if passage is None and key in known]
    return index.changed(new, gone) if new or gone else index


def difference(old: Mapping[str, Passage], new: Mapping[str, Passage]) -> dict[str, Passage | None]:
    """The changes that lead from old to new."""
    gone: dict[str, Passage | None] = dict.fromkeys(old.keys() - new.keys())
    return gone | {key: passage for key, passage in new.items() if old.get(key) != passage}
