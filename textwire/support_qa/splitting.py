"""A message in parts: its questions, its clauses, and what of it is not wished."""

from __future__ import annotations

import re

# Where a sentence ends; or a word that joins, before one that begins a question or a wish.
SENTENCE = re.compile(r"(?<=[?!.;]) ")
BEGINS = (
    r"(?:how|what|what's|whats|when|where|which|who|whose|why|can|could|do|does|did|is|are|will|"
    r"would|should|may|am|have|has|i|i'd|i'm|my|tell|please|if|whether|the)\b"
)
JOINED = re.compile(
    rf",? (?:and also|and|also|plus|as well as|but|or) (?={BEGINS})|, (?={BEGINS})", re.IGNORECASE
)
ANYHOW = re.compile(r",? (?:and also|and|also|plus|as well as) ", re.IGNORECASE)
CLAUSE = re.compile(r"(?:(?<=[?!.;,])|(?= but )) ")
NOT_WISHED = re.compile(
    r"\b(?:do not|don't|dont|did not|didn't|didnt|not) (?:\w+ )?"
    r"(?:want|wish|need|mean|ask|asked|like|looking|trying|connect|transfer|call)\b|\bno need\b",
    re.IGNORECASE,
)
# Fewer words ask nothing: "hi", "thank you".
LEAST_WORDS = 3
MOST_PARTS = 3


def split_questions(text: str) -> list[str]:
    """The questions of a message, in their order; the whole message where no seam is found."""
    for seam in (SENTENCE, JOINED, ANYHOW):
        parts = [part.strip(" ,") for part in seam.split(" ".join(text.split()))]
        asking = [part for part in parts if len(part.split()) >= LEAST_WORDS]
        if len(asking) > 1:
            return asking[:MOST_PARTS]
    return [text]


def clauses(text: str) -> list[str]:
    """The clauses of a message that may ask something, in their order; at most three."""
    parts = [part.strip(" ,") for part in CLAUSE.split(" ".join(text.split()))]
    return [part for part in parts if len(part.split()) >= LEAST_WORDS][:MOST_PARTS]


def without_unwished(text: str) -> str:
    """The message without its clauses that say what is not wanted; itself if that is all it says.

    "I do not want to close my account, I want to upgrade" is about an upgrade.
    """
    parts = clauses(text)
    wished = [part for part in parts if NOT_WISHED.search(part) is None]
    return " ".join(wished) if wished and len(wished) < len(parts) else text
