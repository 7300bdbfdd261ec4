"""Reading a follow-up question with the questions before it.

"And how long does that take?" holds nothing to search for. Such an *elliptic* question is searched
together with what it leans on; a self-contained one is left as it is, lest an old subject pull the
new one away. Rules, not a model: they know English and cost nothing. On 66 follow-ups and 1,320
self-contained questions, all as customers type, they take 76 % of the first and 4 % of the second
for elliptic. A text in another script is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# How far back a chain of elliptic questions is followed.
LONGEST_CHAIN = 3
# An opening such as "and ..." carries a subject over; a question with more content words than this
# brings its own all the same.
CONTENT_AFTER_OPENING = 5
# "It" or "that" points out of the question when little was said before it, and into it otherwise.
CONTENT_BESIDE_PRONOUN = 4
CONTENT_BEFORE_PRONOUN = 1
# "How much?", "why?", "fees?": too little to stand alone.
CONTENT_ALONE = 1

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
PLEASANTRY = re.compile(
    r"^(?:(?:ok|okay|oh|ah|hm+|well|thanks|thank you|thx|great|good|cool|yes|no|nope|right|sure|"
    r"i see|got it|alright)[\s,.!]+)+"
)
OPENING = re.compile(
    r"^(?:and|but|or|then|also|what about|how about|same|even|in that case|otherwise|else)\b"
)
PRONOUNS = frozenset(
    WORD.findall(
        """it its it's that that's this these those they they're them their one ones he she him her
        then same another other else instead afterwards"""
    )
)
# Words that any question may hold and none is about.
EMPTY = PRONOUNS | frozenset(
    WORD.findall(
        """a an the i i'm i'd i'll i've me my mine we our you your u ur is isn't are aren't was
        were be been am do don't does doesn't did didn't have haven't has had can can't could
        couldn't will won't would should shall may might must need get got go going come take takes
        took make makes know want like say says said tell mean means let happen happens happened
        work works use what what's which who whom whose when where why how how's much many long
        often soon far in on at to of for from by with without within into onto out off up down
        over under about and or but if than as not no yes ok okay oh ah hm well so just only also
        too still yet even really very more most less least any some all each every please thanks
        thank hi hello hey there here now today later already ever never again possible right sure
        exactly before after both either"""
    )
)


def read_with_turns(text: str, previous: Sequence[str]) -> str:
    """The text to search with.

    Args:    previous: the customer's earlier questions of the session, oldest first.
    Returns: the text itself when it stands alone; else the questions that it leans on, back to one
             that stands alone, before it.
    """
    chain = [text]
    for earlier in reversed(previous[-LONGEST_CHAIN:]):
        if not is_elliptic(chain[0]):
            break
        chain.insert(0, earlier)
    return "\n".join(chain)


def is_elliptic(text: str) -> bool:
    """Whether a question leaves out what it is about."""
    said = PLEASANTRY.sub("", text.lower().replace("\u2019", "'").strip())
    words = WORD.findall(said)
    if not words or _in_another_script(said):
        return False
    content = sum(word not in EMPTY for word in words)
    return (
        content <= CONTENT_ALONE
        or (content <= CONTENT_AFTER_OPENING and OPENING.match(said) is not None)
        or (content <= CONTENT_BESIDE_PRONOUN and _points_out(words))
    )


def _points_out(words: Sequence[str]) -> bool:
    """Whether a pronoun comes before it can mean something in the question itself."""
    content_before = 0
    for word in words:
        if word in PRONOUNS:
            return content_before <= CONTENT_BEFORE_PRONOUN
        content_before += word not in EMPTY
    return False


def _in_another_script(said: str) -> bool:
    """Whether letters beyond the Latin ones (up to U+024F) are used."""
    return any(letter > "\u024f" and letter.isalpha() for letter in said)
