"""What the classifier is given of an article: as a whole, and for each company that it names.

A whole article is read as its headline and the beginning of its body. What it says of one company
is read as that company's name beside the headline and the body's first sentences that name it,
where a mask stands for the company: `Solvanta [SEP] Northmere slumps while [MASK] soars`. So one
sentence says one thing of the one and another of the other, and a name as such says nothing.
Training and serving write these texts with the same functions.

Source: Sun et al. 2019, arXiv:1903.09588 (the tone for a target, from a pair of texts). The mask,
in single runs on our own headlines: after one epoch both of two companies with opposite tones
were right in 18 of 100 held-out headlines with it, on half of the rest at a rate of 2e-4; without
it in 5, on all of the rest at 1e-4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from textwire.sentiment_alerts.scoring.plain_text import plain_text

# A news item says what matters at its beginning; what comes later costs tokens and tells little.
LEAD_SENTENCES = 2
LEAD_CHARACTERS = 400
# Within which companies are looked for: some three paragraphs.
LINKED_CHARACTERS = 2_000
# That much of a body that is HTML holds them.
RAW_CHARACTERS = 8_000
# The tokenizers of BERT's family read them as the mark between two texts, and a word left out.
BETWEEN = "[SEP]"
MASK = "[MASK]"

ABBREVIATIONS = (
    "inc",
    "corp",
    "co",
    "ltd",
    "plc",
    "no",
    "vs",
    "mr",
    "mrs",
    "ms",
    "dr",
    "st",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
)
SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[^\sa-z])|[。！？]+|\n+")
LAST_WORD = re.compile(r"(\w+)\.$")


class Mention(NamedTuple):
    """A company, and where a text names it."""

    entity: str
    start: int
    end: int


class CompanyText(NamedTuple):
    """What an article says of one company."""

    passage: str  # the headline, and the sentences of the body that name it
    read: str  # what the classifier is given


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


def linked_text(title: str, body: str | None) -> str:
    """The text in which companies are looked for; mentions are places in it."""
    beginning = _beginning(body)
    return f"{plain_text(title)}\n{beginning}" if beginning else plain_text(title)


def article_text(title: str, body: str | None) -> str:
    """What the classifier reads of a whole article: its headline and how its body begins."""
    beginning = _beginning(body)
    lead = [beginning[s.start : s.end].strip() for s in sentences(beginning)]
    return _without_marks("\n".join(_as_far_as_there_is_room([plain_text(title), *lead])))


def company_texts(
    title: str, body: str | None, mentions: Sequence[Mention]
) -> dict[str, CompanyText]:
    """For each company, in the order they are named, what is read of it.

    Args: mentions: places in `linked_text(title, body)`, ascending.
    """
    text, headline = linked_text(title, body), Span(0, len(plain_text(title)))
    lead = [span for span in sentences(text) if span.start > headline.end]
    named: dict[str, list[Mention]] = {}
    for mention in mentions:
        named.setdefault(mention.entity, []).append(mention)
    return {
        entity: _company_text(text, [headline, *lead], places) for entity, places in named.items()
    }


def text_of_unnamed(name: str, title: str) -> CompanyText:
    """What is read of a company that an article does not name: its headline."""
    return CompanyText(plain_text(title), _beside(name, _without_marks(plain_text(title))))


def sentences(text: str) -> list[Span]:
    """A text's sentences; a line's end is one too."""
    spans, start = [], 0
    for match in SENTENCE_END.finditer(text):
        if _is_abbreviation(text, match):
            continue
        spans.append(Span(start, match.end()))
        start = match.end()
    spans.append(Span(start, len(text)))
    return [span for span in spans if text[span.start : span.end].strip()]


def _company_text(text: str, spans: Sequence[Span], mentions: Sequence[Mention]) -> CompanyText:
    """Of a headline and sentences, what is read of the company that is mentioned."""
    headline, *lead = spans
    naming = [s for s in lead if any(s.start <= m.start < s.end for m in mentions)]
    said = _as_far_as_there_is_room([text[s.start : s.end].strip() for s in (headline, *naming)])
    masked = [_masked(text, s, mentions) for s in (headline, *naming)][: len(said)]
    name = text[mentions[0].start : mentions[0].end]
    return CompanyText("\n".join(said), _beside(name, "\n".join(masked)))


def _masked(text: str, span: Span, mentions: Sequence[Mention]) -> str:
    """A stretch of a text with a mask for each mention in it."""
    pieces, start = [], span.start
    for mention in mentions:
        if start <= mention.start and mention.end <= span.end:
            pieces.append(_without_marks(text[start : mention.start]))
            start = mention.end
    pieces.append(_without_marks(text[start : span.end]))
    return MASK.join(pieces).strip()


def _beside(name: str, passage: str) -> str:
    return f"{_without_marks(name)} {BETWEEN} {passage}"


def _without_marks(text: str) -> str:
    """What is written by others sets no marks."""
    return text.replace(BETWEEN, " ").replace(MASK, " ")


def _as_far_as_there_is_room(parts: Sequence[str]) -> list[str]:
    """A headline, and the first of the sentences after it."""
    kept, characters = list(parts[:1]), len(parts[0])
    for sentence in parts[1 : 1 + LEAD_SENTENCES]:
        characters += 1 + len(sentence)
        if characters > LEAD_CHARACTERS:
            break
        kept.append(sentence)
    return kept


def _is_abbreviation(text: str, end: re.Match[str]) -> bool:
    """Whether the dot belongs to a word: `Inc.`, or an initial."""
    if text[end.start()] != ".":
        return False
    word = LAST_WORD.search(text, max(0, end.start() - 12), end.start() + 1)
    return word is not None and (len(word[1]) == 1 or word[1].lower() in ABBREVIATIONS)


def _beginning(body: str | None) -> str:
    """How a body begins, as a person sees it; tags take up room before they are taken out."""
    return plain_text((body or "")[:RAW_CHARACTERS])[:LINKED_CHARACTERS]
