"""Which words of a text make some of them an entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch

from pipelines.explaining.asked import Asked
from pipelines.explaining.attribution import Attribution, attribute
from pipelines.explaining.report import heading, lines, misses
from pipelines.explaining.tagger import TorchTagger
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.entity_recogniser import FoundEntity, Tagged
from textwire.models.engines.entity_spans import OUTSIDE, Span, kinds_of, tag_words


class Tags(NamedTuple):
    """Words by their first tokens, and the column of the tag that each is to have."""

    firsts: Sequence[int]
    columns: Sequence[int]


def explain_span(tagger: TorchTagger, text: str, span: Span) -> Attribution:
    """What each word adds to the log odds of a span's tags against that of no entity.

    They are the mean over the words of the span, so that a long name is no surer than a short one.
    """
    tags = _tags_of(tagger, text, span)
    outside = tagger.tags.index(OUTSIDE)

    def log_odds(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        of_words = tagger.logits(ids, mask)[:, tags.firsts]  # (n, words, tags)
        own = of_words[:, range(len(tags.columns)), tags.columns]  # (n, words)
        return (own - of_words[:, :, outside]).mean(dim=1)

    return attribute(log_odds, tagger.embeddings, tagger.reader, text)


def told_of_entity(artifact: Artifact, asked: Asked) -> str:
    """Of the words that are asked for, or of the surest entity.

    Raises: SettingsError: the text does not have those words, or no entity is found in it.
    """
    tagger = TorchTagger(artifact)
    [tagged] = tagger.tag_texts([asked.text])
    entities = tagger.decoding.entities(asked.text, tagged)
    span = _chosen(asked, tagged, entities, tagger.tags)
    found = explain_span(tagger, asked.text, span)
    said = asked.text[span.start : span.end]
    return "\n".join(
        [
            heading(f"{said}, {span.kind}: log odds against no entity", found),
            *lines(found.words),
            *misses(found),
            _found_in_it(entities),
        ]
    )


def _chosen(
    asked: Asked, tagged: Tagged, entities: Sequence[FoundEntity], tags: Sequence[str]
) -> Span:
    if asked.words is not None:
        start, end = _place_of(asked.words, asked.text, tagged)
        return Span(start, end, asked.class_name or _likeliest_kind(tagged, start, end, tags))
    of_kind = [one for one in entities if asked.class_name in (None, one.kind)]
    if not of_kind:
        which = f"{asked.class_name} " if asked.class_name else ""
        raise SettingsError(
            f"The model finds no {which}entity in the text. Choose words of it by --words, to see "
            "what speaks for an entity there and what against."
        )
    surest = max(of_kind, key=lambda one: one.score)
    return Span(surest.start, surest.end, surest.kind)


def _place_of(words: str, text: str, tagged: Tagged) -> tuple[int, int]:
    """Where words stand first in a text.

    Raises: SettingsError: they do not, or beyond what is read.
    """
    start = text.find(words.strip())
    end = start + len(words.strip())
    if start < 0 or start == end:
        raise SettingsError(f"The text has no words {words!r}: give some as they stand in it.")
    if not any(first < end and last > start for first, last in tagged.words):
        raise SettingsError(f"{words!r} stands beyond what the model reads of the text.")
    return start, end


def _likeliest_kind(tagged: Tagged, start: int, end: int, tags: Sequence[str]) -> str:
    """The kind whose tags have the largest logits in sum."""

    def logit(kind: str) -> float:
        columns = tag_words(tagged.words, [Span(start, end, kind)], tags)
        return float(sum(row[c] for row, c in zip(tagged.logits, columns, strict=True) if c))

    return max(kinds_of(tags), key=logit)


def _tags_of(tagger: TorchTagger, text: str, span: Span) -> Tags:
    [row] = tagger.reader.read_words([text])
    columns = tag_words(row.words, [span], tagger.tags)
    places = [place for place, column in enumerate(columns) if column]
    return Tags([row.firsts[one] for one in places], [int(columns[one]) for one in places])


def _found_in_it(entities: Sequence[FoundEntity]) -> str:
    told = ", ".join(f"{one.text} ({one.kind}, {one.score:.2f})" for one in entities)
    return f"Entities that the model finds: {told or 'none'}."
