"""The classes of a file's texts, written as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pipelines.classify.rows import TextRow
from pipelines.running.predicting import TEXTS_AT_ONCE, write_lines
from pipelines.training_data.data_files import read_messages
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.labeller import Labelled, Labeller


def label_file(artifact: Artifact, file: Path, mapping: Sequence[str], out: Path | None) -> None:
    """Write a line for each text of a file; where a text cannot be read, the line says so.

    Args:   out: None: the terminal.
    Raises: DataError, DataFileError: the file or rows are wrong.
            ArtifactError: the model cannot be loaded.
    """
    texts = [row.text for row in read_messages(file, TextRow, mapping)]
    write_lines(labelled_lines(Labeller(artifact, threads=2), texts), out)


def labelled_lines(labeller: Labeller, texts: Sequence[str]) -> Iterator[str]:
    """A JSON object for each text, with `label` and `confidence`, or with `labels`."""
    for at in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts[at : at + TEXTS_AT_ONCE]
        for text, found in zip(some, labeller.label_texts(some), strict=True):
            yield msgspec.json.encode({"text": text} | _told(found, labeller)).decode()


def _told(found: Labelled, labeller: Labeller) -> dict[str, object]:
    if not found.readable:
        return {"unreadable": "the model's vocabulary lacks the letters of this text"}
    if labeller.several:
        return {"labels": {name: round(probability, 4) for name, probability in found.classes}}
    [(name, probability)] = found.classes
    return {"label": name, "confidence": round(probability, 4)}
