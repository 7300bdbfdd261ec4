"""The entities of a file's texts, written as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.entities.rows import SpanRow
from pipelines.running.predicting import TEXTS_AT_ONCE, write_lines
from pipelines.training_data.data_files import read_messages
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.entity_recogniser import EntityRecogniser, FoundEntity


def find_in_file(artifact: Artifact, file: Path, mapping: Sequence[str], out: Path | None) -> None:
    """Write a line for each text of a file.

    Args:   out: None: the terminal.
    Raises: DataError, DataFileError: the file or rows are wrong.
            ArtifactError: the model cannot be loaded.
    """
    texts = [row.text for row in read_messages(file, SpanRow, mapping)]
    write_lines(found_lines(EntityRecogniser(artifact, threads=2), texts), out)


def found_lines(recogniser: EntityRecogniser, texts: Sequence[str]) -> Iterator[str]:
    """A JSON object for each text, with its `entities`."""
    for at in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts[at : at + TEXTS_AT_ONCE]
        for text, found in zip(some, recogniser.find_entities(some), strict=True):
            line = {"text": text, "entities": [_told(entity) for entity in found]}
            yield msgspec.json.encode(line).decode()


def _told(entity: FoundEntity) -> dict[str, object]:
    return asdict(entity) | {"score": round(entity.score, 4)}
