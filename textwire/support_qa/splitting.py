"""A message in parts: its questions, its clauses, and what of it is not wished."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Where a sentence ends, or a numbered point begins; or a word or sign that joins, before one that
# begins a question or a wish.
SENTENCE = re.compile(r"(?<=[?!.;]) |(?:^| )\(?[1-9]\) ?")
ASKS_WITH = r"how|what|what's|whats|when|where|which|who|whose|why"
BEGINS = (
    rf"(?:{ASKS_WITH}|can|could|do|does|did|is|are|will|"
    r"would|should|may|am|have|has|i|i'd|i'm|my|tell|please|if|whether|the)\b"
)
JOINS = (
    r"and also|and|also|plus|as well as|but|or|btw|by the way|oh and|besides|"
    r"(?:and )?second(?:ly)?,?|&|\+"
)
JOINED = re.compile(rf",? (?:{JOINS}) (?={BEGINS})|, (?={BEGINS})", re.IGNORECASE)
ANYHOW = re.compile(r",? (?:and also|and|also|plus|as well as|&|\+) ", re.IGNORECASE)
# Nothing joins them: "how do I open a pot how many can I have".
# Before what is asked with one of these no question begins: "how long can I stay".
ASKED_WITH = (
    "how", "what", "when", "where", "who", "why", "which",
    "much", "many", "long", "often", "time", "about", "for",
)  # fmt: skip
UNJOINED = re.compile(
    "".join(rf"(?<!\b{word})" for word in ASKED_WITH) + " "
    rf"(?=(?:{ASKS_WITH}|(?:is|are) there|(?:can|do|could) (?:i|you|we)|is it|does it)\b)",
    re.IGNORECASE,
)
ASKING = re.compile(
    rf"\?|\b(?:{ASKS_WITH}|whether|need|want|like to|(?:can|could|do|may|should) (?:i|we|you)|"
    r"(?:is|are) (?:there|it)|does)\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?:(?<=[?!.;,])|(?= but )) ")
NOT_WISHED = re.compile(
    r"\b(?:do not|don't|dont|did not|didn't|didnt|not) (?:\w+ )?"
    r"(?:want|wish|need|mean|ask|asked|like|looking|trying|connect|transfer|call)\b|\bno need\b|"
    r"^(?:no,? )?not (?:the|my|a|an|in|for|at|about|with|that|this)\b",
    re.IGNORECASE,
)
# Fewer words ask nothing: "hi", "thank you".
LEAST_WORDS = 3
MOST_PARTS = 3


def split_questions(text: str) -> list[str]:
    """The questions of a message, in their order; the whole message where no seam is found.

    It is taken apart at its sentences, unless a finer way leaves more than one part that asks.
    Of more than three parts those that ask in so many words go before those that tell.
    """
    sentences = _parts([" ".join(text.split())], SENTENCE)
    ways = [sentences, *(_parts(sentences, seam) for seam in (JOINED, ANYHOW, UNJOINED))]
    asking = (parts for parts in ways if len([part for part in parts if ASKING.search(part)]) > 1)
    several = (parts for parts in ways if len(parts) > 1)
    found = next(asking, None) or next(several, None)
    return _most_asking(found) if found else [text]


def _parts(texts: Sequence[str], seam: re.Pattern[str]) -> list[str]:
    """What stands between seams, without what is too short to ask anything."""
    parts = [part.strip(" ,") for text in texts for part in seam.split(text)]
    return [part for part in parts if len(part.split()) >= LEAST_WORDS]


def _most_asking(parts: Sequence[str]) -> list[str]:
    if len(parts) <= MOST_PARTS:
        return list(parts)
    places = sorted(range(len(parts)), key=lambda place: ASKING.search(parts[place]) is None)
    return [parts[place] for place in sorted(places[:MOST_PARTS])]


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
