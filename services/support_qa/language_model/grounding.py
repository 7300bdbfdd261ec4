"""Whether a sentence says what a passage says: no more, nothing else, and not the opposite.

Judged by words alone, strictly: a sentence that is true and put in other words may be lost, and the
passage's own sentences then stand in its place. Vectors are not asked: to an encoder a sentence and
its opposite, or one with another number, are nearly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise

from textwire.support_qa.content_words import EMPTY, NUMBER, stem, words
from textwire.support_qa.content_words import NEGATIONS as NEGATING
from textwire.support_qa.content_words import content as content_words
from textwire.support_qa.passage_texts import sentences

# How many of its content words must stand in what it rests on. See docs/language-model.md.
LEAST_COVERED = 0.7
# Fewer content words claim nothing that could be looked up.
LEAST_CONTENT = 2
# A sentence may put together so many of a passage's, out of those nearest to it.
MOST_TOGETHER = 2
# Each of which must say as many of its content words that the other does not.
LEAST_ADDED = 2
MOST_NEAR = 6
# Words of which one alone turns a sentence into a promise or a rule; they are never taken on trust.
PROMISING = """
free guarantee guaranteed always every everyone everything everywhere all only unlimited immediately
instantly instant refund refunded refunds compensation bonus automatically forever anytime must
mandatory required never
kostenlos gratis garantiert immer alle jeder sofort nur unbegrenzt automatisch muss
"""
PROMISES = frozenset(stem(word) for word in PROMISING.split())
# What holds only so is not to be said without it.
RESTRICTING = re.compile(
    r"\b(?:unless|except|excluding|only|provided that|as long as|nur|außer|sofern|ausgenommen)\b",
    re.IGNORECASE,
)
# "Longer" alone takes nothing back.
NEGATIONS = NEGATING - {"longer"}
SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
# "One" is left: it is more often somebody than a number.
COUNTED = {word: str(n) for n, word in enumerate(SMALL.split()) if n > 1}
# As they are written, and as they are said.
SYMBOLS = {"€": " euro ", "£": " pound ", "$": " dollar ", "%": " percent "}
CURRENCIES = frozenset({"euro", "pound", "dollar"})
SHORT_NOT = re.compile(r"\b(?:(ca|wo)|(\w+))n['’]t\b", re.IGNORECASE)
LONG = {"ca": "can", "wo": "will"}
# "Not" in other languages; twice in a sentence is rare in them.
NOT_ELSEWHERE = re.compile(
    r"\b(?:pas|jamais|sans|nunca|sin|non|senza|niet|geen|não|nem|sem)\b|[不没沒无無未]",
    re.IGNORECASE,
)
# Without blanks between words, two letters after another are taken for one.
UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")
PER_CENT = re.compile(r"\bper cent\b", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
# "4 to 7 days": what stands behind the second number belongs to both.
RANGE = re.compile(r"^(?:to|and|or|bis|und|oder)$")
TOKEN = re.compile(rf"{NUMBER.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)*")
# "7 working days": the unit stands behind these.
QUALIFYING = "working business calendar bank full whole more further other"
QUALIFIERS = frozenset(stem(word) for word in QUALIFYING.split())
# A number's unit stands behind it, perhaps after a word or two: "7 working days".
UNIT_WITHIN = 3

# An address with or without its scheme, or of e-mail.
LINK = re.compile(
    r"(?:\b[a-z][a-z+.-]{0,15}://|\bwww\.|\b(?:mailto|javascript|data):)\S+"
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}(?:/\S*)?(?![\w@])",
    re.IGNORECASE,
)
LINK_END = ".,;:!?)]}'\"»”’>*"


@dataclass(frozen=True)
class Statement:
    """A sentence by what it claims."""

    text: str

    @cached_property
    def content(self) -> frozenset[str]:
        """Stems of the words that say what it is about."""
        return frozenset(content_words(_plain(self.text)))

    @cached_property
    def promises(self) -> frozenset[str]:
        """Stems of its words that promise or rule."""
        return frozenset(stem(word) for word in words(_plain(self.text))) & PROMISES

    @cached_property
    def negations(self) -> int:
        """How often it says that something is not so."""
        return sum(word in NEGATIONS for word in words(_plain(self.text)))

    @cached_property
    def restricted(self) -> bool:
        """Whether it holds for some cases only."""
        return RESTRICTING.search(self.text) is not None

    @cached_property
    def numbers(self) -> dict[str, list[frozenset[str]]]:
        """Each number with what its unit may be, at each of its places."""
        return _numbers_with_units(_plain(self.text))

    @cached_property
    def units(self) -> list[tuple[str, str | None]]:
        """Each number with the word that is its unit, if one is."""
        return _claimed_units(_plain(self.text))


@dataclass(frozen=True)
class Evidence:
    """A passage in its sentences. `heading` says what it is about, and claims nothing."""

    text: str
    heading: str = ""
    url: str = ""
    statements: list[Statement] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "statements", [Statement(one) for one in sentences(self.text)])

    @cached_property
    def about(self) -> frozenset[str]:
        """Stems of the heading's words."""
        return frozenset(content_words(self.heading))

    @cached_property
    def links(self) -> frozenset[str]:
        """The addresses that stand in it."""
        return frozenset(links(f"{self.text}\n{self.heading}\n{self.url}"))


def support(sentence: str, passages: Sequence[Evidence]) -> tuple[int, tuple[str, ...]] | None:
    """What a sentence rests on: a passage's place, and which of its sentences; None: nothing.

    Of several that say it, what has most of its words; then the first, and one sentence before two.
    """
    claim = Statement(sentence)
    if len(claim.content) < LEAST_CONTENT:
        return None
    saying = [
        (_covered(claim, together, passage), place, together)
        for place, passage in enumerate(passages)
        if passage.links.issuperset(links(sentence))
        for together in _nearest(claim, passage)
        if _says(together, passage, claim)
    ]
    if not saying:
        return None
    _, place, together = max(saying, key=lambda one: one[0])
    return place, tuple(one.text for one in together)


def links(text: str) -> list[str]:
    """The addresses in a text, as they can be compared."""
    return [link.rstrip(LINK_END).rstrip("/").lower() for link in LINK.findall(text)]


def _says(together: Sequence[Statement], passage: Evidence, claim: Statement) -> bool:
    return (
        _covered(claim, together, passage) >= LEAST_COVERED
        # Something of it must be said, not only be what the passage is about.
        and any(claim.content & one.content for one in together)
        and claim.promises <= _union(one.promises for one in together)
        and all(_adds(one, together, claim) for one in together)
        # Of what is put together, everything is or nothing: a "not" may belong to either half.
        and all(bool(one.negations) == bool(claim.negations) for one in together)
        and claim.negations == sum(one.negations for one in together)
        and (claim.restricted or not any(one.restricted for one in together))
        and all(_has_number(together, number, unit) for number, unit in claim.units)
    )


def _covered(claim: Statement, together: Sequence[Statement], passage: Evidence) -> float:
    """How much of the claim's content words stands there, or in what the passage is about."""
    said = _union(one.content for one in together) | passage.about
    return len(claim.content & said) / len(claim.content)


def _adds(one: Statement, together: Sequence[Statement], claim: Statement) -> bool:
    others = _union(other.content for other in together if other is not one)
    return len(together) == 1 or len(claim.content & one.content - others) >= LEAST_ADDED


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(word for some in sets for word in some)


def _has_number(together: Sequence[Statement], number: str, unit: str | None) -> bool:
    return any(
        unit is None or unit in near for one in together for near in one.numbers.get(number, ())
    )


def _nearest(claim: Statement, passage: Evidence) -> Iterator[Sequence[Statement]]:
    """Sentences of a passage that may hold the claim, one alone before two together."""

    def shared(statement: Statement) -> int:
        return len(claim.content & statement.content) + len(
            claim.numbers.keys() & statement.numbers.keys()
        )

    places = sorted(range(len(passage.statements)), key=lambda at: -shared(passage.statements[at]))
    near = [at for at in places[:MOST_NEAR] if shared(passage.statements[at])]
    for count in range(1, MOST_TOGETHER + 1):
        for chosen in combinations(near, count):
            yield [passage.statements[at] for at in sorted(chosen)]


def _plain(text: str) -> str:
    """Without addresses, with signs, small numbers and negations written one way."""
    text = THOUSANDS.sub("", PER_CENT.sub("percent", LINK.sub(" ", text)))
    for symbol, word in SYMBOLS.items():
        text = text.replace(symbol, word)
    text = SHORT_NOT.sub(lambda found: f"{LONG.get((found[1] or '').lower(), found[2])} not", text)
    text = UNSPACED.sub(lambda found: _in_pairs(found[0]), NOT_ELSEWHERE.sub(" not ", text))
    return re.sub(r"[^\W\d_]+", lambda found: COUNTED.get(found[0].lower(), found[0]), text)


def _in_pairs(letters: str) -> str:
    return " ".join(map("".join, pairwise(letters)))


def _tokens(text: str) -> list[str]:
    """Numbers as they are, and the stems of words."""
    return [
        token if NUMBER.fullmatch(token) else stem(token.lower()) for token in TOKEN.findall(text)
    ]


def _numbers_with_units(text: str) -> dict[str, list[frozenset[str]]]:
    tokens = _tokens(text)
    found: dict[str, list[frozenset[str]]] = {}
    for at, token in enumerate(tokens):
        if NUMBER.fullmatch(token):
            behind = tokens[_end_of_range(tokens, at) + 1 :][:UNIT_WITHIN]
            before = [one for one in tokens[max(0, at - 1) : at] if one in CURRENCIES]
            found.setdefault(token, []).append(frozenset(behind + before))
    return found


def _claimed_units(text: str) -> list[tuple[str, str | None]]:
    tokens = _tokens(text)
    claimed: list[tuple[str, str | None]] = []
    for at, token in enumerate(tokens):
        if not NUMBER.fullmatch(token):
            continue
        end = _end_of_range(tokens, at)
        before = tokens[at - 1] if at and tokens[at - 1] in CURRENCIES else None
        behind = next((one for one in tokens[end + 1 :] if one not in QUALIFIERS), None)
        is_unit = behind is not None and behind not in EMPTY and not NUMBER.fullmatch(behind)
        claimed.append((token, before or (behind if is_unit else None)))
    return claimed


def _end_of_range(tokens: Sequence[str], at: int) -> int:
    """The place of the last number of "4 to 7", or of the number itself."""
    while at + 2 < len(tokens) and RANGE.match(tokens[at + 1]) and NUMBER.fullmatch(tokens[at + 2]):
        at += 2
    return at
