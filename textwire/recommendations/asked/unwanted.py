"""What a request is not for: "a novel, no vampires", "a lamp, not blue", "anything but horror".

A vector of the whole request lies near to what it excludes, so that part is read by its words alone
and taken out of what is embedded.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from textwire.recommendations.asked.cutting import without
from textwire.recommendations.asked.small_words import OF_A_SUBJECT
from textwire.recommendations.folding import folded, small_letters

_HELPING = r"(?:do|does|can|could|would|should|must|will)(?:n?['’]?t|\s+not|not)"
# Behind these stands what is not wanted.
_EXCLUDING = re.compile(
    r"\b(?:no|without|except(?:\s+for)?|excluding|hates?|dislikes?|nothing|allergic\s+to"
    r"|(?P<whatever>(?:any|every)(?:thing|one|\s+(?:brand|colou?r|flavou?r|kind|make|maker|material"
    r"|model|one|shape|size|sort|style|type)))\s+but|other\s+than|apart\s+from|rather\s+than"
    r"|instead\s+of|(?:tired|sick)\s+of"
    r"|not\s+(?:(?:an?|much\s+of\s+an?)\s+)?(?:(?:big|huge|great)\s+)?"
    r"(?:fan\s+of|into|keen\s+on|fond\s+of|interested\s+in|allowed)"
    rf"|{_HELPING}\s+(?:like|want|eat|need|stand|include|contain|have|wear|use|drink|enjoy)"
    r"|(?P<bare>(?:is|are|was)n['’]t|not))\b"
)
# Behind a mere "not" these exclude nothing: "not only", "not sure", "not too sweet", "not that".
_NO_EXCLUSION = """
only just merely simply sure certain too very so quite really overly necessarily always all every
everyone everything that this these those there here to yet again much many more less least over
under above below enough even ever really exactly entirely completely totally know bad mind if
because when where what who why how my your his her our their i you he she it we they until
"""
_NOT_EXCLUDED = frozenset(_NO_EXCLUSION.split())
# Nor does it where it is the end, or where these stand before it: "why not", "can not", "or not".
_ASKING = re.compile(
    r"\b(?:why|if|or|whether|maybe|perhaps|probably|certainly|hopefully|of\s+course|do|does|did|can"
    r"|could|would|should|will|may|might|must|have|has|had)\s*$"
)
# "My lamp is not working": what something does not do is no thing.
_BEING = re.compile(r"\b(?:is|are|was|were|am)\s*$")
_PASSED = """
with of to any the a an my too very like containing made from all some kind sort one ones person
trace traces hint touch
persons people size sizes colour colours color colors type types style stuff things flavour flavor
"""
# What is not wanted ends here; `or` goes on to the next of it.
_ENDS = """
but and please for in on which that who as since because only more than if so thanks though although
i we he she it they you
"""
# "A guide to birds" is a thing, and "a coat to wear" is one too, with what it is for.
_OF_A_THING = frozenset({"to", "of"})
_DOINGS = """
wear use eat drink give play read cook make buy have take put hang go do be get keep hold see share
"""
_FOR_DOING = frozenset((*_DOINGS.split(), "the", "my", "his", "her", "their", "your", "our"))
_PASSED_OVER, _ENDING = frozenset(_PASSED.split()), frozenset(_ENDS.split())
# At its beginning these say where it would be, or for whom: "not for children", "nothing in blue".
_BEFORE_IT = frozenset({"for", "in", "on", "by", "from", "about"})
_GOING_ON = frozenset({"or", "nor"})
# "No idea what to give my father" excludes nothing.
_NO_THINGS = frozenset(
    {"idea", "ideas", "clue", "problem", "preference", "rush", "matter", "limit", "issue", "fan"}
)
_TOKEN = re.compile(r"[^\W_]+|[,.;:!?()]+")
# "no-stick" is a kind of pan, and "No. 5" a number.
_NO_WORD_BEHIND = re.compile(r"\s*[-.\d]|\s+\d")
_SIZE = re.compile(r"\b(?:sizes?|number|no\.?)\s+\d")
# Words that lead to an exclusion and say nothing without it: "shoes but not", "a book that is not".
_LEADING = re.compile(
    r"(?:,?\s*\b(?:(?:but|and|though|ideally|preferably|just|please|definitely|certainly"
    r"|absolutely)|(?:that|which|who)(?:['’]s|\s+(?:is|are))?|(?:it|they)\s+(?:is|are))\b)+\s*$"
)
# Of more words it is a sentence, and no name of a thing.
LONGEST = 3


class Parted(NamedTuple):
    """A request's words in two.

    wanted    as they were written, without what is excluded; whole where nothing else is said.
    unwanted  what is, each a thing of one to three words in small letters.
    """

    wanted: str
    unwanted: tuple[str, ...]


def parted(asked: str) -> Parted:
    """What is wanted, and what is not.

    Who asks for "instead of cling film" is near to what replaces it, so that is embedded as it is.
    """
    plain = small_letters(asked)
    taken: list[tuple[int, int]] = []
    things: list[str] = []
    for found in _EXCLUDING.finditer(plain):
        done = taken[-1][1] if taken else 0
        if found.start() < done:
            continue
        if _NO_WORD_BEHIND.match(plain, found.end()) and not _is_another_number(plain, found):
            continue
        if found["bare"] is not None and not _may_exclude(plain, found):
            continue
        end, named = _what_follows(plain, found.end())
        if named and named[0].split()[0] not in _NO_THINGS:
            lead = _LEADING.search(plain, done, found.start())
            # "Anything" stays: it says that the rest is open.
            start = found.end("whatever") if found["whatever"] else found.start()
            taken.append((lead.start() if lead else start, end))
            things += named
    wanted = without(asked, taken) if taken else asked.strip()
    if taken and not any(letter.isalnum() for letter in wanted):
        wanted = asked.strip()
    return Parted(wanted, tuple(dict.fromkeys(things)))


def _is_another_number(plain: str, found: re.Match[str]) -> bool:
    """Whether it is one of two numbers: "in size 9, not 11"."""
    behind = re.match(r"\s+\d", plain[found.end() :])
    return (
        found["bare"] == "not"
        and behind is not None
        and bool(_SIZE.search(plain, 0, found.start()))
    )


def _may_exclude(plain: str, found: re.Match[str]) -> bool:
    """Whether behind a mere "not" stands a thing that is not wanted."""
    follows = _TOKEN.search(plain, found.end())
    if follows is None or not follows[0][0].isalnum() or follows[0] in _NOT_EXCLUDED:
        return False
    before = plain[: found.start()]
    if _ASKING.search(before):
        return False
    is_doing = follows[0].endswith("ing") and len(follows[0]) > len("thing")
    says_is = found["bare"] != "not" or _BEING.search(before) is not None
    return not (is_doing and says_is)


def _what_follows(plain: str, at: int) -> tuple[int, list[str]]:
    """Where what is not wanted ends, and what it is."""
    things: list[list[str]] = [[]]
    end = at
    for token in _TOKEN.finditer(plain, at):
        word = token[0]
        if word in _GOING_ON and things[-1]:
            things.append([])
        elif _is_half_of_a_word(plain, token):
            things[-1].append(word)
            end = token.end()
        elif word in _BEFORE_IT and not any(things):
            continue
        elif word == OF_A_SUBJECT and things[-1]:
            # Of "a book about war" the war is not wanted: in a bookshop a book says nothing.
            things[-1], end = [], token.end()
        elif word in _OF_A_THING and things[-1] and _goes_on(plain, token.end()):
            continue
        elif _ends(word, things[-1]):
            break
        elif word not in _PASSED_OVER:
            things[-1].append(word)
            end = token.end()
    return _with_its_noun(plain, end), [
        " ".join(folded(word) for word in thing) for thing in things if thing
    ]


def _with_its_noun(plain: str, end: int) -> int:
    """Where "the red one" ends, or "six people": what was passed over goes with it."""
    noun = re.match(
        r"\s+(?:ones?|persons?|people|sizes?|colou?rs?|types?|style|stuff|things|flavou?r)\b",
        plain[end:],
    )
    return end + noun.end() if noun else end


def _is_half_of_a_word(plain: str, token: re.Match[str]) -> bool:
    """Whether it is of one with a hyphen: of "in-ear" the "in" says not where."""
    before, behind = plain[max(0, token.start() - 2) : token.start()], plain[token.end() :][:2]
    is_last = len(before) == 2 and before[1] == "-" and before[0].isalnum()
    is_first = len(behind) == 2 and behind[0] == "-" and behind[1].isalnum()
    return token[0][0].isalnum() and (is_last or is_first)


def _goes_on(plain: str, at: int) -> bool:
    """Whether behind a preposition stands more of a thing's name."""
    follows = _TOKEN.search(plain, at)
    return follows is not None and follows[0][0].isalnum() and follows[0] not in _FOR_DOING


def _ends(word: str, thing: list[str]) -> bool:
    """Whether a token stands behind what is not wanted."""
    if not word[0].isalnum() or word in _ENDING or len(thing) == LONGEST:
        return True
    return word in _PASSED_OVER and bool(thing)
