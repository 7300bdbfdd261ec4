"""What a rating change says of a company: the few patterns by which wires write one.

"Kelso cuts Orvelle to Hold" is bad for Orvelle, though Hold sounds like nothing: what counts is
the verb, and wires, brokers and agencies write it in a handful of ways. A classifier that learned
from few of them goes by the words beside it. So where a headline is written by such a pattern, the
pattern decides. A change that is only feared, or denied, is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.sentiment_alerts.scoring.clauses import BETWEEN, MASK

Change = Literal["negative", "positive"]

# Of 96 companies that a pattern finds in the samples and in what is learned of SEntFiN, 94 have the
# tone that it says; the two have a raised target price besides.
OFTEN_RIGHT = 0.97
GRADE = (
    r"(?:a |an )?(?:strong |conviction )?(?:buy|sell|hold|neutral|overweight|underweight|outperform"
    r"|underperform|equal[- ]?weight|(?:market|sector|peer)[- ]perform(?:er)?|in[- ]?line|reduce"
    r"|accumulate|junk|speculative|investment grade"
    r"|[ABC]{2,3}[1-3]?[+-]?|B[1-3+-]|Baa[1-3]|Ba[1-3])"
    r"(?![\w+-])"
)
# The company, and what of it is rated.
RATED = (
    rf"{re.escape(MASK)}(?:['\u2019]s)?"
    r"(?: (?:stock|shares?|debt|bonds?|rating|credit rating|long-term rating))?"
)
BY_NOTCHES = r"(?:down |up )?(?:(?:one|two|three|a) notch(?:es)? )?"
# "Downgrades its outlook", "upgrades Orvelle suppliers".
OF_ELSE = r"(?:its|their|outlook|target|forecast|guidance|view|suppliers?)"
DOWN_NOW = r"cuts?|lowers?|downgrades?|demotes?|slashes|reduces?|drops?"
UP_NOW = r"raises?|lifts?|upgrades?|bumps?|hikes?|promotes?"
DOWN_DONE = r"cut|lowered|downgraded|demoted|slashed|reduced|dropped"
UP_DONE = r"raised|lifted|upgraded|bumped|hiked|promoted"
ONLY_FEARED = re.compile(
    r"\b(?:not|no|never|may|might|could|would|will|if|unless|fears?|feared|avoids?|avoided|risks?|after|denies"
    r"|despite|considers?|weighs|threatens?|set to|likely|unlikely|year ago|last year)\b",
    re.IGNORECASE,
)
CLAUSE_BEFORE = re.compile(r"[;:,]|\b(?:as|while|but|even|after|despite|though)\b", re.IGNORECASE)
# A headline that is about the change begins with it: "Broker Kelso Brown & Co cuts Orvelle ...".
WORDS_BEFORE = 6


def _pattern(now: str, done: str, plain: str) -> re.Pattern[str]:
    """Of verbs that act on the company, those that are done to it, and such as need no grade."""
    return re.compile(
        rf"\b(?:{now}) {RATED} (?:back )?{BY_NOTCHES}to {GRADE}"
        rf"|{RATED}:?,? (?:is |was |gets |been )?(?:{done}) {BY_NOTCHES}(?:to|from) {GRADE}"
        rf"|\b{plain}s? {RATED}(?! {OF_ELSE})|{RATED}:? (?:is |was |gets )?{plain}d(?! {OF_ELSE})",
        re.IGNORECASE,
    )


PATTERNS: dict[Change, re.Pattern[str]] = {
    "negative": _pattern(DOWN_NOW, DOWN_DONE, "downgrade"),
    "positive": _pattern(UP_NOW, UP_DONE, "upgrade"),
}


def rating_change(read: str) -> Change | None:
    """The tone of a rating change that a headline tells of a company; None where it tells of none.

    Args: read: what is read of the company (`clauses.CompanyText.read`), with masks for it.
    """
    headline = _headline(read)
    told = [tone for tone, pattern in PATTERNS.items() if pattern.search(headline)]
    return told[0] if len(told) == 1 and not ONLY_FEARED.search(headline) else None


def change_of_article(read: Sequence[str]) -> Change | None:
    """The tone of a headline that is about a rating change; None where it is not, or about two.

    Args: read: what is read of each company that it names.
    """
    about = {tone for text in read if (tone := rating_change(text)) and is_about_the_change(text)}
    return about.pop() if len(about) == 1 else None


def is_about_the_change(read: str) -> bool:
    """Whether a headline with a rating change begins with it."""
    headline = _headline(read)
    found = next(m for pattern in PATTERNS.values() if (m := pattern.search(headline)))
    before = headline[: found.start()]
    return len(before.split()) <= WORDS_BEFORE and not CLAUSE_BEFORE.search(before.rstrip(": "))


def decided(row: Vectors, change: Change | None) -> Vectors:
    """Probabilities of the tones where a pattern is as sure as it is right on the samples.

    Args: row: (3,) float32, as SENTIMENTS.
    """
    if change is None:
        return row
    told = np.array([tone == change for tone in SENTIMENTS], dtype=row.dtype)
    return (1 - OFTEN_RIGHT) * row + OFTEN_RIGHT * told


def _headline(read: str) -> str:
    return read.partition(f"{BETWEEN} ")[2].split("\n", 1)[0]
