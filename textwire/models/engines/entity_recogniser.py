"""Names of entities found in texts on CPU: ONNX Runtime, tags of words, spans with scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.entity_spans import (
    Span,
    kinds_of,
    likeliest_tags,
    may_follow,
    spans_of,
    tags_of,
)
from textwire.models.engines.onnx import GRAPHS, Precision
from textwire.models.engines.onnx_graph import OnnxGraph
from textwire.models.engines.probabilities import softmax
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.tokenizing import MOST_UNREAD, TokenReader, WordRow

TAGS_OUTPUT = "tag_logits"
THRESHOLD = "entity"
RunRows = Callable[[Sequence[WordRow]], Vectors]


@dataclass(frozen=True)
class FoundEntity:
    """An entity in a text.

    score  the probability of its least sure word's tag, calibrated.
    """

    start: int
    end: int
    kind: str
    text: str
    score: float


@dataclass(frozen=True)
class Tagged:
    """What a model says of one text's words.

    words   letters of each word, from the first up to, and without, the last.
    logits  (words, tags) float32, before calibration.
    """

    words: Sequence[tuple[int, int]]
    logits: Vectors


class EntityRecogniser:
    """A tagger over one inference session. A text beyond the model's token limit is cut there."""

    def __init__(self, artifact: Artifact, precision: Precision = "int8", threads: int = 1) -> None:
        """Load the graph of a precision.

        Raises: ArtifactMissing: the artifact has no such graph.
                ArtifactCorrupt: it cannot be run, or is of no recogniser of entities.
        """
        manifest = artifact.manifest
        self.name = f"{manifest.task}/{manifest.version}/{precision}"
        self.tags = manifest.labels
        self.kinds = kinds_of(self.tags)
        temperature = manifest.temperatures.get("tags", 1.0)
        if not self.kinds or self.tags != tags_of(self.kinds) or temperature <= 0:
            raise ArtifactCorrupt(
                f"The manifest in {artifact.path} does not describe a recogniser of entities: it "
                f"needs BIO tags as labels, and a temperature above 0. {MAKE_ANEW}"
            )
        self._decoding = Decoding(self.tags, temperature, manifest.thresholds.get(THRESHOLD, 0.0))
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        self._graph = OnnxGraph(artifact, GRAPHS[precision], {TAGS_OUTPUT: len(self.tags)}, threads)

    def find_entities(self, texts: Sequence[str]) -> list[list[FoundEntity]]:
        """The entities of each text, in their order; none of one whose letters it does not know."""
        if not texts:
            return []
        unread = self._reader.unread_shares(texts) >= MOST_UNREAD
        return [
            [] if is_unread else self._decoding.entities(text, tagged)
            for text, tagged, is_unread in zip(texts, self.tag_texts(texts), unread, strict=True)
        ]

    def tag_texts(self, texts: Sequence[str]) -> list[Tagged]:
        """What the graph says of each text's words, which calibration is fitted on."""
        rows = self._reader.read_words(texts)
        return tag_rows(rows, len(self.tags), self._run)

    def _run(self, rows: Sequence[WordRow]) -> Vectors:
        ids, mask = self._reader.pad([row.ids for row in rows])
        [logits] = self._graph.run(ids, mask)
        return logits.reshape(*ids.shape, len(self.tags))


@dataclass(frozen=True)
class Decoding:
    """From logits to entities: calibrated, in tags that may follow one another, sure enough."""

    tags: Sequence[str]
    temperature: float
    threshold: float

    def entities(self, text: str, tagged: Tagged) -> list[FoundEntity]:
        """The entities of a text."""
        return [
            FoundEntity(*span, text[span.start : span.end], score)
            for span, score in self.scored(tagged)
            if score >= self.threshold
        ]

    def scored(self, tagged: Tagged) -> list[tuple[Span, float]]:
        """All spans with their scores, whatever the threshold."""
        if not tagged.words:
            return []
        probabilities = softmax(tagged.logits / self.temperature)
        logs = np.log(np.maximum(probabilities, 1e-12))
        row = likeliest_tags(logs, may_follow(self.tags))
        of_words = probabilities[np.arange(len(row)), row]
        return [
            (span, float(of_words[_within(span, tagged.words)].min()))
            for span in spans_of(tagged.words, row, self.tags)
        ]


def tag_rows(rows: Sequence[WordRow], tags: int, run: RunRows) -> list[Tagged]:
    """Logits of the first piece of each word; batched by length.

    Args: run: n rows to (n, length, tags) float32.
    """
    found: list[Tagged | None] = [None] * len(rows)
    for batch in token_batches([len(row.ids) for row in rows]):
        some = [rows[place] for place in batch]
        for place, row, logits in zip(batch, some, run(some), strict=True):
            found[place] = Tagged(row.words, logits[row.firsts].reshape(len(row.words), tags))
    return [one for one in found if one is not None]


def _within(span: Span, words: Sequence[tuple[int, int]]) -> list[int]:
    return [
        place for place, (start, end) in enumerate(words) if start < span.end and end > span.start
    ]
