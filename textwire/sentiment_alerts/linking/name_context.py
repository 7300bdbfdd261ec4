"""Whether a word stands where companies' names do, by the words on either side of it.

A logistic regression over the neighbours: "... beats", "rival ...", "... prices". Its weights were
fitted by `pipelines/sentiment_alerts/name_context.py`, which says on what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textwire.sentiment_alerts.linking.name_context_weights import BIAS, WEIGHTS
from textwire.sentiment_alerts.linking.words import (
    ACTED_ON,
    COMPANY_ACTS,
    COMPANY_STATES,
    FUNCTION_WORDS,
    MOVES,
    TO_COMPANY_ACTS,
)

TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[%$€£]|[^\w\s]")
THING = re.compile(r" ([A-Za-z]{3,})\b")
MOVE = re.compile(MOVES)
REACH = 60  # characters on either side that hold two words
SUFFIXES = ("ing", "ed", "ly", "ion", "ers", "er", "es", "s")
# By hand: most of these words stand too seldom beside names to have a weight of their own.
ACT_LOGIT = 1.5
BEGIN, END = "^", "."

ACTS = frozenset(
    [
        *(f">{word}" for word in (*COMPANY_ACTS, *COMPANY_STATES)),
        *(f">to {word}" for word in TO_COMPANY_ACTS),
        *(f"<{word}" for word in ACTED_ON),
    ]
)


def company_logit(text: str, start: int, end: int) -> float:
    """How likely a company is named there; 0 is even odds.

    Args: text: folded, in whatever case.
    """
    features = set(context_features(text, start, end))
    logit = BIAS + sum(WEIGHTS.get(feature, 0.0) for feature in features)
    return logit + ACT_LOGIT * (not features.isdisjoint(ACTS))


def is_followed_by_a_thing(text: str, end: int) -> bool:
    """Whether a word follows that companies neither do nor have: "fox attacks", "sharp rise"."""
    following = THING.match(text, end)
    if following is None:
        return False
    word = following[1].lower()
    return (
        word not in FUNCTION_WORDS
        and f">{word}" not in ACTS
        and WEIGHTS.get(f">{word}", 0.0) <= 0
        and not (word.endswith("s") and MOVE.fullmatch(word))
    )


def context_features(text: str, start: int, end: int) -> Iterator[str]:
    """What stands before (`<`, `<<`) and after (`>`, `>>`), as the weights name it."""
    before, after = _before(text, start), _after(text, end)
    if possessive := after[0] == "'s" or (after[0] == "'" and text[end - 1 : end] in "sS"):
        yield "'s"
        after = after[1:]
    one, two = before[-1], before[-2]
    yield f"<{one}"
    yield f"<<{two}"
    if one.isalpha():
        yield f"<-{_suffix(one)}"
    yield f">{after[0]}"
    if not possessive:
        yield f">>{after[1]}"
        yield f">{after[0]} {after[1]}"
        if after[0].isalpha():
            yield f">-{_suffix(after[0])}"


def _before(text: str, start: int) -> list[str]:
    line = text.rfind("\n", max(0, start - REACH), start) + 1
    since = max(line, start - REACH)
    return [BEGIN, BEGIN, *map(_as_class, TOKEN.findall(text[since:start].lower()))]


def _after(text: str, end: int) -> list[str]:
    part = text[end : end + REACH].lower().split("\n", 1)[0]
    possessive = [part[:2]] if part.startswith("'s") and not part[2:3].isalnum() else []
    rest = part[2:] if possessive else part
    return [*possessive, *map(_as_class, TOKEN.findall(rest)), END, END, END]


def _as_class(token: str) -> str:
    return "9" if token[0].isdigit() else token


def _suffix(word: str) -> str:
    return next((s for s in SUFFIXES if len(word) > len(s) + 2 and word.endswith(s)), "")
