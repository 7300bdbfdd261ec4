"""Two questions in one message, taken apart where a new one begins."""

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
