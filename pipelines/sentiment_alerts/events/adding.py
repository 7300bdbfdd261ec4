"""A head of events for a classifier as it stands: nothing else of it is learned anew."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import onnx

from pipelines.artifacts.drafting import named, with_card
from pipelines.running.fingerprint import derived_version_name
from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.events.card import with_events_part
from pipelines.sentiment_alerts.events.corpus import EventCorpus
from pipelines.sentiment_alerts.events.fitting import (
    Head,
    choose_thresholds,
    classes_of,
    find_directions,
    fit_head,
    measure,
    unseen_probabilities,
)
from pipelines.sentiment_alerts.events.grafting import with_head
from pipelines.sentiment_alerts.events.states import states_of
from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx import GRAPHS
from textwire.models.engines.quantising import quantise
from textwire.models.engines.tokenizing import TokenReader
from textwire.sentiment_alerts.scoring.article_scorer import EVENT_PREFIX
from textwire.sentiment_alerts.scoring.clauses import MASK

CARD = "README.md"


class Fitted(NamedTuple):
    """A head, its thresholds by kind, and figures by name."""

    head: Head
    thresholds: dict[str, float]
    metrics: dict[str, float]


def with_events(artifact: Artifact, corpus: EventCorpus, progress: Progress) -> Manifest:
    """Fit a head on the artifact's states, put it on its graphs, and say so in its manifest.

    Raises: ArtifactError: the graph's layers are not those of BERT's family.
    """
    fitted = fit_events(artifact, corpus, progress)
    with progress.stage("Putting the head of events on the graphs"):
        reader = TokenReader(artifact.file("tokenizer.json"), artifact.manifest.max_tokens)
        whole, int8 = (artifact.file(GRAPHS[precision]) for precision in ("fp32", "int8"))
        grown = with_head(onnx.load(whole), reader.id_of(MASK), *fitted.head)
        onnx.save(grown, whole)
        quantise(whole, int8)
    manifest = artifact.manifest
    return msgspec.structs.replace(
        manifest,
        events=corpus.kinds,
        thresholds=manifest.thresholds | named(EVENT_PREFIX, fitted.thresholds),
        metrics=manifest.metrics | named("event_", fitted.metrics),
        files=hash_files(artifact.path),
    )


def fit_events(artifact: Artifact, corpus: EventCorpus, progress: Progress) -> Fitted:
    """A head on the artifact's states, judged on texts that it has not learned from."""
    learned = [*corpus.train, *corpus.news]
    with progress.stage("Reading texts of events") as stage:
        texts = [text.read for text in (*learned, *corpus.held_out)]
        states = states_of(artifact, texts, stage)
    seen, held_out = states[: len(learned)], states[len(learned) :]
    kinds = corpus.kinds
    with progress.stage("Fitting the head of events"):
        directions = find_directions(seen)
        unseen = unseen_probabilities(seen, learned, kinds, directions)
        thresholds = choose_thresholds(unseen, learned, kinds)
        head = fit_head(seen, classes_of(learned, kinds), len(kinds), directions)
    judged = measure(head.probabilities(held_out), corpus.held_out, kinds, thresholds)
    crossed = measure(unseen, learned, kinds, thresholds)
    return Fitted(head, thresholds, judged | named("crossed_", crossed))


def add_events(
    champion: Artifact, corpus: EventCorpus, data: dict[str, str], folder: Path, progress: Progress
) -> Manifest:
    """The champion with a head of events, in an empty folder, as a version of its own.

    Args:   data: what the head is learned from: path -> sha256.
    Raises: ArtifactError: it has a head of events, or is of another family than BERT's.
    """
    if champion.manifest.events:
        raise ArtifactError(
            f"The champion {champion.manifest.version} has a head of events: give another version, "
            "or learn anew with `pipelines sentiment-alerts run --force`."
        )
    for name in champion.manifest.files:
        shutil.copyfile(champion.file(name), folder / name)
    made_at = datetime.now(UTC)
    manifest = msgspec.structs.replace(
        champion.manifest,
        version=derived_version_name(made_at, champion.manifest.version, {"events": data}),
        created_at=made_at,
        data=champion.manifest.data | data,
    )
    manifest = with_events(Artifact(folder, manifest), corpus, progress)
    card = (folder / CARD).read_text(encoding="utf-8")
    card = card.replace(champion.manifest.version, manifest.version)
    return with_card(manifest, with_events_part(card, manifest), folder)
