"""Which part of an article speaks of which company, as the classifier is given it.

An article is read as its headline and the beginning of its body. Where a sentence names several
companies it is cut into clauses, so that "Northmere slumps while Solvanta soars" says one thing of
the one and another of the other. Training and serving cut with the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textwire.sentiment_alerts.plain_text import plain_text

# A news item says what matters at its beginning; what comes later costs tokens and tells little.
LEAD_SENTENCES = 2
LEAD_CHARACTERS = 400
# Within which companies are looked for: some three paragraphs.
LINKED_CHARACTERS = 2_000
# That much of a body that is HTML holds them.
RAW_CHARACTERS = 8_000
# A clause with fewer words beside the names says nothing of its own: "Northmere, Solvanta and ...".
LEAST_WORDS = 2

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
CLAUSE_END = re.compile(
    r"[;:，；、]\s*|,\s+|\s+[-–—]\s+"
    r"|\s+(?=(?:while|whereas|as|but|after|although|though|despite|because|amid|before|and"
    r"|even as|yet)\s)",
    re.IGNORECASE,
)
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")


class Mention(NamedTuple):
    """A company, and where a text names it."""

    entity: str
    start: int
    end: int


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
    lead = [beginning[s.start : s.end].strip() for s in sentences(beginning)][:LEAD_SENTENCES]
    text = plain_text(title)
    for sentence in lead:
        if len(text) + len(sentence) > LEAD_CHARACTERS:
            break
        text = f"{text}\n{sentence}"
    return text


def target_text(entity: str, clause: str) -> str:
    """What the classifier reads to tell what a clause says of one company."""
    return f"{entity}: {clause}"


def target_texts(title: str, body: str | None, mentions: Sequence[Mention]) -> dict[str, str]:
    """For each company, in the order they are named, the text to classify.

    Args: mentions: places in `linked_text(title, body)`, ascending.
    """
    text = linked_text(title, body)
    clauses: dict[str, str] = {}
    for sentence in sentences(text):
        inside = [m for m in mentions if sentence.start <= m.start < sentence.end]
        if all(mention.entity in clauses for mention in inside):
            continue
        for clause in clauses_of(text, sentence, inside):
            said = text[clause.start : clause.end].strip(" ,;:–—-，；、\n")
            for mention in inside:
                if clause.start <= mention.start < clause.end:
                    clauses.setdefault(mention.entity, said)
    return {entity: target_text(entity, clause) for entity, clause in clauses.items()}


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


def clauses_of(text: str, sentence: Span, mentions: Sequence[Mention]) -> list[Span]:
    """The sentence, cut between companies where both sides say something."""
    if len({mention.entity for mention in mentions}) < 2:
        return [sentence]
    spans, start = [], sentence.start
    for cut in _cuts(text, sentence):
        if _tells(text, Span(start, cut), mentions) and _tells(
            text, Span(cut, sentence.end), mentions
        ):
            spans.append(Span(start, cut))
            start = cut
    return [*spans, Span(start, sentence.end)]


def _cuts(text: str, sentence: Span) -> Iterator[int]:
    return (match.end() for match in CLAUSE_END.finditer(text, sentence.start, sentence.end))


def _tells(text: str, span: Span, mentions: Sequence[Mention]) -> bool:
    """Whether a stretch names a company and says something beside the names."""
    inside = [m for m in mentions if span.start <= m.start and m.end <= span.end]
    named = sum(len(WORD.findall(text[m.start : m.end])) for m in inside)
    words = len(WORD.findall(text[span.start : span.end]))
    return bool(inside) and words - named > LEAST_WORDS


def _is_abbreviation(text: str, end: re.Match[str]) -> bool:
    """Whether the dot belongs to a word: `Inc.`, or an initial."""
    if text[end.start()] != ".":
        return False
    word = LAST_WORD.search(text, max(0, end.start() - 12), end.start() + 1)
    return word is not None and (len(word[1]) == 1 or word[1].lower() in ABBREVIATIONS)


def _beginning(body: str | None) -> str:
    """How a body begins, as a person sees it; tags take up room before they are taken out."""
    return plain_text((body or "")[:RAW_CHARACTERS])[:LINKED_CHARACTERS]
